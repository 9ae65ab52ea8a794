"""Reductions: functions that make one number out of many, over all axes or some.

The gradient of a reduction is spread back over the entries that it was made from, and is 0 where ``where`` left out.
Products have a chapter of their own, `product`; what is said in terms of other functions is in `statistics`.
"""

from typing import Any

import numpy as np

from autograd.rules import constant, derivative, linear
from autograd.shapes import reduced_count, reinsert, spread

# fmt: off

# ----------------------------------------------------------------------------------------------------- sums and means

linear(np.sum,    x=lambda g, x_shape, axis, keepdims, where: only(where, spread(g, x_shape, axis, keepdims)))
linear(np.mean,   x=lambda g, x_shape, axis, keepdims, where:
                      only(where, spread(per_entry(g, x_shape, axis, keepdims, where), x_shape)))
linear(np.cumsum, x=lambda g, x_shape, axis: np.reshape(sums_from_here(g, axis or 0), x_shape))

# --------------------------------------------------------------------------------------------------- second moments

derivative(np.var, x=lambda g, x, axis, ddof, keepdims, where, correction:
                       only(where, 2 * per_entry(g, np.shape(x), axis, keepdims, where, ddof, correction)
                                   * deviation(x, axis, where)))
derivative(np.std, x=lambda g, out, x, axis, ddof, keepdims, where, correction:
                       only(where, per_entry(g, np.shape(x), axis, keepdims, where, ddof, correction)
                                   / spread_of(out, x, axis, keepdims, where) * deviation(x, axis, where)))

# ----------------------------------------------------------------------------------------------------------- extremes

for extreme in (np.max, np.amax, np.min, np.amin):
    derivative(extreme, x=lambda g, out, x, axis, keepdims, initial, where:
                              shared_among_ties(g, out, x, axis, keepdims, initial, where))

# --------------------------------------------------------------------------------------------------------- slope zero

constant(np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.all, np.any, np.count_nonzero)

# fmt: on

# ---------------------------------------------------------------------------------------------------------- long rules


def only(where: Any, g: Any) -> Any:
    """``g`` where the reduction has looked, else 0. ``where`` is None (or True) when it has looked everywhere."""
    return g if where is None or where is True else np.where(where, g, 0)


def looking(where: Any, **options: Any) -> dict[str, Any]:
    """The keyword arguments that let a reduction look only ``where``; none when it looks everywhere."""
    return {} if where is None or where is True else {"where": where, **options}


def sums_from_here(g: Any, axis: int) -> Any:
    """Σ g over all entries from here to the end: the transpose of a running sum."""
    backwards = (slice(None),) * (axis % g.ndim) + (slice(None, None, -1),)
    return np.cumsum(g[backwards], axis=axis)[backwards]


def per_entry(
    g: Any, shape: tuple[int, ...], axis: Any, keepdims: bool, where: Any, ddof: Any = 0, correction: Any = None
) -> Any:
    """g / (n - ddof), for n entries to each output, in a shape that broadcasts against the entries."""
    g = reinsert(g, shape, axis, keepdims)
    count: Any = reduced_count(shape, axis)
    if where is not None:
        count = np.sum(np.broadcast_to(where, shape), axis=axis, keepdims=axis is not None)
    count = count - (ddof if correction is None else correction)
    if type(count) in (int, float) and g.dtype.type is not np.float16:
        return g / count
    return (g / np.asarray(count, np.float64)).astype(g.dtype)  # float16 ends at 65504, counts do not


def deviation(x: Any, axis: Any, where: Any) -> Any:
    """The conjugate of x minus its mean: |x - mean|² grows by 2 Re(conj(x - mean) dx), the mean standing still."""
    away = x - np.mean(x, axis=axis, keepdims=True, **looking(where))
    return np.conjugate(away) if np.iscomplexobj(away) else away


def spread_of(out: Any, x: Any, axis: Any, keepdims: bool, where: Any) -> Any:
    """The standard deviation ``out``, and inf where it is 0 but for rounding: where all entries agree."""
    out = reinsert(out, np.shape(x), axis, keepdims)
    if np.size(x) == 0:
        return out
    largest = np.max(x, axis=axis, keepdims=True, **looking(where, initial=-np.inf))
    smallest = np.min(x, axis=axis, keepdims=True, **looking(where, initial=np.inf))
    return np.where(np.logical_or(np.equal(out, 0), np.equal(largest, smallest)), np.inf, out)


def shared_among_ties(g: Any, out: Any, x: Any, axis: Any, keepdims: bool, initial: Any, where: Any) -> Any:
    """The gradient of an extreme goes in equal parts to the entries that reach it; ``initial`` keeps a tie.

    Where the extreme is NaN, so is the gradient.
    """
    shape = np.shape(x)
    out, g = reinsert(out, shape, axis, keepdims), reinsert(g, shape, axis, keepdims)
    hit = only(where, np.equal(x, out))
    if initial is not None:
        hit = np.logical_and(hit, np.not_equal(out, initial))
    ties = np.count_nonzero(hit) if axis is None else np.sum(hit, axis=axis, keepdims=True)
    return np.where(hit, (g / np.maximum(ties, 1)).astype(g.dtype), np.where(np.isnan(out), out, 0))
