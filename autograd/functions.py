"""Activation functions as primitives: free of overflow, exact in their limits, each with a rule of its own.

``relu``, ``sigmoid``, ``softplus``, ``log_sigmoid`` act entry by entry, ``softmax``, ``log_softmax``, ``logsumexp``
along an axis.
Entries may be infinite: ``softmax([inf, 0])`` is ``[1, 0]``, and equal infinities share, as equal numbers do.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.rules import derivative
from autograd.shapes import reinsert

__all__ = ["log_sigmoid", "log_softmax", "logsumexp", "relu", "sigmoid", "softmax", "softplus"]

Axis = int | tuple[int, ...] | None


@derivative(x=lambda g, out: np.where(out > 0, g, 0))
def relu(x: Any) -> Any:
    """Return max(0, x) elementwise; its slope at 0 is 0.

    x: any shape. The output has the shape and dtype of x.

    >>> relu(np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return np.maximum(x, 0)


@derivative(x=lambda g, out: g * (out * (1 - out)))
def sigmoid(x: Any) -> Any:
    """Return 1 / (1 + exp(-x)) elementwise, without overflow: exactly 0 and 1 far out.

    x: any shape. The output has the shape and dtype of x (integers count as float64).

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    with np.errstate(over="ignore"):  # exp(1000) = inf is right here: 1 / (1 + inf) = 0
        return 1 / (1 + np.exp(-x))


@derivative(x=lambda g, x: g * sigmoid(x))
def softplus(x: Any) -> Any:
    """Return log(1 + exp(x)) elementwise, without overflow: 0 far left, x far right.

    x: any shape. The output has the shape and dtype of x (integers count as float64).

    >>> softplus(np.array([-1000.0, 0.0, 1000.0]))
    array([0.00000000e+00, 6.93147181e-01, 1.00000000e+03])
    """
    return np.logaddexp(x, 0)


@derivative(x=lambda g, x: g * sigmoid(-x))
def log_sigmoid(x: Any) -> Any:
    """Return log(sigmoid(x)) = -log(1 + exp(-x)) elementwise, without overflow: x far left, 0 far right.

    x: any shape. The output has the shape and dtype of x (integers count as float64).

    >>> log_sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.00000000e+03, -6.93147181e-01, -0.00000000e+00])
    """
    return -np.logaddexp(-x, 0)


@derivative(x=lambda g, out, axis: (g - np.sum(g * out, axis=axis, keepdims=True)) * out)
def softmax(x: Any, axis: Axis = -1) -> Any:
    """Return exp(x) / Σ exp(x), the sum along ``axis`` (an int, a tuple of ints, or None for all).

    x: any shape. The output has the shape and dtype of x; it sums to 1 along ``axis``.

    >>> softmax(np.array([1000.0, 1000.0, -np.inf]))
    array([0.5, 0.5, 0. ])
    """
    weights = np.exp(below_the_largest(x, axis))
    return weights / np.sum(weights, axis=axis, keepdims=True)


@derivative(x=lambda g, out, axis: g - np.exp(out) * np.sum(g, axis=axis, keepdims=True))
def log_softmax(x: Any, axis: Axis = -1) -> Any:
    """Return log(softmax(x)) = x - log Σ exp(x), the sum along ``axis`` (an int, a tuple of ints, or None for all).

    x: any shape. The output has the shape and dtype of x.

    >>> log_softmax(np.array([0.0, -1000.0]))
    array([    0., -1000.])
    """
    below = below_the_largest(x, axis)
    return below - np.log(np.sum(np.exp(below), axis=axis, keepdims=True))


@derivative(x=lambda g, x, axis, keepdims: reinsert(g, np.shape(x), axis, keepdims) * softmax(x, axis))
def logsumexp(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
    """Return log Σ exp(x), the sum along ``axis`` (an int, a tuple of ints, or None for all): a smooth maximum.

    x: any shape. The output has the dtype of x, and its shape without ``axis`` (length 1 there with ``keepdims``).

    >>> print(logsumexp(np.array([1000.0, 1000.0])))
    1000.6931471805599
    """
    largest = np.max(x, axis=axis, keepdims=True)
    total = np.sum(np.exp(below_the_largest(x, axis)), axis=axis, keepdims=True)
    out = np.log(total) + largest
    return out if keepdims else np.squeeze(out, axis=axis)[()]


def below_the_largest(x: Any, axis: Axis) -> Any:
    """x minus its maximum along ``axis``, so that exp cannot overflow; 0 where x is the maximum, be it infinite."""
    largest = np.max(x, axis=axis, keepdims=True)
    with np.errstate(invalid="ignore"):  # inf - inf is nan, and not used
        return np.where(np.equal(x, largest), 0, np.subtract(x, largest))
