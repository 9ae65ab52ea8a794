"""``autograd.differential_operators``: the transforms, and those that HIPS autograd has besides."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.transforms.checkpointing import checkpoint
from autograd.transforms.elementwise import elementwise_grad, holomorphic_grad
from autograd.transforms.gradient import grad, value_and_grad
from autograd.transforms.jacobians import hessian, hessian_vector_product, jacobian
from autograd.transforms.jvp import make_jvp
from autograd.transforms.vjp import make_vjp

from .core import make_jvp as make_jvp_at
from .core import make_vjp as make_vjp_at
from .spaces import vspace
from .wrap_util import unary_to_nary

__all__ = [
    "checkpoint",
    "deriv",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "jacobian",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "multigrad_dict",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
]

hessian_tensor_product = hessian_vector_product


@unary_to_nary
def deriv(fun: Callable[[Any], Any], x: Any) -> Any:
    """The derivative along the vector of ones: fun'(x) for a number x. In forward mode."""
    return make_jvp_at(fun, x)(vspace(x).ones())[1]


@unary_to_nary
def grad_and_aux(fun: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
    """The gradient of the first of two outputs, and the second as it is."""
    return grad(lambda x: tuple(fun(x)), has_aux=True)(x)  # type: ignore[no-any-return]


@unary_to_nary
def make_hvp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """``(v -> Hessian · v, gradient)``, with the gradient evaluated once for many v."""
    return make_vjp_at(grad(fun), x)


def half_square(x: Any) -> Any:
    """½ |x|² along the last axis."""
    return np.sum(x**2, axis=-1) / 2


def make_ggnvp(f: Callable[..., Any], g: Callable[[Any], Any] = half_square, f_argnum: int = 0) -> Callable[..., Any]:
    """Return the function that maps arguments to ``v -> Jᵀ H J v``, the generalised Gauss-Newton product of g(f(x)).

    J is the Jacobian of f at x, H the Hessian of g at f(x).
    """

    @unary_to_nary
    def ggnvp_of(f: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
        pull, y = make_vjp_at(f, x)
        push, curve = make_jvp_at(f, x), make_jvp_at(grad(g), y)
        return lambda v: pull(curve(push(v)[1])[1])

    return ggnvp_of(f, f_argnum)  # type: ignore[no-any-return]


def tensor_jacobian_product(fun: Callable[..., Any], argnum: int = 0) -> Callable[..., Any]:
    """Return the function ``(*args, tensor) -> tensor · J``, summed over all axes of the tensor."""

    def contracted(*args: Any, **kwargs: Any) -> Any:
        *arguments, tensor = args
        return np.tensordot(tensor, fun(*arguments, **kwargs), np.ndim(tensor))

    return jacobian(contracted, argnum)


vector_jacobian_product = tensor_jacobian_product


def grad_named(fun: Callable[..., Any], argname: str) -> Callable[..., Any]:
    """The gradient with respect to the positional argument called ``argname``."""
    return grad(fun, list(inspect.signature(fun).parameters).index(argname))


def multigrad_dict(fun: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Return the function that computes the gradients in all arguments at once, by name (defaults included).

    >>> gradients = multigrad_dict(lambda x, y=3.0: x * y)(2.0)
    >>> {name: float(g) for name, g in gradients.items()}
    {'x': 3.0, 'y': 2.0}
    """
    signature = inspect.signature(fun)

    def gradients(*args: Any, **kwargs: Any) -> dict[str, Any]:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()

        def of_all(arguments: dict[str, Any]) -> Any:
            call = inspect.BoundArguments(signature, arguments)  # type: ignore[arg-type]
            return fun(*call.args, **call.kwargs)

        return grad(of_all)(dict(bound.arguments))  # type: ignore[no-any-return]

    return gradients
