"""Names for people: what a user calls a function and its arguments, and how a derivative introduces itself."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

__all__ = ["argument_name", "name_of", "returns"]


def name_of(fun: Callable[..., Any]) -> str:
    """What a user calls ``fun``."""
    return getattr(fun, "__name__", type(fun).__name__)


def argument_name(fun: Callable[..., Any], position: int) -> str:
    """The name of a positional argument of ``fun``, as its definition has it."""
    try:
        names = list(inspect.signature(fun).parameters)
        return names[position]
    except (ValueError, TypeError, IndexError):
        return f"argument {position}"


def returns(fun: Callable[..., Any], what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a derivative the name, signature and docstring of ``fun``, with a line that says what it returns.

    >>> def cube(x):
    ...     "Return x³."
    ...     return x**3
    >>> derived = returns(cube, "the slope")(lambda *args: None)
    >>> derived.__name__, derived.__doc__
    ('cube', 'Return the slope of cube.\\n\\nReturn x³.')
    """

    def decorate(derived: Callable[..., Any]) -> Callable[..., Any]:
        functools.update_wrapper(derived, fun)  # passes over what a callable object lacks
        derived.__doc__ = f"Return {what} of {name_of(fun)}.\n\n{getattr(fun, '__doc__', None) or ''}".rstrip()
        return derived

    return decorate
