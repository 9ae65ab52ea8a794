"""Undo what shapes did on the way forward: `fit` undoes broadcasting, `spread` a reduction; `as_rows` prepares one."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np


def fit(g: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Return the gradient ``g`` with the shape and dtype of its operand.

    An operand that was broadcast was used many times, so its gradient is the sum over the axes it was stretched
    along. A real operand of a complex result keeps the real part (the convention is in `autograd.derivatives`).

    >>> fit(np.ones((3, 2)), (1, 2), np.dtype(float))
    array([[3., 3.]])
    """
    if g.shape != shape:
        g = unbroadcast(g, shape)
    if g.dtype != dtype and dtype.kind in "fc":
        if g.dtype.kind == "c" and dtype.kind == "f":
            g = np.real(g)
        g = g.astype(dtype)
    return g


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Sum ``g`` over the axes along which an operand of ``shape`` was stretched (or stretch it, if it is smaller)."""
    leading, stretched = _summed_axes(g.shape, shape)
    # np.add.reduce is np.sum without its Python wrapper: half the time on small arrays.
    if leading:
        g = np.add.reduce(g, axis=leading)
    if stretched:
        g = np.add.reduce(g, axis=stretched, keepdims=True)
    return g if g.shape == shape else np.broadcast_to(g, shape)


@functools.lru_cache(maxsize=4096)
def _summed_axes(wide: tuple[int, ...], shape: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The leading axes that ``wide`` has and ``shape`` has not, then the axes along which ``shape`` has length 1."""
    extra = max(len(wide) - len(shape), 0)
    pairs = zip(shape[-len(wide) :] if wide else (), wide[extra:], strict=False)
    return tuple(range(extra)), tuple(i for i, (n, m) in enumerate(pairs) if n == 1 != m)


def stretched_axes(shape: tuple[int, ...], out: tuple[int, ...]) -> tuple[int, ...]:
    """The axes of ``out`` along which an operand of ``shape`` was broadcast: its gradient is summed over them.

    >>> stretched_axes((3, 1), (2, 3, 4))
    (0, 2)
    """
    extra = len(out) - len(shape)
    return tuple(range(extra)) + tuple(extra + i for i, n in enumerate(shape) if n == 1 != out[extra + i])


def spread(g: Any, shape: tuple[int, ...], axis: Any = None, keepdims: bool = False) -> Any:
    """Return ``g``, the gradient of a reduction of an array of ``shape`` over ``axis``, handed to every entry.

    >>> spread(np.array([1.0, 2.0]), (2, 3), axis=1)
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if isinstance(g, np.generic):  # on small arrays, np.full takes twice and np.broadcast_to eight times as long
        everywhere = np.empty(shape, g.dtype)
        everywhere.fill(g)
        return everywhere
    return np.broadcast_to(reinsert(g, shape, axis, keepdims), shape)


def reinsert(g: Any, shape: tuple[int, ...], axis: Any = None, keepdims: bool = False) -> Any:
    """Return ``g``, the result of a reduction over ``axis``, with the axes it lost put back as length 1."""
    if keepdims or axis is None:
        return g  # a 0-d array broadcasts as it is
    return np.reshape(g, kept_shape(shape, axis))


def reduced_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that ``axis`` (None, an int or a tuple of ints, perhaps negative) names, counted from 0."""
    if axis is None or ndim == 0:  # of a number, NumPy takes the axes 0 and -1
        return tuple(range(ndim))
    return tuple(int(i) % ndim for i in (axis if isinstance(axis, (tuple, list)) else (axis,)))


def reduced_count(shape: tuple[int, ...], axis: Any) -> int:
    """How many entries of an array of ``shape`` one entry of a reduction over ``axis`` is made from."""
    return math.prod(shape if axis is None else [shape[i] for i in reduced_axes(axis, len(shape))])


def kept_shape(shape: tuple[int, ...], axis: Any) -> tuple[int, ...]:
    """The shape that a reduction over ``axis`` leaves with ``keepdims=True``."""
    gone = reduced_axes(axis, len(shape))
    return tuple(1 if i in gone else n for i, n in enumerate(shape))


def as_rows(x: Any, axis: Any) -> Any:
    """``x`` with the axes that a reduction goes over moved behind the others and raveled into one.

    >>> as_rows(np.ones((2, 3, 4)), (0, 2)).shape
    (3, 8)
    """
    shape, gone = np.shape(x), reduced_axes(axis, np.ndim(x))
    kept = [i for i in range(len(shape)) if i not in gone]
    return np.reshape(np.transpose(x, (*kept, *gone)), (*(shape[i] for i in kept), reduced_count(shape, axis)))


def from_rows(rows: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """The inverse of `as_rows` for an array of ``shape``."""
    gone = reduced_axes(axis, len(shape))
    order = [*(i for i in range(len(shape)) if i not in gone), *gone]
    return np.transpose(np.reshape(rows, tuple(shape[i] for i in order)), np.argsort(order))


def unboxed(x: Any) -> Any:
    """Return ``x``, an array without axes as a number: what NumPy's reductions give.

    >>> type(unboxed(np.array(1.0))).__name__, unboxed(np.ones(1)).shape
    ('float64', (1,))
    """
    return x if np.shape(x) else x[()]
