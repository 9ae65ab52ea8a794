"""Powers and roots."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.rules import derivative

# fmt: off

# ------------------------------------------------------------------------------------------------------------- powers

derivative(np.square,      x=lambda g, x: g * (2 * x))
derivative(np.power,       x=lambda g, x, y: g * power_slope(x, y),
                           y=lambda g, out, x, y: g * out * log_of_base(x, y))
derivative(np.float_power, x=lambda g, x, y: g * power_slope(x, y, np.float_power),
                           y=lambda g, out, x, y: g * out * log_of_base(x, y))

# -------------------------------------------------------------------------------------------------------------- roots

derivative(np.sqrt, x=lambda g, out: g / (2 * out))
derivative(np.cbrt, x=lambda g, out: g / (3 * out * out))

# fmt: on

# ---------------------------------------------------------------------------------------------------------- long rules


def power_slope(x: Any, y: Any, power: Callable[[Any, Any], Any] = np.power) -> Any:
    """∂(x^y)/∂x = y · x^(y-1), and 0 everywhere for y = 0, also at x = 0 where x^(-1) is infinite."""
    if type(y) in (int, float):
        return 2 * x if y == 2 else y * power(x, y - 1) if y != 0 else 0 * power(x, 0)
    origin = np.logical_and(np.equal(x, 0), np.equal(y, 0))
    return y * power(x, np.where(origin, 0, y - 1.0))  # 1.0: an unsigned y - 1 would wrap around


def log_of_base(x: Any, y: Any) -> Any:
    """log x, and 0 at x = 0 for y >= 0: there x^y does not change with y, as 0^y is 0 for every y > 0."""
    settled = np.logical_and(np.equal(x, 0), np.greater_equal(y, 0))
    return np.log(np.where(settled, 1, x))
