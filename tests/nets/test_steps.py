"""The compiled step: the numbers of the one that Python runs, for every layer and optimiser, or an error that cures."""

import copy

import numpy as np
import pytest

from autograd import AutogradError, jit, relu, trees
from nets import activations, data, losses, optimizers, schedules
from nets.errors import CompilationError, LayerError, LossError
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
from nets.metrics import accuracy
from nets.optimizers import adam, sgd
from nets.seeds import uniform
from nets.steps import make_step
from nets.training import fit, fit_epochs

LOSS = losses.softmax_cross_entropy_with_integer_labels
RNG = np.random.default_rng(0)
ROWS, SEQUENCES, IMAGES = (RNG.normal(size=shape) for shape in [(8, 4), (8, 5, 4), (8, 6, 6, 2)])
SYMBOLS, LABELS = RNG.integers(0, 5, (8, 4)), RNG.integers(0, 3, 8)
TWO_LAYERS = serial(dense(5), relu, dense(3))

ELEMENTWISE = [getattr(activations, name) for name in activations.__all__]
NETS = {
    "dense": (TWO_LAYERS, ROWS),
    "dropout": (serial(dense(9), dropout(0.5), relu, dropout(0.2), dense(3)), ROWS),
    "batch_norm": (serial(dense(5), batch_norm(), relu, dense(3)), ROWS),
    "layer_norm": (serial(dense(5), layer_norm(), relu, dense(3)), ROWS),
    "rnn": (serial(rnn(4, last=True), dense(3)), SEQUENCES),
    "gru": (serial(gru(4), flatten(), dense(3)), SEQUENCES),
    "lstm": (serial(lstm(4), lstm(3, last=True), dense(3)), SEQUENCES),
    "embedding": (serial(embedding(5, 3), flatten(), dense(3)), SYMBOLS),
    "conv2d, max_pool": (serial(conv2d(3), relu, max_pool(2), flatten(), dense(3)), IMAGES),
    "strides": (serial(conv2d(3, stride=2, padding="valid"), avg_pool(2), flatten(), dense(3)), IMAGES),
    "overlapping": (serial(max_pool(3, stride=1), avg_pool(2, stride=1), flatten(), dense(3)), IMAGES),
    "sum": (serial(fan_out(2), parallel(dense(3), serial(dropout(0.3), dense(3))), fan_in_sum()), ROWS),
    "concat": (serial(fan_out(2), parallel(dense(3), relu), fan_in_concat(), residual(dense(7)), dense(3)), ROWS),
    "activations": (serial(dense(5), *ELEMENTWISE, dense(3)), ROWS),
    "a function": (lambda params, x: np.tanh(x @ params[0]) @ params[1], ROWS),
}
OPTIMIZERS = {
    "sgd": sgd(0.1),
    "momentum": sgd(0.1, momentum=0.9),
    "nesterov": sgd(0.1, momentum=0.9, nesterov=True),
    "adagrad": optimizers.adagrad(0.1),
    "rmsprop": optimizers.rmsprop(0.1),
    "rmsprop with momentum": optimizers.rmsprop(0.1, momentum=0.5),
    "adam": adam(0.1),
    "adamw": optimizers.adamw(0.1),
    "lion": optimizers.lion(0.1, weight_decay=0.1),
    "step": adam(schedules.step(0.1, every=2)),
    "exponential": sgd(schedules.exponential(0.1, decay=0.9)),
    "cosine": adam(schedules.cosine(0.1, steps=5)),
    "warm_up": adam(schedules.warm_up(schedules.cosine(0.1, steps=5), steps=2)),
    "one_cycle": sgd(schedules.one_cycle(0.1, steps=8)),
    "a schedule with a branch": adam(lambda count: 0.1 if count < 2 else 0.01),
    "clip_by_value": optimizers.chain(optimizers.clip_by_value(0.01), sgd(0.1)),
    "clip_by_global_norm": optimizers.chain(optimizers.clip_by_global_norm(0.01), sgd(0.1)),
    "weight_decay": optimizers.chain(optimizers.weight_decay(0.1), adam(0.1)),
    "apply_if_finite": optimizers.apply_if_finite(adam(schedules.cosine(0.1, steps=5))),
    "freeze": optimizers.freeze(optimizers.adamw(0.1), "dense_0"),
}
UNCHAINED = {"Optimizer", "apply_updates", "chain", "learning_rate_of"}


def start(net, x, dtype=np.float64):
    if not hasattr(net, "init"):
        params = [RNG.normal(size=(4, 5)), RNG.normal(size=(5, 3))]
    else:
        params = net.init(0, (-1, *x.shape[1:]))[1]
    return trees.map_tree(lambda p: p.astype(dtype), params)


def assert_same(found, expected, rtol):
    """Two trees of the same structure, types and dtypes, and close numbers."""
    for (path, a), (other, b) in zip(*map(trees.leaves_with_paths, (found, expected)), strict=True):
        assert path == other and type(a) is type(b) and getattr(a, "dtype", None) == getattr(b, "dtype", None), path
        np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol, err_msg=path)


def assert_steps_agree(net, x, optimizer, dtype=np.float64):
    params = start(net, x, dtype)
    x = x if x.dtype.kind == "i" else x.astype(dtype)
    steps = [make_step(net, LOSS, optimizer, [accuracy], compiled=compiled) for compiled in (True, False)]
    runs = [(params, optimizer.init(params))] * 2
    for i, rows in enumerate([8, 8, 8, 5, 8]):  # and a shorter batch
        found, expected = [step(*run, x[:rows], LABELS[:rows], 7 + i) for step, run in zip(steps, runs, strict=True)]
        assert_same(found, expected, 1e-10 if dtype == np.float64 else 1e-4)
        runs = [found[:2], expected[:2]]
    assert not np.array_equal(trees.flatten(params)[0][-1], trees.flatten(runs[0][0])[0][-1])


@pytest.mark.parametrize("name", NETS)
def test_every_layer(name):
    assert_steps_agree(*NETS[name], adam(0.01))


@pytest.mark.parametrize("name", ["dense", "dropout", "gru", "conv2d, max_pool"])
def test_layers_in_float32(name):
    assert_steps_agree(*NETS[name], adam(0.01), np.float32)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser(name):
    assert_steps_agree(TWO_LAYERS, ROWS, OPTIMIZERS[name])
    assert_steps_agree(TWO_LAYERS, ROWS, OPTIMIZERS[name], np.float32)


def test_no_optimiser_and_no_schedule_is_forgotten():
    assert set(optimizers.__all__) - UNCHAINED <= set(OPTIMIZERS)
    assert set(schedules.__all__) - {"Schedule", "as_schedule", "constant"} <= set(OPTIMIZERS)


@pytest.mark.parametrize(
    "loss", [getattr(losses, name) for name in losses.__all__ if name not in ("l2", LOSS.__name__)]
)
def test_every_loss(loss):
    targets = activations.softmax(RNG.normal(size=(8, 3)))
    net, optimizer = serial(TWO_LAYERS, activations.log_softmax), adam(0.05)
    params = start(net, ROWS)
    runs = [
        fit(net, params, (ROWS, targets), loss, optimizer, epochs=3, batch_size=3, compiled=c) for c in (True, False)
    ]
    assert_same(*runs, 1e-9)


def test_masks_change_from_step_to_step_and_come_back_with_their_seed():
    net = serial(dropout(0.5), dense(3))
    step, params = make_step(net, LOSS, sgd(0.0)), start(net, ROWS)
    state = sgd(0.0).init(params)
    values = [float(step(params, state, ROWS, LABELS, seed)[2]["loss"]) for seed in (1, 2, 3, 1, 2, 3)]
    assert values[:3] == values[3:] and len(set(values)) == 3


def test_skipped_updates_are_silent_and_leave_the_state_alone():
    optimizer = optimizers.apply_if_finite(sgd(0.1, momentum=0.9))
    params = {"w": np.ones(3)}
    step = make_step(lambda p, x: p["w"] * x, losses.mean_squared_error, optimizer)
    params, state, _ = step(params, optimizer.init(params), np.ones(3), np.zeros(3), 0)
    after, skipped, _ = step(params, state, np.array([1.0, np.nan, np.inf]), np.zeros(3), 1)
    assert_same(after, params, 0)
    assert_same(skipped["inner"], state["inner"], 0)
    assert skipped["skipped"] == 1 and state["skipped"] == 0


def test_the_arrays_of_one_step_are_not_those_of_another():
    optimizer = optimizers.apply_if_finite(adam(0.1))
    step, params = make_step(TWO_LAYERS, LOSS, optimizer), start(TWO_LAYERS, ROWS)
    first = step(params, optimizer.init(params), ROWS, LABELS, 0)
    before = copy.deepcopy(first[:2])
    second = step(*first[:2], np.full_like(ROWS, np.nan), LABELS, 0)  # skipped: it hands on what it was given
    third = step(*second[:2], ROWS, LABELS, 0)
    assert_same(first[:2], before, 0)
    arrays = [leaf for run in (first, second, third) for leaf in trees.flatten(run)[0] if isinstance(leaf, np.ndarray)]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i])


def test_the_source_of_a_step_runs_without_the_net():
    schedule = schedules.cosine(0.1, steps=5)
    optimizer = optimizers.chain(optimizers.clip_by_global_norm(1.0), adam(schedule))
    step, params = make_step(TWO_LAYERS, LOSS, optimizer, compiled=False), start(TWO_LAYERS, ROWS)
    arguments = params, optimizer.init(params), ROWS, LABELS, 0
    source = jit(step).source(*arguments)
    namespace = {}
    exec(source, namespace)
    assert "# dense_1: backward of matmul" in source
    assert_same(namespace["step"](*arguments, lambda_=schedule), step(*arguments), 1e-12)


# --------------------------------------------------------------------------------------------- what cannot be compiled


def branching(params, x):
    y = x @ params["W"]
    return y if np.sum(y) > 0 else 2 * y


def reading(params, x):
    return x @ params["W"] * float(np.max(x))


def converting(params, x):
    return np.asarray(x) @ params["W"]


def noisy(params, x):
    return (x + np.random.default_rng().normal(size=x.shape)) @ params["W"]


SEEDED = (lambda rng, shape: (shape, {}), lambda params, x, rng: x + np.random.default_rng(rng).normal(size=x.shape))


@pytest.mark.parametrize("net", [branching, reading, converting, noisy, serial(SEEDED, dense(3))])
def test_the_error_names_the_cure_and_the_cure_helps(net):
    params = {"W": RNG.normal(size=(4, 3))} if callable(net) else start(net, ROWS)
    with pytest.raises(CompilationError, match="compiled=False") as caught:
        fit(net, params, (ROWS, LABELS), LOSS, adam(0.01), epochs=1)
    assert isinstance(caught.value, AutogradError)
    with pytest.raises(CompilationError):
        next(fit_epochs(net, params, (ROWS, LABELS), LOSS, adam(0.01), epochs=1))
    run = fit(net, params, (ROWS, LABELS), LOSS, adam(0.01), epochs=2, compiled=False)
    assert len(run.history["loss"]) == 2 and np.all(np.isfinite(run.history["loss"]))


def test_the_error_of_a_branch_names_its_line():
    with pytest.raises(CompilationError, match=r"bool\(\) at .*test_steps\.py:\d+ in branching"):
        fit(branching, {"W": np.ones((4, 3))}, (ROWS, LABELS), LOSS, adam(), epochs=1)


def test_a_mistake_that_is_not_about_compiling_is_the_only_error_to_see():
    net = serial(dense(3))
    with pytest.raises(LossError) as caught:
        fit(net, start(net, ROWS), (ROWS, LABELS[:, None]), LOSS, adam(), epochs=1)
    assert caught.value.__context__ is None


def test_a_branch_of_the_loss_is_named_as_well():
    def loss(predictions, targets):
        value = LOSS(predictions, targets)
        return value if value < 1e9 else 2 * value

    with pytest.raises(CompilationError, match=r"in loss .*compiled=False"):
        fit(TWO_LAYERS, start(TWO_LAYERS, ROWS), (ROWS, LABELS), loss, adam(), epochs=1)


def test_noise_from_the_seed_is_compiled():
    noise = (
        lambda rng, shape: (shape, {}),
        lambda params, x, rng=None: x if rng is None else x + uniform(rng, x.shape),
    )
    assert_steps_agree(serial(noise, dense(3)), ROWS, adam(0.01))


def test_errors_of_the_net_are_its_own():
    params = start(TWO_LAYERS, ROWS)
    with pytest.raises(LayerError, match=r"serial\[0\] dense\(5\): expects last axis 4, got \(8, 3\)"):
        fit(TWO_LAYERS, params, (ROWS[:, :3], LABELS), LOSS, adam(), epochs=1)
    with pytest.raises(LossError, match=r"Use targets\[:, None\], or predictions\[:, 0\]"):
        net = serial(dense(1))
        fit(net, start(net, ROWS), (ROWS, ROWS[:, 0]), losses.mean_squared_error, adam(), epochs=1)


def test_what_is_wrong_in_a_later_batch_is_found_in_the_compiled_step():
    net, x, y = serial(embedding(5, 3), flatten(), dense(3)), np.tile(SYMBOLS, (4, 1)), np.tile(LABELS, 4)
    last = data.batches_of_epoch((np.arange(len(x)),), 8, 0, 0)
    *_, (rows,) = last
    for wrong in (-1, 5):
        symbols = x.copy()
        symbols[rows[0], 0] = wrong
        with pytest.raises(LayerError, match=rf"serial\[0\] embedding\(5, 3\): has symbols 0 … 4, got .*{wrong}"):
            fit(net, start(net, x), (symbols, y), LOSS, adam(), epochs=1, batch_size=8)
        labels = y.copy()
        labels[rows[0]] = wrong
        with pytest.raises(LossError, match=r"Labels of 3 classes lie in 0 … 2"):
            fit(net, start(net, x), (x, labels), LOSS, adam(), epochs=1, batch_size=8)


def test_a_converged_net_is_no_false_alarm():
    x = RNG.normal(size=(16, 4)) * 1e8
    params = np.linalg.lstsq(x, x @ np.ones(4), rcond=None)[0]
    run = fit(lambda p, x: x @ p, params, (x, x @ np.ones(4)), losses.mean_squared_error, sgd(0.0), epochs=2)
    np.testing.assert_allclose(run.params, np.ones(4))


def test_numbers_lists_and_integers_are_data():
    run = fit(lambda p, x: p * x, 1.0, ([1, 2, 3], [2.0, 4.0, 6.0]), losses.mean_squared_error, sgd(0.05), epochs=60)
    assert float(run.params) == pytest.approx(2.0)
