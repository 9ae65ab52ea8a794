"""Compiled training is eager training: every layer, activation, loss, optimiser, schedule, and every example's net."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager, assert_same

from autograd import grad, hessian, jacobian, jit, value_and_grad
from autograd.trees import map_tree
from nets import (
    activations,
    adam,
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
    losses,
    lstm,
    make_step,
    max_pool,
    named,
    optimizers,
    parallel,
    relu,
    residual,
    rnn,
    schedules,
    serial,
    sgd,
    two_layer,
)
from nets import data as nets_data
from nets.initializers import uniform
from nets.metrics import accuracy

RNG = np.random.default_rng(0)
ROWS, IMAGES, TEXTS = RNG.normal(size=(6, 4)), RNG.normal(size=(2, 6, 6, 2)), RNG.normal(size=(3, 5, 4))
SYMBOLS = RNG.integers(0, 7, size=(3, 5))

LAYERS = {
    "dense": (dense(3), ROWS),
    "dense without bias": (dense(3, b_init=None), ROWS),
    "embedding": (embedding(7, 3), SYMBOLS),
    "conv2d": (conv2d(3), IMAGES),
    "conv2d valid, strided": (conv2d(3, 2, stride=2, padding="valid"), IMAGES),
    "max_pool": (max_pool(2), IMAGES),
    "avg_pool": (avg_pool(3, stride=1), IMAGES),
    "flatten": (flatten(), IMAGES),
    "layer_norm": (layer_norm(), ROWS),
    "batch_norm": (batch_norm(), ROWS),
    "dropout": (dropout(0.4), ROWS),
    "rnn": (rnn(3), TEXTS),
    "gru": (gru(3, last=True), TEXTS),
    "lstm": (lstm(3), TEXTS),
    "serial": (serial(dense(5), relu, named("last", dense(2))), ROWS),
    "parallel": (serial(fan_out(2), parallel(dense(3), dense(3)), fan_in_sum()), ROWS),
    "concatenated": (serial(fan_out(2), parallel(dense(3), dense(2)), fan_in_concat()), ROWS),
    "residual": (residual(dense(4), np.tanh), ROWS),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("seed", [None, 5])
def test_layers(name, seed):
    net, x = LAYERS[name]
    _, params = net.init(0, (-1, *x.shape[1:]))

    wanted = [part for part, there in ((0, bool(params)), (1, x.dtype.kind == "f")) if there]

    def size(params, x):
        out = net.apply(params, x, seed) * 1.5
        return np.sum(np.sin(out)), out

    assert_jit_is_eager(value_and_grad(size, tuple(wanted), has_aux=True), params, x)
    assert_jit_is_eager(net.apply, params, x)


@pytest.mark.parametrize("name", activations.__all__)
def test_activations(name):
    activation = getattr(activations, name)
    for x in (np.linspace(-40, 40, 12).reshape(3, 4), np.linspace(-3, 3, 4).astype(np.float32)):
        assert_jit_is_eager(lambda x: (activation(x), grad(lambda x: np.sum(activation(x) ** 2))(x)), x)


P, T = RNG.normal(size=(6, 4)), RNG.random(size=(6, 4))
LOSSES = [
    (losses.mean_squared_error, P, T),
    (losses.mean_absolute_error, P, T),
    (losses.huber, P, T),
    (losses.binary_cross_entropy, P, T),
    (losses.softmax_cross_entropy, P, T / T.sum(1, keepdims=True)),
    (losses.softmax_cross_entropy_with_integer_labels, P, np.arange(6) % 4),
    (losses.hinge, P, np.where(T > 0.5, 1.0, -1.0)),
    (losses.kl_divergence, P, T),
    (lambda p, t, reduction: losses.l2({"a": p, "b": [t * p]}), P, T),
]


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("loss", "predictions", "targets"), LOSSES)
def test_losses(loss, predictions, targets, reduction):
    def both(predictions, targets):
        slope = grad(lambda p: np.sum(loss(p, targets, reduction=reduction)))
        return loss(predictions, targets, reduction=reduction), slope(predictions)

    assert_jit_is_eager(both, predictions, targets)


RATES = {
    "number": 0.1,
    "constant": schedules.constant(0.1),
    "step": schedules.step(0.1, every=2),
    "exponential": schedules.exponential(0.1, decay=0.9),
    "cosine": schedules.cosine(0.1, steps=5),
    "warm up": schedules.warm_up(0.1, steps=3),
    "one cycle": schedules.one_cycle(0.1, steps=5),
}
OPTIMIZERS = {
    "sgd": sgd(0.1),
    "momentum": sgd(0.1, momentum=0.9),
    "nesterov": sgd(0.1, momentum=0.9, nesterov=True),
    "adagrad": optimizers.adagrad(0.1),
    "rmsprop": optimizers.rmsprop(0.1, momentum=0.5),
    "adam": adam(0.1),
    "adamw": optimizers.adamw(0.1, weight_decay=0.05),
    "lion": optimizers.lion(0.1, weight_decay=0.05),
    "clipped": optimizers.chain(optimizers.clip_by_global_norm(0.1), optimizers.clip_by_value(0.05), adam(0.1)),
    "decayed": optimizers.chain(optimizers.weight_decay(0.1), sgd(0.1)),
    "frozen": optimizers.freeze(adam(0.1), "dense_0"),
    "if finite": optimizers.apply_if_finite(adam(0.1)),
    **{f"adam, {name}": adam(rate) for name, rate in RATES.items()},
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers(name, dtype):
    """Steps one by one: a compiled step from where the eager ones have come.

    Eager steps make a float of a learning rate that a schedule computes, and branch on whether a gradient is finite;
    compiled ones have a NumPy number in its place.
    """
    net = serial(dense(5), np.tanh, dense(1))
    _, params = net.init(0, (-1, 4))
    params = {layer: {key: p.astype(dtype) for key, p in own.items()} for layer, own in params.items()}
    step = make_step(net, losses.mean_squared_error, OPTIMIZERS[name], compiled=False)
    compiled = jit(step, static_argnames="seed")
    state, x, y = OPTIMIZERS[name].init(params), ROWS.astype(dtype), ROWS[:, :1].astype(dtype)
    for _ in range(4):
        expected = step(params, state, x, y, 3)
        actual = compiled(params, state, x, y, 3)
        assert_same(expected[0], actual[0], ulp=16)
        assert_same(as_numbers(expected[1:]), as_numbers(actual[1:]), ulp=16)
        params, state, _ = expected


def as_numbers(tree):
    """The tree with Python numbers for what is one."""
    return map_tree(lambda leaf: leaf if np.shape(leaf) else np.asarray(leaf, float).item(), tree)


def test_the_net_of_the_tutorial():
    x, y = nets_data.xor()
    params = two_layer.initialize(2, 4, 1, seed=0)
    assert_jit_is_eager(value_and_grad(two_layer.squared_error), params, x, y)
    assert_jit_is_eager(two_layer.descend, params, x, y, 0.1)
    assert_jit_is_eager(two_layer.gradients_by_hand, params, x, y)


# ------------------------------------------------------------------------------------------------------------ examples


def steps_agree(net, loss, optimizer, x, y, dtype=np.float64, count=2):
    _, params = net.init(0, (-1, *x.shape[1:]))
    params = map_tree(lambda p: p.astype(dtype), params)
    step = make_step(net, loss, optimizer, [accuracy], compiled=False)
    compiled, state = jit(step, static_argnames="seed"), optimizer.init(params)
    for seed in range(count):
        expected = step(params, state, x, y, seed)
        actual = compiled(params, state, x, y, seed)
        assert_same(as_numbers(expected), as_numbers(actual), ulp=64)  # sums over thousands of products
        params, state, _ = expected


@pytest.mark.parametrize(
    "net",
    [
        serial(flatten(), dense(128), relu, dropout(0.2), dense(10)),
        serial(conv2d(16), relu, conv2d(32), relu, max_pool(2), flatten(), dropout(0.3), dense(64), relu, dense(10)),
    ],
)
def test_the_nets_of_the_example_digits(net):
    images = RNG.random(size=(8, 8, 8, 1)).astype(np.float32)
    optimizer = adam(schedules.one_cycle(0.004, steps=40))
    steps_agree(net, losses.softmax_cross_entropy_with_integer_labels, optimizer, images, np.arange(8), np.float32)


def test_the_net_of_the_example_moons():
    x, y = nets_data.moons(40, noise=0.2)
    net = serial(dense(32), relu, dense(32), relu, dense(2))
    optimizer = adam(schedules.warm_up(schedules.cosine(0.01, steps=1000), steps=20))
    steps_agree(net, losses.softmax_cross_entropy_with_integer_labels, optimizer, x, y)


def test_the_net_of_the_example_symmetry():
    x, y = nets_data.xor()
    net = serial(dense(8, uniform(1.0)), np.tanh, dense(1, uniform(1.0)))
    loss = losses.binary_cross_entropy
    assert_jit_is_eager(value_and_grad(lambda p, x, y: loss(net.apply(p, x), y)), net.init(0, (-1, 2))[1], x, y)


def test_the_step_of_the_example_own_loop():
    def net(params, x):
        (w1, b1), (w2, b2) = params
        return np.tanh(x @ w1 + b1) @ w2 + b2

    def loss(params, x, y):
        return losses.mean_squared_error(net(params, x), y) + 1e-6 * losses.l2(params)

    def step(params, state, x, y):
        value, gradients = value_and_grad(loss)(params, x, y)
        updates, state = optimizer.update(gradients, state, params)
        return optimizers.apply_updates(params, updates), state, value

    params = [(RNG.normal(size=(1, 32)), RNG.normal(size=32)), (RNG.normal(size=(32, 1)) / 6, np.zeros(1))]
    optimizer = optimizers.chain(optimizers.clip_by_global_norm(1.0), adam(0.02))
    x = np.linspace(-3, 3, 50)[:, None]
    expected = step(params, optimizer.init(params), x, np.sin(2 * x))
    actual = jit(step)(params, optimizer.init(params), x, np.sin(2 * x))
    assert_same(expected, actual, ulp=16)


def test_the_functions_of_the_example_wrap_scipy():
    pytest.importorskip("scipy")
    path = Path(__file__).parents[2] / "examples" / "wrap_scipy.py"
    spec = importlib.util.spec_from_file_location("wrap_scipy", path)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    lower, b = np.tril(RNG.normal(size=(4, 4))) + 4 * np.eye(4), RNG.normal(size=4)
    expit = example.scipy.special.expit
    for fun, args in [
        (hessian(lambda x: np.sum(expit(x))), (b,)),
        (jacobian(example.solve_lower, 1), (lower, b)),
        (grad(lambda m, b: np.sum(example.solve_lower(m, b) ** 2)), (lower, b)),
    ]:
        compiled = jit(fun)
        assert_same(fun(*args), compiled(*args))
        assert_same(fun(*args), compiled(*args))
