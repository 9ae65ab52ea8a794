"""Summaries count right, from shapes alone."""

import tracemalloc

import numpy as np
import pytest

from autograd import relu, trees
from nets.errors import LayerError
from nets.layers import batch_norm, conv2d, dense, embedding, flatten, lstm, max_pool, named, residual, serial
from nets.summary import summary

NETS = [
    (dense(3), (-1, 4)),
    (serial(dense(8), relu, residual(dense(8), batch_norm()), dense(2)), (-1, 4)),
    (serial(conv2d(4), relu, max_pool(), flatten(), dense(10)), (-1, 8, 8, 1)),
    (serial(embedding(20, 5), lstm(6, last=True), dense(2)), (-1, 7)),
]


@pytest.mark.parametrize(("net", "shape"), NETS)
def test_counts_are_those_of_real_parameters(net, shape):
    output_shape, params = net.init(0, shape)
    found = summary(net, shape)
    assert found.parameters == sum(np.size(leaf) for leaf in trees.flatten(params)[0])
    assert found.parameters == sum(row.parameters for row in found.layers if not row.shared)
    assert found.nbytes == 8 * found.parameters and found.output_shape == output_shape


def test_rows_are_the_layers_and_not_the_containers():
    net, shape = NETS[1]
    rows = summary(net, shape).layers
    assert [row.path for row in rows] == [
        "dense_0", "relu_0", "residual_0/serial_0/dense_0", "residual_0/serial_0/batch_norm_0", "dense_1",
    ]  # fmt: skip
    assert rows[3].parameters == 32 and rows[1].output_shape == (-1, 8)


def test_shared_parameters_count_once():
    shared = named("tied", dense(4))
    found = summary(serial(shared, relu, shared), (-1, 4))
    assert found.parameters == 20
    assert [row.shared for row in found.layers] == [False, False, True]
    assert "shared" in str(found)


def test_no_memory_is_taken_for_weights():
    tracemalloc.start()
    found = summary(serial(dense(100_000), relu, dense(100_000)), (-1, 100_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.parameters == 2 * (10**10 + 10**5) and peak < 10_000_000


def test_layers_written_by_hand_are_counted():
    def init(rng, shape):
        return shape, {"a": np.random.default_rng(rng).normal(size=shape[-1])}

    assert summary(serial(dense(3), (init, lambda params, x: x * params["a"])), (-1, 2)).parameters == 12


def test_errors_name_the_layer():
    with pytest.raises(LayerError, match=r"serial\[1\] conv2d\(4, 3\): expects images .* got \(-1, 3\)"):
        summary(serial(dense(3), conv2d(4)), (-1, 2))
    with pytest.raises(LayerError, match="a tuple of ints"):
        summary(dense(3), 64)
