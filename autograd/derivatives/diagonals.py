"""Diagonals and triangles of matrices. All functions here are linear."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.derivatives.indexing import scatter
from autograd.rules import composition, linear
from autograd.shapes import unbroadcast

# fmt: off
linear(np.diagonal, x=lambda g, x_shape, offset, axis1, axis2: on_the_diagonal(g, x_shape, offset, axis1, axis2))
linear(np.tril,     x=lambda g, x_shape, k: unbroadcast(np.tril(g, k), x_shape))  # a vector became a square
linear(np.triu,     x=lambda g, x_shape, k: unbroadcast(np.triu(g, k), x_shape))
# fmt: on


@composition(np.linalg.diagonal)
def stacked_diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """The diagonals of a stack of matrices."""
    return np.diagonal(x, offset, -2, -1)


@composition(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """The diagonal of a matrix; the matrix that has a vector on its diagonal."""
    if np.ndim(v) != 1:
        return np.diagonal(v, k)
    n = len(v) + abs(k)
    return on_the_diagonal(v, (n, n), k, 0, 1)


@composition(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """The matrix that has the entries of ``v`` on its diagonal."""
    return np.diag(np.ravel(v), k)


@composition(np.trace)
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None) -> Any:
    """The sum of the diagonal."""
    return np.sum(np.diagonal(a, offset, axis1, axis2), axis=-1, dtype=dtype)


@composition(np.linalg.trace)
def stacked_trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """The traces of a stack of matrices."""
    return np.trace(x, offset, -2, -1, dtype)


def on_the_diagonal(g: Any, shape: tuple[int, ...], offset: int, axis1: int, axis2: int) -> Any:
    """Undo ``diagonal``: zeros of ``shape`` with the last axis of ``g`` on the diagonal of two axes.

    In a matrix of m columns read row by row, a diagonal is every (m + 1)-th entry: a slice.
    """
    ndim = len(shape)
    axis1, axis2 = axis1 % ndim, axis2 % ndim
    rows, columns = shape[axis1], shape[axis2]
    others = tuple(n for i, n in enumerate(shape) if i not in (axis1, axis2))
    first = offset if offset >= 0 else -offset * columns
    last = first + np.shape(g)[-1] * (columns + 1)
    flat = scatter(g, (..., slice(first, last, columns + 1)), (*others, rows * columns))
    return np.moveaxis(np.reshape(flat, (*others, rows, columns)), (-2, -1), (axis1, axis2))
