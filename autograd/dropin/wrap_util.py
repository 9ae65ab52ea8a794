"""``autograd.wrap_util``: from an operator on functions of one argument to one with ``argnum``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd.transforms.naming import returns

__all__ = ["get_name", "subval", "subvals", "unary_to_nary"]


def get_name(fun: Callable[..., Any]) -> str:
    """The name of a function."""
    return getattr(fun, "__name__", "[unknown name]")


def subvals(x: Iterable[Any], pairs: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """Return ``x`` as a tuple, with the value of each ``(place, value)`` filled in.

    >>> subvals((1, 2, 3), [(0, 5), (2, 6)])
    (5, 2, 6)
    """
    parts = list(x)
    for place, value in pairs:
        parts[place] = value
    return tuple(parts)


def subval(x: Iterable[Any], place: int, value: Any) -> tuple[Any, ...]:
    """Return ``x`` as a tuple, with ``value`` at ``place``."""
    return subvals(x, [(place, value)])


def unary_to_nary(operator: Callable[..., Any]) -> Callable[..., Any]:
    """Turn ``operator(fun, x, …)`` into ``operator(fun, argnum=0, …)(*args, **kwargs)``.

    With several argument numbers, x is the tuple of those arguments.

    >>> @unary_to_nary
    ... def twice_at(fun, x):
    ...     return 2 * fun(x)
    >>> twice_at(lambda x, y: x - y, 1)(5.0, 3.0)
    4.0
    """

    def nary(fun: Callable[..., Any], argnum: Any = 0, *options: Any, **named: Any) -> Callable[..., Any]:
        @returns(fun, get_name(operator), argnum, f"the {get_name(operator)}")
        def derived(*args: Any, **kwargs: Any) -> Any:
            def unary(x: Any) -> Any:
                filled = (
                    subval(args, argnum, x) if isinstance(argnum, int) else subvals(args, zip(argnum, x, strict=True))
                )
                return fun(*filled, **kwargs)

            unary.__name__ = get_name(fun)
            x = args[argnum] if isinstance(argnum, int) else tuple(args[i] for i in argnum)
            return operator(unary, x, *options, **named)

        return derived

    nary.__name__, nary.__doc__ = get_name(operator), operator.__doc__
    return nary
