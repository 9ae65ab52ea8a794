"""The chapter on histograms: the edges and the bars are traced as far as they move."""

import numpy as np
import pytest
from referee import Case

from autograd import AutogradError, Tensor, grad

V = np.array([-1.9, -1.4, -1.2, -0.1, 0.3, 0.0, 2.0, 1.5, 1.7])  # no entry near an edge
W = np.random.default_rng(13).uniform(0.5, 2, 9)
BINS = [-2.0, -0.4, 0.1, 2.5]

CASES = [
    Case(np.histogram_bin_edges, lambda x: np.histogram_bin_edges(x, 4), (V,)),
    Case(np.histogram_bin_edges, lambda x: np.histogram_bin_edges(x, "sturges"), (V,)),
    Case(np.histogram, lambda x: np.histogram(x, 3)[1], (V,)),
    Case(np.histogram, lambda x: np.histogram(x, 3, density=True)[0], (V,), name="histogram density"),
    Case(np.histogram, lambda w: np.histogram(V, BINS, weights=w)[0], (W,), name="histogram weights"),
    Case(np.histogram, lambda w: np.histogram(V, BINS, weights=w, density=True)[0], (W,), name="both"),
    Case(np.histogram, lambda w: np.histogram(V, BINS, weights=w)[0], (W + 1j * W[::-1],), name="complex weights"),
]  # fmt: skip


@pytest.mark.parametrize("x", [V, np.ones(4), np.zeros(0), np.array([-1.0, 0.0, 0.5, 1.0, 1.0, 2.0])], ids=len)
@pytest.mark.parametrize(
    "options", [{}, {"bins": 4}, {"bins": BINS}, {"range": (-1, 1)}, {"bins": "auto"}, {"bins": 3, "range": (0, 2)}]
)
def test_values_are_numpys(x, options):
    found, expected = np.histogram(Tensor(x), **options), np.histogram(x, **options)
    for f, e in zip(found, expected, strict=True):
        np.testing.assert_allclose(f.numpy() if isinstance(f, Tensor) else f, e, rtol=1e-14, atol=1e-15, strict=True)
    if x.size and options.get("bins") != "auto":
        weights = np.arange(1.0, x.size + 1)
        found, expected = (np.histogram(x, weights=w, **options)[0] for w in (Tensor(weights), weights))
        np.testing.assert_allclose(found.numpy(), expected)


def test_counts_are_constant():
    assert grad(lambda x: np.sum(x * np.sum(np.histogram(x, BINS)[0])))(V).tolist() == [9.0] * 9


def test_a_rule_for_the_number_of_bins_knows_no_weights():
    with pytest.raises(AutogradError, match=r"bins='auto'.*Pass a number"):
        np.histogram(Tensor(V), "auto", weights=W)
