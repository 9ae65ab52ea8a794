"""Nets of layers: shapes, names, seeds by path, shared parameters, errors with the place."""

import numpy as np
import pytest

from autograd import AutogradError, draw, relu, sigmoid, trace
from nets.activations import tanh
from nets.errors import LayerError, OptionError
from nets.layers import (
    as_layer,
    conv2d,
    dense,
    dropout,
    fan_in_concat,
    fan_in_sum,
    fan_out,
    flatten,
    layer_norm,
    lstm,
    named,
    parallel,
    residual,
    serial,
)


def test_a_net_is_what_its_layers_are():
    net = serial(dense(3), relu, dense(2), sigmoid)
    shape, params = net.init(0, (-1, 4))
    assert shape == (-1, 2) and list(params) == ["dense_0", "dense_1"]
    x = np.random.default_rng(0).normal(size=(5, 4))
    a, b = params["dense_0"], params["dense_1"]
    expected = sigmoid(relu(x @ a["W"] + a["b"]) @ b["W"] + b["b"])
    assert np.array_equal(net.apply(params, x), expected)


def test_a_layer_is_a_pair():
    init, apply = dense(3)
    shape, params = init(0, (-1, 2))
    assert apply(params, np.ones((4, 2))).shape == (4, 3) and shape == (-1, 3)


def test_adding_a_layer_leaves_the_weights_of_the_others():
    _, small = serial(dense(3), relu).init(7, (-1, 4))
    _, large = serial(dense(3), relu, residual(dense(3)), dense(2)).init(7, (-1, 4))
    assert np.array_equal(small["dense_0"]["W"], large["dense_0"]["W"])
    _, other = serial(dense(3), relu).init(8, (-1, 4))
    assert not np.array_equal(small["dense_0"]["W"], other["dense_0"]["W"])
    assert not np.array_equal(large["dense_0"]["W"][:, 0], large["dense_1"]["W"][:4, 0])


def test_a_generator_is_asked_anew_each_time():
    net, rng = serial(dense(3)), np.random.default_rng(0)
    first, second = net.init(rng, (-1, 4))[1], net.init(rng, (-1, 4))[1]
    assert not np.array_equal(first["dense_0"]["W"], second["dense_0"]["W"])
    again = net.init(np.random.default_rng(0), (-1, 4))[1]
    assert np.array_equal(first["dense_0"]["W"], again["dense_0"]["W"])


def test_errors_name_the_layer_and_both_shapes():
    net = serial(dense(64), relu, dense(10))
    _, params = net.init(0, (-1, 32))
    params["dense_1"]["W"] = np.ones((65, 10))
    with pytest.raises(LayerError, match=r"^serial\[2\] dense\(10\): expects last axis 65, got \(32, 64\)$"):
        net.apply(params, np.ones((32, 32)))


def test_errors_name_the_path_through_nested_layers():
    net = serial(relu, residual(dense(5), parallel(relu)))
    with pytest.raises(LayerError, match=r"^serial\[1\].residual\[0\].serial\[1\] parallel\(1 layer\): expects 1"):
        net.init(0, (-1, 5))


def test_missing_parameters_are_named():
    net = serial(dense(3))
    with pytest.raises(LayerError, match=r"serial\[0\] dense\(3\): has no parameter 'W' in params with \['V'\]"):
        net.apply({"dense_0": {"V": 1.0}}, np.ones((2, 2)))


@pytest.mark.parametrize("factory", [dense, flatten, serial])
def test_what_makes_a_layer_is_none(factory):
    with pytest.raises(OptionError, match=rf"{factory.__name__} makes a layer.*Call it.*{factory.__name__}\(…\)"):
        serial(dense(3), factory)


def test_other_errors_carry_a_note_with_the_place():
    net = serial(relu, lambda x: np.reshape(x, (7, 7)))
    with pytest.raises(ValueError, match="reshape") as caught:
        net.apply({}, np.ones((2, 3)))
    assert "serial[1] function" in caught.value.__notes__[0]
    with pytest.raises(LayerError, match=r"serial\[1\] function: cannot take an input of shape \(-1, 3\)"):
        net.init(0, (-1, 3))


def test_functions_may_change_the_shape():
    assert serial(lambda x: x[:, :2], dense(4)).init(0, (-1, 3))[0] == (-1, 4)
    assert as_layer(lambda x: np.reshape(x, (len(x), -1))).init(0, (-1, 3, 4))[0] == (-1, 12)


def test_a_named_layer_keeps_its_name():
    _, params = serial(named("hidden", dense(3)), relu, dense(2)).init(0, (-1, 4))
    assert list(params) == ["hidden", "dense_0"]


def test_one_named_layer_used_twice_shares_its_parameters():
    shared = named("tied", dense(3))
    net = serial(shared, relu, shared)
    _, params = net.init(0, (-1, 3))
    assert list(params) == ["tied"]
    x = np.random.default_rng(0).normal(size=(5, 3))
    W, b = params["tied"]["W"], params["tied"]["b"]
    assert np.array_equal(net.apply(params, x), relu(x @ W + b) @ W + b)
    with pytest.raises(LayerError, match=r"serial\[1\] dense\(3\): shares 'tied', but needs 'W' of shape \(3, 3\)"):
        serial(shared, shared).init(0, (-1, 4))


def test_two_layers_of_one_name_are_refused():
    with pytest.raises(OptionError, match=r"serial\[0\] and serial\[1\].*'hidden'"):
        serial(named("hidden", dense(3)), named("hidden", dense(3)))


def test_the_same_unnamed_layer_twice_does_not_share():
    layer = dense(3)
    assert list(serial(layer, layer).init(0, (-1, 3))[1]) == ["dense_0", "dense_1"]


def test_side_by_side_and_together_again():
    net = serial(fan_out(3), parallel(dense(4), np.tanh, dense(4)), fan_in_concat())
    shape, params = net.init(0, (-1, 2))
    assert shape == (-1, 10)
    x = np.random.default_rng(0).normal(size=(5, 2))
    parts = params["parallel_0"]
    expected = np.concatenate([x @ parts["dense_0"]["W"], np.tanh(x), x @ parts["dense_1"]["W"]], axis=1)
    np.testing.assert_allclose(net.apply(params, x), expected)


def test_fan_in_sum_and_residual():
    net = serial(residual(dense(3)), fan_out(2), parallel(relu, np.tanh), fan_in_sum())
    _, params = net.init(0, (-1, 3))
    x = np.random.default_rng(0).normal(size=(5, 3))
    y = x + x @ params["residual_0"]["dense_0"]["W"]
    np.testing.assert_allclose(net.apply(params, x), relu(y) + np.tanh(y))
    with pytest.raises(LayerError, match=r"residual\(1 layer\): adds its input \(-1, 4\).*\(-1, 3\)"):
        residual(dense(3)).init(0, (-1, 4))
    with pytest.raises(LayerError, match=r"fan_in_sum\(\): adds arrays of one shape, got \(2,\), \(3,\)"):
        fan_in_sum().apply({}, (np.ones(2), np.ones(3)))


def test_pairs_written_by_hand_are_layers():
    scale = (lambda rng, shape: (shape, {"a": np.ones(shape[-1])}), lambda params, x: x * params["a"])
    net = serial(dense(2), scale)
    shape, params = net.init(0, (-1, 3))
    assert shape == (-1, 2) and net.apply(params, np.ones((4, 3)), rng=1).shape == (4, 2)
    with pytest.raises(OptionError, match="this is a str"):
        serial("dense")


def test_layers_are_groups_of_a_program_and_of_its_drawing():
    net = serial(named("hidden", dense(3)), relu, residual(dense(3)))
    _, params = net.init(0, (-1, 2))
    program = trace(net.apply, params, np.ones((4, 2)))
    scopes = [equation.scope for equation in program.equations]
    assert scopes[0] == ("hidden",) and ("residual_0", "dense_0") in scopes and ("relu_0",) in scopes
    assert "label=<<B>hidden</B>>" in draw(net.apply, params, np.ones((4, 2))).dot


def applied(net, params, shape=(8, 4)):
    return lambda: net.apply(params, np.ones(shape))


DENSE = {"W": np.ones((4, 3)), "b": np.ones(2)}
LSTM = lstm(2).init(0, (-1, 5, 4))[1]
FAULTS = [
    (applied(serial(dense(3)), {"dense_0": DENSE}), r"serial\[0\] dense\(3\): expects b of shape \(3,\), got \(2,\)"),
    (applied(serial(tanh, layer_norm()), {"layer_norm_0": {"gamma": np.ones(4), "beta": np.ones(1)}}),
     r"serial\[1\] layer_norm\(\): expects beta of shape \(4,\), got \(1,\)"),
    (applied(conv2d(3, 1), {"W": np.ones((1, 1, 4, 3)), "b": np.ones(())}, (1, 2, 2, 4)),
     r"conv2d\(3, 1\): expects b of shape \(3,\), got \(\)"),
    (applied(lstm(2), LSTM | {"U": np.ones((2, 2))}, (1, 5, 4)), r"expects U of shape \(2, 8\), got \(2, 2\)"),
    (applied(lstm(2), LSTM | {"b": np.ones(2)}, (1, 5, 4)), r"expects b of shape \(8,\), got \(2,\)"),
    (applied(serial(dense(3)), None), "parameters in a dict, as init makes it, not in a NoneType"),
    (applied(serial(dense(3)), [DENSE]), "parameters in a dict, as init makes it, not in a list"),
    (lambda: parallel(dense(3), tanh).init(0, (-1, 4)), r"expects 2 input shapes, got a single one, \(-1, 4\)"),
    (lambda: fan_in_sum().init(0, (-1, 4)), r"several inputs, as parallel gives them, got a single one, \(-1, 4\)"),
    (lambda: fan_in_sum().apply({}, np.ones((3, 4))), r"got a single one, \(3, 4\)"),
    (lambda: fan_in_concat().apply({}, np.ones((3, 4))), r"got a single one, \(3, 4\)"),
    (lambda: fan_in_concat(2).init(0, ((-1, 4), (-1, 4))), r"axis 2, and arrays of shape \(-1, 4\) have 2 axes"),
    (lambda: fan_out(0), "count is a whole number of at least 1, not 0"),
    (lambda: dense(True), "out_dim is a whole number of at least 1, not True"),
    (lambda: dropout("half"), "rate, the fraction that is dropped, is a number of at least 0 and below 1, not .half."),
    (lambda: named(3, dense(3)), "name of a layer is text, not 3"),
    (lambda: dense(3).init(None, (-1, 4)), r"seed \(rng\) is a whole number or a NumPy Generator, not None"),
    (lambda: dense(3).init(1.5, (-1, 4)), r"not 1\.5"),
    (lambda: serial(dropout(0.5)).apply({}, np.ones(3), rng="0"), "not '0'"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "message"), FAULTS, ids=[message for _, message in FAULTS])
def test_what_does_not_fit_is_named_before_numpy_complains(fault, message):
    with pytest.raises(AutogradError, match=message):
        fault()


def test_a_shape_without_a_seed_is_told_what_init_takes():
    with pytest.raises(LayerError, match=r"init\(0, \(-1, 64\)\); got \(-1, 2\) alone"):
        serial(dense(2)).init((-1, 2))
