"""Every layer: its shape inference, and its derivatives in parameters and inputs to order 2."""

import numpy as np
import pytest
from net_parts import APPLIED, LAYERS
from referee import check

from autograd import check_gradients, trees
from nets import layers
from nets.seeds import Outline

every_layer = pytest.mark.parametrize(("name", "seed"), APPLIED)


def prepared(name):
    """A layer, the shape of its output, parameters that are no zeros and no negative variance, and two examples."""
    layer, x = LAYERS[name]
    rng = np.random.default_rng(0)
    output_shape, params = layer.init(0, (-1, *x.shape[1:]))
    params = trees.map_tree(lambda p: p + 0.3 * rng.normal(size=p.shape) ** 2, params)
    return layer, output_shape, params, x[: 2 if x.ndim > 2 else 3]


def trained(layer, params, seed):
    """The parameters that matter: in training, `batch_norm` does not use mean and var."""
    return {key: params[key] for key in ("gamma", "beta")} if layer.kind == "batch_norm" and seed else params


@every_layer
def test_parameters_and_inputs_to_order_2(name, seed):
    layer, output_shape, params, x = prepared(name)
    leaves, structure = trees.flatten(trained(layer, params, seed))

    def call(x, *leaves):
        return np.tanh(layer.apply(trees.rebuild(structure, leaves), x, seed))

    assert call(x, *leaves).shape == (len(x), *output_shape[1:])
    check(call, (x, *leaves), order=2)


@every_layer
def test_the_checker_agrees(name, seed):
    layer, _, params, x = prepared(name)

    def loss(params, x):
        return np.sum(np.tanh(layer.apply(params, x, seed)))

    assert check_gradients(loss, trained(layer, params, seed), x, order=2).verdict == "right"


@every_layer
def test_float32_stays_float32(name, seed):
    layer, _, params, x = prepared(name)
    params = trees.map_tree(lambda p: p.astype(np.float32), params)
    x = x.astype(np.float32) if x.dtype.kind == "f" else x
    assert layer.apply(params, x, seed).dtype == np.float32


def kinds_of(layer, x):
    """What a layer, and the layers inside it, are called."""
    rows = []
    layer.init(Outline(rows), (-1, *x.shape[1:]))
    return {layer.kind, *(label.split("(")[0] for _, label, _, _ in rows)}


def test_no_layer_is_forgotten():
    seen = set().union(*(kinds_of(*row) for row in LAYERS.values()))
    assert set(layers.__all__) - seen == {"Layer", "as_layer", "calibrate", "named"}
