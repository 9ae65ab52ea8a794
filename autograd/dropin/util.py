"""``autograd.util``: small helpers that existing code imports."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from .test_util import check_grads
from .wrap_util import subval, subvals

__all__ = ["func", "quick_grad_check", "subval", "subvals"]


def func(method: Any) -> Any:
    """Return the function of a method that was looked up on its class."""
    return getattr(method, "__func__", method)


def quick_grad_check(fun: Callable[..., Any], arg0: Any, extra_args: tuple[Any, ...] = (), **options: Any) -> None:
    """The old name of `test_util.check_grads`, first order, in the first argument."""
    warnings.warn("quick_grad_check is deprecated; use check_grads from autograd.test_util.", stacklevel=2)
    check_grads(fun, modes=["rev"], order=1)(arg0, *extra_args)
