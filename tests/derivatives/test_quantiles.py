"""The chapter on quantiles: every method, and every kind of q and of axis, with missing entries and without."""

import numpy as np
import pytest
from derivatives.draws import APART, AXES, calling, holding
from referee import Case

from autograd import Tensor, grad
from autograd.derivatives.quantiles import CHOSEN, INTERPOLATED

METHODS = [*INTERPOLATED, *CHOSEN]


CASES: list[Case] = [
    *(calling(np.quantile, APART, q=q, method=method) for method in METHODS for q in (0, 0.07, 0.3, 0.5, 1.0)),
    *(calling(np.quantile, APART, q=q, **options) for q in (0.3, [0.1, 0.9], [[0.25], [0.75]], []) for options in AXES),
    calling(np.percentile, APART, q=[30, 70], axis=1, keepdims=True),
    calling(np.quantile, APART[0, 0, :1], q=0.4),
    *(holding(np.nanmedian, **options) for options in ({}, {"axis": 1}, {"axis": (0, 2), "keepdims": True})),
    *(holding(np.nanquantile, q=[0.1, 0.55], axis=1, method=method) for method in METHODS),
    holding(np.nanpercentile, q=30, axis=-1, keepdims=True),
]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, int])
@pytest.mark.parametrize("method", ["linear", "midpoint", "lower"])
@pytest.mark.parametrize("q", [0.3, [0.1, 0.9], np.array([0.5], np.float32)], ids=str)
def test_quantiles_of_every_dtype(dtype, method, q):
    x = np.array([3, 1, 4, 1, 5, 9], dtype)
    for function, share in ((np.quantile, q), (np.nanquantile, q), (np.percentile, 50), (np.nanpercentile, [30, 70])):
        expected = function(x, share, method=method)
        actual = function(Tensor(x), share, method=method).numpy()
        assert actual.dtype == expected.dtype
        np.testing.assert_allclose(actual, expected, rtol=1e-3)


def test_quantiles_beside_infinity_and_nan():
    x = np.array([1.0, 2.0, np.inf, -np.inf])
    assert grad(lambda x: np.quantile(x, 1 / 3))(x).tolist() == [1, 0, 0, 0]
    assert np.isnan(np.quantile(Tensor([1.0, np.nan]), [0.0, 1.0]).numpy()).all()
