"""Memory: a compiled step needs no more than the step by hand, its buffers and its results included."""

import gc
import tracemalloc

import numpy as np
import pytest

from autograd import jit, relu, value_and_grad
from nets import two_layer


def peak(function, *args):
    """The most that is allocated at one time while ``function`` runs, in bytes."""
    gc.collect()
    tracemalloc.start()
    try:
        result = function(*args)
        most = tracemalloc.get_traced_memory()[1]
        del result
        return most
    finally:
        tracemalloc.stop()


def peaks(by_hand, fun, *args):
    """What the step by hand and the compiled one need, once both have been called."""
    compiled = jit(fun)
    by_hand(*args), compiled(*args)
    pool = compiled._compiled(args, {}).run.pool
    return peak(by_hand, *args), peak(compiled, *args) + len(pool.sets) * pool.size


def two_layers(sizes, batch, dtype=np.float64):
    rng = np.random.default_rng(0)
    parameters = tuple(0.05 * p.astype(dtype) for p in two_layer.initialize(*sizes))
    inputs, target = rng.normal(size=(batch, sizes[0])), rng.random((batch, sizes[2]))
    return parameters, inputs.astype(dtype), target.astype(dtype), 0.1


def adam(p, g, m, v, count):
    m = 0.9 * m + (1 - 0.9) * g
    v = 0.999 * v + (1 - 0.999) * g**2
    return p - 1e-3 * (m / (1 - 0.9**count)) / (np.sqrt(v / (1 - 0.999**count)) + 1e-8), m, v


def deep_loss(params, x, y):
    for w, b in params[:-1]:
        x = relu(x @ w + b)
    w, b = params[-1]
    return np.mean(np.square(x @ w + b - y))


def deep(params, x, y, rate):
    loss, gradients = value_and_grad(deep_loss)(params, x, y)
    return [(w - rate * g, b - rate * h) for (w, b), (g, h) in zip(params, gradients, strict=True)], loss


def deep_by_hand(params, x, y, rate):
    hidden = [x]
    for w, b in params[:-1]:
        hidden.append(np.maximum(hidden[-1] @ w + b, 0))
    error = hidden[-1] @ params[-1][0] + params[-1][1] - y
    loss, delta, new = np.mean(np.square(error)), 2 / error.size * error, list(params)
    for i in reversed(range(len(params))):
        w, b = params[i]
        new[i] = (w - rate * (hidden[i].T @ delta), b - rate * np.sum(delta, axis=0))
        if i:
            delta = np.where(hidden[i] > 0, delta @ w.T, 0)
    return new, loss


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(("sizes", "batch"), [((2, 4, 1), 4), ((20, 30, 5), 16), ((784, 256, 10), 128)])
def test_two_layers(sizes, batch, dtype):
    hand, ours = peaks(two_layer.step_by_hand, two_layer.descend, *two_layers(sizes, batch, dtype))
    assert ours <= hand


def test_adam():
    rng = np.random.default_rng(0)
    hand, ours = peaks(adam, adam, *[rng.random(300_000) for _ in range(4)], 3)
    assert ours <= 0.65 * hand  # three results, and a few blocks


@pytest.mark.parametrize("sizes", [(64, 100, 100, 100, 10), (256, 512, 512, 512, 10)])
def test_four_layers(sizes):
    rng = np.random.default_rng(0)
    params = [(rng.normal(size=(n, m)) / 10, np.zeros(m)) for n, m in zip(sizes, sizes[1:], strict=False)]
    args = params, rng.normal(size=(128, sizes[0])), rng.normal(size=(128, sizes[-1])), 0.01
    for new, by_hand in zip(deep(*args)[0], deep_by_hand(*args)[0], strict=True):
        np.testing.assert_allclose(new[0], by_hand[0])
    hand, ours = peaks(deep_by_hand, deep, *args)
    assert ours <= 0.9 * hand
