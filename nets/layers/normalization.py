"""Layers that keep signals in range or in check: `layer_norm`, `batch_norm`, `dropout`.

`batch_norm` and `dropout` differ between training (``rng`` is given) and prediction (``rng=None``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nets.errors import LayerError
from nets.initializers import draw_parameter, ones, zeros
from nets.layers.core import Layer, Params, array, check_parameter, layer
from nets.options import number_from
from nets.seeds import seed_of, uniform

__all__ = ["batch_norm", "dropout", "layer_norm"]


def layer_norm(eps: float = 1e-5) -> Layer:
    """Return the layer y = γ (x - μ) / √(σ² + ε) + β with mean μ and variance σ² of each example, along the last axis.

    γ, β: (features,), named ``gamma`` and ``beta``. Ba, Kiros & Hinton, "Layer normalization", 2016.

    >>> shape, params = layer_norm().init(0, (-1, 3))
    >>> np.round(layer_norm().apply(params, np.array([[1.0, 2.0, 3.0]])), 3)
    array([[-1.225,  0.   ,  1.225]])
    """

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x = _checked("layer_norm()", params, x)
        mean, variance = _moments(x, -1)
        return _scaled(params, x, mean, variance, eps)

    return layer("layer_norm()", _init_gain, apply)


def batch_norm(eps: float = 1e-5) -> Layer:
    """Return the layer y = γ (x - μ) / √(σ² + ε) + β with mean μ and variance σ² of each feature (the last axis).

    In training μ and σ² are those of the batch. At prediction they are ``params["mean"]`` and ``params["var"]``,
    which start at 0 and 1 and are measured by `calibrate` (and so by `fit`); they get no gradient.
    γ, β, mean, var: (features,). Ioffe & Szegedy, "Batch normalization", 2015.

    >>> shape, params = batch_norm().init(0, (-1, 2))
    >>> batch_norm().apply(params, np.array([[1.0, 5.0], [3.0, 5.0]]), rng=0).round(3)
    array([[-1.,  0.],
           [ 1.,  0.]])
    """

    def init(rng: Any, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], Params]:
        shape, params = _init_gain(rng, input_shape)
        features = shape[-1:]
        return shape, {
            **params,
            "mean": draw_parameter(zeros, rng, features),
            "var": draw_parameter(ones, rng, features),
        }

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x = _checked("batch_norm()", params, x)
        if rng is None:
            return _scaled(params, x, params["mean"], params["var"], eps)
        return _scaled(params, x, *_moments(x, tuple(range(len(x.shape) - 1))), eps)

    def observe(params: Params, x: Any) -> tuple[Params, Any]:
        x = _checked("batch_norm()", params, x)
        mean, variance = _moments(x, tuple(range(len(x.shape) - 1)))
        like = params["mean"].dtype
        measured = {"mean": mean.reshape(-1).astype(like), "var": variance.reshape(-1).astype(like)}
        return {**params, **measured}, _scaled(params, x, mean, variance, eps)

    return layer("batch_norm()", init, apply, observe=observe)


def _init_gain(rng: Any, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], Params]:
    features = input_shape[-1:]
    return input_shape, {"gamma": draw_parameter(ones, rng, features), "beta": draw_parameter(zeros, rng, features)}


def _checked(label: str, params: Params, x: Any) -> Any:
    x = array(x)
    if x.shape[-1:] != params["gamma"].shape:
        raise LayerError(label, f"expects last axis {params['gamma'].shape[0]}, got {x.shape}")
    check_parameter(label, params, "beta", x.shape[-1:])
    return x


def _moments(x: Any, axis: Any) -> tuple[Any, Any]:
    mean = np.mean(x, axis=axis, keepdims=True)
    return mean, np.mean(np.square(x - mean), axis=axis, keepdims=True)


def _scaled(params: Params, x: Any, mean: Any, variance: Any, eps: float) -> Any:
    return (x - mean) * (params["gamma"] / np.sqrt(variance + eps)) + params["beta"]


def dropout(rate: float) -> Layer:
    """Return the layer that in training sets the fraction ``rate`` of its entries to 0, the rest times 1/(1 - rate).

    At prediction it changes nothing, and the mean of an entry is the same in both. Srivastava et al., 2014.
    Raises `OptionError` unless 0 <= rate < 1.

    >>> dropout(0.5).apply({}, np.ones(3))
    array([1., 1., 1.])
    """
    number_from(rate, "rate, the fraction that is dropped,", below=1)

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        if rng is None or rate == 0:
            return x
        x = array(x)
        return np.where(uniform(seed_of(rng), x.shape) < rate, 0, x * (1 / (1 - rate)))

    return layer(f"dropout({rate})", lambda rng, input_shape: (input_shape, {}), apply)
