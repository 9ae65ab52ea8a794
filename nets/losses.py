"""Losses: how far predictions are from targets, one number that `grad` can follow.

Predictions come first, targets second. ``reduction`` is ``"mean"`` (over the examples, or over all entries where each
entry has a loss of its own), ``"sum"`` or ``"none"``. Shapes must be equal: NumPy would broadcast (N,) against (N, 1)
to (N, N) without a word, and the net would learn nonsense, so that is refused.

The losses of logits are primitives with their own rules. They stay right where the formula of the textbook breaks:
at ±1000 it does not overflow, and at ±inf loss, gradient and Hessian are the limits (0, not nan, where the
prediction is right).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import derivative, errors, log_softmax, sigmoid, softmax, trees
from nets.errors import LossError, OptionError

__all__ = [
    "binary_cross_entropy",
    "hinge",
    "huber",
    "kl_divergence",
    "l2",
    "mean_absolute_error",
    "mean_squared_error",
    "softmax_cross_entropy",
    "softmax_cross_entropy_with_integer_labels",
]

# ----------------------------------------------------------------------------------------------------- of real numbers


def mean_squared_error(predictions: Any, targets: Any, reduction: str = "mean") -> Any:
    """Return the mean of (p - t)² over all entries. Raises `LossError` when the shapes differ.

    >>> float(mean_squared_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])))
    2.0
    """
    predictions, targets = _alike("mean_squared_error", predictions, targets)
    return _reduce(np.square(predictions - targets), reduction)


def mean_absolute_error(predictions: Any, targets: Any, reduction: str = "mean") -> Any:
    """Return the mean of |p - t| over all entries; slope 0 where they are equal. Raises `LossError` when shapes differ.

    >>> float(mean_absolute_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])))
    1.0
    """
    predictions, targets = _alike("mean_absolute_error", predictions, targets)
    return _reduce(np.absolute(predictions - targets), reduction)


def huber(predictions: Any, targets: Any, delta: float = 1.0, reduction: str = "mean") -> Any:
    """Return the mean of ½ e² where |e| ≤ δ, else δ (|e| - ½ δ), with e = p - t. Huber, 1964.

    Raises `LossError` when the shapes differ, `OptionError` unless δ > 0.

    >>> float(huber(np.array([0.5, 3.0]), np.array([0.0, 0.0]), reduction="sum"))
    2.625
    """
    predictions, targets = _alike("huber", predictions, targets)
    if not delta > 0:
        raise OptionError(f"delta is where the parabola becomes a line, more than 0, not {delta!r}.")
    return _reduce(huber_losses(predictions - targets, delta), reduction)


@derivative(error=lambda g, error, delta: g * np.clip(error, -delta, delta))
def huber_losses(error: Any, delta: float) -> Any:
    """½ e² where |e| ≤ δ, else δ (|e| - ½ δ). Its name, like those of the losses below, is shown in drawings."""
    distance = np.absolute(error)
    inner = np.minimum(distance, delta)
    return inner * (distance - 0.5 * inner)


# ----------------------------------------------------------------------------------------------------------- of logits


def binary_cross_entropy(logits: Any, targets: Any, reduction: str = "mean") -> Any:
    """Return the mean of -t log σ(z) - (1 - t) log(1 - σ(z)) over all entries; targets t in [0, 1].

    ``logits`` z are the numbers *before* the sigmoid σ. Raises `LossError` when the shapes differ.

    >>> binary_cross_entropy(np.array([-np.inf, 0.0, 1000.0]), np.array([0.0, 1.0, 0.0]), "none")
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    logits, targets = _alike("binary_cross_entropy", logits, targets)
    return _reduce(logistic_losses(logits, targets), reduction)


@derivative(logits=lambda g, logits, targets: g * (sigmoid(logits) - targets), targets=lambda g, logits: g * -logits)
def logistic_losses(logits: Any, targets: Any) -> Any:
    """log(1 + exp(-|z|)), and |z| times the share of the target that lies on the other side of 0."""
    size = np.absolute(logits)
    wrong = np.where(np.less(logits, 0), targets, 1 - targets)
    return np.log1p(np.exp(-size)) + _product(wrong, size)


def softmax_cross_entropy(logits: Any, targets: Any, reduction: str = "mean") -> Any:
    """Return the mean of -Σ t log softmax(z) over the examples; targets t are one-hot, or probabilities.

    logits, targets: (…, classes); the loss of one example is a sum along the last axis. ``logits`` z are the numbers
    *before* the softmax. For integer labels there is `softmax_cross_entropy_with_integer_labels`.
    Raises `LossError` when the shapes differ.

    >>> softmax_cross_entropy(np.array([[0.0, 0.0], [1000.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]), "none")
    array([6.93147181e-01, 1.00000000e+03])
    """
    logits, targets = (_numbers("softmax_cross_entropy", x) for x in (logits, targets))
    if np.ndim(targets) == np.ndim(logits) - 1:
        raise LossError(
            f"softmax_cross_entropy compares with one row of probabilities per example: logits {np.shape(logits)}, "
            f"targets {np.shape(targets)}. For labels, use softmax_cross_entropy_with_integer_labels."
        )
    logits, targets = _alike("softmax_cross_entropy", logits, targets)
    return _reduce(cross_entropies(logits, targets), reduction)


def softmax_cross_entropy_with_integer_labels(logits: Any, labels: Any, reduction: str = "mean") -> Any:
    """Return the mean of -log softmax(z)[label] over the examples.

    logits: (…, classes), labels: (…) of integers from 0 to classes - 1. Raises `LossError` for other shapes, for labels
    that are not integers, and for labels out of range.

    >>> float(softmax_cross_entropy_with_integer_labels(np.array([[1000.0, 0.0]]), np.array([1])))
    1000.0
    """
    logits, labels = (_numbers("softmax_cross_entropy_with_integer_labels", x) for x in (logits, labels))
    shape, of_labels = np.shape(logits), np.shape(labels)
    if of_labels != shape[:-1] or not shape:
        cure = "labels[:, 0]" if of_labels[:-1] == shape[:-1] and of_labels[-1:] == (1,) else "one label per example"
        cure = "softmax_cross_entropy, for one-hot targets" if of_labels == shape else cure
        raise LossError(
            f"softmax_cross_entropy_with_integer_labels needs logits (…, classes) and labels (…), got {shape} and "
            f"{of_labels}. Use {cure}."
        )
    if labels.dtype.kind not in "iu":
        raise LossError(f"Labels are integers, got {labels.dtype}; use labels.astype(int).")
    return _reduce(negative_log_likelihoods(logits, labels), reduction)


@derivative(
    logits=lambda g, logits, targets: (
        np.expand_dims(g, -1) * (softmax(logits) * np.sum(targets, axis=-1, keepdims=True) - targets)
    ),
    targets=lambda g, logits: np.expand_dims(-g, -1) * log_softmax(logits),
)
def cross_entropies(logits: Any, targets: Any) -> Any:
    """-Σ t log softmax(z) of each example."""
    return 0 - np.sum(_product(targets, log_softmax(logits)), axis=-1)  # 0, not -0, where it is right


def _product(weight: Any, size: Any) -> Any:
    """weight · size with 0 · inf = 0, the limit of p log q for an event that does not happen."""
    out = np.zeros(np.shape(weight), np.result_type(weight, size))
    return np.multiply(weight, size, out=out, where=np.not_equal(weight, 0))


@derivative(
    logits=lambda g, logits, labels: np.expand_dims(g, -1) * (softmax(logits) - _one_hot(labels, logits)), labels=None
)
def negative_log_likelihoods(logits: Any, labels: Any) -> Any:
    """-log softmax(z)[label] of each example."""
    places = np.expand_dims(_checked(labels, np.shape(logits)[-1]), -1)
    return 0 - np.take_along_axis(log_softmax(logits), places, axis=-1)[..., 0]


@derivative(labels=None, logits=None)
def _one_hot(labels: Any, logits: Any) -> Any:
    """A row for each label, like the logits."""
    return np.equal(np.expand_dims(labels, -1), np.arange(logits.shape[-1])).astype(logits.dtype)


def _checked(labels: Any, classes: int) -> Any:
    """The labels, all in range: a negative one would count from the end."""
    labels = np.asarray(labels)
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise LossError(
            f"Labels of {classes} classes lie in 0 … {classes - 1}, got {labels.min()} … {labels.max()}. "
            f"Count them from 0, or give the net more outputs."
        )
    return labels


# ------------------------------------------------------------------------------------------------------- of other kinds


def hinge(predictions: Any, targets: Any, reduction: str = "mean") -> Any:
    """Return the mean of max(0, 1 - t p) over all entries; targets t are -1 or 1. Cortes & Vapnik, 1995.

    >>> float(hinge(np.array([0.5, 2.0]), np.array([1.0, 1.0]), "sum"))
    0.5
    """
    predictions, targets = _alike("hinge", predictions, targets)
    return _reduce(np.maximum(0, 1 - targets * predictions), reduction)


def kl_divergence(log_predictions: Any, targets: Any, reduction: str = "mean") -> Any:
    """Return the mean of Σ t (log t - log p) over the examples, the sum along the last axis.

    ``log_predictions`` are logarithms of probabilities (`log_softmax` gives them), ``targets`` probabilities t; entries
    with t = 0 count as 0. Kullback & Leibler, 1951. Raises `LossError` when the shapes differ.

    >>> float(kl_divergence(np.log(np.array([[0.5, 0.5]])), np.array([[0.5, 0.5]])))
    0.0
    """
    log_predictions, targets = _alike("kl_divergence", log_predictions, targets)
    happens = np.greater(targets, 0)
    logarithm = np.log(np.where(happens, targets, 1)) - np.where(happens, log_predictions, 0)
    return _reduce(np.sum(targets * logarithm, axis=-1), reduction)


def l2(params: Any) -> Any:
    """Return Σ θ² over all entries of a tree: a penalty to add to a loss, ``loss + 1e-4 * l2(params)``.

    >>> float(l2({"W": np.array([1.0, 2.0]), "b": np.array([3.0])}))
    14.0
    """
    total: Any = 0.0
    for leaf in trees.flatten(params)[0]:
        total = total + np.sum(np.square(leaf))
    return total


# ------------------------------------------------------------------------------------------------------------ in common


def _reduce(losses: Any, reduction: str) -> Any:
    if not np.size(losses):
        raise LossError(f"There is nothing to compare: no examples, losses of shape {np.shape(losses)}.")
    if reduction == "mean":
        return np.mean(losses)
    if reduction == "sum":
        return np.sum(losses)
    if reduction == "none":
        return losses
    raise OptionError(f"reduction is 'mean', 'sum' or 'none', not {reduction!r}.")


def _alike(loss: str, predictions: Any, targets: Any) -> tuple[Any, Any]:
    """Both as arrays of numbers, of one shape."""
    predictions, targets = (_numbers(loss, x) for x in (predictions, targets))
    p, t = np.shape(predictions), np.shape(targets)
    if p == t:
        return predictions, targets
    cure = "Give both one shape."
    if p == (*t, 1):
        cure = "Use targets[:, None], or predictions[:, 0]." if len(t) == 1 else "Use predictions[..., 0]."
    elif t == (*p, 1):
        cure = "Use targets[:, 0]." if len(p) == 1 else "Use targets[..., 0]."
    raise LossError(f"{loss} compares entry by entry: predictions {p}, targets {t}. {cure}")


def _numbers(loss: str, x: Any) -> Any:
    x = x if hasattr(x, "dtype") else np.asarray(x)
    if x.dtype.kind not in "biuf":
        raise LossError(
            f"{loss} compares numbers, not {errors.with_article(type(x))} of {x.dtype}, shape {np.shape(x)}."
        )
    return x
