"""Compiled nets are eager nets: every layer, activation and loss, and the net of every example."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager, assert_same
from net_parts import APPLIED, LAYERS, assert_steps_agree, initial

from autograd import grad, hessian, jacobian, jit, value_and_grad
from nets import (
    activations,
    adam,
    conv2d,
    dense,
    dropout,
    flatten,
    losses,
    max_pool,
    optimizers,
    relu,
    schedules,
    serial,
    two_layer,
)
from nets import data as nets_data
from nets.initializers import uniform

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(("name", "seed"), APPLIED)
def test_layers(name, seed):
    net, x = LAYERS[name]
    params = initial(net, x)
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
TARGETS = {
    "mean_squared_error": T,
    "mean_absolute_error": T,
    "huber": T,
    "binary_cross_entropy": T,
    "softmax_cross_entropy": T / T.sum(1, keepdims=True),
    "softmax_cross_entropy_with_integer_labels": np.arange(6) % 4,
    "hinge": np.where(T > 0.5, 1.0, -1.0),
    "kl_divergence": T,
}


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("name", TARGETS)
def test_losses(name, reduction):
    def both(predictions, targets):
        def loss(predictions):
            return getattr(losses, name)(predictions, targets, reduction=reduction)

        return loss(predictions), grad(lambda p: np.sum(loss(p)))(predictions)

    assert_jit_is_eager(both, P, TARGETS[name])


def test_the_penalty():
    assert_jit_is_eager(value_and_grad(lambda p: losses.l2({"a": p, "b": [T * p]})), P)


def test_no_loss_is_forgotten():
    assert set(losses.__all__) == {*TARGETS, "l2"}


def test_the_net_of_the_tutorial():
    x, y = nets_data.xor()
    params = two_layer.initialize(2, 4, 1, seed=0)
    assert_jit_is_eager(value_and_grad(two_layer.squared_error), params, x, y)
    assert_jit_is_eager(two_layer.descend, params, x, y, 0.1)
    assert_jit_is_eager(two_layer.gradients_by_hand, params, x, y)


# ------------------------------------------------------------------------------------------------------------ examples

LOSS = losses.softmax_cross_entropy_with_integer_labels


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
    params, batches = initial(net, images, np.float32), [(images, np.arange(8))] * 2
    assert_steps_agree(net, params, LOSS, optimizer, batches, ulp=64)  # sums over thousands of products


def test_the_net_of_the_example_moons():
    x, y = nets_data.moons(40, noise=0.2)
    net = serial(dense(32), relu, dense(32), relu, dense(2))
    optimizer = adam(schedules.warm_up(schedules.cosine(0.01, steps=1000), steps=20))
    assert_steps_agree(net, initial(net, x), LOSS, optimizer, [(x, y)] * 2, ulp=64)


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
