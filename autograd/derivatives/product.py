"""Products of many numbers. No rule divides by an entry, so zeros are right to every order.

∂(∏ x)/∂xᵢ is the product of the *others*, ∏_{j≠i} xⱼ. It is built by halves, in O(n): the others of xᵢ are its
neighbour and the others of their pair, whose product takes their place in a row half as long.
"""

from typing import Any

import numpy as np

from autograd.rules import derivative
from autograd.shapes import as_rows, from_rows, reinsert

# fmt: off

# ----------------------------------------------------------------------------------------------------------- products

derivative(np.prod,    x=lambda g, x, axis, keepdims, initial, where:
                           reinsert(g, np.shape(x), axis, keepdims) * product_slopes(x, axis, initial, where))
derivative(np.cumprod, x=lambda g, out, x, axis: running_product_slopes(g, out, x, axis))

# fmt: on

# ---------------------------------------------------------------------------------------------------------- long rules


def product_slopes(x: Any, axis: Any, initial: Any, where: Any) -> Any:
    """For every entry, the product of the others that share its output; 0 where ``where`` left it out."""
    shape = np.shape(x)
    factors = x if where is None else np.where(where, x, 1)
    slopes = from_rows(product_of_others(as_rows(factors, axis)), shape, axis)
    slopes = slopes if initial is None else slopes * initial
    return slopes if where is None else np.where(where, slopes, 0)


def product_of_others(x: Any) -> Any:
    """∏_{j≠i} xⱼ along the last axis, for every i."""
    count = x.shape[-1]
    if count <= 1:
        return np.ones(x.shape, x.dtype)
    if count % 2:
        x = np.concatenate([x, np.ones((*x.shape[:-1], 1), x.dtype)], axis=-1)
    left, right = x[..., 0::2], x[..., 1::2]
    others = product_of_others(left * right)
    pairs = np.stack([others * right, others * left], axis=-1)
    return np.reshape(pairs, x.shape)[..., :count]


def running_product_slopes(g: Any, out: Any, x: Any, axis: int | None) -> Any:
    """The gradient of the running product pₖ = x₁⋯xₖ: ∂L/∂xᵢ = pᵢ₋₁ sᵢ, where sᵢ = gᵢ + xᵢ₊₁ sᵢ₊₁."""
    shape = np.shape(x)
    if axis is None or not shape:
        x, axis = np.reshape(x, -1), None
    x, g, out = (np.swapaxes(array, axis or 0, -1) for array in (x, g, out))
    before = np.concatenate([np.ones((*x.shape[:-1], 1), x.dtype), out[..., :-1]], axis=-1)
    slopes = before * affine_recurrence(g, earlier(x, 1))
    return np.reshape(np.swapaxes(slopes, -1, axis or 0), shape)


def affine_recurrence(b: Any, a: Any) -> Any:
    """s along the last axis, where sᵢ = bᵢ + aᵢ sᵢ₊₁ and s is 0 behind the end.

    Substituting the recurrence into itself doubles its stride, sᵢ = (bᵢ + aᵢ bᵢ₊₁) + aᵢ aᵢ₊₁ sᵢ₊₂, so log₂ n times
    are enough (W. D. Hillis and G. L. Steele, "Data parallel algorithms", 1986).
    """
    stride = 1
    while stride < b.shape[-1]:
        b = b + a * earlier(b, stride)
        a = a * earlier(a, stride)
        stride *= 2
    return b


def earlier(x: Any, steps: int) -> Any:
    """``x`` moved towards the start of its last axis; zeros come in from behind."""
    zeros = np.zeros((*x.shape[:-1], min(steps, x.shape[-1])), x.dtype)
    return np.concatenate([x[..., steps:], zeros], axis=-1)
