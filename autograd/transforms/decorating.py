"""What all transforms share: they take a function and argument numbers, and decorate.

grad(f, 1)          @grad          @grad(argnum=1)
                    def f(x): …    def f(x, y): …
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any, TypeVar, cast

from autograd.errors import ArgumentError, with_article
from autograd.graph import Traced

__all__ = ["ArgNum", "no_function", "transform"]

ArgNum = int | tuple[int, ...]


F = TypeVar("F", bound=Callable[..., Any])


def transform(make: F) -> F:
    """Let ``make(fun, argnum, …)`` check what it gets, and decorate with and without arguments.

    Raises `ArgumentError` when ``fun`` is no function, or ``argnum`` no position.

    >>> @transform
    ... def named(fun, argnum=0):
    ...     return fun.__name__, argnum
    >>> named(abs), named(argnum=[1, 2])(abs)
    (('abs', 0), ('abs', (1, 2)))
    """

    @functools.wraps(make)
    def transformed(fun: Any = None, argnum: Any = 0, *options: Any, **named: Any) -> Any:
        if fun is None:
            return lambda fun: transformed(fun, argnum, *options, **named)
        if not callable(fun):
            raise no_function(make.__name__, fun)
        return make(fun, argnum if type(argnum) is int else positions(argnum), *options, **named)

    return cast(F, transformed)


def positions(argnum: Any) -> ArgNum:
    """Return ``argnum``, an integer of any type or several different ones, as an int or a tuple of ints."""
    several = isinstance(argnum, (tuple, list))
    try:
        numbers = tuple(operator.index(number) for number in (argnum if several else (argnum,)))
    except TypeError:
        numbers = ()
    if not numbers or len(set(numbers)) < len(numbers):
        raise ArgumentError(f"argnum is {argnum!r}. It is a position, or a tuple of different positions.")
    return numbers if several else numbers[0]


def no_function(name: str, fun: Any) -> ArgumentError:
    """The error for a transform that was given a result in place of the function."""
    array = isinstance(fun, Traced) or hasattr(fun, "dtype")
    what = f"an array of shape {fun.shape}" if array else with_article(type(fun))
    return ArgumentError(f"{name} was given {what}, and no function. Write {name}(f)(x), not {name}(f(x)).")
