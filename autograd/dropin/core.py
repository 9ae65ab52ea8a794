"""``autograd.core``: vjps and jvps of functions of one argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.transforms import jvp, vjp

from .boxes import getval, isbox
from .primitives import (
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    notrace_primitive,
    primitive,
    primitive_jvps,
    primitive_vjps,
)
from .spaces import VSpace, vspace

__all__ = [
    "VSpace",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "getval",
    "isbox",
    "make_jvp",
    "make_vjp",
    "notrace_primitive",
    "primitive",
    "primitive_jvps",
    "primitive_vjps",
    "vspace",
]


def make_vjp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """Return ``(vjp, value)`` of ``fun`` at x.

    >>> vjp, value = make_vjp(lambda x: x**2, 3.0)
    >>> float(vjp(1.0)), float(value)
    (6.0, 9.0)
    """
    return vjp.make_vjp(fun)(x)  # type: ignore[no-any-return]


def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """Return the function ``v -> (value, jvp)`` of ``fun`` at x."""
    return jvp.make_jvp(fun)(x)  # type: ignore[no-any-return]
