"""Exponentials, logarithms and hyperbolic functions."""

import math
from typing import Any

import numpy as np

from autograd.functions import sigmoid
from autograd.rules import derivative

LOG_2, LOG_10 = math.log(2), math.log(10)

# fmt: off

# -------------------------------------------------------------------------------------------------------- exponentials

derivative(np.exp,   x=lambda g, out: g * out)
derivative(np.exp2,  x=lambda g, out: g * (out * LOG_2))
derivative(np.expm1, x=lambda g, x: g * np.exp(x))  # out + 1 would cancel far left

# ---------------------------------------------------------------------------------------------------------- logarithms

derivative(np.log,   x=lambda g, x: g / x)
derivative(np.log2,  x=lambda g, x: g / (x * LOG_2))
derivative(np.log10, x=lambda g, x: g / (x * LOG_10))
derivative(np.log1p, x=lambda g, x: g / (1 + x))

# ---------------------------------------------------------------------------------------------- logarithms of sums

derivative(np.logaddexp,  x=lambda g, x, y: g * sigmoid(lead(x, y)),
                          y=lambda g, x, y: g * sigmoid(lead(y, x)))
derivative(np.logaddexp2, x=lambda g, x, y: g * sigmoid(lead(x, y) * LOG_2),
                          y=lambda g, x, y: g * sigmoid(lead(y, x) * LOG_2))

# ------------------------------------------------------------------------------------------------ hyperbolic functions

derivative(np.sinh, x=lambda g, x: g * np.cosh(x))
derivative(np.cosh, x=lambda g, x: g * np.sinh(x))
derivative(np.tanh, x=lambda g, out: g * (1 - out * out))

derivative(np.arcsinh, x=lambda g, x: g / root_of_square_plus_1(x))
derivative(np.arccosh, x=lambda g, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)))
derivative(np.arctanh, x=lambda g, x: g / ((1 - x) * (1 + x)))

# fmt: on

# ---------------------------------------------------------------------------------------------------------- long rules


def lead(x: Any, y: Any) -> Any:
    """x - y, and 0 where both are the same infinity: log(e^x + e^y) has slope 1 / (1 + e^(y-x)) in x, 1/2 at a tie."""
    tied = np.logical_and(np.isinf(x), np.equal(x, y))
    return np.where(tied, 0, x) - np.where(tied, 0, y)


def root_of_square_plus_1(x: Any) -> Any:
    """√(x² + 1); ``hypot`` keeps x² of a real x from overflowing, in float16 beyond 255."""
    return np.sqrt(x * x + 1) if np.iscomplexobj(x) else np.hypot(x, 1)
