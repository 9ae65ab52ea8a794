"""Elementwise functions: arithmetic, powers, exponentials, hyperbolic functions, choices, steps.

A rule gives g · ∂out/∂operand entry by entry. The sweep undoes the broadcasting.

Kinks: at a tie between two differentiated operands each gets half; against a constant the tie belongs to the constant.
So ``np.maximum(0, x)`` has slope 0 at 0, as in the hand-written ``relu_back``. ``abs`` has slope 0 at 0.
"""

from typing import Any

import numpy as np

from autograd.rules import constant, derivative, linear

# ------------------------------------------------------------------------------------------------- arithmetic

linear(np.negative, x=lambda g: -g)
linear(np.positive, x=lambda g: g)
linear(np.add,      x=lambda g: g,          y=lambda g: g)
linear(np.subtract, x=lambda g: g,          y=lambda g: -g)
derivative(np.multiply, x=lambda g, y: g * y, y=lambda g, x: g * x)
derivative(np.divide,   x=lambda g, y: g / y, y=lambda g, out, y: -g * out / y)

# --------------------------------------------------------------------------------------------- powers and roots

derivative(np.power,  x=lambda g, x, y: g * power_slope(x, y), y=lambda g, out, x: g * out * log_or_zero(x))
derivative(np.square, x=lambda g, x: g * (2 * x))
derivative(np.sqrt,   x=lambda g, out: g / (2 * out))

# ------------------------------------------------------------------------------------ exponentials and logarithms

derivative(np.exp,  x=lambda g, out: g * out)
derivative(np.log,  x=lambda g, x: g / x)
derivative(np.tanh, x=lambda g, out: g * (1 - out * out))

# ---------------------------------------------------------------------------------------- choices between operands

derivative(np.absolute, x=lambda g, x: g * np.sign(x))
derivative(np.maximum,
           x=lambda g, x, y, y_traced: greater_share(g, x, y, y_traced),
           y=lambda g, x, y, x_traced: greater_share(g, y, x, x_traced))
derivative(np.minimum,
           x=lambda g, x, y, y_traced: greater_share(g, y, x, y_traced),
           y=lambda g, x, y, x_traced: greater_share(g, x, y, x_traced))
derivative(np.where, condition=None,
           x=lambda g, condition: np.where(condition, g, 0), y=lambda g, condition: np.where(condition, 0, g))

# ------------------------------------------------------------------------------- steps: slope zero where it exists

constant(np.sign, np.floor, np.ceil, np.rint, np.trunc, np.floor_divide)
constant(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_not, np.isfinite, np.isnan, np.isinf)

# ------------------------------------------------------------------------------------------------------ long rules


def power_slope(x: Any, y: Any) -> Any:
    """∂(x^y)/∂x = y · x^(y-1), and 0 everywhere for y = 0, also at x = 0."""
    if type(y) in (int, float):
        return 2 * x if y == 2 else y * x ** (y - 1) if y != 0 else 0 * x
    return y * x ** np.where(np.equal(y, 0), 1, y - 1)


def log_or_zero(x: Any) -> Any:
    """log x, and 0 at x = 0: there x^y is 0 for every y > 0, so its slope in y is 0."""
    return np.log(np.where(np.equal(x, 0), 1, x))


def greater_share(g: Any, x: Any, y: Any, y_traced: bool) -> Any:
    """The part of ``g`` that belongs to x in max(x, y): all where x > y, at a tie half of it or, if y is constant, none."""
    return np.where(x > y, g, np.where(np.equal(x, y), g / 2, 0) if y_traced else 0)
