"""Small words of matrix calculus that the rules of linear algebra are written in.

A matrix is the last two axes of an array, and everything works on stacks of matrices. The pairing of gradients with
tangents is ⟨g, dz⟩ = Re Σ g dz, without conjugation (see `autograd.derivatives`), so that

    ⟨g, A dX B⟩ = ⟨Aᵀ g Bᵀ, dX⟩      and      ⟨g, A dXᴴ B⟩ = ⟨conj(B gᵀ A), dX⟩.

All rules of linear algebra follow from these two lines and the differential of the function.
"""

from typing import Any

import numpy as np

#: Which triangle of a Hermitian matrix LAPACK reads, as the mask of the strict triangle.
TRIANGLES = {"L": lambda n: np.tri(n, k=-1), "U": lambda n: np.tri(n, k=-1).T}


def transpose(x: Any) -> Any:
    """The transpose of each matrix, xᵀ."""
    return np.swapaxes(x, -1, -2)


def conj(x: Any) -> Any:
    """The conjugate; real arrays are returned as they are."""
    return np.conjugate(x) if x.dtype.kind == "c" else x


def adjoint(x: Any) -> Any:
    """The conjugate transpose of each matrix, xᴴ."""
    return conj(transpose(x))


def columns_times(x: Any, scale: Any) -> Any:
    """x diag(scale): the columns of each matrix times the entries of each vector."""
    return x * np.expand_dims(scale, -2)


def diagonal_matrix(x: Any) -> Any:
    """diag(x): each vector of length n as an n by n matrix."""
    return np.expand_dims(x, -1) * np.eye(np.shape(x)[-1], dtype=_real_dtype(x))


def diagonal_of(x: Any) -> Any:
    """The diagonal of each square matrix."""
    return np.einsum("...ii->...i", x)


def folded(g: Any, triangle: str = "L") -> Any:
    """The gradient in the entries of A that were read, from the gradient ``g`` in the Hermitian H they stand for.

    H is made of a strict triangle of A, its adjoint and the real diagonal, so the gradient is that triangle of g + gᴴ
    and Re diag(g).
    """
    n = np.shape(g)[-1]
    mask = (TRIANGLES[triangle.upper()](n) + 0.5 * np.eye(n)).astype(_real_dtype(g))
    return mask * (g + adjoint(g))


def quotient(x: Any, y: Any) -> Any:
    """x / y, where 0 / 0 counts as 0 and x / 0 as nan: something wanted that has no derivative there."""
    zero = np.equal(y, 0)
    return x / np.where(zero, np.where(np.equal(x, 0), 1, np.nan), y)


def _real_dtype(x: Any) -> Any:
    return np.finfo(x.dtype).dtype
