"""What training has come to: a `Run`, a plain tree that can be saved, and from which training goes on."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd import errors, trees
from nets.errors import OptionError
from nets.optimizers.core import Optimizer, as_optimizer
from nets.stopping import EarlyStopping

__all__ = ["Run", "begin", "in_order", "restored"]


class Run(NamedTuple):
    """What training has come to.

    ``params``: the parameters. ``state``: what is needed to go on (optimiser, step, order of the batches, sums of an
    unfinished epoch, the best epoch). ``history``: lists with one entry per epoch: ``loss``, the metrics, ``val_…``,
    ``learning_rate``.

    >>> Run({"W": np.ones((2, 3))}, {}, {"loss": [0.5, 0.25], "accuracy": [0.9, 0.987654]})
    Run(epochs=2, loss=0.25, accuracy=0.9877)
    """

    params: Any
    state: dict[str, Any]
    history: dict[str, list[float]]

    @property
    def epochs(self) -> int:
        """How many epochs are finished."""
        return len(self.history.get("loss", ()))

    def __repr__(self) -> str:
        """The last entry of each history: the arrays themselves would fill pages."""
        last = [f", {name}={values[-1]:.4g}" for name, values in self.history.items() if values]
        return f"Run(epochs={self.epochs}{''.join(last)})"


def begin(params: Any, optimizer: Optimizer, resume: Any) -> Run:
    """Return a new run, or ``resume`` to go on with, after early stopping from its last parameters.

    Raises `OptionError` for what is no run, and for a run of another net or another optimiser.
    """
    optimizer = as_optimizer(optimizer)
    if resume is None:
        state = {"step": 0, "optimizer": optimizer.init(params), "sums": {}, "best": None, "last_params": None}
        return Run(params, state, {})
    if not (isinstance(resume, tuple) and len(resume) == 3 and isinstance(resume[1], dict)):
        raise OptionError(
            f"resume is a Run, as fit returns it or load(path) reads it, not {errors.with_article(type(resume))}."
        )
    reached, state, history = resume
    last = state["last_params"]
    run = Run(reached if last is None else last, {**state, "last_params": None}, history)
    if params is not None:
        _check_shapes("params", run.params, params)
    _check_shapes("optimizer", run.state["optimizer"], optimizer.init(run.params))
    return run


def in_order(run: Run, batches: int, order: dict[str, Any]) -> Run:
    """Return ``run`` with the ``order`` of its batches (of ``batches`` in an epoch): the options that it depends on.

    Raises `OptionError` for a run with an unfinished epoch that was begun in another order: some examples would be seen
    twice in it, and others never.
    """
    seen, unfinished = run.state["step"] - run.epochs * batches, bool(run.state["sums"])
    if not 0 <= seen <= batches or unfinished != (seen > 0):
        raise OptionError(
            f"The run to resume made {run.state['step']} steps in {run.epochs} epochs, but here an epoch has "
            f"{batches} batches. Use the batch_size and the data that it was made with."
        )
    begun = run.state.get("order", order)
    others = [name for name in order if begun[name] != order[name]]
    if unfinished and others:
        then, now = (", ".join(f"{name}={side[name]!r}" for name in others) for side in (begun, order))
        raise OptionError(
            f"The run to resume was interrupted after {seen} of {batches} batches of an epoch with {then}; with {now} "
            f"the rest of it would be another. Use the options and the data that it was made with."
        )
    return Run(run.params, {**run.state, "order": order}, run.history)


def restored(run: Run, stopping: EarlyStopping | None) -> Run:
    """Go back to the best parameters; those of the last step stay in the state, for resuming."""
    best = run.state["best"]
    if stopping is None or not stopping.restore_best_weights or best is None:
        return run
    return Run(best["params"], {**run.state, "last_params": run.params}, run.history)


def _check_shapes(what: str, found: Any, expected: Any) -> None:
    """Raise `OptionError` that names the first path at which two trees differ."""
    here, there = (
        {path: np.shape(leaf) for path, leaf in trees.leaves_with_paths(tree, what)} for tree in (found, expected)
    )
    for path in [*here, *there]:
        if here.get(path) != there.get(path):
            a, b = (f"has {path} of shape {side[path]}" if path in side else f"has no {path}" for side in (here, there))
            raise OptionError(f"The run to resume is of another net or optimiser: it {a}, and this one {b}.")
