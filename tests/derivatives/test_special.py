"""The chapter on special functions: their slopes at corners, and their precision."""

import numpy as np
import pytest
from referee import Case
from scipy import special

from autograd import grad
from autograd.derivatives.special import bessel_i1, sinc_slope

CASES = [
    Case(np.sinc, np.sinc, (np.array([-2.3, -1.0, -0.4, 0.0, 1e-9, 0.99, 1.01, 7.0]),)),
    Case(np.sinc, np.sinc, (np.array(0.3),), covers=(sinc_slope,)),
    Case(np.i0, np.i0, (np.array([-2.0, 0.0, 0.5, 9.0]),)),
]  # fmt: skip


def test_sinc_is_smooth_at_0():
    slopes, f = [], np.sinc
    for _ in range(5):
        slopes.append(float(f(0.0)))
        f = grad(f)
    np.testing.assert_allclose(slopes, [1, 0, -(np.pi**2) / 3, 0, np.pi**4 / 5], rtol=1e-14)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_slopes_of_sinc_meet_where_the_series_ends(order):
    below, above = sinc_slope(np.array([1 - 1e-12, 1 + 1e-12]), order)
    np.testing.assert_allclose(below, above, rtol=1e-8)
    np.testing.assert_allclose(sinc_slope(0.5, 1), special.spherical_jn(0, np.pi / 2, derivative=True) * np.pi)


def test_bessel_i1_has_full_precision():
    x = np.concatenate([-np.logspace(-8, 2.8, 30), [0.0], np.logspace(-8, 2.8, 30)])
    np.testing.assert_allclose(bessel_i1(x), special.i1(x), rtol=1e-13, atol=1e-16)
