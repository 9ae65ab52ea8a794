"""Every layer: its shape inference, and its derivatives in parameters and inputs to order 2."""

import numpy as np
import pytest
from referee import check

from autograd import check_gradients, trees
from nets import activations, layers
from nets.activations import relu, tanh
from nets.layers import (
    avg_pool,
    batch_norm,
    conv2d,
    dense,
    dropout,
    embedding,
    fan_in_concat,
    fan_in_sum,
    fan_out,
    flatten,
    gru,
    layer_norm,
    lstm,
    max_pool,
    parallel,
    residual,
    rnn,
    serial,
)
from nets.seeds import Outline

ROW, IMAGE, SEQUENCE = (3, 4), (2, 5, 6, 2), (2, 3, 2)

# layer, input shape, seed of apply
LAYERS = [
    (dense(3), ROW, None),
    (dense(3, b_init=None), SEQUENCE, None),
    (layer_norm(), ROW, None),
    (batch_norm(), ROW, None),
    (batch_norm(), ROW, 1),
    (batch_norm(), IMAGE, 1),
    (dropout(0.4), ROW, 1),
    (conv2d(3, 3), IMAGE, None),
    (conv2d(2, (2, 3), stride=(1, 2), padding="valid"), IMAGE, None),
    (conv2d(2, 3, stride=2, b_init=None), IMAGE, None),
    (max_pool(2), IMAGE, None),
    (max_pool(3, stride=1), IMAGE, None),
    (avg_pool(2), IMAGE, None),
    (avg_pool((2, 3), stride=(1, 2)), IMAGE, None),
    (flatten(), IMAGE, None),
    (rnn(3), SEQUENCE, None),
    (gru(3), SEQUENCE, None),
    (lstm(3, last=True), SEQUENCE, None),
    (serial(dense(3), tanh, dropout(0.5), dense(2)), ROW, 1),
    (serial(fan_out(2), parallel(dense(3), tanh), fan_in_concat()), ROW, None),
    (serial(fan_out(2), parallel(dense(4), tanh), fan_in_sum()), ROW, None),
    (residual(dense(4), tanh), ROW, None),
    (serial(conv2d(2, 3), relu, max_pool(2), flatten(), dense(2)), IMAGE, None),
]


def prepared(layer, shape, seed=0):
    rng = np.random.default_rng(seed)
    output_shape, params = layer.init(seed, (-1, *shape[1:]))
    params = trees.map_tree(lambda p: p + 0.3 * rng.normal(size=p.shape) ** 2, params)  # no zero biases, var > 0
    return output_shape, params, rng.normal(size=shape)


@pytest.mark.parametrize(("layer", "shape", "seed"), LAYERS, ids=str)
def test_parameters_and_inputs_to_order_2(layer, shape, seed):
    output_shape, params, x = prepared(layer, shape)
    leaves, structure = trees.flatten(params)

    def call(x, *leaves):
        return np.tanh(layer.apply(trees.rebuild(structure, leaves), x, seed))

    assert call(x, *leaves).shape == (shape[0], *output_shape[1:])
    if "batch_norm" in layer.label and seed:
        leaves = leaves[:2]  # mean and var are not used in training
        structure = trees.flatten({"gamma": 0, "beta": 0})[1]
    check(call, (x, *leaves), order=2)


@pytest.mark.parametrize(("layer", "shape", "seed"), LAYERS, ids=str)
def test_the_checker_agrees(layer, shape, seed):
    _, params, x = prepared(layer, shape)
    if "batch_norm" in layer.label and seed:
        params = {key: params[key] for key in ("gamma", "beta")}

    def loss(params, x):
        return np.sum(np.tanh(layer.apply(params, x, seed)))

    report = check_gradients(loss, params, x, argnum=(0, 1) if params else 1, order=2)
    assert report.verdict == "right"


def test_embedding_to_order_2():
    layer = embedding(5, 3)
    ids = np.array([[0, 1, 1], [4, 1, 0]])
    params = layer.init(0, (-1, 3))[1]
    check(lambda W: np.tanh(layer.apply({"W": W}, ids)), (params["W"],), order=2)
    assert check_gradients(lambda p: np.sum(np.tanh(layer.apply(p, ids))), params, order=2).verdict == "right"


@pytest.mark.parametrize("name", activations.__all__)
def test_activations_to_order_2(name):
    activation = getattr(activations, name)
    x = np.random.default_rng(0).normal(size=(3, 4))
    check(activation, (x,), order=2)
    assert check_gradients(lambda x: np.sum(np.tanh(activation(x) * x)), x, order=2).verdict == "right"


def kinds_of(layer, shape):
    """What a layer, and the layers inside it, are called."""
    rows = []
    layer.init(Outline(rows), (-1, *shape[1:]))
    return {layer.kind, *(label.split("(")[0] for _, label, _, _ in rows)}


def test_no_layer_is_forgotten():
    seen = set().union(*(kinds_of(layer, shape) for layer, shape, _ in LAYERS))
    assert set(layers.__all__) - seen == {"Layer", "as_layer", "calibrate", "named", "embedding"}


@pytest.mark.parametrize(("layer", "shape", "seed"), LAYERS, ids=str)
def test_float32_stays_float32(layer, shape, seed):
    _, params, x = prepared(layer, shape)
    params = trees.map_tree(lambda p: p.astype(np.float32), params)
    assert layer.apply(params, x.astype(np.float32), seed).dtype == np.float32
