"""Decompositions of matrices: cholesky, qr, eigh, eig, svd. All work on stacks, real and complex.

The factors of a decomposition are unique up to a choice (signs and phases of vectors, a basis of a null space), and
a gradient exists for what does not depend on that choice. Where eigenvalues or singular values coincide, their vectors
have no derivative: if they were used it is nan, if only the values were used the rule never looks at them.

References: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode AD", 2008;
J. Townsend, "Differentiating the singular value decomposition", 2016; S. F. Walter and L. Lehmann, "Algorithmic
differentiation of linear algebra functions with application in optimum experimental design", 2009 (for qr);
I. Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527, 2016; Z.-Q. Wan and S.-X. Zhang,
"Automatic differentiation for complex valued SVD", arXiv:1909.02659, 2019.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.derivatives.matrices import (
    adjoint,
    columns_times,
    conj,
    diagonal_matrix,
    diagonal_of,
    folded,
    quotient,
    transpose,
)
from autograd.errors import ArgumentError
from autograd.rules import composition, derivative

# fmt: off
derivative(np.linalg.cholesky, a=lambda g, out, upper: cholesky_gradient(g, out, upper))
derivative(np.linalg.qr,       a=lambda g, out, a, mode: qr_gradient(g, out, a, mode))
derivative(np.linalg.eigh,     a=lambda g, out, UPLO: eigh_gradient(g, out, UPLO))
derivative(np.linalg.eig,      a=lambda g, out: eig_gradient(g, out))
derivative(np.linalg.svd,      a=lambda g, out, a, compute_uv, hermitian:
                                   svd_gradient(g, out, a, compute_uv, hermitian))

# The values alone cost the vectors too when they are differentiated: their slope is made of them.
composition(np.linalg.eigvalsh)(lambda a, UPLO="L": np.linalg.eigh(a, UPLO)[0])
composition(np.linalg.eigvals) (lambda a: np.linalg.eig(a)[0])
composition(np.linalg.svdvals) (lambda x, /: np.linalg.svd(x, full_matrices=False)[1])
# fmt: on

# --------------------------------------------------------------------------------------------------------- long rules


def cholesky_gradient(g: Any, out: Any, upper: bool = False) -> Any:
    """A = L Lᴴ, so dL = L Φ(L⁻¹ dA L⁻ᴴ), where Φ takes the lower triangle and half of the diagonal (Murray 2016).

    Hence ∂L/∂A = L⁻ᵀ Φ(Lᵀ g) L̄⁻¹, folded to the triangle that was read. The upper factor is Lᴴ of the matrix Aᴴ.
    """
    if upper:
        return adjoint(cholesky_gradient(adjoint(g), adjoint(out)))
    inverse = np.linalg.inv(out)
    inner = np.matmul(transpose(inverse), _lower_half(np.matmul(transpose(out), g)))
    return folded(np.matmul(inner, conj(inverse)))


def _lower_half(x: Any) -> Any:
    """Φ(x): the lower triangle of each matrix, with half of its diagonal."""
    n = np.shape(x)[-1]
    return x * (np.tri(n, dtype=bool) - 0.5 * np.eye(n)).astype(np.finfo(x.dtype).dtype)


def eigh_gradient(g: Sequence[Any], out: Sequence[Any], triangle: str = "L") -> Any:
    """A V = V Λ with V unitary. With M = Vᴴ dA V: dλ = diag(M), dV = V (F ∘ M), F_ij = 1 / (λ_j - λ_i) if i ≠ j.

    Hence ∂L/∂A = V̄ (diag(g_λ) + F ∘ Vᵀ g_V) Vᵀ, folded to the triangle that was read (Giles 2008, section 3.1).
    """
    (g_w, g_v), (w, v) = g, out
    if g_v is None:
        inner = columns_times(conj(v), g_w)
    else:
        weight = _over_gaps(np.matmul(transpose(v), g_v), w)
        inner = np.matmul(conj(v), weight if g_w is None else weight + diagonal_matrix(g_w))
    return folded(np.matmul(inner, transpose(v)), triangle)


def _over_gaps(x: Any, values: Any, sums: Any = 1) -> Any:
    """F ∘ x with F_ij = 1 / ((values_j - values_i) sums_ij); 0 on the diagonal; `quotient` where two values coincide.

    Values closer than rounding error coincide: their difference says nothing.
    """
    gaps = np.expand_dims(values, -2) - np.expand_dims(values, -1)
    tolerance = np.finfo(values.dtype).eps * np.max(np.abs(values), axis=-1, initial=0, keepdims=True)
    gaps = np.where(np.abs(gaps) <= np.expand_dims(tolerance, -1), 0, gaps) * sums
    return quotient(np.where(np.eye(np.shape(values)[-1], dtype=bool), 0, x), gaps)


def eig_gradient(g: Sequence[Any], out: Sequence[Any]) -> Any:
    """A V = V Λ with columns of length 1. With M = V⁻¹ dA V: dλ = diag(M), and dV = V (F ∘ M) but for the lengths.

    Keeping them takes v_j Re(v_jᴴ dv_j) off each dv_j, so g_V loses v̄_j Re(g_jᵀ v_j) before ∂L/∂A =
    V⁻ᵀ (diag(g_λ) + F ∘ Vᵀ g_V) Vᵀ. The phases of complex vectors are taken to matter to nobody.
    """
    (g_w, g_v), (w, v) = g, out
    if g_v is None:
        weight = diagonal_matrix(g_w)
    else:
        along = np.real(np.sum(g_v * v, axis=-2))
        weight = _over_gaps(np.matmul(transpose(v), g_v - columns_times(conj(v), along)), w)
        weight = weight if g_w is None else weight + diagonal_matrix(g_w)
    return np.linalg.solve(transpose(v), np.matmul(weight, transpose(v)))


def svd_gradient(g: Any, out: Any, a: Any, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """A = U S Vᴴ. With P = Uᴴ dA V, F_ij = 1 / (s_j² - s_i²) off the diagonal and the phases left to U:

    dS = Re diag(P)
    dU = U (F ∘ (P S + S Pᴴ) + i Im diag(P) S⁻¹) + (1 - U Uᴴ) dA V S⁻¹
    dV = V (F ∘ (S P + Pᴴ S))                    + (1 - V Vᴴ) dAᴴ U S⁻¹

    (Townsend 2016, with the phases of Wan and Zhang 2019.) The pairing with g is collected as Ū K Vᵀ plus the terms
    outside the spans of U and V.
    """
    if not compute_uv:
        g, out = (None, g, None), np.linalg.svd(a, full_matrices=False)
    g_u, g_s, g_vh = g
    u, s, vh = out
    k = s.shape[-1]
    u, u_null, vh, vh_null = u[..., :k], u[..., k:], vh[..., :k, :], vh[..., k:, :]
    gradient = 0 if g_s is None else np.matmul(columns_times(conj(u), g_s), conj(vh))
    if g_u is not None:
        gradient = gradient + _left_vectors(g_u[..., :k], g_u[..., k:], u, u_null, s, vh)
    if g_vh is not None:  # Aᴴ = V S Uᴴ: the right vectors are the left ones of the adjoint
        g_v, v = adjoint(g_vh), adjoint(vh)
        along = _left_vectors(g_v[..., :k], g_v[..., k:], v, adjoint(vh_null), s, adjoint(u), phases=False)
        gradient = gradient + adjoint(along)
    return folded(gradient) if hermitian else gradient


def _left_vectors(g: Any, g_null: Any, u: Any, u_null: Any, s: Any, vh: Any, phases: bool = True) -> Any:
    """The part of ∂L/∂A that comes through U (see `svd_gradient`), and through a basis U₀ of the rest of the space.

    With W = Uᵀ g that is Ū (F ∘ (W - Wᴴ)) S Vᵀ + i Ū Im diag(W) S⁻¹ Vᵀ + (g - Ū W) S⁻¹ Vᵀ. As U₀ stays orthogonal to U,
    dU₀ = -U S⁻¹ Vᴴ dAᴴ U₀ (turns within U₀ matter to nobody), which adds -Ū₀ (Uᵀ g₀)ᴴ S⁻¹ Vᵀ.
    """
    weight = np.matmul(transpose(u), g)
    sums = np.expand_dims(s, -2) + np.expand_dims(s, -1)
    inside = columns_times(_over_gaps(weight - adjoint(weight), s, sums), s)
    if phases and weight.dtype.kind == "c":
        inside = inside + diagonal_matrix(quotient(1j * np.imag(diagonal_of(weight)), s))
    outside = g - np.matmul(conj(u), weight)
    if u_null.shape[-1]:
        outside = outside - np.matmul(conj(u_null), adjoint(np.matmul(transpose(u), g_null)))
    if u.shape[-2] > u.shape[-1]:  # otherwise U spans the space, and what is outside is rounding error
        inside = np.matmul(conj(u), inside) + quotient(outside, np.expand_dims(s, -2))
    else:
        inside = np.matmul(conj(u), inside)
    return np.matmul(inside, conj(vh))


def qr_gradient(g: Any, out: Any, a: Any, mode: str = "reduced") -> Any:
    """A = Q R; a wide A = (A₁ A₂) is A₁ = Q R₁ with R₂ = Qᴴ A₂. In mode "r", Q is missing and made again."""
    if mode == "raw":
        raise ArgumentError('qr(…, mode="raw") has no derivative. Use mode="reduced", "complete" or "r".')
    if mode == "r":
        g, out = (None, g), np.linalg.qr(a)
    (g_q, g_r), (q, r) = g, out
    m, n = a.shape[-2:]
    if m >= n:
        return _tall_qr_gradient(g_q, g_r, q, r)
    if g_r is None:
        square = _tall_qr_gradient(g_q, None, q, r[..., :m])
        return np.concatenate([square, np.zeros(a[..., m:].shape, square.dtype)], axis=-1)
    g_rest = g_r[..., m:]
    through_q = conj(np.matmul(a[..., m:], transpose(g_rest)))
    g_q = through_q if g_q is None else g_q + through_q
    square = _tall_qr_gradient(g_q, g_r[..., :m], q, r[..., :m])
    return np.concatenate([square, np.matmul(conj(q), g_rest)], axis=-1)


def _tall_qr_gradient(g_q: Any, g_r: Any, q: Any, r: Any) -> Any:
    """With X = Qᴴ dA R⁻¹ and the antihermitian Ω = Qᴴ dQ, which has the strict lower triangle and Im diag of X:

    dR = (X - Ω) R  and  dQ = Q Ω + (1 - Q Qᴴ) dA R⁻¹  (Walter and Lehmann 2009, section 3.2).

    A complete Q has more columns Q₀, and as they stay orthogonal to Q, dQ₀ = -Q R⁻ᴴ dAᴴ Q₀.
    """
    n = r.shape[-1]
    q, q_null, r = q[..., :n], q[..., n:], r[..., :n, :]
    in_r = 0 if g_r is None else np.matmul(g_r[..., :n, :], transpose(r))
    if g_q is None:
        weight, outside = -in_r, 0
    else:
        along = np.matmul(transpose(q), g_q[..., :n])
        weight, outside = along - in_r, g_q[..., :n] - np.matmul(conj(q), along)
        if q_null.shape[-1]:
            outside = outside - np.matmul(conj(q_null), adjoint(np.matmul(transpose(q), g_q[..., n:])))
    inside = in_r + _lower_half(weight - adjoint(weight))
    total = np.matmul(conj(q), inside) + outside
    return transpose(np.linalg.solve(r, transpose(total)))  # total R⁻ᵀ
