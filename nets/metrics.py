"""Metrics: numbers to watch during training, ``metric(predictions, targets) -> float``. They need no derivative."""

from __future__ import annotations

from typing import Any

import numpy as np

from nets.errors import LossError

__all__ = ["accuracy", "binary_accuracy"]


def accuracy(logits: Any, targets: Any) -> Any:
    """Return the share of examples whose largest logit is the target: a label (…), or one-hot (…, classes).

    Raises `LossError` when the shapes do not fit.

    >>> float(accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0])))
    0.5
    """
    labels = np.argmax(targets, axis=-1) if np.shape(targets) == np.shape(logits) else targets
    if np.shape(labels) != np.shape(logits)[:-1] or np.shape(logits)[-1] == 1:  # the largest of one says nothing
        raise LossError(
            f"accuracy compares logits (…, classes) with labels (…) or one-hot rows: logits {np.shape(logits)}, "
            f"targets {np.shape(targets)}. For one output per example use binary_accuracy."
        )
    return np.mean(np.equal(np.argmax(logits, axis=-1), labels))


def binary_accuracy(predictions: Any, targets: Any, threshold: float = 0.0) -> Any:
    """Return the share of entries on the right side of ``threshold``: 0.0 for logits, 0.5 for probabilities.

    Logits, the numbers before the sigmoid, are what `binary_cross_entropy` takes.
    Raises `LossError` when the shapes differ.

    >>> float(binary_accuracy(np.array([-1.2, 0.3]), np.array([0.0, 0.0])))
    0.5
    """
    if np.shape(predictions) != np.shape(targets):
        raise LossError(
            f"binary_accuracy compares entry by entry: predictions {np.shape(predictions)}, targets "
            f"{np.shape(targets)}. Give both one shape."
        )
    return np.mean(np.equal(np.greater(predictions, threshold), np.greater(targets, 0.5)))
