"""Linear algebra: inverses, determinants, linear systems, powers and chains of matrices. All work on stacks.

A function that is holomorphic in its matrix has a rule without a conjugate, right for real and complex matrices alike.

References: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode AD", 2008;
G. H. Golub and V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems", SIAM
Journal on Numerical Analysis 10, 1973.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.derivatives.matrices import adjoint, columns_times, conj, folded, transpose
from autograd.derivatives.matrix_products import dot_left, dot_right
from autograd.errors import BranchError
from autograd.rules import composition, constant, derivative
from autograd.shapes import reduced_count, unbroadcast
from autograd.unknown import Unknown

Shape = tuple[int, ...]

# fmt: off
# ------------------------------------------------------------------------------------------ inverses and determinants

derivative(np.linalg.inv,     a=lambda g, out: -np.matmul(np.matmul(transpose(out), g), transpose(out)))
derivative(np.linalg.pinv,    a=lambda g, out, a, hermitian: pinv_gradient(g, out, a, hermitian))
derivative(np.linalg.det,     a=lambda g, a: stretched(g) * cofactors(a))
derivative(np.linalg.slogdet, a=lambda g, out, a: slogdet_gradient(g, out, a))

# ------------------------------------------------------------------------------------------- linear systems and chains

derivative(np.linalg.solve,   a=lambda g, out, a, b_shape: solve_left(g, out, a, b_shape),
                              b=lambda g, a, b_shape: solve_right(g, a, b_shape))
derivative(np.linalg.multi_dot, trees=("arrays",), arrays=lambda g, arrays: chain_gradients(g, arrays))

# ---------------------------------------------------------------------------------------------------------- slope zero

constant(np.linalg.matrix_rank)
# fmt: on

# ------------------------------------------------------------------------------------------------------ compositions


@composition(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Any:
    """Aⁿ by repeated squaring; a negative power is a power of the inverse, A⁰ the identity."""
    if n == 0:
        return np.broadcast_to(np.eye(a.shape[-1], dtype=a.dtype), a.shape)
    base, n = (np.linalg.inv(a), -n) if n < 0 else (a, n)
    out = None
    while n:
        n, odd = divmod(n, 2)
        if odd:
            out = base if out is None else np.matmul(out, base)
        if n:
            base = np.matmul(base, base)
    return out


@composition(np.linalg.lstsq)
def lstsq(a: Any, b: Any, rcond: float | None = None) -> tuple[Any, Any, Any, Any]:
    """The least-squares solution A⁺b, with the residuals, the rank and the singular values as NumPy returns them."""
    m, n = np.shape(a)
    a = a if np.result_type(a).kind in "fc" else np.multiply(a, 1.0)
    if rcond is None:
        rcond = float(np.finfo(np.result_type(a, b)).eps) * max(m, n)
    x = np.matmul(np.linalg.pinv(a, rcond), b)
    s = np.linalg.svdvals(a)
    rank = np.sum(s > rcond * np.max(s, initial=0), dtype=np.int32)
    residual = np.matmul(a, x) - b
    squares = np.real(conj(residual) * residual)
    try:
        full = m > n and bool(rank == n)
    except BranchError:
        cure = "Those of a matrix of full rank are np.sum(np.abs(a @ x - b) ** 2, axis=0)."
        return x, Unknown("The number of the residuals of lstsq, none where a lacks full rank,", cure), rank, s
    return x, np.atleast_1d(np.sum(squares, axis=0)) if full else np.zeros(0, squares.dtype), rank, s


@composition(np.linalg.tensorinv)
def tensorinv(a: Any, ind: int = 2) -> Any:
    """The inverse of the matrix whose rows are the first ``ind`` axes and whose columns are the others."""
    shape = np.shape(a)
    rows = int(np.prod(shape[:ind]))
    return np.reshape(np.linalg.inv(np.reshape(a, (rows, -1))), shape[ind:] + shape[:ind])


@composition(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, axes: tuple[int, ...] | None = None) -> Any:
    """The solution x of ``tensordot(a, x, x.ndim) = b``; ``axes`` of a are moved to its end first."""
    if axes is not None:
        moved = [axis % np.ndim(a) for axis in axes]
        a = np.transpose(a, [axis for axis in range(np.ndim(a)) if axis not in moved] + moved)
    unknowns = np.shape(a)[np.ndim(b) :]
    equations = reduced_count(np.shape(b), None)
    matrix = np.reshape(a, (equations, reduced_count(unknowns, None)))
    return np.reshape(np.linalg.solve(matrix, np.ravel(b)), unknowns)


# --------------------------------------------------------------------------------------------------------- long rules


def stretched(g: Any) -> Any:
    """One number per matrix, as a matrix that is 1 by 1."""
    return np.reshape(g, (*np.shape(g), 1, 1))


def pinv_gradient(g: Any, out: Any, a: Any, hermitian: bool = False) -> Any:
    """P = A⁺ at constant rank (Golub and Pereyra 1973, equation 4.12):

    dP = -P dA P + P Pᴴ dAᴴ (1 - A P) + (1 - P A) dAᴴ Pᴴ P.
    """
    p, pt, gt = out, transpose(out), transpose(g)
    first = np.matmul(np.matmul(pt, g), pt)
    left = np.matmul(np.matmul(gt, p), adjoint(p))  # (1 - A P) is still to be applied, from the left
    right = np.matmul(adjoint(p), np.matmul(p, gt))  # (1 - P A), from the right
    left = left - np.matmul(a, np.matmul(p, left))
    right = right - np.matmul(np.matmul(right, p), a)
    gradient = conj(left + right) - first
    return folded(gradient) if hermitian else gradient


@derivative(a=lambda g, out, a: cofactors_gradient(g, out, a))  # type: ignore[untyped-decorator]
def cofactors(a: Any) -> Any:
    """Return the matrix of cofactors, ∂ det(A) / ∂A: det(A) A⁻ᵀ, also where A has no inverse.

    a: (…, n, n). Where A has none, A = U S Vᴴ has the cofactors det(U) det(Vᴴ) Ū C Vᵀ, with C diagonal and C_i the
    product of all singular values but s_i.

    >>> cofactors(np.array([[1.0, 2.0], [2.0, 4.0]])).round(12)
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    determinant = np.linalg.det(a)
    if np.all(determinant != 0):
        return stretched(determinant) * transpose(np.linalg.inv(a))
    u, s, vh = np.linalg.svd(a)
    products = np.prod(np.where(np.eye(s.shape[-1], dtype=bool), 1, s[..., None, :]), axis=-1, dtype=s.dtype)
    return stretched(np.linalg.det(u) * np.linalg.det(vh)) * np.matmul(columns_times(conj(u), products), conj(vh))


def cofactors_gradient(g: Any, out: Any, a: Any) -> Any:
    """C = det(A) A⁻ᵀ, so dC = tr(A⁻¹ dA) C - A⁻ᵀ dAᵀ C. Raises `LinAlgError` where A has no inverse."""
    inverse = transpose(np.linalg.inv(a))
    weight = np.sum(g * out, axis=(-2, -1), keepdims=True)
    return weight * inverse - np.matmul(np.matmul(out, transpose(g)), inverse)


def slogdet_gradient(g: Sequence[Any], out: Any, a: Any) -> Any:
    """With t = tr(A⁻¹ dA), d log|det A| = Re t and d sign = i sign Im t; the sign of a real matrix is constant."""
    g_sign, g_log = g
    sign = out[0]
    weight = 0 if g_log is None else g_log
    if g_sign is not None and sign.dtype.kind == "c":
        weight = weight + 1j * np.imag(g_sign * sign)
    if type(weight) is int:
        return None  # only the sign of a real determinant was used
    return stretched(weight) * transpose(np.linalg.inv(a))


def solve_right(g: Any, a: Any, b_shape: Shape) -> Any:
    """x = A⁻¹ b, so ∂L/∂b = A⁻ᵀ g. One vector b has one axis; everything else is a stack of matrices (NumPy 2)."""
    if len(b_shape) == 1:
        return unbroadcast(np.linalg.solve(transpose(a), np.expand_dims(g, -1))[..., 0], b_shape)
    return unbroadcast(np.linalg.solve(transpose(a), g), b_shape)


def solve_left(g: Any, out: Any, a: Any, b_shape: Shape) -> Any:
    """A x = b, so dx = -A⁻¹ dA x, and ∂L/∂A = -(A⁻ᵀ g) xᵀ."""
    if len(b_shape) == 1:
        g, out = np.expand_dims(g, -1), np.expand_dims(out, -1)
    return unbroadcast(-np.matmul(np.linalg.solve(transpose(a), g), transpose(out)), a.shape)


def chain_gradients(g: Any, arrays: Sequence[Any]) -> list[Callable[[], Any]]:
    """z = A₁ A₂ … Aₙ, so ∂L/∂Aᵢ = (A₁ … Aᵢ₋₁)ᵀ g (Aᵢ₊₁ … Aₙ)ᵀ, each computed when it is wanted."""
    factors = [np.asarray(array) if isinstance(array, (list, tuple)) else array for array in arrays]
    shapes = [np.shape(factor) for factor in factors]
    if len(factors) == 2:  # NumPy takes np.dot of two, whatever their dimensions are
        x, y = factors
        return [lambda: dot_left(g, shapes[0], y), lambda: dot_right(g, x, shapes[1])]
    if len(shapes[0]) == 1:
        factors[0] = np.expand_dims(factors[0], 0)
    if len(shapes[-1]) == 1:
        factors[-1] = np.expand_dims(factors[-1], 1)
    g = np.reshape(g, (factors[0].shape[0], factors[-1].shape[1]))
    return [_chain_gradient(g, factors, i, shape) for i, shape in enumerate(shapes)]


def _chain_gradient(g: Any, factors: list[Any], i: int, shape: Shape) -> Callable[[], Any]:
    def gradient() -> Any:
        before = [transpose(factor) for factor in reversed(factors[:i])]
        after = [transpose(factor) for factor in reversed(factors[i + 1 :])]
        # (A₁ … Aᵢ₋₁)ᵀ = Aᵢ₋₁ᵀ … A₁ᵀ: the chain backwards, with g in the place of Aᵢ
        return np.reshape(np.linalg.multi_dot([*before, g, *after]), shape)

    return gradient
