"""Functions whose registered derivatives are wrong on purpose: what a checker must find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import derivative


def sech2(x: Any) -> Any:
    return 1 - np.tanh(x) ** 2


def tanh_scaled(factor: float) -> Callable[..., Any]:
    """tanh, with a gradient that is ``factor`` times the right one."""

    @derivative(x=lambda g, x: factor * g * sech2(x))
    def tanh(x: Any) -> Any:
        return np.tanh(x)

    return tanh


def with_one_entry_off(function: Callable[..., Any], slope: Callable[..., Any], relative: float, place: int = 7) -> Any:
    """``function``, elementwise, with entry ``place`` of its gradient wrong by ``relative``."""

    def rule(g: Any, x: Any) -> Any:
        return g * slope(x) * np.where(np.arange(x.shape[0]) == place, 1 + relative, 1)

    @derivative(x=rule)
    def off(x: Any) -> Any:
        return function(x)

    return off


@derivative(x=lambda g, x: 2 * g * 3 * x**2)
def cube_doubled(x):
    return x**3


@derivative(x=lambda g, x: 3 * g * x)
def slope_of_cube(x):  # 3 x², whose own derivative is 6 x
    return 3 * x**2


@derivative(x=lambda g, x: g * slope_of_cube(x))
def cube_with_wrong_curvature(x):
    return x**3


@derivative(x=lambda g, x: g * 2 * x)
def square_with_wrong_value(x):
    return 1.01 * x**2


@derivative(x=lambda g: g, b=lambda g: g[0])
def bias_without_sum(x, b):
    return x + b


@derivative(x=lambda g: g, b=lambda g: np.mean(g, axis=0))
def bias_with_mean(x, b):
    return x + b


@derivative(x=lambda g, y: np.transpose(g @ y.T), y=lambda g, x: x.T @ g)
def matmul_transposed(x, y):
    return x @ y


@derivative(x=lambda g, x, y: g * 2 * x * y, y=lambda g, y: g * y**2)
def exchanged(x, y):
    return x * y**2


@derivative(x=lambda g, x: -g * np.cos(x))
def sin_with_wrong_sign(x):
    return np.sin(x)


@derivative(x=lambda g, x: g * np.ones_like(x))
def mean_without_n(x):
    return np.mean(x)


@derivative(x=lambda g, x: g * 2 * x)
def quadratic_without_linear_term(x):
    return x**2 + x
