"""The training step: one update on one batch, a pure function, run by Python or compiled.

    step(params, state, x, y, seed) -> (params, state, {"loss": …, metrics})

A compiled step is traced once for every shape of batch, and from then on it is plain NumPy without the net's Python.
So what it does must follow from its arguments; what does not is found here, and refused instead of repeated for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import jit, value_and_grad
from nets.errors import CompilationError, OptionError
from nets.evaluation import Metric, Metrics, apply_of, named_metrics
from nets.optimizers.core import Optimizer, apply_updates, as_optimizer

__all__ = ["make_step"]

Objective = Callable[..., tuple[Any, Any]]


def make_step(
    net: Any, loss: Metric, optimizer: Optimizer, metrics: Metrics = (), *, compiled: bool = True
) -> Callable[..., Any]:
    """Return the pure ``step(params, state, x, y, seed) -> (params, state, {"loss": …})``: one update on one batch.

    ``state`` is the optimiser's. The measured numbers belong to the parameters before the update. ``compiled=False``
    leaves the step to Python, line by line: the same numbers to rounding, for nets that cannot be compiled.

    Raises `CompilationError` when it is called, for a net or loss that branches on values or draws random numbers of
    its own. The metrics are never compiled.

    >>> from nets.losses import mean_squared_error
    >>> from nets.optimizers import sgd
    >>> step = make_step(lambda w, x: w * x, mean_squared_error, sgd(0.5))
    >>> w, state, measured = step(np.zeros(()), sgd(0.5).init(np.zeros(())), np.ones(1), np.ones(1), 0)
    >>> float(w), float(measured["loss"])
    (1.0, 1.0)
    """
    apply, measures, optimizer = apply_of(net), named_metrics(metrics), as_optimizer(optimizer)
    if not callable(loss):
        raise OptionError(f"A loss is a function of predictions and targets, such as mean_squared_error, not {loss!r}.")

    def objective(params: Any, x: Any, y: Any, seed: Any) -> tuple[Any, Any]:
        predictions = apply(params, x, seed)
        return loss(predictions, y), predictions

    gradient = value_and_grad(objective, has_aux=True)

    def update(params: Any, state: Any, x: Any, y: Any, seed: Any) -> tuple[Any, Any, Any, Any]:
        (value, predictions), grads = gradient(params, x, y, seed)
        updates, state = optimizer.update(grads, state, params)
        return apply_updates(params, updates), state, value, predictions if measures else None

    run = _compiled(update, objective) if compiled else update

    def step(params: Any, state: Any, x: Any, y: Any, seed: Any) -> tuple[Any, Any, dict[str, Any]]:
        params, state, value, predictions = run(params, state, x, y, seed)
        measured = {name: measure(predictions, y) for name, measure in measures.items()}
        return params, state, {"loss": value, **measured}

    return step


def _compiled(update: Callable[..., Any], objective: Objective) -> Callable[..., Any]:
    """The compiled update; its first result is compared with what Python finds."""
    fast, compared = jit(update), False

    def run(params: Any, state: Any, x: Any, y: Any, seed: Any) -> Any:
        nonlocal compared
        refusal: Exception | None = None
        try:
            result = fast(params, state, x, y, seed)
        except Exception as error:
            refusal = error
        if refusal is not None:
            update(params, state, x, y, seed)  # where Python fails as well, its own error is the one to see, alone
            raise CompilationError(
                f"The training step cannot be compiled: {refusal} Or pass compiled=False."
            ) from refusal
        if not compared:
            _compare(result[2], objective, (params, x, y, seed))
            compared = True
        return result

    return run


def _compare(value: Any, objective: Objective, arguments: tuple[Any, ...]) -> None:
    """Refuse a loss that is no function of its arguments: compiled, its first random numbers would be its last."""
    first = objective(*arguments)[0]
    if _agree(value, first):
        return
    second = objective(*arguments)[0]
    if not _agree(first, second):
        raise CompilationError(
            f"The loss was {first} and then {second} for the same parameters, batch and seed. Compiled, the random "
            f"numbers of the first call would come back in every step. Draw them from the seed (dropout does, "
            f"nets.seeds.uniform(rng, shape) gives more), or pass compiled=False."
        )


def _agree(a: Any, b: Any) -> bool:
    """Whether two losses are equal to half of their digits."""
    a, b = np.asarray(a), np.asarray(b)
    return bool(np.isclose(a, b, rtol=float(np.finfo(b.dtype).eps) ** 0.5, atol=0.0, equal_nan=True))
