"""``autograd.scipy.linalg``: SciPy's solvers and matrix functions with derivatives.

For a solution x of A x = b, the gradient in b is λ = A⁻ᵀ g, and the gradient in A is -λ xᵀ. Every rule here is a case
of that. Reference: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode AD",
2008.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
from scipy.linalg import *  # noqa: F403

from autograd.rules import derivative

__all__ = sorted({*scipy.linalg.__all__})


@derivative(
    a=lambda g, out, a, b: -np.matmul(solve_sylvester(a.T, b.T, g), out.T),
    b=lambda g, out, a, b: -np.matmul(out.T, solve_sylvester(a.T, b.T, g)),
    q=lambda g, a, b: solve_sylvester(a.T, b.T, g),
)
def solve_sylvester(a: Any, b: Any, q: Any) -> Any:
    """See `scipy.linalg.solve_sylvester`: the solution x of a x + x b = q."""
    return scipy.linalg.solve_sylvester(a, b, q)


@derivative(a=lambda g, out: solve_sylvester(out.T, out.T, g))
def sqrtm(a: Any) -> Any:
    """See `scipy.linalg.sqrtm`: the principal x with x x = a. From dx x + x dx = da follows a Sylvester equation."""
    return scipy.linalg.sqrtm(a)


@derivative(
    a=lambda g, out, a, trans, lower, unit_diagonal: triangle_gradient(g, out, a, trans, lower, unit_diagonal),
    b=lambda g, a, trans, lower, unit_diagonal: solve_triangular(a, g, other_way(trans), lower, unit_diagonal),
)
def solve_triangular(a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """See `scipy.linalg.solve_triangular`: the solution of a x = b, or aᵀ x = b, reading one triangle of a."""
    return scipy.linalg.solve_triangular(a, b, trans=trans, lower=lower, unit_diagonal=unit_diagonal)


def other_way(trans: Any) -> int:
    """The ``trans`` of the transposed system. (A conjugate transpose is not differentiated.)"""
    if trans in (2, "C"):
        raise NotImplementedError("solve_triangular with trans='C' has no derivative. Pass a.conj() with trans='T'.")
    return 1 if trans in (0, "N") else 0


def triangle_gradient(g: Any, out: Any, a: Any, trans: Any, lower: bool, unit_diagonal: bool) -> Any:
    """-λ xᵀ (-x λᵀ for the transposed system), of which the triangle counts that was read."""
    adjoint = solve_triangular(a, g, other_way(trans), lower, unit_diagonal)
    left, right = (adjoint, out) if trans in (0, "N") else (out, adjoint)
    if np.ndim(left) == 1:
        left, right = left[:, None], right[:, None]
    product = -np.matmul(left, right.T)
    inside = int(unit_diagonal)
    return np.tril(product, -inside) if lower else np.triu(product, inside)


@derivative(
    l_and_u=None,
    ab=lambda g, out, l_and_u, ab: banded_gradient(g, out, l_and_u, ab),
    b=lambda g, l_and_u, ab: solve_banded(l_and_u[::-1], banded_transpose(l_and_u, ab), g),
)
def solve_banded(l_and_u: Any, ab: Any, b: Any) -> Any:
    """See `scipy.linalg.solve_banded`: the solution of a x = b, where ``ab[u + i - j, j] = a[i, j]``."""
    return scipy.linalg.solve_banded(l_and_u, ab, b)


def _band_rows(l_and_u: Any, n: int) -> tuple[Any, Any]:
    """For each place of ``ab``, the row of the matrix that it belongs to, and whether there is such a row."""
    lower, upper = l_and_u
    rows = np.arange(lower + upper + 1)[:, None] - upper + np.arange(n)
    return np.clip(rows, 0, n - 1), (rows >= 0) & (rows < n)


def banded_transpose(l_and_u: Any, ab: Any) -> Any:
    """The transposed matrix in banded form: its diagonals come in reverse order, each shifted into place."""
    lower, upper = l_and_u
    columns, inside = _band_rows((upper, lower), ab.shape[1])
    diagonals = np.arange(lower + upper, -1, -1)[:, None]
    return np.where(inside, ab[diagonals, columns], 0)


def banded_gradient(g: Any, out: Any, l_and_u: Any, ab: Any) -> Any:
    """-λ xᵀ, read off along the diagonals."""
    adjoint = solve_banded(l_and_u[::-1], banded_transpose(l_and_u, ab), g)
    rows, inside = _band_rows(l_and_u, ab.shape[1])
    products = -adjoint[rows] * out
    if np.ndim(products) == 3:
        products = np.sum(products, axis=-1)
    return np.where(inside, products, 0)


def __getattr__(name: str) -> Any:
    return getattr(scipy.linalg, name)
