"""Exact values of elementwise functions and of their first two derivatives, at corners, ties and infinities."""

import numpy as np
import pytest

from autograd import grad

INF = np.inf

# Call, x, value, first derivative, second derivative (None: not defined).
EDGES = [
    (lambda x: x**0, 0.0, 1, 0, 0),
    (lambda x: x**0.0, 0.0, 1, 0, 0),
    (lambda x: x**0, -3.0, 1, 0, 0),
    (lambda x: x**0, INF, 1, 0, 0),
    (lambda x: x**1, 0.0, 0, 1, 0),
    (lambda x: x**2, 0.0, 0, 0, 2),
    (lambda x: x**2.0, -3.0, 9, -6, 2),
    (lambda x: x**3, 0.0, 0, 0, 0),
    (lambda x: x**3, -2.0, -8, 12, -12),
    (lambda x: x**-1, -2.0, -0.5, -0.25, -0.25),
    (lambda x: x**1.5, 0.0, 0, 0, INF),
    (lambda x: x**0.5, 0.0, 0, INF, -INF),
    (lambda x: x ** np.array(0.0), 0.0, 1, 0, 0),
    (lambda x: x ** np.array(2, np.uint8), 0.0, 0, 0, 2),
    (lambda x: x ** np.array(0, np.uint8), 2.0, 1, 0, 0),
    (lambda x: np.float_power(x, 0), 0.0, 1, 0, 0),
    (lambda y: 0.0**y, 0.0, 1, 0, 0),
    (lambda y: 0.0**y, 2.0, 0, 0, 0),
    (lambda y: 1.0**y, 2.0, 1, 0, 0),
    (np.square, 0.0, 0, 0, 2),
    (np.sqrt, 0.0, 0, INF, -INF),
    (np.cbrt, 0.0, 0, INF, None),
    (lambda x: np.sqrt(x) ** 2, 0.0, 0, None, None),
    (np.absolute, 0.0, 0, 0, 0),
    (np.absolute, -0.0, 0, 0, 0),
    (np.absolute, -INF, INF, -1, 0),
    (np.fabs, 0.0, 0, 0, 0),
    (lambda x: np.hypot(x, 0.0), 0.0, 0, 0, 0),
    (lambda x: np.hypot(x, 0.0), -2.0, 2, -1, 0),
    (lambda x: np.hypot(x, 0.0), 1e-300, 1e-300, 1, 0),
    (lambda x: np.hypot(x, 3e200), 4e200, 5e200, 0.8, 0.36 / 5e200),
    (lambda x: np.arctan2(x, 0.0), 0.0, 0, 0, 0),
    (lambda x: np.arctan2(0.0, x), 0.0, 0, 0, 0),
    (lambda x: np.arctan2(x, 2.0), 0.0, 0, 0.5, 0),
    (lambda x: np.arctan2(x, 1e-200), 0.0, 0, 1e200, None),
    (np.arcsin, 1.0, np.pi / 2, INF, None),
    (np.arctan, 1e200, np.pi / 2, 0, 0),
    (np.arctan, INF, np.pi / 2, 0, None),
    (np.arcsinh, -1e200, np.arcsinh(-1e200), 1e-200, 0),
    (np.tanh, 1000.0, 1, 0, 0),
    (np.tanh, -INF, -1, 0, 0),
    (np.expm1, -1000.0, -1, 0, 0),
    (lambda x: np.cos(x**2), 0.0, 1, 0, 0),
    (lambda x: np.logaddexp(x, 0.0), -1000.0, 0, 0, 0),
    (lambda x: np.logaddexp(x, 0.0), 0.0, np.log(2), 0.5, 0.25),
    (lambda x: np.logaddexp(x, 0.0), 1000.0, 1000, 1, 0),
    (lambda x: np.logaddexp(x, 0.0), INF, INF, 1, 0),
    (lambda x: np.logaddexp(x, 0.0), -INF, 0, 0, 0),
    (lambda x: np.logaddexp(x, INF), INF, INF, 0.5, None),
    (lambda x: np.logaddexp(x, -INF), -INF, -INF, 0.5, None),
    (lambda x: np.logaddexp(x, -INF), 3.0, 3, 1, 0),
    (lambda x: np.logaddexp2(x, 0.0), 0.0, 1, 0.5, np.log(2) / 4),
    (lambda x: np.logaddexp2(0.0, x), -2000.0, 0, 0, 0),
    (lambda x: np.maximum(x, 0.0), 0.0, 0, 0, 0),
    (lambda x: np.maximum(0, x), 0.0, 0, 0, 0),
    (lambda x: np.minimum(np.zeros(()), x), 0.0, 0, 0, 0),
    (lambda x: np.maximum(x, 1.0), 1.0, 1, 0.5, 0),
    (lambda x: np.maximum(x, x), 1.0, 1, 1, 0),
    (lambda x: np.minimum(2 * x, x), 0.0, 0, 1.5, 0),
    (lambda x: np.maximum(x, 2.0), 1.0, 2, 0, 0),
    (lambda x: np.fmax(x, np.nan), 1.0, 1, 1, 0),
    (lambda x: np.fmin(np.nan, x), -1.0, -1, 1, 0),
    (lambda x: np.fmax(x, 3.0), np.nan, 3, 0, 0),
    (lambda x: np.copysign(x, -1.0), 0.0, 0, 0, 0),
    (lambda x: np.heaviside(x, 0.5), 0.0, 0.5, 0, 0),
    (lambda x: np.reciprocal(x), INF, 0, 0, 0),
    (lambda x: 1 / x, INF, 0, 0, 0),
]


@pytest.mark.parametrize(("call", "x", "value", "first", "second"), EDGES)
@pytest.mark.filterwarnings("ignore:The output of:UserWarning")
def test_corner_values(call, x, value, first, second):
    infinite = np.isinf([first or 0, second or 0]).any() or first is None or second is None
    with np.errstate(all="ignore" if infinite else "warn", under="ignore"):
        found = float(call(np.float64(x))), float(grad(call)(x)), float(grad(grad(call))(x))
    for got, wanted in zip(found, (value, first, second), strict=True):
        assert wanted is None or got == pytest.approx(wanted, rel=1e-14, abs=0 if wanted else 1e-199)


def test_a_zero_that_meets_an_infinite_slope_is_not_silently_zero():
    with np.errstate(all="ignore"):
        assert np.isnan(grad(lambda x: np.sqrt(x) ** 2)(0.0))


def test_slopes_at_a_tie_add_up_to_one():
    for function in (np.maximum, np.minimum, np.fmax, np.fmin):
        assert grad(function, (0, 1))(1.0, 1.0) == (0.5, 0.5)
        assert grad(function, 0)(1.0, 1.0) + grad(function, 1)(1.0, 1.0) == 1
        assert grad(function, (0, 1))(0.0, 0.0) == (0.5, 0.5)


def test_complex_absolute_value_at_zero():
    assert grad(np.absolute)(0j) == 0
    assert grad(lambda x: np.real(grad(np.absolute)(x + 0j)))(0.0) == 0


def test_arctan2_of_tiny_and_huge_sides():
    for side in (1e-200, 1e200):
        slopes = grad(np.arctan2, (0, 1))(side, side)
        np.testing.assert_allclose(slopes, (0.5 / side, -0.5 / side))


def test_constant_exponents_of_negative_bases_do_not_warn():
    x = np.array([-2.0, -1.0])
    np.testing.assert_array_equal(grad(lambda x: np.sum(x ** np.array([2.0, 3.0])))(x), [-4, 3])


@pytest.mark.parametrize("x", [-40.0, -700.0])
def test_far_slopes_keep_their_digits(x):
    assert grad(np.expm1)(x) == np.exp(x)
    assert grad(lambda x: np.logaddexp(x, 0))(x) == pytest.approx(np.exp(x), rel=1e-12)
