"""Activation functions: plain functions of one array, and so layers without parameters.

``relu, sigmoid, softplus, softmax, log_softmax`` come from the engine, free of overflow; ``tanh`` is NumPy's own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy import tanh

from autograd import log_softmax, relu, sigmoid, softmax, softplus

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


def gelu(x: Any) -> Any:
    """Return x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))), near x · P(N(0, 1) < x). Hendrycks & Gimpel, 2016.

    >>> gelu(np.array([-10.0, 0.0, 10.0]))
    array([-0.,  0., 10.])
    """
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))))


def silu(x: Any) -> Any:
    """Return x · sigmoid(x), also called swish. Elfwing, Uchibe & Doya, 2017.

    >>> silu(np.array([0.0, 100.0]))
    array([  0., 100.])
    """
    return x * sigmoid(x)
