"""Special functions, polynomials and covariances."""

import numpy as np
import pytest
from referee import Case
from scipy import special

from autograd import AutogradError, Tensor, grad
from autograd.derivatives.special import bessel_i1, sinc_slope

rng = np.random.default_rng(10)
V, M, N = rng.normal(size=4), rng.normal(size=(3, 5)), rng.normal(size=(2, 5))
STRIDED = rng.normal(size=(6, 8))[::-2, ::2]
C = rng.normal(size=(2, 4)) + 1j * rng.normal(size=(2, 4))
WEIGHTS = np.array([0.5, 1.0, 2.0, 0.3, 1.2])

CASES = [
    Case(np.sinc, np.sinc, (np.array([-2.3, -1.0, -0.4, 0.0, 1e-9, 0.99, 1.01, 7.0]),)),
    Case(np.sinc, np.sinc, (np.array(0.3),), covers=(sinc_slope,)),
    Case(np.i0, np.i0, (np.array([-2.0, 0.0, 0.5, 9.0]),)),
    Case(np.polyval, lambda p, x: np.polyval(p, x), (V, M)),
    Case(np.polyval, lambda p: np.polyval(p, 2.0), (V,), name="polyval at a number"),
    Case(np.polyval, lambda x: np.polyval([1, 2, 3], x), (STRIDED,), name="polyval of integers"),
    *[Case(f, f, (V, M[0])) for f in (np.polyadd, np.polysub, np.polymul)],
    *[Case(f, lambda x, f=f: f([1.0, 2.0], x), (V,), name=f"{f.__name__} of a list")
      for f in (np.polyadd, np.polysub, np.polymul)],
    *[Case(np.polyder, lambda p, m=m: np.polyder(p, m), (V,), name=f"polyder {m}") for m in (0, 1, 2)],
    *[Case(np.polyfit, lambda x, y, d=d: np.polyfit(x, y, d), (V, M.ravel()[: V.size]), name=f"polyfit {d}")
      for d in (0, 1, 2)],
    Case(np.polyfit, lambda x, y: np.polyfit(x, y, 1), (V, np.outer(V, V)[:, :2] + 1.0), name="polyfit of columns"),
    Case(np.polyfit, lambda y, w: np.polyfit(V, y, 1, w=w), (V**2, np.abs(V) + 0.5), name="polyfit weights"),
    Case(np.vander, lambda x: np.vander(x), (V,)),
    Case(np.vander, lambda x: np.vander(x, 3, increasing=True), (np.array([0.0, 1.5, -2.0]),),
         name="vander increasing"),
    Case(np.cov, lambda x: np.cov(x), (M,)),
    Case(np.cov, lambda x: np.cov(x), (V,)),
    Case(np.cov, lambda x, y: np.cov(x, y, bias=True), (M, N), name="cov of two"),
    Case(np.cov, lambda x: np.cov(x, rowvar=False, ddof=0), (STRIDED,), name="cov of columns"),
    Case(np.cov, lambda x: np.cov(x, fweights=[1, 2, 1, 3, 1]), (M,), name="cov fweights"),
    Case(np.cov, lambda x, w: np.cov(x, aweights=w), (M, WEIGHTS), name="cov aweights"),
    Case(np.cov, lambda x: np.cov(x, fweights=[1, 2, 1, 3, 1], aweights=WEIGHTS, ddof=2), (M,), name="cov weights"),
    Case(np.cov, lambda x: np.cov(x), (C,), name="cov complex"),
    Case(np.corrcoef, lambda x: np.corrcoef(x), (M,)),
    Case(np.corrcoef, lambda x, y: np.corrcoef(x, y), (V, V[::-1] ** 2), name="corrcoef of two"),
    Case(np.corrcoef, lambda x: np.corrcoef(x, rowvar=False), (STRIDED,), name="corrcoef of columns"),
]  # fmt: skip


def test_vander_of_one_column_or_none_does_not_depend_on_x():
    for n in (0, 1):
        np.testing.assert_array_equal(np.vander(Tensor(V), n), np.vander(V, n), strict=True)


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


def test_fits_that_are_not_recorded_or_not_unique():
    with pytest.raises(AutogradError, match="full=True or cov=True"):
        grad(lambda y: np.sum(np.polyfit(V, y, 1, cov=True)[0]))(V)
    with pytest.warns(np.exceptions.RankWarning, match="poorly conditioned"):
        np.polyfit(V[:2], Tensor(V[:2]), 2)
