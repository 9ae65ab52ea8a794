"""autograd: write the forward pass in NumPy; the backward pass is written, shown, proven and run for you."""

import autograd.derivatives  # noqa: F401  (writes the table)
from autograd.draw import draw
from autograd.errors import AutogradError
from autograd.functions import relu, sigmoid
from autograd.rules import constant, derivative, linear
from autograd.scopes import scope
from autograd.tensor import Tensor, gradients
from autograd.tracing import trace
from autograd.transforms import grad, value_and_grad
from autograd.trees import register_tree

__all__ = [
    "AutogradError",
    "Tensor",
    "constant",
    "derivative",
    "draw",
    "grad",
    "gradients",
    "linear",
    "register_tree",
    "relu",
    "scope",
    "sigmoid",
    "trace",
    "value_and_grad",
]
