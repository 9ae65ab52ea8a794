"""Training: the loop against one written by hand, history, early stopping, Ctrl-C, resuming, reproducibility."""

import signal

import numpy as np
import pytest
from compiler.same import assert_identical

from autograd import AutogradError, grad, relu, trees
from nets import data, losses
from nets.checkpoint import load, save
from nets.errors import DivergenceError, OptionError
from nets.evaluation import evaluate
from nets.layers import batch_norm, dense, dropout, serial
from nets.metrics import accuracy
from nets.optimizers import adam, apply_if_finite, apply_updates, chain, clip_by_global_norm, sgd
from nets.runs import Run
from nets.schedules import exponential
from nets.stopping import EarlyStopping
from nets.training import fit, fit_epochs

NAN, INF = np.nan, np.inf
X, Y = data.moons(50, seed=1)
NET = serial(dense(8), relu, dense(2))
PARAMS = NET.init(0, (-1, 2))[1]
LOSS = losses.softmax_cross_entropy_with_integer_labels


def train(epochs=4, net=NET, params=PARAMS, optimizer=None, **options):
    options = {"batch_size": 16, "progress": False, **options}
    return fit(net, params, (X, Y), LOSS, optimizer or adam(0.05), epochs=epochs, **options)


def test_fit_is_the_loop_that_one_would_write():
    run = train(epochs=3, seed=5, compiled=False)
    optimizer, params, history = adam(0.05), PARAMS, []
    state = optimizer.init(params)
    for epoch in range(3):
        total = 0.0
        for x, y in data.batches_of_epoch((X, Y), 16, 5, epoch):
            total += LOSS(NET.apply(params, x), y) * len(x)
            updates, state = optimizer.update(grad(lambda p, x=x, y=y: LOSS(NET.apply(p, x), y))(params), state, params)
            params = apply_updates(params, updates)
        history.append(float(total / 50))
    assert_identical(run.params, params)
    assert run.history["loss"] == pytest.approx(history, rel=1e-14)
    compiled = train(epochs=3, seed=5)
    assert compiled.history["loss"] == pytest.approx(history, rel=1e-12)
    for (_, found), (_, expected) in zip(*map(trees.leaves_with_paths, (compiled.params, params)), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_it_learns_and_keeps_the_given_params():
    before = trees.map_tree(np.copy, PARAMS)
    run = train(epochs=60, metrics=[accuracy], validation_data=data.moons(100, seed=2))
    assert isinstance(run, Run) and run.history["accuracy"][-1] > 0.9 and run.history["val_accuracy"][-1] > 0.85
    assert run.history["loss"][-1] < 0.3 * run.history["loss"][0]
    assert_identical(PARAMS, before)
    assert {len(values) for values in run.history.values()} == {60}


def test_the_history_has_validation_and_the_learning_rate_used():
    optimizer = chain(clip_by_global_norm(1.0), adam(exponential(0.1, decay=0.9)))
    run = train(epochs=2, optimizer=optimizer, validation_data=(X, Y), metrics={"right": accuracy})
    assert list(run.history) == ["loss", "right", "val_loss", "val_right", "learning_rate"]
    np.testing.assert_allclose(run.history["learning_rate"], [0.1 * 0.9**3, 0.1 * 0.9**7])  # 4 batches an epoch
    assert run.history["val_loss"][-1] == evaluate(NET, run.params, (X, Y), LOSS)["loss"]


def test_the_last_short_batch_counts_by_its_size():
    loss = losses.mean_squared_error
    x, y = np.arange(5.0), np.zeros(5)
    run = fit(lambda p, x: p * x, 1.0, (x, y), loss, sgd(0.0), epochs=1, batch_size=2, progress=False)
    assert run.history["loss"] == pytest.approx([np.mean(x**2)])
    assert evaluate(lambda p, x: p * x, 1.0, (x, y), loss, batch_size=2)["loss"] == pytest.approx(np.mean(x**2))


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    net = serial(dense(8), relu, dropout(0.3), dense(2))
    params = net.init(0, (-1, 2))[1]
    first, second, other = (train(net=net, params=params, seed=seed) for seed in (0, 0, 1))
    assert_identical(first, second)
    assert not np.array_equal(first.params["dense_0"]["W"], other.params["dense_0"]["W"])


def test_plain_functions_are_nets():
    def net(params, x):
        (w1, b1), (w2, b2) = params
        return relu(x @ w1 + b1) @ w2 + b2

    rng = np.random.default_rng(0)
    params = [(rng.normal(size=(2, 8)), np.zeros(8)), (rng.normal(size=(8, 2)), np.zeros(2))]
    assert train(epochs=40, net=net, params=params).history["loss"][-1] < 0.4


@pytest.mark.parametrize(("stop_at", "compiled"), [(1, True), (3, True), (2, False)])
def test_resuming_is_bit_for_bit(stop_at, compiled, tmp_path):
    net = serial(dense(8), batch_norm(), relu, dropout(0.2), dense(2))
    params = net.init(0, (-1, 2))[1]
    options = {"net": net, "params": params, "validation_data": (X, Y), "early_stopping": 50, "compiled": compiled}
    optimizer = chain(clip_by_global_norm(1.0), apply_if_finite(adam(exponential(0.1, decay=0.9))))
    whole = train(epochs=5, optimizer=optimizer, **options)
    save(tmp_path / "run.npz", train(epochs=stop_at, optimizer=optimizer, **options))
    assert_identical(train(epochs=5, optimizer=optimizer, resume=load(tmp_path / "run.npz"), **options), whole)


def interrupted(at):
    """The accuracy, during whose ``at``-th measurement the user presses Ctrl-C."""
    calls = iter(range(1, 1000))

    def right(predictions, targets):
        if next(calls) == at:
            raise KeyboardInterrupt
        return accuracy(predictions, targets)

    return {"right": right}


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("at", [1, 3, 7])
def test_an_interrupt_keeps_the_model_and_resumes_within_the_epoch(at, compiled):
    options = {"epochs": 3, "compiled": compiled}
    part = train(metrics=interrupted(at), **options)
    assert part.state["step"] == at - 1
    options["metrics"] = {"right": accuracy}
    assert_identical(train(resume=part, **options), train(**options))


def test_early_stopping_restores_the_best():
    # A validation set with wrong labels: the better the net, the worse.
    run = train(epochs=50, validation_data=(X, 1 - Y), early_stopping=EarlyStopping(patience=3))
    values = run.history["val_loss"]
    best = int(np.argmin(values))
    assert len(values) == best + 1 + 3 < 50
    assert evaluate(NET, run.params, (X, 1 - Y), LOSS)["loss"] == values[best]
    last = train(
        epochs=50, validation_data=(X, 1 - Y), early_stopping=EarlyStopping(patience=3, restore_best_weights=False)
    )
    assert evaluate(NET, last.params, (X, 1 - Y), LOSS)["loss"] == values[-1]
    assert_identical(run.state["last_params"], last.params)


def test_early_stopping_can_watch_for_the_largest():
    stopping = EarlyStopping(monitor="val_accuracy", mode="max", patience=2)
    run = train(epochs=30, validation_data=(X, Y), metrics=[accuracy], early_stopping=stopping)
    assert evaluate(NET, run.params, (X, Y), LOSS, [accuracy])["accuracy"] == max(run.history["val_accuracy"])


@pytest.mark.parametrize("mode", ["min", "max"])
@pytest.mark.parametrize(
    ("values", "best"), [([NAN, 2.0, NAN], 2), ([2.0, NAN, NAN], 1), ([NAN, NAN, NAN], 1), ([NAN, INF, -INF], None)]
)
def test_early_stopping_prefers_any_number_to_nan(mode, values, best):
    stopping, record = EarlyStopping("loss", mode=mode), None
    for epoch in range(1, 1 + len(values)):
        record = stopping.note(record, {"loss": values[:epoch]}, params=epoch)
    best = best or (3 if mode == "min" else 2)
    assert record["params"] == record["epoch"] == best
    assert record["value"] == pytest.approx(values[best - 1], nan_ok=True)


@pytest.mark.parametrize("kind", [bool, np.bool_])
def test_callbacks_see_each_epoch_and_may_stop(kind):
    seen = []
    see, stop = lambda run: seen.append(len(run.history["loss"])), lambda run: kind(len(seen) == 3)
    run = train(epochs=10, callbacks=[see, stop])
    assert seen == [1, 2, 3] and len(run.history["loss"]) == 3


@pytest.mark.parametrize("answer", [1, 0.5, "stop", None, np.ones(2), np.False_])
def test_only_true_stops(answer):
    assert train(epochs=2, callbacks=[lambda run: answer]).epochs == 2


def test_the_iterator_leaves_the_loop_to_you():
    options = {"batch_size": 16, "validation_data": (X, Y)}
    for run, metrics in fit_epochs(  # noqa: B007 (used after the loop)
        NET, PARAMS, (X, Y), LOSS, adam(0.05), epochs=100, **options
    ):
        if metrics["val_loss"] < 0.4:
            break
    assert metrics["loss"] == run.history["loss"][-1] and 1 < len(run.history["loss"]) < 100
    assert_identical(run, train(epochs=len(run.history["loss"]), validation_data=(X, Y)))


def test_batch_norm_predicts_with_measured_statistics():
    net = serial(dense(8), batch_norm(), relu, dense(2))
    run = train(epochs=40, net=net, params=net.init(0, (-1, 2))[1], metrics=[accuracy], validation_data=(X, Y))
    measured = run.params["batch_norm_0"]
    np.testing.assert_allclose(measured["mean"], (X @ run.params["dense_0"]["W"] + run.params["dense_0"]["b"]).mean(0))
    assert run.history["val_accuracy"][-1] > 0.85


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_divergence_is_an_error_that_keeps_the_last_good_run():
    def net(params, x):
        return params["w"] * x

    x, y = np.ones(8), np.zeros(8)
    options = {"epochs": 500, "batch_size": 8, "progress": False}
    with pytest.raises(DivergenceError, match=r"learning rate of 30\.0") as caught:
        fit(net, {"w": np.array(1.0)}, (x, y), losses.mean_squared_error, sgd(30.0), **options)
    assert np.isfinite(caught.value.run.params["w"])
    assert isinstance(caught.value, AutogradError)


def test_skipped_updates_are_no_divergence():
    x = np.array([1.0, np.nan])
    run = fit(
        lambda p, x: p * x, 1.0, (x, np.zeros(2)), losses.mean_squared_error, apply_if_finite(sgd(0.1)),
        epochs=2, batch_size=1, progress=False,
    )  # fmt: skip
    assert run.state["optimizer"]["skipped"] == 2 and np.isfinite(run.params)


WRONG = {
    "watches 'val_loss', but the history has loss, learning_rate": {"early_stopping": 3},
    "early_stopping is a number of epochs": {"early_stopping": "soon"},
    "batch_size is a whole number of at least 1, not 0": {"batch_size": 0},
    "batch_size is a whole number of at least 1, not 2.5": {"batch_size": 2.5},
    "epochs is a whole number of at least 0, not -1": {"epochs": -1},
    "epochs is a whole number of at least 0, not 2.5": {"epochs": 2.5},
    "'loss' of its own": {"metrics": {"loss": accuracy}},
    "metrics is a list of functions": {"metrics": accuracy},
    "A metric is a function .* not 'accuracy'": {"metrics": ["accuracy"]},
    "Two metrics have one name, among <lambda>, <lambda>": {"metrics": [lambda p, t: 1.0, lambda p, t: 2.0]},
    r"raw is one number for a batch, not an array of shape \(16, 2\)": {"metrics": {"raw": lambda p, t: p}},
    "callbacks is a list": {"callbacks": print},
    r"validation_data is a pair of arrays, \(x, y\), not 1 of them": {"validation_data": (X,)},
    "An optimiser is what .* not adam, which makes one": {"optimizer": adam},
    "resume is a Run": {"resume": PARAMS},
    "whole number or a NumPy Generator, not 'a'": {"seed": "a"},
}


@pytest.mark.parametrize("message", WRONG)
def test_options_that_make_no_sense(message):
    with pytest.raises(OptionError, match=message):
        train(**WRONG[message])


def test_data_that_makes_no_sense():
    with pytest.raises(OptionError, match=r"no examples.*\(0, 2\)"):
        fit(NET, PARAMS, (X[:0], Y[:0]), LOSS, adam(), epochs=1)
    with pytest.raises(OptionError, match="number of examples"):
        fit(NET, PARAMS, (X, Y[:-1]), LOSS, adam(), epochs=1)
    with pytest.raises(OptionError, match=r"data is a pair of arrays, .* not an ndarray"):
        fit(NET, PARAMS, X, LOSS, adam(), epochs=1)
    with pytest.raises(OptionError, match=r"A loss is a function .* not 'mse'"):
        fit(NET, PARAMS, (X, Y), "mse", adam(), epochs=1)


def test_a_run_resumes_with_what_it_was_made_with():
    run = train(epochs=2)
    with pytest.raises(OptionError, match=r"2 epochs, but here an epoch has 8 batches"):
        train(resume=run, batch_size=7)
    with pytest.raises(OptionError, match="Use the batch_size"):  # its steps would lie within the next epoch
        train(epochs=9, resume=train(epochs=2, batch_size=2), batch_size=3)
    with pytest.raises(OptionError, match=r"has optimizer\['m'\]\['dense_0'\]\['W'\] of shape \(2, 8\), and this one"):
        train(resume=run, optimizer=sgd(0.1, momentum=0.9))
    other = serial(dense(3), relu, dense(2))
    with pytest.raises(OptionError, match=r"params\['dense_0'\]\['W'\] of shape \(2, 8\), .* of shape \(2, 3\)"):
        train(net=other, params=other.init(0, (-1, 2))[1], resume=run)
    assert_identical(train(epochs=3, params=None, resume=run), train(epochs=3))
    assert_identical(train(epochs=1, resume=run), run)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 17}, "batch_size=16; with batch_size=17"),  # as many batches
        ({"batch_size": 14}, "batch_size=16; with batch_size=14"),
        ({"batch_size": 7}, "batch_size=16; with batch_size=7"),
        ({"batch_size": 50}, "here an epoch has 1 batches"),
        ({"seed": 1}, "seed=0; with seed=1"),
        ({"seed": 1, "batch_size": 17}, "batch_size=16, seed=0; with batch_size=17, seed=1"),
        ({"metrics": {"left": accuracy}}, r"metrics=\['right'\]; with metrics=\['left'\]"),
    ],
)
def test_an_unfinished_epoch_goes_on_in_its_own_order(options, message, tmp_path):
    part = train(metrics=interrupted(4))
    save(tmp_path / "run.npz", part)
    options = {"metrics": {"right": accuracy}, **options}
    for run in (part, load(tmp_path / "run.npz")):
        with pytest.raises(OptionError, match=rf"{message}.*that it was made with"):
            train(resume=run, **options)


def test_the_examples_of_an_unfinished_epoch_are_counted():
    part = train(metrics=interrupted(4))
    with pytest.raises(OptionError, match="examples=50; with examples=49"):
        fit(
            NET,
            None,
            (X[1:], Y[1:]),
            LOSS,
            adam(0.05),
            epochs=3,
            batch_size=16,
            metrics={"right": accuracy},
            resume=part,
        )


def test_a_new_epoch_may_have_another_order():
    run = train(epochs=2)
    assert train(epochs=3, resume=run, seed=1, metrics=[accuracy]).epochs == 3
    old = run._replace(state={name: part for name, part in run.state.items() if name != "order"})
    assert_identical(train(epochs=3, resume=old), train(epochs=3))  # a run that was saved before orders were noted


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers to press Ctrl-C with")
@pytest.mark.parametrize("after", [0.05, 0.1, 0.15])
def test_an_interrupt_at_any_moment(after):
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, after)
    try:
        part = train(epochs=10**6, validation_data=(X, Y))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    epochs = part.epochs + 1
    resumed, whole = (train(epochs=epochs, validation_data=(X, Y), resume=run) for run in (part, None))
    assert_identical(resumed, whole)


def test_an_interrupt_while_the_epoch_is_measured():
    options = {"validation_data": (X, Y), "epochs": 3}
    part = train(metrics=interrupted(5), **options)  # the fifth measurement is of the validation
    assert part.state["step"] == 4 and part.epochs == 0
    options["metrics"] = {"right": accuracy}
    assert_identical(train(resume=part, **options), train(**options))


def test_no_bar_where_there_is_no_terminal(capsys):
    train(epochs=1, progress=True)
    assert capsys.readouterr().err == ""


def test_data_that_is_not_finite_is_named_rather_than_the_learning_rate():
    x = X.copy()
    x[7, 1] = np.nan
    with pytest.raises(DivergenceError, match=r"the data is not, in 1 of its 50 rows, the first of which is x\[7\]"):
        fit(NET, PARAMS, (x, Y), LOSS, adam(0.05), epochs=1, progress=False)
