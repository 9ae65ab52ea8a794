"""`check_grads`, as code written for HIPS autograd calls it: `check_gradients` under another signature."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd.check import check_gradients
from autograd.errors import ArgumentError

__all__ = ["check_grads"]


def check_grads(f: Any, modes: Sequence[str] = ("fwd", "rev"), order: int = 2) -> Callable[..., None]:
    """Return a function that checks the derivatives of ``f`` at its arguments, in ``modes``, up to ``order``.

    Keyword arguments are handed to ``f``. Raises `GradientCheckError` when a derivative is wrong, `ArgumentError` for
    another mode than ``"fwd"`` and ``"rev"``.

    >>> check_grads(lambda x, n=1: x**n, modes=["rev"])(2.0, n=3)
    """
    known = {frozenset({"fwd"}): "forward", frozenset({"rev"}): "reverse", frozenset({"fwd", "rev"}): "both"}
    mode = known.get(frozenset(modes))
    if mode is None:
        raise ArgumentError(f'modes is a list of "fwd" and "rev", not {modes!r}.')

    def check(*args: Any, **kwargs: Any) -> None:
        def function(*values: Any) -> Any:
            return f(*values, **kwargs)

        function.__name__ = getattr(f, "__name__", type(f).__name__)
        check_gradients(function, *args, order=order, mode=mode)

    return check
