"""Evaluation: a net's loss and metrics on data, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import errors
from nets.data import minibatches
from nets.errors import OptionError
from nets.layers.core import Layer, as_layer

__all__ = ["Metric", "Metrics", "apply_of", "evaluate", "named_metrics", "number"]

Metric = Callable[[Any, Any], Any]
Metrics = Mapping[str, Metric] | Iterable[Metric]


def apply_of(net: Any) -> Callable[[Any, Any, Any], Any]:
    """Return ``apply(params, x, rng)`` of a layer, a pair, or a plain function ``net(params, x)``."""
    if isinstance(net, (Layer, tuple, list)):
        return as_layer(net).apply
    if not callable(net):
        raise OptionError(f"A net is a layer or a function net(params, x), not {errors.with_article(type(net))}.")

    def apply(params: Any, x: Any, rng: Any = None) -> Any:
        return net(params, x)

    return apply


def named_metrics(metrics: Metrics) -> dict[str, Metric]:
    """Return metrics by name: a dict as it is, functions under their own names.

    Raises `OptionError` for a name that the history uses itself, and for two of one name.

    >>> from nets.metrics import accuracy
    >>> list(named_metrics([accuracy]))
    ['accuracy']
    """
    if callable(metrics) or isinstance(metrics, str):
        raise OptionError(f"metrics is a list of functions, or a dict of them by name: [accuracy], not {metrics!r}.")
    pairs = list(
        metrics.items() if isinstance(metrics, Mapping) else [(_name_of(metric), metric) for metric in metrics]
    )
    named = dict(pairs)
    if len(named) < len(pairs):
        raise OptionError(
            f"Two metrics have one name, among {', '.join(name for name, _ in pairs)}. Give a dict of them."
        )
    for name in named:
        if name in ("loss", "learning_rate") or name.startswith("val_"):
            raise OptionError(f"The history has an entry {name!r} of its own; give the metric another name.")
    return named


def _name_of(metric: Any) -> str:
    if not callable(metric):
        raise OptionError(f"A metric is a function of predictions and targets, such as accuracy, not {metric!r}.")
    return getattr(metric, "__name__", type(metric).__name__)


def number(name: str, value: Any) -> float:
    """Return what a loss or metric has measured as a number. Raises `OptionError` when it is none."""
    if np.shape(value) != ():
        raise OptionError(f"{name} is one number for a batch, not an array of shape {np.shape(value)}. Average it.")
    return float(value)


def evaluate(
    net: Any,
    params: Any,
    data: tuple[Any, Any],
    loss: Metric,
    metrics: Metrics = (),
    *,
    batch_size: int = 1024,
) -> dict[str, float]:
    """Return the loss and the metrics of a net on ``data = (x, y)``, means over all examples, at prediction (no seed).

    ``loss(predictions, targets)`` and the metrics average over the examples of a batch.

    >>> from nets.losses import mean_squared_error
    >>> evaluate(lambda params, x: params * x, 2.0, (np.ones(5), np.ones(5)), mean_squared_error)
    {'loss': 1.0}
    """
    apply, measures = apply_of(net), {"loss": loss, **named_metrics(metrics)}
    sums = dict.fromkeys(measures, 0.0)
    for x, y in minibatches(*data, batch_size=batch_size):
        predictions = apply(params, x, None)
        for name, measure in measures.items():
            sums[name] += number(name, measure(predictions, y)) * len(x)
    count = len(data[0])
    return {name: total / count for name, total in sums.items()}
