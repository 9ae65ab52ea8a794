"""autograd: write the forward pass in NumPy; the backward pass is written, shown, proven and run for you."""

import importlib
import os
from typing import Any

import autograd.derivatives  # noqa: F401  (writes the table)
from autograd import trees
from autograd.check import Report, check_gradients, check_rule
from autograd.derivatives.indexing import index_add, index_update
from autograd.draw import draw
from autograd.errors import AutogradError, GradientCheckError, GradientCheckWarning
from autograd.functions import log_sigmoid, log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd.jit import jit
from autograd.rules import constant, derivative, linear
from autograd.scopes import scope
from autograd.table import table
from autograd.tensor import Tensor, gradients
from autograd.tracing import trace
from autograd.transforms import (
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    make_jvp,
    make_vjp,
    stop_gradient,
    value_and_grad,
)
from autograd.trees import register_tree

__all__ = [
    "AutogradError",
    "GradientCheckError",
    "GradientCheckWarning",
    "Report",
    "Tensor",
    "check_gradients",
    "check_rule",
    "checkpoint",
    "constant",
    "derivative",
    "draw",
    "elementwise_grad",
    "grad",
    "gradients",
    "hessian",
    "hessian_vector_product",
    "holomorphic_grad",
    "index_add",
    "index_update",
    "jacobian",
    "jit",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "logsumexp",
    "make_jvp",
    "make_vjp",
    "register_tree",
    "relu",
    "scope",
    "sigmoid",
    "softmax",
    "softplus",
    "stop_gradient",
    "table",
    "trace",
    "trees",
    "value_and_grad",
]

# The names of HIPS autograd live in a folder of their own: ``autograd.numpy`` is ``autograd/dropin/numpy``, and so on.
__path__.append(os.path.join(os.path.dirname(__file__), "dropin"))

_ELSEWHERE = {
    **dict.fromkeys(("dict", "isinstance", "list", "tuple", "type"), "autograd.builtins"),
    **dict.fromkeys(
        ("deriv", "grad_and_aux", "grad_named", "hessian_tensor_product", "make_ggnvp", "make_hvp", "multigrad_dict")
        + ("tensor_jacobian_product", "vector_jacobian_product"),
        "autograd.differential_operators",
    ),
    "primitive": "autograd.core",
}


def __getattr__(name: str) -> Any:
    """Look up what HIPS autograd has at the top level and this library keeps elsewhere."""
    if name == "numpy":
        return importlib.import_module("autograd.numpy")
    if name in _ELSEWHERE:
        return getattr(importlib.import_module(_ELSEWHERE[name]), name)
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
