"""Linear algebra: products of matrices and vectors.

References: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode AD", 2008.
"""

from typing import Any

import numpy as np

from autograd.rules import derivative
from autograd.shapes import unbroadcast

# ---------------------------------------------------------------------------------------------------------- products

derivative(np.matmul, x=lambda g, x_shape, y: matmul_left(g, x_shape, y), y=lambda g, x, y_shape: matmul_right(g, x, y_shape))
derivative(np.dot,    x=lambda g, x_shape, y: dot_left(g, x_shape, y),    y=lambda g, x, y_shape: dot_right(g, x, y_shape))

# -------------------------------------------------------------------------------------------------------- long rules


def matmul_left(g: Any, x_shape: tuple[int, ...], y: Any) -> Any:
    """z = x y, so ∂L/∂x = g yᵀ, for stacks summed over the axes along which x was repeated."""
    if len(x_shape) == y.ndim == 2:
        return np.dot(g, y.T)  # on matrices faster than matmul
    if y.ndim == 1:
        return unbroadcast(np.expand_dims(g, -1) * y, x_shape)
    if len(x_shape) == 1:
        return unbroadcast(np.matmul(y, np.expand_dims(g, -1))[..., 0], x_shape)
    return unbroadcast(np.matmul(g, np.swapaxes(y, -1, -2)), x_shape)


def matmul_right(g: Any, x: Any, y_shape: tuple[int, ...]) -> Any:
    """z = x y, so ∂L/∂y = xᵀ g, for stacks summed over the axes along which y was repeated."""
    if x.ndim == 2 and len(y_shape) <= 2:
        return np.dot(x.T, g)
    if len(y_shape) == 1:
        return unbroadcast(np.expand_dims(g, -1) * x, y_shape)
    if x.ndim == 1:
        return unbroadcast(np.expand_dims(x, -1) * np.expand_dims(g, -2), y_shape)
    return unbroadcast(np.matmul(np.swapaxes(x, -1, -2), g), y_shape)


def dot_left(g: Any, x_shape: tuple[int, ...], y: Any) -> Any:
    """``dot`` sums over the last axis of x and the last but one of y; the other axes of y follow those of x in g."""
    if len(x_shape) <= 2 and 1 <= y.ndim <= 2 and x_shape:
        return matmul_left(g, x_shape, y)
    if x_shape == () or y.ndim == 0:
        return unbroadcast(g * y, x_shape)
    kept = y.ndim - 1
    summed = max(y.ndim - 2, 0)
    y_axes = [i for i in range(y.ndim) if i != summed]
    return np.tensordot(g, y, (list(range(g.ndim - kept, g.ndim)), y_axes))


def dot_right(g: Any, x: Any, y_shape: tuple[int, ...]) -> Any:
    """The mirror image of `dot_left`: the summed axis comes out first and moves to its place in y."""
    if 1 <= x.ndim <= 2 and 1 <= len(y_shape) <= 2:
        return matmul_right(g, x, y_shape)
    if x.ndim == 0 or y_shape == ():
        return unbroadcast(g * x, y_shape)
    others = list(range(x.ndim - 1))
    return np.moveaxis(np.tensordot(x, g, (others, others)), 0, max(len(y_shape) - 2, 0))
