"""Arithmetic: sums, products, quotients, remainders, and the parts of a complex number that are ufuncs.

A rule gives g · ∂out/∂operand entry by entry; the sweep undoes the broadcasting.
"""

from typing import Any

import numpy as np

from autograd.rules import derivative, linear

# fmt: off

# ----------------------------------------------------------------------------------------------- sums and differences

linear(np.negative, x=lambda g: -g)
linear(np.positive, x=lambda g: g)
linear(np.add,      x=lambda g: g, y=lambda g: g)
linear(np.subtract, x=lambda g: g, y=lambda g: -g)

# ---------------------------------------------------------------------------------------------- products and quotients

derivative(np.multiply,   x=lambda g, y: g * y, y=lambda g, x: g * x)
derivative(np.divide,     x=lambda g, y: g / y, y=lambda g, out, y: -g * out / y)
derivative(np.reciprocal, x=lambda g, out: -g * out * out)

# ---------------------------------------------------------------------------------------------------------- remainders

derivative(np.remainder, x=lambda g: g, y=lambda g, x, y: -g * np.floor_divide(x, y))
derivative(np.fmod,      x=lambda g: g, y=lambda g, out, x, y: -g * np.rint((x - out) / y))
derivative(np.divmod,    x=lambda g: g[1], y=lambda g, out: scaled(g[1], -out[0]))
derivative(np.modf,      x=lambda g: g[0])

# -------------------------------------------------------------------------------------------- the parts of a number

derivative(np.absolute, x=lambda g, x: g * direction(x))
derivative(np.fabs,     x=lambda g, x: g * np.sign(x))
derivative(np.copysign, x=lambda g, x, y: g * np.sign(x) * np.copysign(1, y), y=None)
derivative(np.frexp,    x=lambda g, out: scaled(g[0], np.ldexp(1.0, -out[1])))
derivative(np.ldexp,    x=lambda g, y: np.ldexp(g, y), y=None)
linear(np.nextafter,    x=lambda g: g, y=None)

# fmt: on

# ---------------------------------------------------------------------------------------------------------- long rules


def scaled(g: Any, slope: Any) -> Any:
    """``g * slope`` for one output of several, whose gradient is None when nobody used it."""
    return None if g is None else g * slope


def direction(x: Any) -> Any:
    """∂|x|/∂x: the sign of a real x, conj(x) / |x| for a complex one, and 0 at 0."""
    return np.conjugate(x) / inf_at_0(np.absolute(x)) if np.iscomplexobj(x) else np.sign(x)


def inf_at_0(size: Any) -> Any:
    """``size``, and inf where it is 0: what is divided by it is then 0, and so are all its derivatives."""
    return np.where(np.equal(size, 0), np.inf, size)
