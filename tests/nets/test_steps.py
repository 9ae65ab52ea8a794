"""The compiled step: the numbers of the one that Python runs, for every layer and optimiser, or an error that cures."""

import copy

import numpy as np
import pytest
from compiler.same import assert_identical, assert_same
from net_parts import LAYERS, OPTIMIZERS, ROWS, SYMBOLS, assert_steps_agree, initial

from autograd import AutogradError, jit, relu, trees
from nets import data, losses, optimizers, schedules
from nets.errors import CompilationError, LayerError, LossError
from nets.layers import dense, dropout, embedding, flatten, serial
from nets.optimizers import adam, sgd
from nets.seeds import uniform
from nets.steps import make_step
from nets.training import fit, fit_epochs

LOSS = losses.softmax_cross_entropy_with_integer_labels
RNG = np.random.default_rng(0)
LABELS = RNG.integers(0, 3, 8)
TWO_LAYERS = serial(dense(5), relu, dense(3))
UNCHAINED = {"Optimizer", "apply_updates", "chain", "learning_rate_of"}


def batches_of(x, dtype=np.float64, lengths=(8, 8, 8)):
    x = x if x.dtype.kind == "i" else x.astype(dtype)
    return [(x[:length], LABELS[:length]) for length in lengths]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", LAYERS)
def test_every_layer(name, dtype):
    layer, x = LAYERS[name]
    net = serial(layer, flatten(), dense(3))
    assert_steps_agree(net, initial(net, x, dtype), LOSS, adam(0.01), batches_of(x, dtype))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser(name, dtype):
    params = initial(TWO_LAYERS, ROWS, dtype)
    assert_steps_agree(TWO_LAYERS, params, LOSS, OPTIMIZERS[name], batches_of(ROWS, dtype, (8, 8, 8, 8)))


def test_no_optimiser_and_no_schedule_is_forgotten():
    assert set(optimizers.__all__) - UNCHAINED <= set(OPTIMIZERS)
    assert set(schedules.__all__) - {"Schedule", "as_schedule"} <= set(OPTIMIZERS)


@pytest.mark.parametrize("name", ["dropout", "gru", "convnet"])
def test_a_shorter_batch_in_between(name):
    layer, x = LAYERS[name]
    net = serial(layer, flatten(), dense(3))
    assert_steps_agree(net, initial(net, x), LOSS, adam(0.01), batches_of(x, lengths=(8, 5, 8)))


def test_a_function_is_a_net():
    params = [RNG.normal(size=(4, 5)), RNG.normal(size=(5, 3))]
    assert_steps_agree(lambda p, x: np.tanh(x @ p[0]) @ p[1], params, LOSS, adam(0.01), batches_of(ROWS))


def test_masks_change_from_step_to_step_and_come_back_with_their_seed():
    net = serial(dropout(0.5), dense(3))
    step, params = make_step(net, LOSS, sgd(0.0)), initial(net, ROWS)
    state = sgd(0.0).init(params)
    values = [float(step(params, state, ROWS, LABELS, seed)[2]["loss"]) for seed in (1, 2, 3, 1, 2, 3)]
    assert values[:3] == values[3:] and len(set(values)) == 3


def test_skipped_updates_are_silent_and_leave_the_state_alone():
    optimizer = optimizers.apply_if_finite(sgd(0.1, momentum=0.9))
    params = {"w": np.ones(3)}
    step = make_step(lambda p, x: p["w"] * x, losses.mean_squared_error, optimizer)
    params, state, _ = step(params, optimizer.init(params), np.ones(3), np.zeros(3), 0)
    after, skipped, _ = step(params, state, np.array([1.0, np.nan, np.inf]), np.zeros(3), 1)
    assert_identical(params, after)
    assert_identical(state["inner"], skipped["inner"])
    assert skipped["skipped"] == 1 and state["skipped"] == 0


def test_the_arrays_of_one_step_are_not_those_of_another():
    optimizer = optimizers.apply_if_finite(adam(0.1))
    step, params = make_step(TWO_LAYERS, LOSS, optimizer), initial(TWO_LAYERS, ROWS)
    first = step(params, optimizer.init(params), ROWS, LABELS, 0)
    before = copy.deepcopy(first[:2])
    second = step(*first[:2], np.full_like(ROWS, np.nan), LABELS, 0)  # skipped: it hands on what it was given
    third = step(*second[:2], ROWS, LABELS, 0)
    assert_identical(before, first[:2])
    arrays = [leaf for run in (first, second, third) for leaf in trees.flatten(run)[0] if isinstance(leaf, np.ndarray)]
    assert not any(np.shares_memory(a, b) for i, a in enumerate(arrays) for b in arrays[:i])


def test_the_source_of_a_step_runs_without_the_net():
    schedule = schedules.cosine(0.1, steps=5)
    optimizer = optimizers.chain(optimizers.clip_by_global_norm(1.0), adam(schedule))
    step, params = make_step(TWO_LAYERS, LOSS, optimizer, compiled=False), initial(TWO_LAYERS, ROWS)
    arguments = params, optimizer.init(params), ROWS, LABELS, 0
    source = jit(step).source(*arguments)
    namespace = {}
    exec(source, namespace)
    assert "# dense_1: backward of matmul" in source
    assert_same(step(*arguments), namespace["step"](*arguments, lambda_=schedule), ulp=16)


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
    params = {"W": RNG.normal(size=(4, 3))} if callable(net) else initial(net, ROWS)
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
        fit(net, initial(net, ROWS), (ROWS, LABELS[:, None]), LOSS, adam(), epochs=1)
    assert caught.value.__context__ is None


def test_a_branch_of_the_loss_is_named_as_well():
    def loss(predictions, targets):
        value = LOSS(predictions, targets)
        return value if value < 1e9 else 2 * value

    with pytest.raises(CompilationError, match=r"in loss .*compiled=False"):
        fit(TWO_LAYERS, initial(TWO_LAYERS, ROWS), (ROWS, LABELS), loss, adam(), epochs=1)


def test_noise_from_the_seed_is_compiled():
    noise = (
        lambda rng, shape: (shape, {}),
        lambda params, x, rng=None: x if rng is None else x + uniform(rng, x.shape),
    )
    net = serial(noise, dense(3))
    assert_steps_agree(net, initial(net, ROWS), LOSS, adam(0.01), batches_of(ROWS))


def test_errors_of_the_net_are_its_own():
    params = initial(TWO_LAYERS, ROWS)
    with pytest.raises(LayerError, match=r"serial\[0\] dense\(5\): expects last axis 4, got \(8, 3\)"):
        fit(TWO_LAYERS, params, (ROWS[:, :3], LABELS), LOSS, adam(), epochs=1)
    with pytest.raises(LossError, match=r"Use targets\[:, None\], or predictions\[:, 0\]"):
        net = serial(dense(1))
        fit(net, initial(net, ROWS), (ROWS, ROWS[:, 0]), losses.mean_squared_error, adam(), epochs=1)


def test_what_is_wrong_in_a_later_batch_is_found_in_the_compiled_step():
    net, x, y = serial(embedding(5, 3), flatten(), dense(3)), np.tile(SYMBOLS, (4, 1)), np.tile(LABELS, 4)
    last = data.batches_of_epoch((np.arange(len(x)),), 8, 0, 0)
    *_, (rows,) = last
    for wrong in (-1, 5):
        symbols = x.copy()
        symbols[rows[0], 0] = wrong
        with pytest.raises(LayerError, match=rf"serial\[0\] embedding\(5, 3\): has symbols 0 … 4, got .*{wrong}"):
            fit(net, initial(net, x), (symbols, y), LOSS, adam(), epochs=1, batch_size=8)
        labels = y.copy()
        labels[rows[0]] = wrong
        with pytest.raises(LossError, match=r"Labels of 3 classes lie in 0 … 2"):
            fit(net, initial(net, x), (x, labels), LOSS, adam(), epochs=1, batch_size=8)


def test_a_converged_net_is_no_false_alarm():
    x = RNG.normal(size=(16, 4)) * 1e8
    params = np.linalg.lstsq(x, x @ np.ones(4), rcond=None)[0]
    run = fit(lambda p, x: x @ p, params, (x, x @ np.ones(4)), losses.mean_squared_error, sgd(0.0), epochs=2)
    np.testing.assert_allclose(run.params, np.ones(4))


def test_numbers_lists_and_integers_are_data():
    run = fit(lambda p, x: p * x, 1.0, ([1, 2, 3], [2.0, 4.0, 6.0]), losses.mean_squared_error, sgd(0.05), epochs=60)
    assert float(run.params) == pytest.approx(2.0)
