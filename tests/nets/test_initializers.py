"""Initialisers: their variance, their range, and what equal weights do."""

import numpy as np
import pytest

from autograd import grad, sigmoid
from nets import initializers
from nets.errors import OptionError
from nets.layers import dense, embedding

SHAPE = (300, 200)

VARIANCES = [
    (initializers.glorot_normal(), 2 / 500),
    (initializers.glorot_uniform(), 2 / 500),
    (initializers.he_normal(), 2 / 300),
    (initializers.he_uniform(), 2 / 300),
    (initializers.lecun_normal(), 1 / 300),
    (initializers.lecun_uniform(), 1 / 300),
    (initializers.normal(0.3), 0.09),
    (initializers.uniform(0.3), 0.09 / 3),
]


@pytest.mark.parametrize(("init", "variance"), VARIANCES)
def test_mean_and_variance(init, variance):
    weights = init(np.random.default_rng(0), SHAPE)
    assert weights.shape == SHAPE
    assert np.var(weights) == pytest.approx(variance, rel=0.02)
    assert abs(np.mean(weights)) < 4 * np.sqrt(variance / weights.size)


def test_uniform_stays_within_its_scale():
    weights = initializers.uniform(0.12)(0, SHAPE)
    assert 0.119 < np.max(np.abs(weights)) <= 0.12


def test_the_window_of_a_convolution_counts_into_the_fans():
    weights = initializers.he_normal()(0, (3, 3, 50, 70))
    assert np.var(weights) == pytest.approx(2 / (9 * 50), rel=0.02)


@pytest.mark.parametrize("shape", [(6, 4), (4, 6), (3, 3, 2, 5)])
def test_orthogonal_weights_are_orthogonal_up_to_their_gain(shape):
    W = initializers.orthogonal(gain=2.0)(0, shape).reshape(-1, shape[-1])
    small = W.T @ W if W.shape[0] >= W.shape[1] else W @ W.T
    np.testing.assert_allclose(small, 4 * np.eye(len(small)), atol=1e-12)


def test_both_spellings_are_one():
    assert initializers.xavier_uniform is initializers.glorot_uniform
    assert initializers.kaiming_normal is initializers.he_normal


def test_scaled_families_refuse_vectors():
    with pytest.raises(OptionError, match=r"\(…, in, out\).*\(5,\)"):
        initializers.he_normal()(0, (5,))
    with pytest.raises(OptionError, match="orthogonal"):
        initializers.orthogonal()(0, (5,))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: dense(3, initializers.he_normal), r"he_normal makes an initialiser when it is called: he_normal\(\)"),
        (lambda: dense(3, "he"), "not a str"),
        (lambda: dense(3, np.ones((4, 3))), "not an ndarray"),
        (
            lambda: embedding(3, 2, lambda rng, shape: np.ones(7)),
            r"shape \(3, 2\), and returned one of \(7,\)",
        ),
        (lambda: dense(3, initializers.normal(-1)), "at least 0, not -1"),
        (lambda: dense(3, initializers.uniform("a")), "at least 0, not 'a'"),
    ],
)
def test_what_is_no_initialiser_is_refused(make, message):
    with pytest.raises(OptionError, match=message):
        make().init(0, (-1, 4))


@pytest.mark.parametrize("value", [0.0, 0.7])
def test_equal_weights_never_break_symmetry(value):
    x = np.random.default_rng(0).normal(size=(8, 3))
    y = (x[:, :1] > 0).astype(float)
    params = {"W": np.full((3, 4), value), "V": np.full((4, 1), value)}

    def loss(params):
        return np.mean((sigmoid(sigmoid(x @ params["W"]) @ params["V"]) - y) ** 2)

    for _ in range(20):
        gradient = grad(loss)(params)
        params = {name: params[name] - 0.5 * gradient[name] for name in params}
    assert np.ptp(params["W"], axis=1).max() < 1e-12  # all hidden units are still the same
    assert not np.allclose(params["V"], value)  # though they were trained
