"""Convolution and correlation of vectors.

z[k] = Σ_i a[i] v[k - i], so ∂L/∂a[i] = Σ_k g[k] v[k - i]: the gradient is a convolution with the other vector reversed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.derivatives.indexing import scatter
from autograd.operands import array_of
from autograd.rules import composition, derivative

derivative(np.convolve, x=lambda g, x_shape, y, mode: unconvolved(g, x_shape, y, mode),
                        y=lambda g, x, y_shape, mode: unconvolved(g, y_shape, x, mode))


@composition(np.correlate)
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    """c[k] = Σ_i a[k + i] conj(v[i]), as NumPy has it: a convolution with v reversed."""
    a, v = np.atleast_1d(array_of(a), array_of(v))
    if len(v) > len(a):  # the middle of "same" is that of the longer vector
        return np.flip(np.conjugate(np.correlate(v, a, mode)))
    return np.convolve(a, np.flip(np.conjugate(v)), mode)


def unconvolved(g: Any, shape: tuple[int, ...], other: Any, mode: str) -> Any:
    """The gradient of one vector, of ``shape``, from the ``other``: place g in the full convolution, then correlate."""
    other = np.ravel(other)
    n = shape[0] if shape else 1
    shorter = min(n, len(other))
    start = {"f": 0, "s": (shorter - 1) // 2, "v": shorter - 1}[mode[0]]
    full = scatter(g, slice(start, start + len(g)), (n + len(other) - 1,))
    return np.reshape(np.convolve(full, np.flip(other), "valid"), shape)
