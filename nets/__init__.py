"""nets: define, train, inspect and save neural nets, functionally.

`nets.two_layer` is the net of the tutorial, with its backpropagation by hand; ``python -m nets`` runs it.
"""
