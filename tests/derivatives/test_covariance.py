"""The chapter on covariance: of rows and columns, of two arrays, weighted, complex."""

import numpy as np
import pytest
from referee import Case

from autograd import Tensor

rng = np.random.default_rng(10)
V, M, N = rng.normal(size=4), rng.normal(size=(3, 5)), rng.normal(size=(2, 5))
STRIDED = rng.normal(size=(6, 8))[::-2, ::2]
C = rng.normal(size=(2, 4)) + 1j * rng.normal(size=(2, 4))
WEIGHTS = np.array([0.5, 1.0, 2.0, 0.3, 1.2])

CASES = [
    Case(np.cov, lambda x: np.cov(x), (M,)),
    Case(np.cov, lambda x: np.cov(x), (V,)),
    Case(np.cov, lambda x, y: np.cov(x, y, bias=True), (M, N), name="cov of two"),
    Case(np.cov, lambda x: np.cov(x, rowvar=False, ddof=0), (STRIDED,), name="cov of columns"),
    Case(np.cov, lambda x: np.cov(x, fweights=[1, 2, 1, 3, 1]), (M,), name="cov fweights"),
    Case(np.cov, lambda x, w: np.cov(x, aweights=w), (M, WEIGHTS), name="cov aweights"),
    Case(np.cov, lambda x: np.cov(x, fweights=[1, 2, 1, 3, 1], aweights=WEIGHTS, ddof=2), (M,), name="cov weights"),
    Case(np.cov, lambda x: np.cov(x), (C,), name="cov complex"),
    Case(np.corrcoef, lambda x: np.corrcoef(x), (M,)),
    Case(np.corrcoef, lambda x: np.corrcoef(x), (V,)),
    Case(np.corrcoef, lambda x, y: np.corrcoef(x, y), (V, V[::-1] ** 2), name="corrcoef of two"),
    Case(np.corrcoef, lambda x: np.corrcoef(x, rowvar=False), (STRIDED,), name="corrcoef of columns"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("shape", [(0,), (1, 0), (2, 0), (2, 1), (2, 2), (0, 3)])
@pytest.mark.parametrize("options", [{}, {"ddof": 0}, {"ddof": 2}, {"ddof": 5}], ids=str)
def test_too_few_observations_give_what_numpy_gives(shape, options):
    x = np.arange(np.prod(shape, dtype=float)).reshape(shape) ** 2
    found = np.cov(Tensor(x), **options)
    np.testing.assert_array_equal(found.numpy() if isinstance(found, Tensor) else found, np.cov(x, **options))
