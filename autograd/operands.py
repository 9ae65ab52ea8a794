"""What a function of arrays is given beside arrays: lists of tensors, and containers that other libraries bring along.

A list counts as the array that NumPy would make of it. A container of another library may be able to hold tensors (an
xarray does, and stays what it is: its own ``__array_ufunc__`` makes the call), or not (a pandas Series): then it counts
as the array that it holds.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, LostGradientError, ShapeError, with_article
from autograd.graph import Traced
from autograd.trees import flatten, map_tree

#: Arrays whose operators mean something else: a rule made of them would be wrong. They are known by name, since
#: importing ``numpy.ma`` takes as long as importing all of this library.
DIALECTS = {("numpy.ma", "MaskedArray"), ("numpy", "matrix")}

#: What a recording takes without a second look, as it takes NumPy's scalars.
PLAIN = frozenset({np.ndarray, float, int, complex, bool})


def _remembering(question: Callable[[type], bool]) -> Callable[[type], bool]:
    """`functools.cache`, to which type checkers do not pass types."""
    return functools.cache(question)


@_remembering
def is_plain(kind: type) -> bool:
    """Whether operands of type ``kind`` are taken as they are.

    >>> is_plain(np.float32), is_plain(list)
    (True, False)
    """
    return kind in PLAIN or not (kind in (list, tuple) or is_dialect(kind) or _is_container(kind) or _is_no_array(kind))


@_remembering
def is_dialect(kind: type) -> bool:
    """Whether arrays of type ``kind`` are masked arrays or matrices.

    >>> is_dialect(np.matrix), is_dialect(np.ndarray)
    (True, False)
    """
    return any((base.__module__, base.__name__) in DIALECTS for base in kind.__mro__)


def _is_container(kind: type) -> bool:
    """Whether ``kind`` is a container of another library that has a say in what NumPy's functions do with it."""
    return hasattr(kind, "__array_ufunc__") and not issubclass(kind, (np.ndarray, np.generic, Traced))


def _is_no_array(kind: type) -> bool:
    """Whether ``kind`` looks like an array, but NumPy would take it as one object: a sparse matrix."""
    return hasattr(kind, "shape") and not hasattr(kind, "__array__") and not issubclass(kind, Traced)


def call_strangers(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], *, trees: bool, call: Callable[..., Any]
) -> Any:
    """Call ``function`` with operands that are not all plain: a container makes the call itself, if it can.

    Else ``call(function, args, kwargs)`` gets arrays in their place. ``trees`` says that the function takes sequences
    of arrays, which are no arrays themselves. Raises `ArgumentError` for an operand that NumPy has no array for.
    """
    container = next((arg for arg in args if _is_container(type(arg))), None)
    if container is not None and isinstance(function, np.ufunc):
        try:
            out = container.__array_ufunc__(function, "__call__", *args, **kwargs)
        except LostGradientError:  # it asked for a plain array
            out = NotImplemented
        if out is not NotImplemented:
            return out
    return call(function, tuple(map_tree(array_of, arg) if trees else array_of(arg) for arg in args), kwargs)


def array_of(nested: Any) -> Any:
    """Return a nested list of numbers and tensors as one array, traced when a part of it is.

    Raises `ArgumentError` for an array of a dialect, and for what looks like an array and is none, `ShapeError` for
    rows that are not equally long.
    """
    kind = type(nested)
    if is_dialect(kind):
        raise ArgumentError(
            f"{with_article(kind, capital=True)} (shape {nested.shape}) met a tensor. Its operators mean something "
            f"else than those of an array, and its gradient would be wrong. Pass plain arrays: "
            f"np.where(mask, value, x) for masked entries, np.asarray(m) for a matrix."
        )
    if _is_no_array(kind):
        raise ArgumentError(
            f"{with_article(kind, capital=True)} (shape {nested.shape}) met a tensor, and NumPy has no array for it. "
            f"Pass an array, m.toarray(), or register the product with it: linear(lambda x: m @ x, "
            f"x=lambda g: m.T @ g)."
        )
    if kind not in (list, tuple):
        return np.asarray(nested) if _is_container(kind) else nested
    if any(isinstance(leaf, Traced) for leaf in flatten(nested)[0]):
        return np.stack([np.asarray(part) if not isinstance(part, Traced) else part for part in map(array_of, nested)])
    try:
        return np.asarray(nested)
    except ValueError as error:
        raise ShapeError(
            f"{with_article(kind, capital=True)} that meets a tensor counts as an array, and this one has no shape: "
            f"{str(error).rstrip('.')}. Make its rows equally long, or pass the arrays one by one."
        ) from error
