"""Normalisation and dropout: their formulas, training against prediction, measured statistics."""

import numpy as np
import pytest

from autograd import grad, relu
from nets.errors import LayerError, OptionError
from nets.layers import batch_norm, calibrate, dense, dropout, layer_norm, residual, serial

X = np.random.default_rng(0).normal(2.0, 3.0, size=(50, 4))


def test_layer_norm_is_its_formula():
    params = {"gamma": np.array([1.0, 2.0, 3.0, 4.0]), "beta": np.array([0.0, 1.0, 0.0, 0.0])}
    mean, deviation = X.mean(axis=1, keepdims=True), np.sqrt(X.var(axis=1, keepdims=True) + 1e-5)
    expected = (X - mean) / deviation * params["gamma"] + params["beta"]
    np.testing.assert_allclose(layer_norm().apply(params, X), expected)
    with pytest.raises(LayerError, match=r"layer_norm\(\): expects last axis 4, got \(50, 3\)"):
        layer_norm().apply(params, X[:, :3])


def test_batch_norm_in_training_uses_the_batch():
    _, params = batch_norm().init(0, (-1, 4))
    y = batch_norm().apply(params, X, rng=0)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=0), 1, atol=1e-5)
    np.testing.assert_allclose(batch_norm().apply(params, X), X / np.sqrt(1 + 1e-5))


def test_calibrate_measures_layer_by_layer_and_changes_nothing_else():
    net = serial(dense(3), batch_norm(), residual(dense(3), batch_norm()), relu)
    _, params = net.init(0, (-1, 4))
    measured = calibrate(net, params, X)
    np.testing.assert_allclose(net.apply(measured, X), net.apply(params, X, rng=0), atol=1e-12)
    first = X @ params["dense_0"]["W"]
    np.testing.assert_allclose(measured["batch_norm_0"]["mean"], first.mean(axis=0))
    np.testing.assert_allclose(measured["batch_norm_0"]["var"], first.var(axis=0))
    assert np.array_equal(params["batch_norm_0"]["mean"], np.zeros(3))  # the old params are as they were
    assert measured["dense_0"] is params["dense_0"]
    single = net.apply(measured, X[:1])  # a batch of one is no trouble at prediction
    np.testing.assert_allclose(single, net.apply(measured, X)[:1], atol=1e-12)


def test_statistics_get_no_gradient():
    _, params = batch_norm().init(0, (-1, 4))
    gradient = grad(lambda params: np.sum(batch_norm().apply(params, X, rng=0) ** 3))(params)
    assert np.array_equal(gradient["mean"], np.zeros(4)) and np.any(gradient["gamma"] != 0)


def test_dropout_drops_its_fraction_by_seed_and_scales_the_rest():
    x = np.ones((200, 200))
    y = dropout(0.3).apply({}, x, rng=1)
    assert np.mean(y == 0) == pytest.approx(0.3, abs=0.01)
    np.testing.assert_allclose(y[y != 0], 1 / 0.7)
    assert np.array_equal(y, dropout(0.3).apply({}, x, rng=1))
    assert not np.array_equal(y, dropout(0.3).apply({}, x, rng=2))
    assert dropout(0.3).apply({}, x) is x
    with pytest.raises(OptionError, match="rate"):
        dropout(1.0)


def test_two_dropouts_of_one_net_draw_different_masks():
    net = serial(dropout(0.5), lambda x: np.where(x == 0, 1.0, 0.0), dropout(0.5))
    y = net.apply({}, np.ones((40, 40)), rng=3)
    assert np.any(y != 0)  # with one mask, what the first drops the second would drop as well
