"""Activation functions: plain functions of one array, and so layers without parameters.

``relu, sigmoid, softplus, softmax, log_softmax`` come from the engine, free of overflow; ``tanh`` is NumPy's own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy import tanh

from autograd import derivative, log_softmax, relu, sigmoid, softmax, softplus

__all__ = [
    "elu",
    "gelu",
    "leaky_relu",
    "log_softmax",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "tanh",
]


def leaky_relu(x: Any, slope: float = 0.01) -> Any:
    """Return x where x > 0, slope · x elsewhere. Maas, Hannun & Ng, 2013.

    >>> leaky_relu(np.array([-1.0, 2.0]))
    array([-0.01,  2.  ])
    """
    return np.where(x > 0, x, slope * x)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """Return x where x > 0, alpha · (eˣ - 1) elsewhere. Clevert, Unterthiner & Hochreiter, 2015.

    >>> elu(np.array([-np.inf, 0.0, 2.0]))
    array([-1.,  0.,  2.])
    """
    below = np.where(x > 0, 0, x)  # keeps exp away from where it is not used, and could overflow
    return np.where(x > 0, x, alpha * np.expm1(below))


#: From here on σ, and the tanh of gelu, are at their limits in every precision. So -∞ · 0 is computed as -FAR · 0.
FAR = 800
FAR_OF_GELU = 30
GELU_SCALE, GELU_CUBE = math.sqrt(2 / math.pi), 0.044715


@derivative(x=lambda g, x: g * _gelu_slope(x))
def gelu(x: Any) -> Any:
    """Return x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), near x · P(N(0, 1) < x). Hendrycks & Gimpel, 2016.

    >>> gelu(np.array([-np.inf, 0.0, 10.0]))
    array([-0.,  0., 10.])
    """
    return 0.5 * np.maximum(x, -FAR_OF_GELU) * (1 + _gelu_tanh(np.clip(x, -FAR_OF_GELU, FAR_OF_GELU)))


def _gelu_tanh(x: Any) -> Any:
    return np.tanh(GELU_SCALE * (x + GELU_CUBE * (x * x * x)))


def _gelu_slope(x: Any) -> Any:
    x = np.clip(x, -FAR_OF_GELU, FAR_OF_GELU)
    t = _gelu_tanh(x)
    return 0.5 * (1 + t) + 0.5 * GELU_SCALE * (x + 3 * GELU_CUBE * (x * x * x)) * (1 - t * t)


@derivative(x=lambda g, x: g * _silu_slope(x))
def silu(x: Any) -> Any:
    """Return x · sigmoid(x), also called swish. Elfwing, Uchibe & Doya, 2017.

    >>> silu(np.array([-np.inf, 0.0, 100.0]))
    array([ -0.,   0., 100.])
    """
    return np.maximum(x, -FAR) * sigmoid(x)


def _silu_slope(x: Any) -> Any:
    s = sigmoid(x)
    return s * (1 + np.clip(x, -FAR, FAR) * (1 - s))
