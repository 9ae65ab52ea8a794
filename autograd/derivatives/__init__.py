"""The table of derivatives, one chapter per file. Importing this package writes all rows.

What every rule of the table keeps to:

**Complex numbers** follow the convention of HIPS autograd. The gradient of a real function f of z = x + iy is

    ∂f/∂x - i ∂f/∂y,

so that f changes by Re(gradient · dz) for a small step dz. A holomorphic function then pulls back by plain
multiplication, ``g * f'(z)`` without a conjugate, and ``conjugate`` by ``conj(g)``. A real operand of a complex result
gets the real part, since it can move along the real axis only. To descend, step along ``-conj(gradient)``.

**Kinks.** At a tie each of two operands gets half of the gradient, so that their slopes add up to 1. One constant
keeps a tie for itself: 0, so that ``np.maximum(0, x)`` has slope 0 at 0, as in the hand-written ``relu_back``.
An extreme over an axis shares its gradient evenly among the entries that reach it. ``abs`` has slope 0 at 0.

**Safe points.** Where a formula is 0/0, the rule gives the limit, or 0 where there is none: ``hypot``, ``arctan2``,
complex ``abs`` and ``std`` have first and second derivative 0 at the origin (of a constant row, for ``std``), ``x**0``
has slope 0 everywhere, ``0**y`` has slope 0 in y for y >= 0. What `arithmetic.inf_at_0` divides is 0 to any order. An
infinite slope stays infinite, as in calculus: ``sqrt`` at 0, ``log`` at 0, ``arcsin`` at 1.
"""

from autograd.derivatives import (
    arithmetic,
    calculus,
    choice,
    conversion,
    convolution,
    covariance,
    creation,
    decompositions,
    diagonals,
    einsum,
    exponential,
    facts,
    fft,
    histograms,
    indexing,
    inplace,
    joining,
    linalg,
    mapping,
    matrix_products,
    norms,
    padding,
    polynomials,
    power,
    product,
    quantiles,
    reduction,
    selection,
    shape,
    special,
    statistics,
    steps,
    trigonometry,
)

__all__ = [
    "arithmetic", "calculus", "choice", "conversion", "convolution", "covariance", "creation", "decompositions",
    "diagonals", "einsum", "exponential", "facts", "fft", "histograms", "indexing", "inplace", "joining", "linalg",
    "mapping", "matrix_products", "norms", "padding", "polynomials", "power", "product", "quantiles", "reduction",
    "selection", "shape", "special", "statistics", "steps", "trigonometry",
]
