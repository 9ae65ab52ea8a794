"""What the functions of this library are in plain NumPy, for source that does not import it.

`EXPRESSIONS` fit in a line; `{x}` is the operand. `DEFINITIONS` are written once, at the top of the source.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.derivatives.indexing import index_add, index_update, scatter
from autograd.derivatives.linalg import cofactors
from autograd.derivatives.special import sinc_slope
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
    np.add.at(out, index, np.broadcast_to(value, out[index].shape))
    return out
""",
    sinc_slope: """
def sinc_slope(x, order):
    near = np.absolute(x) < 1
    far, close = np.where(near, 1, x), np.where(near, x, 0)
    slope = np.sinc(far)
    for n in range(1, order + 1):
        slope = (np.pi ** (n - 1) * np.sin(np.pi * far + n * np.pi / 2) - n * slope) / far
    series = 0 * close
    for k in reversed(range((order + 1) // 2, (order + 1) // 2 + 16)):
        factorial = float(np.prod(np.arange(1.0, 2 * k - order + 1)))
        series = series * close * close + (-1) ** k * np.pi ** (2 * k) / ((2 * k + 1) * factorial)
    return np.where(near, series * close if order % 2 else series, slope)
""",
    cofactors: """
def cofactors(a):
    determinant = np.linalg.det(a)
    if np.all(determinant != 0):
        return determinant[..., None, None] * np.swapaxes(np.linalg.inv(a), -1, -2)
    u, s, vh = np.linalg.svd(a)
    others = np.where(np.eye(s.shape[-1], dtype=bool), 1, s[..., None, :])
    weight = np.linalg.det(u) * np.linalg.det(vh)
    products = np.prod(others, axis=-1, dtype=s.dtype)[..., None, :]
    return weight[..., None, None] * np.matmul(np.conjugate(u) * products, np.conjugate(vh))
""",
}
