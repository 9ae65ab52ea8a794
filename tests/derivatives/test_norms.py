"""Norms of every order and axis, real and complex, against differences; their slope at zero and at ties."""

import numpy as np
import pytest
from derivatives.draws import Draws, apart, case, regular
from referee import Case

from autograd import grad

draws = Draws(16)
both = draws.both
L = np.linalg

VECTOR_ORDERS = [None, 0, 1, 2, 3, 4, 2.5, -1, np.inf, -np.inf]
CURVED_ORDERS = [p for p in VECTOR_ORDERS if p != 0]
MATRIX_ORDERS = [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf]
AXES = [((0, 2), False), ((-1, 0), True), ((2, 1), False)]


def square_of(norm, *args, **options):
    """The squared norm: its slope is not constant along any direction, whatever the order."""
    return lambda x: norm(x, *args, **options) ** 2


NORMS = [
    *(row for p in CURVED_ORDERS for row in both(L.norm, square_of(L.norm, p), (4,), make=apart, name=p)),
    *(row for p in CURVED_ORDERS
      for row in both(L.norm, square_of(L.norm, p, axis=1), (2, 4, 3), make=apart, name=f"{p}-axis")),
    *(row for p in MATRIX_ORDERS for shape in [(3, 4), (3, 3)]
      for row in both(L.norm, square_of(L.norm, p), shape, make=apart, name=p)),
    *(row for p in MATRIX_ORDERS for axes, keepdims in AXES
      for row in both(L.norm, square_of(L.norm, p, axes, keepdims), (3, 2, 4), make=apart, name=f"{p}-{axes}")),
    *both(L.norm, L.norm, (2, 3, 2), name="all"),
    *both(L.norm, lambda x: L.norm(x, keepdims=True), (2, 3, 2), name="all-kept"),
    *both(L.norm, lambda x: L.norm(x, axis=-1, keepdims=True), (2, 3, 2), name="kept"),
    *both(L.norm, lambda x: L.norm(x[::2].T), (4, 3), name="strided"),
]  # fmt: skip

NAMED_NORMS = [
    *(row for options in [{}, {"axis": 0}, {"axis": (0, 2)}, {"axis": (2, 0), "ord": 3},
                          {"axis": (0, -1), "keepdims": True}, {"keepdims": True, "ord": 1}]
      for row in both(L.vector_norm, square_of(L.vector_norm, **options), (2, 3, 2), make=apart, name=options)),
    *(row for options in [{}, {"ord": "nuc"}, {"ord": 2, "keepdims": True}]
      for row in both(L.matrix_norm, square_of(L.matrix_norm, **options), (2, 3, 2), make=apart, name=options)),
    *(row for p in [None, 2, -2, "fro", 1, np.inf]  # before NumPy 2.1, that of a complex matrix has a complex dtype
      for row in both(L.cond, lambda x, p=p: np.real(L.cond(x, p)), (3, 3), make=regular, name=p)),
    case(L.cond, L.cond, draws.real(3, 2), name="tall"),
]  # fmt: skip

CASES: list[Case] = NORMS + NAMED_NORMS


# ----------------------------------------------------------------------------------------------------- special points


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("p", [p for p in VECTOR_ORDERS if p != -1])  # that one divides by 0 in its value
def test_vector_norm_at_zero_has_slope_zero(p, kind):
    x = np.zeros((2, 3), kind)
    np.testing.assert_array_equal(grad(lambda x: np.sum(L.norm(x, p, axis=1)))(x), x)


@pytest.mark.parametrize("kind", [float, complex])
@pytest.mark.parametrize("p", MATRIX_ORDERS)
def test_matrix_norm_at_zero_has_slope_zero(p, kind):
    x = np.zeros((3, 2), kind)
    np.testing.assert_array_equal(grad(lambda x: L.norm(x, p))(x), x)


@pytest.mark.parametrize("p", [None, 2, 3, 4])
def test_second_derivative_of_a_norm_at_zero_is_zero(p):
    slope = grad(lambda x: np.sum(grad(lambda x: L.norm(x, p))(x)))
    np.testing.assert_array_equal(slope(np.zeros(3)), np.zeros(3))
    assert np.all(np.isfinite(slope(np.array([0.0, 1.0, 0.0]))))


@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.3.0", reason="NumPy refuses a maximum of nothing")
@pytest.mark.parametrize("p", [1, 2, np.inf])
def test_the_norm_of_nothing_has_an_empty_gradient(p):
    for shape in ((0, 3), (3, 0), (0, 0)):
        np.testing.assert_array_equal(grad(lambda x: L.norm(x, p))(np.zeros(shape)), np.zeros(shape))


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


@pytest.mark.parametrize("p", MATRIX_ORDERS)
def test_float32_stays_float32(p):
    assert grad(lambda a: L.norm(a, p))(draws.real(3, 2).astype(np.float32)).dtype == np.float32
