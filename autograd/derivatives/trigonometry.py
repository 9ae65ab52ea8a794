"""Trigonometry: angles, circular functions, their inverses, and the sides of a right triangle."""

from typing import Any

import numpy as np

from autograd.derivatives.arithmetic import inf_at_0
from autograd.rules import derivative, linear

# fmt: off

# ------------------------------------------------------------------------------------------------- degrees and radians

linear(np.deg2rad, np.radians, x=lambda g: np.deg2rad(g))
linear(np.rad2deg, np.degrees, x=lambda g: np.rad2deg(g))

# -------------------------------------------------------------------------------------------------- circular functions

derivative(np.sin, x=lambda g, x: g * np.cos(x))
derivative(np.cos, x=lambda g, x: -g * np.sin(x))
derivative(np.tan, x=lambda g, out: g * (1 + out * out))

# ----------------------------------------------------------------------------------------------------- their inverses

derivative(np.arcsin, x=lambda g, x: g / (np.sqrt(1 - x) * np.sqrt(1 + x)))  # 1 - x*x would cancel near ±1
derivative(np.arccos, x=lambda g, x: -g / (np.sqrt(1 - x) * np.sqrt(1 + x)))
derivative(np.arctan, x=lambda g, x: g * cosine_squared(x))

# ------------------------------------------------------------------------------------------------------ right triangle

derivative(np.hypot,   x=lambda g, out, x: g * (x / inf_at_0(out)),
                       y=lambda g, out, y: g * (y / inf_at_0(out)))
derivative(np.arctan2, x=lambda g, x, y: g * cosine_over_radius(y, x),  # the angle of the point (y, x)
                       y=lambda g, x, y: -g * cosine_over_radius(x, y))

# fmt: on

# ---------------------------------------------------------------------------------------------------------- long rules


def cosine_over_radius(adjacent: Any, opposite: Any) -> Any:
    """a / (a² + o²), divided twice by the radius √(a² + o²): squares of tiny or huge sides would leave the range."""
    radius = inf_at_0(np.hypot(adjacent, opposite))
    return adjacent / radius / radius


def cosine_squared(x: Any) -> Any:
    """1 / (1 + x²) = cos²(arctan x); ``hypot`` keeps x² of a real x from overflowing, in float16 beyond 255."""
    return 1 / (1 + x * x) if np.iscomplexobj(x) else np.square(1 / np.hypot(1, x))
