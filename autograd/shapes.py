"""Undo what shapes did on the way forward: `fit` undoes broadcasting, `spread` undoes a reduction."""

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


def spread(g: Any, shape: tuple[int, ...], axis: Any = None, keepdims: bool = False) -> Any:
    """Return ``g``, the gradient of a reduction of an array of ``shape`` over ``axis``, handed to every entry.

    >>> spread(np.array([1.0, 2.0]), (2, 3), axis=1)
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if isinstance(g, np.generic):
        return np.full(shape, g)  # a quarter of the time of broadcast_to, on small arrays
    return np.broadcast_to(reinsert(g, shape, axis, keepdims), shape)


def reinsert(g: Any, shape: tuple[int, ...], axis: Any = None, keepdims: bool = False) -> Any:
    """Return ``g``, the result of a reduction over ``axis``, with the axes it lost put back as length 1."""
    if keepdims or axis is None:
        return g  # a 0-d array broadcasts as it is
    axes = reduced_axes(axis, len(shape))
    return np.reshape(g, tuple(1 if i in axes else n for i, n in enumerate(shape)))


def reduced_axes(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that ``axis`` (None, an int or a tuple of ints, perhaps negative) names, counted from 0."""
    if axis is None or ndim == 0:  # of a number, NumPy takes the axes 0 and -1
        return tuple(range(ndim))
    return tuple(int(i) % ndim for i in (axis if isinstance(axis, tuple) else (axis,)))


def reduced_count(shape: tuple[int, ...], axis: Any) -> int:
    """How many entries of an array of ``shape`` one entry of a reduction over ``axis`` is made from."""
    return math.prod(shape if axis is None else [shape[i] for i in reduced_axes(axis, len(shape))])


def unboxed(x: Any) -> Any:
    """Return ``x``, an array without axes as a number: what NumPy's reductions give.

    >>> type(unboxed(np.array(1.0))).__name__, unboxed(np.ones(1)).shape
    ('float64', (1,))
    """
    return x if np.shape(x) else x[()]
