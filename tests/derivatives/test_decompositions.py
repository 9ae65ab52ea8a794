"""Decompositions of stacks of matrices, real and complex, against differences.

They are tested through what does not depend on signs and phases of vectors, or on the basis of a null space.
"""

import numpy as np
import pytest
from derivatives.draws import Draws, adjoint, case, hermitian, positive, spread, squared
from referee import Case

from autograd import AutogradError, Tensor, grad

draws = Draws(15)
both = draws.both
L = np.linalg

SHAPES = [(1, 1), (3, 3), (2, 3, 3), (2, 1, 2, 2)]
TALL_AND_WIDE = [(3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 3), (3, 1)]


def eigh_terms(a, triangle="L"):
    values, vectors = L.eigh(a, triangle)
    return values, squared(vectors), np.matmul(vectors[..., :1], adjoint(vectors[..., :1]))


def eig_terms(a):
    values, vectors = L.eig(a)
    return values, squared(vectors)


def svd_terms(a, full_matrices=False):
    u, s, vh = L.svd(a, full_matrices=full_matrices)
    k = s.shape[-1]
    u, u_null, vh, vh_null = u[..., :k], u[..., k:], vh[..., :k, :], vh[..., k:, :]
    null_spaces = [np.matmul(u_null, adjoint(u_null)), np.matmul(adjoint(vh_null), vh_null)]
    return s, squared(u), squared(vh), np.matmul(u, vh), *(null_spaces if full_matrices else [])


def qr_terms(a):
    return tuple(L.qr(a))


CHOLESKY = [
    *(row for shape in SHAPES for row in both(L.cholesky, lambda a: L.cholesky(positive(a)), shape)),
    *both(L.cholesky, lambda a: L.cholesky(positive(a), upper=True), (2, 3, 3), name="upper"),
    *both(L.cholesky, L.cholesky, (3, 3), make=positive, name="one-triangle"),
    *both(L.cholesky, lambda a: L.cholesky(a, upper=True), (3, 3), make=positive, name="upper-triangle"),
]

EIGEN = [
    *(row for shape in SHAPES for row in both(L.eigh, eigh_terms, shape)),
    *both(L.eigh, lambda a: eigh_terms(a, "U"), (2, 3, 3), name="upper"),
    *(row for t in "LU" for row in both(L.eigvalsh, lambda a, t=t: L.eigvalsh(a, t), (2, 3, 3), name=t)),
    *(row for shape in SHAPES for row in both(L.eig, eig_terms, shape, make=spread)),
    case(L.eig, eig_terms, np.array([[1.0, 2.0, 0.3], [-2.0, 1.0, 0.5], [0.1, 0.2, 4.0]]), name="conjugate-pair"),
    case(L.eig, lambda a: L.eig(hermitian(a))[1], draws.real(3, 3), name="real-vectors"),
    *both(L.eigvals, L.eigvals, (2, 3, 3), make=spread),
]

SVD = [
    *(row for shape in TALL_AND_WIDE for row in both(L.svd, svd_terms, shape)),
    *(row for shape in TALL_AND_WIDE for row in both(L.svd, lambda a: svd_terms(a, True), shape, name="full")),
    *(row for s in TALL_AND_WIDE for row in both(L.svd, lambda a: L.svd(a, compute_uv=False), s, name="values")),
    case(L.svd, lambda a: tuple(L.svd(a)), draws.real(3, 2), name="real-vectors"),
    *both(L.svd, lambda a: L.svd(a, hermitian=True)[1], (3, 3), name="hermitian"),
    *both(L.svdvals, L.svdvals, (2, 3, 4)),
]

QR = [
    *(row for shape in TALL_AND_WIDE for row in both(L.qr, qr_terms, shape)),
    *(row for shape in TALL_AND_WIDE for row in both(L.qr, lambda a: L.qr(a, "r"), shape, name="r")),
    *(row for shape in TALL_AND_WIDE for row in both(L.qr, lambda a: L.qr(a)[0], shape, name="q")),
    *(
        case(L.qr, lambda a: tuple(L.qr(a, "complete")), draws.real(*s), name="complete")
        for s in [(3, 2), (3, 3), (2, 4)]
    ),
    *both(L.qr, lambda a: squared(L.qr(a, "complete")[0][:, -1]), (3, 2), name="null"),
]

CASES: list[Case] = CHOLESKY + EIGEN + SVD + QR


# ----------------------------------------------------------------------------------------------------- special points


@pytest.mark.parametrize("values", [lambda a: L.eigvalsh(a), lambda a: L.eigh(a)[0], lambda a: L.svdvals(a),
                                    lambda a: L.eigvals(a), lambda a: L.norm(a, "nuc")])  # fmt: skip
def test_repeated_values_have_a_gradient(values):
    np.testing.assert_allclose(grad(lambda a: np.sum(values(a)))(np.eye(3)), np.eye(3))


@pytest.mark.parametrize("vectors", [lambda a: L.eigh(a)[1], lambda a: L.eig(a)[1], lambda a: L.svd(a)[0]])
def test_vectors_of_repeated_values_have_none(vectors):
    weights = np.arange(9.0).reshape(3, 3) ** 2
    assert np.any(np.isnan(grad(lambda a: np.sum(weights * vectors(a)))(np.eye(3))))


def test_a_vector_whose_value_is_simple_has_a_gradient_beside_repeated_ones():
    a = np.diag([1.0, 1.0, 3.0])
    gradient = grad(lambda a: np.sum(squared(L.eigh(a)[1][:, 2]) * np.array([1.0, 2.0, 4.0])))(a)
    assert np.all(np.isfinite(gradient))


def test_eigenvalue_of_a_hermitian_matrix_of_a_real_parameter():
    fixed = np.array([[3.0, 1.0], [1.0, -1.0]])
    turned = np.array([[0.0, 1.0j], [-1.0j, 0.0]])
    gradient = grad(lambda a: L.eigh(fixed + a * turned)[0][0])(2.0)
    np.testing.assert_allclose(gradient, -2 / 3)  # λ = 1 - √(5 + a²)
    assert np.isrealobj(gradient)


@pytest.mark.parametrize(("triangle", "mask"), [("L", np.tri(3)), ("U", np.tri(3).T)])
def test_only_the_triangle_that_was_read_has_a_gradient(triangle, mask):
    gradient = grad(lambda a: np.sum(L.eigvalsh(a, triangle) ** 3))(draws.real(3, 3))
    np.testing.assert_array_equal(gradient != 0, mask == 1)


def test_outputs_are_named():
    a = Tensor(draws.real(3, 3))
    assert L.eigh(a).eigenvalues.shape == L.svd(a).S.shape == (3,)
    assert L.qr(a).R.shape == L.eig(a).eigenvectors.shape == (3, 3)


@pytest.mark.parametrize("function", [
    L.cholesky, L.eigvalsh, L.svdvals, lambda a: L.eigh(a)[1], lambda a: L.qr(a)[0], lambda a: L.svd(a)[0],
    lambda a: np.real(L.eig(a)[1]),
])  # fmt: skip
def test_float32_stays_float32(function):
    a = np.diag(np.arange(1, 4)).astype(np.float32) + np.float32(0.1)
    assert grad(lambda a: np.sum(function(a)))(a).dtype == np.float32


def test_a_raw_qr_says_what_to_use():
    with pytest.raises(AutogradError, match="reduced"):
        grad(lambda a: np.sum(L.qr(a, "raw")[0]))(np.eye(3))
