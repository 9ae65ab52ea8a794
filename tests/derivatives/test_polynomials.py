"""The chapter on polynomials: their values, sums, products, slopes and fits."""

import numpy as np
import pytest
from referee import Case

from autograd import AutogradError, Tensor, grad

rng = np.random.default_rng(10)
V, M = rng.normal(size=4), rng.normal(size=(3, 5))
STRIDED = rng.normal(size=(6, 8))[::-2, ::2]
EMPTY = {"test_sizes": "a polynomial without coefficients is none"}

CASES = [
    Case(np.polyval, lambda p, x: np.polyval(p, x), (V, M)),
    Case(np.polyval, lambda p: np.polyval(p, 2.0), (V,), name="polyval at a number"),
    Case(np.polyval, lambda x: np.polyval([1, 2, 3], x), (STRIDED,), name="polyval of integers"),
    *[Case(f, f, (V, M[0]), excluded=EMPTY) for f in (np.polyadd, np.polysub, np.polymul)],
    *[Case(f, lambda x, f=f: f([1.0, 2.0], x), (V,), name=f"{f.__name__} of a list", excluded=EMPTY)
      for f in (np.polyadd, np.polysub, np.polymul)],
    *[Case(np.polyder, lambda p, m=m: np.polyder(p, m), (V,), name=f"polyder {m}") for m in (0, 1, 2)],
    *[Case(np.polyfit, lambda x, y, d=d: np.polyfit(x, y, d), (V, M.ravel()[: V.size]), name=f"polyfit {d}")
      for d in (0, 1, 2)],
    Case(np.polyfit, lambda x, y: np.polyfit(x, y, 1), (V, np.outer(V, V)[:, :2] + 1.0), name="polyfit of columns"),
    Case(np.polyfit, lambda y, w: np.polyfit(V, y, 1, w=w), (V**2, np.abs(V) + 0.5), name="polyfit weights"),
    Case(np.vander, lambda x: np.vander(x), (V,)),
    Case(np.vander, lambda x: np.vander(x, 3, increasing=True), (np.array([0.0, 1.5, -2.0]),),
         name="vander increasing"),
]  # fmt: skip


def test_vander_of_one_column_or_none_does_not_depend_on_x():
    for n in (0, 1):
        np.testing.assert_array_equal(np.vander(Tensor(V), n), np.vander(V, n), strict=True)


def test_fits_that_are_not_recorded_or_not_unique():
    with pytest.raises(AutogradError, match="full=True or cov=True"):
        grad(lambda y: np.sum(np.polyfit(V, y, 1, cov=True)[0]))(V)
    with pytest.warns(np.exceptions.RankWarning, match="poorly conditioned"):
        np.polyfit(V[:2], Tensor(V[:2]), 2)


def test_coefficients_may_be_a_mask():
    mask = np.array([False, True, True])
    for function in (np.polyadd, np.polysub, np.polymul):
        for operands in ((mask, V), (V, mask)):
            traced = [x if x is mask else Tensor(x) for x in operands]
            np.testing.assert_allclose(function(*traced).numpy(), function(*operands), strict=True)


def test_leading_zeros_of_a_product():
    zeros = np.array([0.0, 0.0])
    np.testing.assert_array_equal(np.polymul(Tensor(V), [0, 0, 1, 2]).numpy(), np.polymul(V, [0, 0, 1, 2]), strict=True)
    assert np.polymul(Tensor(V), zeros).shape == (5,)
    slopes = grad(lambda p: np.sum(np.polymul(p, [1.0, 2.0])))(np.array([0.0, 3.0]))
    np.testing.assert_array_equal(slopes, [3.0, 3.0])  # the slope of a leading zero is not lost
