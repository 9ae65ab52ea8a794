"""Layers of weights: what they look up, and what sizes and symbols they refuse."""

import numpy as np
import pytest

import nets
from autograd import grad
from nets.errors import LayerError, OptionError


@pytest.mark.parametrize("size", [-3, 0, 2.5, "8", None])
@pytest.mark.parametrize(
    ("build", "what"),
    [
        (nets.dense, "out_dim"),
        (nets.conv2d, "channels"),
        (nets.rnn, "units"),
        (nets.gru, "units"),
        (nets.lstm, "units"),
        (lambda size: nets.embedding(size, 2), "count"),
        (lambda size: nets.embedding(2, size), "dim"),
    ],
)
def test_a_size_is_a_whole_number_above_zero(build, what, size):
    with pytest.raises(OptionError, match=f"{what} is a whole number of at least 1, not {size!r}"):
        build(size)


def test_sizes_may_be_numpy_integers():
    assert nets.dense(np.int64(3)).init(0, (-1, 2))[0] == (-1, 3)


@pytest.mark.parametrize("symbol", [-1, 5])
def test_symbols_count_from_zero(symbol):
    layer = nets.embedding(5, 3)
    params = layer.init(0, (-1,))[1]
    assert layer.apply(params, np.zeros(0, int)).shape == (0, 3)
    with pytest.raises(LayerError, match=rf"has symbols 0 … 4, got {symbol} … {symbol}"):
        layer.apply(params, np.array([symbol]))


def test_embedding_looks_rows_up_and_its_gradient_counts_them():
    net = nets.embedding(5, 3)
    shape, params = net.init(0, (-1, 4))
    assert shape == (-1, 4, 3)
    ids = np.array([[0, 1, 1, 4]])
    assert np.array_equal(net.apply(params, ids), params["W"][ids])
    counts = grad(lambda params: np.sum(net.apply(params, ids)))(params)["W"]
    assert np.array_equal(counts[:, 0], [1, 2, 0, 0, 1])
    with pytest.raises(LayerError, match="0 … 4, got 0 … 5"):
        net.apply(params, np.array([0, 5]))
    with pytest.raises(LayerError, match="looks up integers, got float64"):
        net.apply(params, np.array([0.0]))
