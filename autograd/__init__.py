"""autograd: write the forward pass in NumPy; the backward pass is written, shown, proven and run for you.

>>> import numpy as np
>>> from autograd import check_gradients, draw, grad, jit
>>> def loss(w, x):
...     return np.sum(np.tanh(x @ w))
>>> w, x = np.zeros(2), np.array([[1.0, 2.0], [3.0, 4.0]])
>>> grad(loss)(w, x)                            # written: ∂loss/∂w, like w
array([4., 6.])
>>> picture = draw(loss, w, x, gradients=True)  # shown: picture.save("loss.svg"), .text(), .story()
>>> check_gradients(loss, w, x).verdict         # proven against slopes measured without the engine
'right'
>>> jit(grad(loss))(w, x)                       # run as plain NumPy: jit(…).source(w, x)
array([4., 6.])

`derivative` gives a function of your own its rule, and `table` prints all rules. `nets` builds on this: layers, losses,
optimisers, training.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

import autograd.derivatives  # noqa: F401  (writes the table)
from autograd import errors
from autograd.derivatives.indexing import index_add, index_update
from autograd.errors import AutogradError, GradientCheckError, GradientCheckWarning
from autograd.functions import log_sigmoid, log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd.rules import constant, derivative, linear
from autograd.scopes import scope
from autograd.table import table
from autograd.tensor import Tensor, gradients
from autograd.transforms.gradient import grad, value_and_grad
from autograd.transforms.stop import stop_gradient
from autograd.trees import register_tree

if TYPE_CHECKING:
    from autograd.check import Report, check_gradients, check_rule
    from autograd.compiler import jit
    from autograd.drawing import draw
    from autograd.tracing import trace
    from autograd.transforms.checkpointing import checkpoint
    from autograd.transforms.elementwise import elementwise_grad, holomorphic_grad
    from autograd.transforms.jacobians import hessian, hessian_vector_product, jacobian
    from autograd.transforms.jvp import make_jvp
    from autograd.transforms.vjp import make_vjp

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
    "errors",
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

#: Names that are imported when they are first used, and where they live: a program that only takes gradients
#: starts without the other transforms, without what checks, draws and compiles, and without the names of HIPS autograd.
WHEN_USED = {
    **dict.fromkeys(("Report", "check_gradients", "check_rule"), "autograd.check"),
    "draw": "autograd.drawing",
    "jit": "autograd.compiler",
    "trace": "autograd.tracing",
    "checkpoint": "autograd.transforms.checkpointing",
    **dict.fromkeys(("elementwise_grad", "holomorphic_grad"), "autograd.transforms.elementwise"),
    **dict.fromkeys(("hessian", "hessian_vector_product", "jacobian"), "autograd.transforms.jacobians"),
    "make_jvp": "autograd.transforms.jvp",
    "make_vjp": "autograd.transforms.vjp",
    **dict.fromkeys(("dict", "isinstance", "list", "tuple", "type"), "autograd.builtins"),
    **dict.fromkeys(
        ("deriv", "grad_and_aux", "grad_named", "hessian_tensor_product", "make_ggnvp", "make_hvp", "multigrad_dict")
        + ("tensor_jacobian_product", "vector_jacobian_product"),
        "autograd.differential_operators",
    ),
    "primitive": "autograd.core",
}

#: Modules of HIPS autograd that ``import autograd`` alone makes reachable there, and so here.
SUBMODULES = ("builtins", "core", "differential_operators", "extend", "numpy", "tracer", "util", "wrap_util")


def __getattr__(name: str) -> Any:
    if name in SUBMODULES:
        return importlib.import_module(f"autograd.{name}")
    if name not in WHEN_USED:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(WHEN_USED[name]), name)
    return value


def __dir__() -> list[str]:
    """The names that completion offers: the public ones, also those that have not been used yet."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
