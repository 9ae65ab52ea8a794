"""Reductions: functions that make one number out of many, over all axes or some.

The gradient of a reduction is spread back over the entries that it was made from.
"""

from typing import Any

import numpy as np

from autograd.rules import constant, derivative, linear
from autograd.shapes import reduced_count, reinsert, spread

# --------------------------------------------------------------------------------------------------- sums and means

linear(np.sum,  x=lambda g, x_shape, axis, keepdims: spread(g, x_shape, axis, keepdims))
linear(np.mean, x=lambda g, x_shape, axis, keepdims: spread(g / reduced_count(x_shape, axis), x_shape, axis, keepdims))

# --------------------------------------------------------------------------------------------------------- extremes

derivative(np.max, x=lambda g, out, x, axis, keepdims: shared_among_ties(g, out, x, axis, keepdims))
derivative(np.min, x=lambda g, out, x, axis, keepdims: shared_among_ties(g, out, x, axis, keepdims))

# ------------------------------------------------------------------------------------------------------- slope zero

constant(np.argmax, np.argmin, np.all, np.any, np.count_nonzero)

# ------------------------------------------------------------------------------------------------------- long rules


def shared_among_ties(g: Any, out: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of an extreme goes to the entries that reach it, in equal parts."""
    shape = np.shape(x)
    hit = np.equal(x, reinsert(out, shape, axis, keepdims))
    ties = np.sum(hit, axis=axis, keepdims=True)
    return np.where(hit, reinsert(g, shape, axis, keepdims) / ties, 0)
