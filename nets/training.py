"""Training: `fit` runs the whole loop, `fit_epochs` hands it to you epoch by epoch.

Everything that training knows is in the named tuple `Run`, a plain tree: ``save("run.npz", run)`` stores it, and
``fit(…, resume=load("run.npz"))`` goes on from there bit for bit, because the order of the batches and the seeds of
dropout are functions of (seed, epoch, step) and of nothing else.

>>> from nets.data import xor
>>> from nets.layers import dense, serial
>>> from nets.losses import binary_cross_entropy
>>> from nets.optimizers import adam
>>> net = serial(dense(8), np.tanh, dense(1))
>>> _, params = net.init(0, (-1, 2))
>>> run = fit(net, params, xor(), binary_cross_entropy, adam(0.1), epochs=100, batch_size=4)
>>> run.history["loss"][-1] < 0.01
True
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from autograd import errors, trees
from nets.data import batches_of_epoch, example_count
from nets.errors import DivergenceError, OptionError
from nets.evaluation import Metric, Metrics, evaluate, named_metrics, number
from nets.layers.core import Layer, calibrate
from nets.optimizers import Optimizer, learning_rate_of
from nets.options import whole_number
from nets.runs import Run, begin, in_order, restored
from nets.seeds import generator, seed_of, split
from nets.steps import make_step
from nets.stopping import EarlyStopping, as_early_stopping

__all__ = ["Run", "fit", "fit_epochs"]

CALIBRATION_EXAMPLES = 1024  # how many examples `batch_norm` measures its statistics on

Data = tuple[Any, Any]


def fit(
    net: Any,
    params: Any,
    data: Data,
    loss: Metric,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int = 32,
    validation_data: Data | None = None,
    early_stopping: EarlyStopping | int | None = None,
    metrics: Metrics = (),
    callbacks: Iterable[Callable[[Run], Any]] = (),
    seed: int = 0,
    compiled: bool = True,
    progress: bool = True,
    resume: tuple[Any, Any, Any] | None = None,
) -> Run:
    """Train ``net`` on ``data = (x, y)`` until ``epochs`` epochs are done, and return a `Run`.

    net: a layer, or a function ``net(params, x)``. loss, metrics: functions of (predictions, targets) that average over
    a batch. After each epoch every callback is called with the `Run` so far; one that returns True ends training.
    Ctrl-C ends it as well and keeps the model. ``resume`` is an earlier `Run`: training goes on from it, and ``params``
    (or None) only has to fit. The progress bar shows on a terminal only.

    The step is compiled (`autograd.jit`): net, loss and optimiser are run by Python once for every shape of batch, and
    what they read besides their arguments is read then. ``compiled=False`` has Python run them in every step: the same
    numbers to rounding, also where their code branches on values.

    Raises `CompilationError` for a net or loss that cannot be compiled, `DivergenceError` when the loss and the
    parameters leave the finite numbers, `OptionError` for options that make no sense.

    >>> from nets.losses import mean_squared_error
    >>> from nets.optimizers import sgd
    >>> x = np.linspace(-1, 1, 8)
    >>> run = fit(lambda w, x: w * x, np.zeros(()), (x, 3 * x), mean_squared_error, sgd(0.5), epochs=50)
    >>> round(float(run.params), 6), len(run.history["loss"])
    (3.0, 50)
    """
    training = _Training(
        net, params, data, loss, optimizer, batch_size, validation_data, metrics, seed, compiled, resume
    )
    if callable(callbacks):
        raise OptionError("callbacks is a list of functions of the run: callbacks=[report].")
    stopping, calls = as_early_stopping(early_stopping), tuple(callbacks)
    try:
        for run in training.epochs(epochs, stopping, progress):
            answers = [call(run) for call in calls]
            if any(isinstance(answer, (bool, np.bool_)) and answer for answer in answers):
                break
    except KeyboardInterrupt:
        pass  # the work of the steps done so far is in training.run
    return restored(training.run, stopping)


def fit_epochs(
    net: Any,
    params: Any,
    data: Data,
    loss: Metric,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int = 32,
    validation_data: Data | None = None,
    metrics: Metrics = (),
    seed: int = 0,
    compiled: bool = True,
    progress: bool = False,
    resume: tuple[Any, Any, Any] | None = None,
) -> Iterator[tuple[Run, dict[str, float]]]:
    """Yield ``(run, metrics of the epoch)`` after every epoch: `fit` as an iterator, the loop is yours.

    >>> from nets.data import xor
    >>> from nets.losses import mean_squared_error
    >>> from nets.optimizers import sgd
    >>> linear = lambda w, x: x @ w
    >>> for run, metrics in fit_epochs(linear, np.zeros((2, 1)), xor(), mean_squared_error, sgd(0.1), epochs=9):
    ...     if metrics["loss"] < 0.4:
    ...         break
    >>> len(run.history["loss"]) < 9
    True
    """
    training = _Training(
        net, params, data, loss, optimizer, batch_size, validation_data, metrics, seed, compiled, resume
    )
    for run in training.epochs(epochs, None, progress):
        yield run, {name: values[-1] for name, values in run.history.items()}


def _progress_bar(total: int, done: int, shown: bool) -> Any:
    """A bar of batches; none where the output is not a terminal (``disable=None``)."""
    from tqdm import tqdm  # takes as long to import as half of nets

    return tqdm(total=total, initial=done, unit="batch", disable=None if shown else True)


class _Training:
    """One training: what does not change, and ``run``, which is replaced whole after every step."""

    def __init__(
        self,
        net: Any,
        params: Any,
        data: Data,
        loss: Metric,
        optimizer: Optimizer,
        batch_size: int,
        validation_data: Data | None,
        metrics: Metrics,
        seed: int,
        compiled: bool,
        resume: tuple[Any, Any, Any] | None,
    ) -> None:
        self.net, self.loss, self.metrics = net, loss, named_metrics(metrics)
        self.step = make_step(net, loss, optimizer, self.metrics, compiled=compiled)
        self.data, self.batch_size = _pair("data", data), batch_size
        self.validation_data = None if validation_data is None else _pair("validation_data", validation_data)
        self.seed = seed_of(seed)
        self.examples = example_count(self.data)
        whole_number(batch_size, "batch_size")
        self.batches = -(-self.examples // batch_size)
        order = {"batch_size": batch_size, "examples": self.examples, "seed": self.seed, "metrics": [*self.metrics]}
        self.run = in_order(begin(params, optimizer, resume), self.batches, order)

    def epochs(self, epochs: int, stopping: EarlyStopping | None, progress: bool) -> Iterator[Run]:
        """Train up to ``epochs`` epochs in all, and yield the run after each."""
        whole_number(epochs, "epochs", least=0)
        total, done = epochs * self.batches, self.run.state["step"]
        with _progress_bar(total, done, progress) as bar:
            while self.run.epochs < epochs:
                if stopping is not None and stopping.is_over(self.run.state["best"], self.run.epochs):
                    return
                before = self.run
                for x, y in self._remaining_batches():
                    self._advance(x, y)
                    bar.update()
                self._finish_epoch(before, stopping)
                bar.set_postfix({name: f"{values[-1]:.4g}" for name, values in self.run.history.items()})
                yield self.run

    def _seen(self) -> int:
        """How many batches of the unfinished epoch the run has seen; all, if it was interrupted just before its end."""
        return int(self.run.state["step"]) - self.run.epochs * self.batches

    def _remaining_batches(self) -> Iterator[tuple[Any, ...]]:
        """The batches of the epoch that the run has not seen: all, unless it was interrupted within."""
        batches = batches_of_epoch(self.data, self.batch_size, self.seed, self.run.epochs)
        return itertools.islice(batches, self._seen(), None)

    def _advance(self, x: Any, y: Any) -> None:
        """One step, and then one assignment: an interrupt finds the run before or after it, never between."""
        params, state, history = self.run
        seed = split(self.seed, f"step {state['step']}")
        params, moved, measured = self.step(params, state["optimizer"], x, y, seed)
        sums = {name: state["sums"].get(name, 0.0) + number(name, value) * len(x) for name, value in measured.items()}
        self.run = Run(params, {**state, "step": state["step"] + 1, "optimizer": moved, "sums": sums}, history)

    def _finish_epoch(self, before: Run, stopping: EarlyStopping | None) -> None:
        """Measure, write the history, note the best epoch."""
        params, state, history = self.run
        found = {name: total / self.examples for name, total in state["sums"].items()}
        rate = learning_rate_of(state["optimizer"])
        self._check_finite(params, found["loss"], rate, before)
        if isinstance(self.net, Layer) and self.net.observe is not None:
            order = generator(split(self.seed, "calibration")).permutation(self.examples)
            params = calibrate(self.net, params, np.asarray(self.data[0])[order[:CALIBRATION_EXAMPLES]])
        if self.validation_data is not None:
            measured = evaluate(self.net, params, self.validation_data, self.loss, self.metrics)
            found |= {f"val_{name}": value for name, value in measured.items()}
        if rate is not None:
            found["learning_rate"] = float(rate)
        history = {name: [*history.get(name, []), value] for name, value in found.items()}
        best = state["best"] if stopping is None else stopping.note(state["best"], history, params)
        self.run = Run(params, {**state, "sums": {}, "best": best}, history)

    def _check_finite(self, params: Any, loss: float, rate: Any, before: Run) -> None:
        if np.isfinite(loss) or all(np.all(np.isfinite(leaf)) for leaf in trees.flatten(params)[0]):
            return
        fact = f"In epoch {before.epochs + 1} the loss became {loss} and the parameters are no longer finite"
        cause = _not_finite(self.data) or (
            f", at a learning rate of {rate}. Lower it, put clip_by_global_norm(1.0) first, "
            f"or wrap it in apply_if_finite."
        )
        raise DivergenceError(f"{fact}{cause} The error's .run has the last good epoch.", before)


def _not_finite(data: Data) -> str:
    """The end of a sentence about the rows of ``data`` that are not finite; "" when all are."""
    for name, values in zip(("x", "y"), data, strict=True):
        array = np.asarray(values)
        if array.dtype.kind in "fc" and not np.all(np.isfinite(array)):
            rows = np.flatnonzero(~np.all(np.isfinite(array.reshape(len(array), -1)), axis=1))
            return (
                f": the data is not, in {len(rows)} of its {len(array)} rows, the first of which is {name}[{rows[0]}]."
            )
    return ""


def _pair(name: str, data: Any) -> Data:
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        what = f"{len(data)} of them" if isinstance(data, (tuple, list)) else errors.with_article(type(data))
        raise OptionError(f"{name} is a pair of arrays, (x, y), not {what}.")
    return data[0], data[1]
