"""Functions whose traced values NumPy does not see: those that hide in a list, or are made into an array.

Each turns nested lists of numbers and traced values into one array first, and then calls NumPy's own.
"""

from __future__ import annotations

import builtins
import functools
from collections.abc import Callable
from typing import Any

import numpy

from autograd.graph import Traced
from autograd.operands import array_of
from autograd.trees import flatten

from ..boxes import getval

__all__ = [
    "all",
    "any",
    "append",
    "argmax",
    "argmin",
    "array",
    "average",
    "c_",
    "cumsum",
    "dot",
    "einsum",
    "full",
    "int16",
    "int32",
    "int64",
    "int8",
    "max",
    "mean",
    "median",
    "min",
    "outer",
    "prod",
    "r_",
    "reshape",
    "select",
    "sort",
    "std",
    "sum",
    "var",
    "where",
]


def has_traced(value: Any) -> bool:
    """Whether a nested list contains a traced value."""
    return type(value) in (list, tuple) and builtins.any(isinstance(leaf, Traced) for leaf in flatten(value)[0])


def of_nested(function: Any) -> Callable[..., Any]:
    """Return ``function`` so that a nested list of traced values counts as an array, as other nested lists do."""

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        args = tuple(array_of(arg) if has_traced(arg) else arg for arg in args)
        return function(*args, **kwargs)

    return called


# fmt: off
sum, mean, prod, std, var       = map(of_nested, (numpy.sum, numpy.mean, numpy.prod, numpy.std, numpy.var))
max, min, median, average       = map(of_nested, (numpy.max, numpy.min, numpy.median, numpy.average))
argmax, argmin, all, any        = map(of_nested, (numpy.argmax, numpy.argmin, numpy.all, numpy.any))
sort, cumsum, reshape, append   = map(of_nested, (numpy.sort, numpy.cumsum, numpy.reshape, numpy.append))
dot, outer, einsum              = map(of_nested, (numpy.dot, numpy.outer, numpy.einsum))
# fmt: on


@functools.wraps(numpy.array)
def array(object: Any, dtype: Any = None, *, ndmin: int = 0, **options: Any) -> Any:
    """See `numpy.array`; traced values may stand in the nested lists."""
    if not isinstance(object, Traced) and not has_traced(object):
        return numpy.array(object, dtype, ndmin=ndmin, **options)
    made = numpy.copy(object) if isinstance(object, Traced) else array_of(object)
    made = made if dtype is None else numpy.astype(made, dtype)
    return numpy.reshape(made, (1,) * (ndmin - numpy.ndim(made)) + numpy.shape(made))


class _Integer(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.__bases__)


def integer_type(kind: type) -> type:
    """Return ``kind``, an integer type, so that it converts traced values too: integers have no derivative."""
    return _Integer(kind.__name__, (kind,), {"__new__": lambda cls, value=0, /: kind(getval(value))})


int8, int16, int32, int64 = map(integer_type, (numpy.int8, numpy.int16, numpy.int32, numpy.int64))


@functools.wraps(numpy.full)
def full(shape: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    """See `numpy.full`; the value may be traced."""
    fill_value = array_of(fill_value) if has_traced(fill_value) else fill_value
    if not isinstance(fill_value, Traced):
        return numpy.full(shape, fill_value, dtype, **options)
    filled = numpy.broadcast_to(fill_value, shape)
    return filled if dtype is None else numpy.astype(filled, dtype)


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """See `numpy.where`; the arguments may be given by name, and a Python bool chooses between lists or numbers."""
    if x is None and y is None:
        return numpy.where(condition)
    if isinstance(condition, bool) and not hasattr(x, "dtype") and not hasattr(y, "dtype"):
        return x if condition else y
    return numpy.where(condition, *(array_of(value) if has_traced(value) else value for value in (x, y)))


@functools.wraps(numpy.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """See `numpy.select`."""
    chosen = default
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        chosen = numpy.where(condition, choice, chosen)
    return chosen


class _Joiner:
    """``np.r_`` and ``np.c_`` for traced values: what stands in the brackets, joined along an axis."""

    def __init__(self, original: Any, join: Callable[[list[Any]], Any]) -> None:
        self.original = original
        self.join = join

    def __getitem__(self, parts: Any) -> Any:
        pieces = list(parts) if isinstance(parts, tuple) else [parts]
        if not builtins.any(isinstance(piece, Traced) or has_traced(piece) for piece in pieces):
            return self.original[parts]
        return self.join([self.original[piece] if isinstance(piece, slice) else array_of(piece) for piece in pieces])


r_ = _Joiner(numpy.r_, lambda parts: numpy.concatenate([numpy.atleast_1d(part) for part in parts], axis=0))
c_ = _Joiner(
    numpy.c_,
    lambda parts: numpy.concatenate(
        [numpy.expand_dims(p, -1) if numpy.ndim(p) == 1 else numpy.atleast_2d(p) for p in parts], axis=-1
    ),
)
