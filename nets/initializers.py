"""Initialisers: how the weights start, ``init(rng, shape) -> array``.

All-equal weights never break symmetry: every hidden unit then computes the same, gets the same gradient, and stays the
same for ever. So weights start random, at a scale that keeps the variance of a signal from layer to layer:

    Var(W) = gain / fan,   fan_in = the number of inputs of one unit,   fan_out = of outputs of one input

- ``glorot`` (``xavier``): gain 1, mean of fan_in and fan_out. Glorot & Bengio, 2010. For tanh, sigmoid, softmax.
- ``he`` (``kaiming``): gain 2, fan_in. He et al., 2015. For relu.
- ``lecun``: gain 1, fan_in. LeCun et al., "Efficient BackProp", 1998. For selu, tanh.

Weights have shape ``(…, in, out)``; leading axes (the window of a convolution) count into both fans.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import errors
from nets.errors import OptionError
from nets.options import number_from
from nets.seeds import Outline, generator

__all__ = [
    "Initializer",
    "draw_parameter",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "kaiming_normal",
    "kaiming_uniform",
    "lecun_normal",
    "lecun_uniform",
    "normal",
    "ones",
    "orthogonal",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]

#: ``init(rng, shape) -> array``
Initializer = Callable[[Any, tuple[int, ...]], np.ndarray[Any, Any]]


def draw_parameter(init: Initializer, rng: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return ``init(rng, shape)`` with ``rng`` made a Generator; for an `Outline`, zeros that take no memory.

    Raises `OptionError` for what is no initialiser, and for one that returns another shape.

    >>> draw_parameter(ones, 0, (2,))
    array([1., 1.])
    """
    if not callable(init):
        what = errors.with_article(type(init))
        raise OptionError(f"An initialiser is a function init(rng, shape) -> array, not {what}.")
    if init in MAKERS:
        raise OptionError(f"{init.__name__} makes an initialiser when it is called: {init.__name__}().")
    if isinstance(rng, Outline):
        return np.broadcast_to(np.zeros(()), shape)
    drawn = init(generator(rng), shape)
    if np.shape(drawn) != shape:
        raise OptionError(
            f"An initialiser was asked for an array of shape {shape}, and returned one of {np.shape(drawn)}."
        )
    return drawn


def zeros(rng: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return zeros. Right for biases; weights that are all zero stay equal for ever.

    >>> zeros(0, (2,))
    array([0., 0.])
    """
    return np.zeros(shape)


def ones(rng: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return ones, as for the gain of a normalisation.

    >>> ones(0, (2,))
    array([1., 1.])
    """
    return np.ones(shape)


def normal(scale: float = 1.0) -> Initializer:
    """Return the initialiser W ~ N(0, scale²).

    >>> normal(0.01)(0, (2, 3)).shape
    (2, 3)
    """
    number_from(scale, "scale")
    return lambda rng, shape: generator(rng).normal(0, scale, shape)


def uniform(scale: float = 1.0) -> Initializer:
    """Return the initialiser W ~ U(-scale, scale): random values within ±ε.

    >>> bool(np.all(np.abs(uniform(0.12)(0, (10, 10))) <= 0.12))
    True
    """
    number_from(scale, "scale")
    return lambda rng, shape: generator(rng).uniform(-scale, scale, shape)


def orthogonal(gain: float = 1.0) -> Initializer:
    """Return the initialiser with WᵀW = gain² I (or WWᵀ, for the shorter side). Saxe et al., 2014.

    Leading axes are taken together with the input axis. Raises `OptionError` for fewer than two axes.

    >>> W = orthogonal()(0, (5, 3))
    >>> bool(np.allclose(W.T @ W, np.eye(3)))
    True
    """

    def init(rng: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        if len(shape) < 2:
            raise OptionError(f"orthogonal needs a matrix (…, in, out), got the shape {shape}. Use zeros for a bias.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(generator(rng).normal(size=(max(rows, columns), min(rows, columns))))
        q = q * np.sign(np.diagonal(r))  # makes the distribution uniform: Mezzadri, 2007
        return gain * (q if rows >= columns else q.T).reshape(shape)

    return init


def fans(shape: tuple[int, ...]) -> tuple[float, float]:
    """Return ``(fan_in, fan_out)`` of weights of shape ``(…, in, out)``.

    >>> fans((3, 3, 16, 32))
    (144, 288)
    """
    if len(shape) < 2:
        raise OptionError(
            f"Scaling by the number of inputs and outputs needs weights (…, in, out), got the shape {shape}. "
            f"Use zeros, normal(scale) or uniform(scale) for a vector."
        )
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def _scaled(name: str, gain: float, draw: str, average: bool) -> Callable[[], Initializer]:
    """The family of initialisers with Var(W) = gain / fan."""

    def init(rng: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        fan_in, fan_out = fans(shape)
        deviation = math.sqrt(gain / ((fan_in + fan_out) / 2 if average else fan_in))
        if draw == "normal":
            return generator(rng).normal(0, deviation, shape)
        edge = math.sqrt(3) * deviation  # Var U(-a, a) = a²/3
        return generator(rng).uniform(-edge, edge, shape)

    def family() -> Initializer:
        return init

    fan = "(fan_in + fan_out) / 2" if average else "fan_in"
    family.__name__ = family.__qualname__ = f"{name}_{draw}"
    family.__module__ = __name__
    family.__doc__ = f"""Return the initialiser with W {draw}, mean 0 and Var(W) = {gain:g} / fan, fan = {fan}.

    >>> W = {name}_{draw}()(0, (300, 100))
    >>> round(float(np.var(W)) * {"(300 + 100) / 2" if average else "300"}, 1)
    {gain:.1f}
    """
    return family


glorot_normal = xavier_normal = _scaled("glorot", 1, "normal", average=True)
glorot_uniform = xavier_uniform = _scaled("glorot", 1, "uniform", average=True)
he_normal = kaiming_normal = _scaled("he", 2, "normal", average=False)
he_uniform = kaiming_uniform = _scaled("he", 2, "uniform", average=False)
lecun_normal = _scaled("lecun", 1, "normal", average=False)
lecun_uniform = _scaled("lecun", 1, "uniform", average=False)

#: What makes an initialiser, and is sometimes given in its place.
MAKERS: tuple[Any, ...] = (
    normal, uniform, orthogonal, glorot_normal, glorot_uniform, he_normal, he_uniform, lecun_normal, lecun_uniform,
)  # fmt: skip
