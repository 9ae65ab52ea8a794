"""The passes over a program, run until none of them finds anything more to do.

Those that rewrite equation by equation take turns at each, in one walk: what they find is not undone by another, and
a long program is walked through as seldom as possible.
"""

from __future__ import annotations

from autograd.compiler.passes.algebra import simplify_algebra
from autograd.compiler.passes.broadcasting import remove_broadcasting
from autograd.compiler.passes.common import share_common
from autograd.compiler.passes.dead_code import remove_dead_code
from autograd.compiler.passes.folding import fold_constants
from autograd.compiler.passes.rewriting import rewrite
from autograd.compiler.passes.transposes import push_transposes
from autograd.program import Program

__all__ = ["PASSES", "optimise"]

REWRITINGS = (fold_constants, remove_broadcasting, simplify_algebra, push_transposes, share_common)
PASSES = (*REWRITINGS, remove_dead_code)
#: Each round does more of the same; a program that needs more rounds than this is good enough.
ROUNDS = 20


def optimise(program: Program) -> Program:
    """Return a program that computes the same with less work, to within a few units in the last place.

    >>> import numpy as np
    >>> from autograd import trace
    >>> [equation.name for equation in optimise(trace(lambda x: -(-x) * 1 + x**2, np.ones(3))).equations]
    ['square', 'add']
    """
    program = remove_dead_code(program)
    for _ in range(ROUNDS):
        rewritten = rewrite(program, *REWRITINGS)
        if rewritten is program:
            break
        program = remove_dead_code(rewritten)
    return program
