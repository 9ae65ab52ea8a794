"""The activations: derivatives, exact limits far out and at infinity, no warning on the way."""

import math

import numpy as np
import pytest
from referee import Case

from autograd import grad, log_sigmoid, log_softmax, logsumexp, relu, sigmoid, softmax, softplus

INF = math.inf
X = np.random.default_rng(0).uniform(-2, 2, (2, 3, 4))
AWAY = np.where(np.abs(X) < 0.2, 1.0, X)  # from the kink of relu

CASES = [
    *(
        Case(f, f, (x,))
        for f in (relu, sigmoid, softplus, log_sigmoid)
        for x in (AWAY, AWAY[0, 0, 0], 1.5, AWAY[:0], AWAY[::-1, 1].T)
    ),
    *(
        Case(f, lambda x, f=f, axis=axis: f(x, axis=axis), (X,))
        for f in (softmax, log_softmax, logsumexp)
        for axis in (-1, 0, (0, 2), None)
    ),
    *(Case(f, f, (x,)) for f in (softmax, log_softmax, logsumexp) for x in (X[0].T, X[0, 0, :1], X[0, 0, 0])),
    Case(logsumexp, lambda x: logsumexp(x, axis=1, keepdims=True), (X,)),
    Case(logsumexp, lambda x: logsumexp(x, keepdims=True), (X,)),
    Case(softmax, lambda x: softmax(x, 0), (X[:, :0],)),
]


# Function, x, value, first derivative, second derivative: exact.
LIMITS = [
    (relu, -INF, 0, 0, 0),
    (relu, 0.0, 0, 0, 0),
    (relu, INF, INF, 1, 0),
    (sigmoid, -INF, 0, 0, 0),
    (sigmoid, -1000.0, 0, 0, 0),
    (sigmoid, 0.0, 0.5, 0.25, 0),
    (sigmoid, 1000.0, 1, 0, 0),
    (sigmoid, INF, 1, 0, 0),
    (softplus, -INF, 0, 0, 0),
    (softplus, -1000.0, 0, 0, 0),
    (softplus, 0.0, math.log(2), 0.5, 0.25),
    (softplus, 1000.0, 1000, 1, 0),
    (softplus, INF, INF, 1, 0),
    (log_sigmoid, -INF, -INF, 1, 0),
    (log_sigmoid, -1000.0, -1000, 1, 0),
    (log_sigmoid, 0.0, -math.log(2), 0.5, -0.25),
    (log_sigmoid, 1000.0, 0, 0, 0),
    (log_sigmoid, INF, 0, 0, 0),
]


@pytest.mark.parametrize(("function", "x", "value", "first", "second"), LIMITS)
@pytest.mark.filterwarnings("ignore:The output of:UserWarning")
def test_limits_are_exact(function, x, value, first, second):
    for number in (np.float64(x), np.float32(x)):
        assert function(number) == type(number)(value)
        assert grad(function)(number) == first
        assert grad(grad(function))(number) == second
    np.testing.assert_array_equal(grad(lambda x: np.sum(function(x)))(np.full(3, x)), np.full(3, float(first)))


# x, softmax, log_softmax, logsumexp: exact.
HALF, LOG_2 = [0.5, 0.5], math.log(2)
ROWS = [
    ([0.0, 0.0], HALF, [-LOG_2, -LOG_2], LOG_2),
    ([1000.0, 1000.0], HALF, [-LOG_2, -LOG_2], 1000 + LOG_2),
    ([1000.0, -1000.0], [1, 0], [0, -2000], 1000),
    ([-1000.0, -1000.0], HALF, [-LOG_2, -LOG_2], LOG_2 - 1000),
    ([0.0, -INF], [1, 0], [0, -INF], 0),
    ([0.0, INF], [0, 1], [-INF, 0], INF),
    ([INF, INF], HALF, [-LOG_2, -LOG_2], INF),
    ([-INF, -INF], HALF, [-LOG_2, -LOG_2], -INF),
    ([-INF, INF], [0, 1], [-INF, 0], INF),
]


@pytest.mark.parametrize(("x", "share", "log_share", "total"), ROWS)
def test_limits_along_an_axis(x, share, log_share, total):
    x, share = np.array(x), np.array(share)
    np.testing.assert_array_equal(softmax(x), share)
    np.testing.assert_array_equal(log_softmax(x), log_share)
    assert logsumexp(x) == total
    np.testing.assert_array_equal(grad(logsumexp)(x), share)
    jacobian = np.diag(share) - np.outer(share, share)
    for i in range(2):
        np.testing.assert_array_equal(grad(lambda x: softmax(x)[i])(x), jacobian[i])  # noqa: B023
        np.testing.assert_array_equal(grad(lambda x: log_softmax(x)[i])(x), np.eye(2)[i] - share)  # noqa: B023
        np.testing.assert_array_equal(grad(lambda x: grad(logsumexp)(x)[i])(x), jacobian[i])  # noqa: B023


def test_nan_stays_nan():
    x = np.array([math.nan, 1.0])
    assert np.isnan(softmax(x)).all() and np.isnan(log_softmax(x)).all() and np.isnan(logsumexp(x))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("function", [relu, sigmoid, softplus, log_sigmoid, softmax, log_softmax, logsumexp])
def test_dtypes_are_kept(function, dtype):
    x = np.array([[-100.0, 0.5, 30000.0]], dtype)
    assert function(x).dtype == dtype
    assert grad(lambda x: np.sum(function(x)))(x).dtype == dtype
    assert function(np.array([1, 2])).dtype == (int if function is relu else float)


def test_logsumexp_is_the_log_of_the_sum_of_exponentials():
    np.testing.assert_allclose(logsumexp(X, axis=(0, 2)), np.log(np.sum(np.exp(X), axis=(0, 2))), rtol=1e-15)
    assert logsumexp(X, axis=1, keepdims=True).shape == (2, 1, 4)
    assert logsumexp(X).shape == ()
