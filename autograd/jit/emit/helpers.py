"""What the functions of this library are in plain NumPy, for source that does not import it.

`EXPRESSIONS` fit in a line; `{x}` is the operand. `DEFINITIONS` are written once, at the top of the source.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.derivatives.indexing import index_add, index_update, scatter
from autograd.functions import log_sigmoid, log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd.transforms.gradient import unit
from autograd.transforms.stop import stopped

__all__ = ["DEFINITIONS", "EXPRESSIONS"]

EXPRESSIONS: dict[Callable[..., Any], str] = {
    relu: "np.maximum({x}, 0)",
    softplus: "np.logaddexp({x}, 0)",
    log_sigmoid: "-np.logaddexp(-{x}, 0)",
    stopped: "{x}",
    unit: "np.ones_like({x})[()]",
}

DEFINITIONS: dict[Callable[..., Any], str] = {
    sigmoid: """
def sigmoid(x):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))
""",
    softmax: """
def softmax(x, axis=-1):
    largest = np.max(x, axis=axis, keepdims=True)
    with np.errstate(invalid="ignore"):
        weights = np.exp(np.where(np.equal(x, largest), 0, np.subtract(x, largest)))
    return weights / np.sum(weights, axis=axis, keepdims=True)
""",
    log_softmax: """
def log_softmax(x, axis=-1):
    largest = np.max(x, axis=axis, keepdims=True)
    with np.errstate(invalid="ignore"):
        below = np.where(np.equal(x, largest), 0, np.subtract(x, largest))
    return below - np.log(np.sum(np.exp(below), axis=axis, keepdims=True))
""",
    logsumexp: """
def logsumexp(x, axis=None, keepdims=False):
    largest = np.max(x, axis=axis, keepdims=True)
    with np.errstate(invalid="ignore"):
        below = np.where(np.equal(x, largest), 0, np.subtract(x, largest))
    out = np.log(np.sum(np.exp(below), axis=axis, keepdims=True)) + largest
    return out if keepdims else np.squeeze(out, axis=axis)[()]
""",
    scatter: """
def scatter(x, index, shape):
    out = np.zeros(shape, np.result_type(x))
    np.add.at(out, index, x)
    return out
""",
    index_update: """
def index_update(x, index, value):
    out = np.array(x)
    out[index] = value
    return out
""",
    index_add: """
def index_add(x, index, value):
    out = np.array(x)
    np.add.at(out, index, value)
    return out
""",
}
