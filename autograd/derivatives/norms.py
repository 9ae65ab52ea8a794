"""Norms of vectors and matrices, and the condition number.

Safe at 0: a norm has no slope there, and its gradient counts as 0, as that of ``abs`` does. Where several entries (or
sums, or singular values) reach the maximum together, they share the gradient evenly.
"""

from typing import Any

import numpy as np

from autograd.derivatives.arithmetic import direction, inf_at_0
from autograd.derivatives.matrices import columns_times, conj
from autograd.operands import array_of
from autograd.rules import composition, derivative
from autograd.shapes import as_rows, kept_shape, reduced_axes, reinsert

derivative(np.linalg.norm, x=lambda g, out, x, ord, axis, keepdims: norm_gradient(g, out, x, ord, axis, keepdims))

# ------------------------------------------------------------------------------------------------------ compositions


@composition(np.linalg.vector_norm)
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The norm of all entries along ``axis`` (None: of the whole array) taken as one vector."""
    x = array_of(x)
    out = np.linalg.norm(as_rows(x, axis), ord, -1)
    return np.reshape(out, kept_shape(x.shape, axis)) if keepdims else out


@composition(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The norm of each matrix, that is of the last two axes."""
    return np.linalg.norm(array_of(x), ord, (-2, -1), keepdims)


@composition(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    """The condition number ‖A‖ ‖A⁻¹‖; in the 2-norm the ratio of the extreme singular values."""
    if p is None or p in (2, -2):
        s = np.linalg.svdvals(x)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return np.linalg.norm(x, p, (-2, -1)) * np.linalg.norm(np.linalg.inv(x), p, (-2, -1))


# --------------------------------------------------------------------------------------------------------- long rules


def norm_gradient(g: Any, out: Any, x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of a norm of ``x``, by the order and by whether it is one of vectors or of matrices."""
    x = np.asarray(x) if isinstance(x, float | complex) else x
    axes = reduced_axes(axis, x.ndim)
    g, out = (_put_back(part, x.shape, axes, axis, keepdims) for part in (g, out))
    if ord is None or ord in ("fro", "f"):
        return g / inf_at_0(out) * conj(x)
    if len(axes) == 1:
        return vector_norm_gradient(g, out, x, ord, axes)
    if ord in (2, -2, "nuc"):
        return spectral_norm_gradient(g, x, ord, axes)
    # The order ±1 sums over the rows and takes an extreme of the columns, ±inf the other way round.
    summed, compared = axes if abs(ord) == 1 else axes[::-1]
    sums = np.sum(np.abs(x), axis=summed, keepdims=True)
    return g * _share(sums, compared, ord > 0) * direction(x)


def _put_back(part: Any, shape: tuple[int, ...], axes: tuple[int, ...], axis: Any, keepdims: bool) -> Any:
    """The axes that the norm reduced, as axes of length 1."""
    return part if keepdims or axis is None else reinsert(part, shape, axes)


def vector_norm_gradient(g: Any, out: Any, x: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """‖x‖ₚ = (Σ |x|ᵖ)^(1/p), so ∂‖x‖/∂|x| = (|x| / ‖x‖)^(p-1); the maximum and minimum are its limits p = ±∞."""
    if ord == 2:
        return g / inf_at_0(out) * conj(x)
    if ord == 0:
        return g * np.zeros(x.shape, x.dtype)  # a count: constant wherever it is smooth
    if ord == 1:
        return g * direction(x)
    if np.isinf(ord):
        return g * _share(np.abs(x), axes, ord > 0) * direction(x)
    ratio = np.where(np.equal(x, 0), 1, np.abs(x) / inf_at_0(out))
    return g * ratio ** (ord - 1) * direction(x)


def spectral_norm_gradient(g: Any, x: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """A function φ of the singular values of A = U S Vᴴ has the gradient Ū diag(∂φ/∂s) Vᵀ.

    The nuclear norm is their sum, the orders 2 and -2 are the largest and the smallest.
    """
    matrices = np.moveaxis(x, axes, (-2, -1))
    u, s, vh = np.linalg.svd(matrices, full_matrices=False)
    slope = np.sign(s) * (1 if ord == "nuc" else _share(s, -1, ord > 0))  # none at 0
    gradient = np.matmul(columns_times(conj(u), slope), conj(vh))
    return g * np.moveaxis(gradient, (-2, -1), axes)


def _share(candidates: Any, axes: Any, largest: bool) -> Any:
    """1 for the largest (or smallest) candidate along ``axes``, for several an equal part each, 0 for the others."""
    if 0 in np.shape(candidates):
        return np.zeros(np.shape(candidates))
    hit = np.equal(candidates, (np.max if largest else np.min)(candidates, axis=axes, keepdims=True))
    return np.where(hit, 1 / np.sum(hit, axis=axes, keepdims=True), 0)
