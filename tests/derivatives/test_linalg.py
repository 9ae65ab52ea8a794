"""Inverses, determinants, linear systems, powers and chains of matrices, real and complex, against differences."""

import numpy as np
import pytest
from derivatives.draws import Draws, case, hermitian, regular, squared
from referee import Case

from autograd import Tensor, grad
from autograd.derivatives.linalg import cofactors

draws = Draws(14)
both = draws.both
L = np.linalg

SHAPES = [(1, 1), (3, 3), (2, 3, 3), (2, 1, 2, 2)]
TALL_AND_WIDE = [(3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 3), (3, 1)]
SYSTEMS = [
    ((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (2, 3, 2)), ((2, 3, 3), (3,)), ((3, 3), (2, 3, 2)),
    ((4, 1, 3, 3), (2, 3, 1)), ((1, 1), (1,)), ((3, 3), (3, 0)), ((2, 3, 3), (3, 3)),
]  # fmt: skip
CHAINS = [
    [(2, 3), (3, 4)], [(2, 3), (3, 2), (2, 4)], [(3,), (3, 2), (2, 4), (4, 2)], [(2, 3), (3, 2), (2,)],
    [(3,), (3, 2), (2,)], [(3,), (3,)],
]  # fmt: skip
TALL_EYE = 3 * np.eye(4).reshape(4, 2, 2)


def gram(a):
    """A matrix of low rank, whatever ``a`` is changed to."""
    return np.matmul(a, np.swapaxes(a, -1, -2))


INVERSES = [
    *(row for f in (L.inv, L.det, L.pinv) for shape in SHAPES for row in both(f, f, shape, make=regular)),
    *both(L.inv, lambda a: L.inv(a.T[::-1]), (3, 3), make=regular, name="strided"),
    *both(L.det, L.det, (0, 3, 3)),
    *both(L.det, L.det, (2, 0, 0), order=1),
    *(row for shape in SHAPES for row in both(L.slogdet, lambda a: L.slogdet(a)[1], shape, make=regular, name="log")),
    *(case(L.slogdet, lambda a: tuple(L.slogdet(a)), regular(draws.cplx(*shape)), name="both") for shape in SHAPES),
    *both(L.slogdet, lambda a: L.slogdet(a)[0] * L.slogdet(a)[1], (3, 3), name="product"),
    *(row for shape in TALL_AND_WIDE for row in both(L.pinv, L.pinv, shape)),
    *both(L.pinv, lambda a: L.pinv(gram(a)), (4, 2), name="low-rank", order=1),
    *both(L.pinv, lambda a: L.pinv(hermitian(a), hermitian=True), (3, 3), name="hermitian"),
]

EQUATIONS = [
    *(case(L.solve, L.solve, regular(left(*a)), right(*b))
      for a, b in SYSTEMS for left in draws.kinds for right in draws.kinds),
    *(row for a, b in [((4, 2), (4,)), ((4, 2), (4, 3)), ((2, 4), (2,)), ((3, 3), (3, 2))]
      for row in both(L.lstsq, lambda a, b: L.lstsq(a, b)[0], a, b, name="x")),
    *(row for b in [(4,), (4, 3)] for row in both(L.lstsq, lambda a, b: L.lstsq(a, b)[1], (4, 2), b, name="residuals")),
    *both(L.lstsq, lambda a, b: L.lstsq(a, b)[3] + L.lstsq(a, b)[0], (4, 2), (4,), name="values"),
    *both(L.tensorsolve, L.tensorsolve, (2, 2, 4), (2, 2)),
    *both(L.tensorsolve, lambda a, b: L.tensorsolve(a, b, axes=(0,)), (4, 2, 2), (2, 2), name="axes"),
]  # fmt: skip

POWERS = [
    *(row for n in (-3, -1, 2, 5)
      for row in both(L.matrix_power, lambda a, n=n: L.matrix_power(a, n), (2, 2, 2), make=regular, name=n)),
    *both(L.matrix_power, lambda a: squared(L.matrix_power(a, 1)), (2, 2), name="1"),
    *(row for shapes in CHAINS for row in both(L.multi_dot, lambda *arrays: L.multi_dot(arrays), *shapes)),
    *both(L.tensorinv, L.tensorinv, (2, 2, 4)),
    *both(L.tensorinv, lambda a: L.tensorinv(a, 1), (4, 2, 2), make=lambda a: a + TALL_EYE, name="ind"),
]  # fmt: skip

CASES: list[Case] = INVERSES + EQUATIONS + POWERS
COVERED = (cofactors,)


# ----------------------------------------------------------------------------------------------------- special points


def test_determinant_of_a_singular_matrix():
    np.testing.assert_allclose(grad(L.det)(np.array([[1.0, 2.0], [2.0, 4.0]])), [[4, -2], [-2, 1]], atol=1e-12)
    np.testing.assert_array_equal(grad(L.det)(np.zeros((3, 3))), np.zeros((3, 3)))
    np.testing.assert_array_equal(grad(L.det)(np.zeros((1, 1))), [[1.0]])


@pytest.mark.parametrize("kind", draws.kinds)
def test_cofactors_are_the_determinant_times_the_inverse(kind):
    a = kind(2, 4, 4)
    expected = L.det(a)[:, None, None] * np.swapaxes(L.inv(a), -1, -2)
    np.testing.assert_allclose(cofactors(a), expected)
    a[0] = 0  # now the stack has a singular matrix, and all of it goes another way
    np.testing.assert_allclose(cofactors(a)[1], expected[1])


def test_the_sign_of_a_real_determinant_is_constant():
    np.testing.assert_array_equal(grad(lambda a: L.slogdet(a)[0] * 2)(np.eye(2)), np.zeros((2, 2)))


def test_outputs_are_as_numpys():
    a = Tensor(regular(draws.real(4, 4)))
    assert L.slogdet(a).logabsdet.shape == ()
    assert L.matrix_rank(a) == 4
    np.testing.assert_array_equal(L.matrix_power(a, 0), np.eye(4))
    x, residuals, rank, values = L.lstsq(Tensor(draws.real(4, 2)), draws.real(4))
    assert (x.shape, residuals.shape, rank, values.shape) == ((2,), (1,), 2, (2,))
    assert L.lstsq(Tensor(draws.real(2, 4)), draws.real(2))[1].shape == (0,)


@pytest.mark.parametrize("function", [
    L.inv, L.pinv, L.det, lambda a: L.slogdet(a)[1], lambda a: L.solve(a, a), lambda a: L.lstsq(a, a)[0],
    lambda a: L.multi_dot([a, a, a]), lambda a: L.matrix_power(a, -2),
])  # fmt: skip
def test_float32_stays_float32(function):
    a = np.diag(np.arange(1, 4)).astype(np.float32) + np.float32(0.1)
    assert grad(lambda a: np.sum(function(a)))(a).dtype == np.float32


def test_errors_of_numpy_name_the_call():
    with pytest.raises(np.linalg.LinAlgError) as caught:
        grad(lambda a: np.sum(L.inv(a)))(np.zeros((2, 2)))
    assert any("inv" in note and "(2, 2)" in note for note in caught.value.__notes__)
