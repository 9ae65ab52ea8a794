"""Linear algebra, decompositions and norms: stacks of matrices, real and complex, against differences.

A function of a decomposition is tested through what does not depend on signs and phases of its vectors.
"""

import numpy as np
import pytest

from autograd import AutogradError, Tensor, grad
from autograd.derivatives.linalg import cofactors
from referee import Case, check

rng = np.random.default_rng(14)
L = np.linalg


def real(*shape):
    return rng.normal(size=shape)


def cplx(*shape):
    return rng.normal(size=shape) + 1j * rng.normal(size=shape)


def regular(kind, *shape):
    """Well-conditioned matrices."""
    return kind(*shape) + 3 * np.eye(shape[-1])


def hermitian(a):
    """A Hermitian matrix made of ``a``; differentiating through it makes every derivative one in Hermitian directions."""
    return a + np.conjugate(np.swapaxes(a, -1, -2))


def positive(a):
    """A positive definite matrix made of ``a``."""
    return np.matmul(a, np.conjugate(np.swapaxes(a, -1, -2))) + 0.5 * np.eye(a.shape[-1])


def squared(x):
    """|x|² entry by entry: it does not depend on signs and phases."""
    return np.real(x * np.conjugate(x))


def case(function, call, *operands, name="", order=2):
    kinds = "-".join("cplx" if np.iscomplexobj(x) else "real" for x in operands)
    return Case(function, call, operands, order, name=f"{function.__name__}-{name}-{kinds}")


KINDS = (real, cplx)
SHAPES = [(1, 1), (3, 3), (2, 3, 3), (2, 1, 2, 2)]
TALL_AND_WIDE = [(3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 3), (3, 1)]

INVERSES = [
    case(f, f, regular(kind, *shape)) for kind in KINDS for shape in SHAPES for f in (L.inv, L.det, L.pinv)
] + [
    *(case(L.det, L.det, kind(0, 3, 3)) for kind in KINDS),
    *(case(L.det, L.det, kind(2, 0, 0), order=1) for kind in KINDS),
    *(case(L.inv, lambda a: L.inv(a.T[::-1]), regular(kind, 3, 3), name="strided") for kind in KINDS),
    *(case(L.slogdet, lambda a: L.slogdet(a)[1], regular(kind, *shape), name="log") for kind in KINDS for shape in SHAPES),
    *(case(L.slogdet, lambda a: tuple(L.slogdet(a)), regular(cplx, *shape), name="both") for shape in SHAPES),
    *(case(L.slogdet, lambda a: L.slogdet(a)[0] * L.slogdet(a)[1], kind(3, 3), name="product") for kind in KINDS),
    *(case(L.pinv, L.pinv, kind(*shape)) for kind in KINDS for shape in TALL_AND_WIDE),
    *(case(L.pinv, lambda a: L.pinv(np.matmul(a, np.swapaxes(a, -1, -2))), kind(4, 2), name="low-rank", order=1) for kind in KINDS),
    *(case(L.pinv, lambda a: L.pinv(hermitian(a), hermitian=True), kind(3, 3), name="hermitian") for kind in KINDS),
    *(case(L.matrix_power, lambda a, n=n: L.matrix_power(a, n), regular(kind, 2, 2, 2), name=str(n))
      for kind in KINDS for n in (-3, -1, 2, 5)),
    case(L.matrix_power, lambda a: squared(L.matrix_power(a, 1)), real(2, 2), name="1"),
    case(L.tensorinv, L.tensorinv, real(2, 2, 4)), case(L.tensorinv, lambda a: L.tensorinv(a, 1), real(4, 2, 2)),
    case(L.tensorsolve, L.tensorsolve, real(2, 2, 4), real(2, 2)),
    case(L.tensorsolve, lambda a, b: L.tensorsolve(a, b, axes=(0,)), real(4, 2, 2), real(2, 2), name="axes"),
]  # fmt: skip

SYSTEMS = [
    case(L.solve, L.solve, regular(left, *a), right(*b))
    for a, b in [((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (2, 3, 2)), ((2, 3, 3), (3,)), ((3, 3), (2, 3, 2)),
                 ((4, 1, 3, 3), (2, 3, 1)), ((1, 1), (1,)), ((3, 3), (3, 0)), ((2, 3, 3), (3, 3))]
    for left, right in [(real, real), (cplx, cplx), (real, cplx), (cplx, real)]
] + [
    *(case(L.lstsq, lambda a, b: L.lstsq(a, b)[0], kind(*a), kind(*b), name="x")
      for kind in KINDS for a, b in [((4, 2), (4,)), ((4, 2), (4, 3)), ((2, 4), (2,)), ((3, 3), (3, 2))]),
    *(case(L.lstsq, lambda a, b: L.lstsq(a, b)[1], kind(4, 2), kind(*b), name="residuals")
      for kind in KINDS for b in [(4,), (4, 3)]),
    case(L.lstsq, lambda a, b: L.lstsq(a, b)[3] + L.lstsq(a, b)[0], real(4, 2), real(4), name="values"),
    *(case(L.multi_dot, lambda *a: L.multi_dot(a), *(kind(*s) for s in shapes)) for kind in KINDS for shapes in [
        [(2, 3), (3, 4)], [(2, 3), (3, 2), (2, 4)], [(3,), (3, 2), (2, 4), (4, 2)], [(2, 3), (3, 2), (2,)],
        [(3,), (3, 2), (2,)], [(3,), (3,)]]),
]  # fmt: skip


def eigh_terms(a, triangle="L"):
    values, vectors = L.eigh(a, triangle)
    return values, squared(vectors), np.matmul(vectors[..., :1], np.conjugate(np.swapaxes(vectors[..., :1], -1, -2)))


def eig_terms(a):
    values, vectors = L.eig(a)
    return values, squared(vectors)


def svd_terms(a, full_matrices=False):
    u, s, vh = L.svd(a, full_matrices=full_matrices)
    k = s.shape[-1]
    extra = [np.matmul(u[..., :k], vh[..., :k, :]), np.matmul(u[..., k:], np.conjugate(np.swapaxes(u[..., k:], -1, -2)))]
    return s, squared(u[..., :k]), squared(vh[..., :k, :]), *extra


def null_of_the_right(a):
    _, s, vh = L.svd(a)
    null = vh[..., s.shape[-1] :, :]
    return np.matmul(np.conjugate(np.swapaxes(null, -1, -2)), null)


DECOMPOSITIONS = [
    *(case(L.cholesky, lambda a: L.cholesky(positive(a)), kind(*shape)) for kind in KINDS for shape in SHAPES),
    *(case(L.cholesky, lambda a: L.cholesky(positive(a), upper=True), kind(2, 3, 3), name="upper") for kind in KINDS),
    *(case(L.cholesky, lambda a, upper=upper: L.cholesky(a, upper=upper), positive(kind(3, 3)), name=f"raw-{upper}")
      for kind in KINDS for upper in (False, True)),
    *(case(L.eigh, eigh_terms, kind(*shape)) for kind in KINDS for shape in SHAPES),
    *(case(L.eigh, lambda a: eigh_terms(a, "U"), kind(2, 3, 3), name="upper") for kind in KINDS),
    *(case(L.eigvalsh, lambda a, t=t: L.eigvalsh(a, t), kind(2, 3, 3), name=t) for kind in KINDS for t in "LU"),
    *(case(L.eig, eig_terms, kind(*shape)) for kind in KINDS for shape in SHAPES),
    *(case(L.eig, lambda a: L.eig(hermitian(a))[1], real(3, 3), name="real-vectors") for _ in range(1)),
    *(case(L.eigvals, L.eigvals, kind(2, 3, 3)) for kind in KINDS),
    *(case(L.svd, svd_terms, kind(*shape)) for kind in KINDS for shape in TALL_AND_WIDE),
    *(case(L.svd, lambda a: svd_terms(a, True), kind(*shape), name="full") for kind in KINDS for shape in TALL_AND_WIDE),
    *(case(L.svd, null_of_the_right, kind(*shape), name="null") for kind in KINDS for shape in [(2, 4), (2, 1, 3)]),
    *(case(L.svd, lambda a: L.svd(a, compute_uv=False), kind(*shape), name="values") for kind in KINDS for shape in TALL_AND_WIDE),
    *(case(L.svd, lambda a: tuple(L.svd(a, full_matrices=True)), real(3, 2), name="raw") for _ in range(1)),
    *(case(L.svd, lambda a: L.svd(hermitian(a), hermitian=True)[1], kind(3, 3), name="hermitian") for kind in KINDS),
    *(case(L.svdvals, L.svdvals, kind(2, 3, 4)) for kind in KINDS),
    *(case(L.qr, lambda a, mode=mode: tuple(L.qr(a, mode)), kind(*shape), name=mode)
      for kind in KINDS for shape in TALL_AND_WIDE for mode in ("reduced",)),
    *(case(L.qr, lambda a: L.qr(a, "r"), kind(*shape), name="r") for kind in KINDS for shape in TALL_AND_WIDE),
    *(case(L.qr, lambda a: L.qr(a)[0], kind(*shape), name="q") for kind in KINDS for shape in TALL_AND_WIDE),
    *(case(L.qr, lambda a: tuple(L.qr(a, "complete")), real(*shape), name="complete") for shape in [(3, 2), (3, 3), (2, 4)]),
    *(case(L.qr, lambda a: squared(L.qr(a, "complete")[0][:, -1]), kind(3, 2), name="null") for kind in KINDS),
]  # fmt: skip

VECTOR_ORDERS = [None, 0, 1, 2, 3, 4, 2.5, -1, np.inf, -np.inf]
MATRIX_ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]

NORMS = [
    *(case(L.norm, lambda x, p=p: L.norm(x, p) ** 2, kind(4), name=f"vector-{p}") for kind in KINDS for p in VECTOR_ORDERS if p != 0),
    *(case(L.norm, lambda x, p=p: L.norm(x, p, axis=1) ** 2, kind(2, 4, 3), name=f"axis-{p}") for kind in KINDS for p in VECTOR_ORDERS if p != 0),
    *(case(L.norm, lambda x, p=p: L.norm(x, p) ** 2, kind(*shape), name=f"matrix-{p}")
      for kind in KINDS for p in MATRIX_ORDERS for shape in [(3, 4), (3, 3)]),
    *(case(L.norm, lambda x, p=p, axis=axis, keep=keep: L.norm(x, p, axis, keep) ** 2, kind(3, 2, 4), name=f"axes-{p}-{axis}-{keep}")
      for kind in KINDS for p in MATRIX_ORDERS for axis, keep in [((0, 2), False), ((-1, 0), True), ((2, 1), False)]),
    case(L.norm, lambda x: L.norm(x), real(2, 3, 2), name="all"),
    case(L.norm, lambda x: L.norm(x, keepdims=True), real(2, 3, 2), name="all-kept"),
    case(L.norm, lambda x: L.norm(x, axis=-1, keepdims=True), real(2, 3, 2), name="kept"),
    case(L.norm, lambda x: L.norm(x[::2].T), real(4, 3), name="strided"),
    *(case(L.vector_norm, lambda x, o=o: L.vector_norm(x, **o) ** 2, kind(2, 3, 2), name=str(o)) for kind in KINDS for o in [
        {}, {"axis": 0}, {"axis": (0, 2)}, {"axis": (2, 0), "ord": 3}, {"axis": (0, -1), "keepdims": True}, {"keepdims": True, "ord": 1}]),
    *(case(L.matrix_norm, lambda x, o=o: L.matrix_norm(x, **o), kind(2, 3, 2), name=str(o)) for kind in KINDS for o in [
        {}, {"ord": "nuc"}, {"ord": 2, "keepdims": True}]),
    *(case(L.cond, lambda x, p=p: L.cond(x, p), regular(kind, 3, 3), name=str(p)) for kind in KINDS for p in [None, 2, -2, "fro", 1, np.inf]),
    case(L.cond, L.cond, real(3, 2), name="tall"),
]  # fmt: skip

CASES: list[Case] = INVERSES + SYSTEMS + DECOMPOSITIONS + NORMS


@pytest.mark.parametrize("case", CASES, ids=str)
def test_derivatives(case):
    check(case.call, case.operands, case.order)  # the second order checks the first on its way


@pytest.mark.parametrize("case", CASES, ids=str)
def test_values_are_numpys(case):
    results, expected = case.call(*(Tensor(x) for x in case.operands)), case.call(*case.operands)
    if not isinstance(expected, tuple):
        results, expected = (results,), (expected,)
    for result, value in zip(results, expected, strict=True):
        assert result.shape == np.shape(value)
        np.testing.assert_allclose(result.numpy(), value, rtol=1e-9, atol=1e-12)


# ----------------------------------------------------------------------------------------------------- special points


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("p", VECTOR_ORDERS)
def test_vector_norm_at_zero_has_slope_zero(p, kind):
    x = np.zeros((2, 3), kind)
    gradient = grad(lambda x: np.sum(L.norm(x, p, axis=1)))(x) if p != -1 else np.zeros((2, 3), kind)
    np.testing.assert_array_equal(gradient, x)


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("p", MATRIX_ORDERS)
def test_matrix_norm_at_zero_has_slope_zero(p, kind):
    x = np.zeros((3, 2), kind)
    np.testing.assert_array_equal(grad(lambda x: L.norm(x, p))(x), x)


@pytest.mark.parametrize("p", [2, 3, 4])
def test_second_derivative_of_a_norm_at_zero_is_finite(p):
    slope = grad(lambda x: np.sum(grad(lambda x: L.norm(x, p))(x)))
    assert np.all(np.isfinite(slope(np.zeros(3))))
    assert np.all(np.isfinite(slope(np.array([0.0, 1.0, 0.0]))))


def test_a_zero_row_does_not_disturb_the_others():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(grad(lambda x: np.sum(L.norm(x, axis=1)))(x), [[0, 0], [0.6, 0.8]])


def test_half_of_the_squared_norm_has_the_gradient_x():
    for x in (np.zeros(3), np.array([3.0, 4.0, 0.0])):
        np.testing.assert_array_equal(grad(lambda x: 0.5 * L.norm(x) ** 2)(x), x)


def test_ties_of_a_maximum_norm_share_evenly():
    np.testing.assert_array_equal(grad(lambda x: L.norm(x, np.inf))(np.array([2.0, -2.0, 1.0])), [0.5, -0.5, 0.0])
    np.testing.assert_allclose(grad(lambda a: L.norm(a, 2))(np.eye(2)), np.eye(2) / 2)


def test_norm_of_a_number():
    assert grad(lambda x: L.norm(x))(-3.0) == -1.0


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
    gradient = grad(lambda a: np.sum(L.eigvalsh(a, triangle) ** 3))(real(3, 3))
    np.testing.assert_array_equal(gradient != 0, mask == 1)


def test_determinant_of_a_singular_matrix():
    np.testing.assert_allclose(grad(L.det)(np.array([[1.0, 2.0], [2.0, 4.0]])), [[4, -2], [-2, 1]], atol=1e-12)
    np.testing.assert_array_equal(grad(L.det)(np.zeros((3, 3))), np.zeros((3, 3)))
    np.testing.assert_array_equal(grad(L.det)(np.zeros((1, 1))), [[1.0]])


@pytest.mark.parametrize("kind", KINDS)
def test_cofactors(kind):
    a = kind(2, 4, 4)
    expected = L.det(a)[:, None, None] * np.swapaxes(L.inv(a), -1, -2)
    np.testing.assert_allclose(cofactors(a), expected)


def test_the_sign_of_a_real_determinant_is_constant():
    np.testing.assert_array_equal(grad(lambda a: L.slogdet(a)[0] * 2)(np.eye(2)), np.zeros((2, 2)))


def test_named_outputs_and_plain_ones():
    a = Tensor(regular(real, 4, 4))
    assert L.slogdet(a).logabsdet.shape == ()
    assert L.eigh(a).eigenvalues.shape == L.qr(a).R.shape[:1] == L.svd(a).S.shape
    assert L.matrix_rank(a) == 4
    x, residuals, rank, values = L.lstsq(Tensor(real(4, 2)), real(4))
    assert (x.shape, residuals.shape, rank, values.shape) == ((2,), (1,), 2, (2,))
    assert L.lstsq(Tensor(real(2, 4)), real(2))[1].shape == (0,)


@pytest.mark.parametrize("function", [
    L.inv, L.pinv, L.det, lambda a: L.slogdet(a)[1], L.cholesky, lambda a: L.eigh(a)[1], L.eigvalsh, L.svdvals, L.cond,
    lambda a: L.qr(a)[0], lambda a: L.solve(a, a), lambda a: L.lstsq(a, a)[0], lambda a: L.multi_dot([a, a, a]), L.norm,
    lambda a: L.svd(a)[0], lambda a: L.norm(a, "nuc"), lambda a: L.norm(a, 3, axis=0), lambda a: np.real(L.eig(a)[1]),
])  # fmt: skip
def test_float32_stays_float32(function):
    a = np.diag(np.arange(1, 4)).astype(np.float32) + np.float32(0.1)
    gradient = grad(lambda a: np.sum(function(a)))(a)
    assert gradient.dtype == np.float32
    assert np.all(np.isfinite(gradient))


def test_a_raw_qr_says_what_to_use():
    with pytest.raises(AutogradError, match="reduced"):
        grad(lambda a: np.sum(L.qr(a, "raw")[0]))(np.eye(3))


def test_errors_of_numpy_name_the_call():
    with pytest.raises(np.linalg.LinAlgError) as caught:
        grad(lambda a: np.sum(L.inv(a)))(np.zeros((2, 2)))
    assert any("inv" in note and "(2, 2)" in note for note in caught.value.__notes__)
