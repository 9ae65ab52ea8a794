"""Layers of weights: `dense` and `embedding`."""

from __future__ import annotations

from typing import Any

from autograd import derivative
from nets.errors import LayerError
from nets.initializers import Initializer, draw_parameter, glorot_uniform, normal, zeros
from nets.layers.core import Layer, Params, array, check_parameter, layer
from nets.options import whole_number
from nets.seeds import seed_of, split

__all__ = ["dense", "embedding"]


def dense(out_dim: int, w_init: Initializer | None = None, b_init: Initializer | None = zeros) -> Layer:
    """Return the layer y = x W + b.

    x: (…, in), W: (in, out_dim), b: (out_dim,). ``w_init`` is Glorot uniform unless given.
    ``b_init=None`` leaves b away.
    Raises `LayerError` when the last axis of x is not ``in``, `OptionError` unless ``out_dim`` is a whole number > 0.

    >>> shape, params = dense(3).init(0, (-1, 2))
    >>> shape, params["W"].shape, params["b"]
    ((-1, 3), (2, 3), array([0., 0., 0.]))
    """
    whole_number(out_dim, "out_dim")
    label = f"dense({out_dim})"
    w_init = glorot_uniform() if w_init is None else w_init

    def init(rng: Any, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], Params]:
        if not input_shape or input_shape[-1] < 1:
            raise LayerError(label, f"needs to know the length of the last axis, got the input shape {input_shape}")
        seed = seed_of(rng)
        params = {"W": draw_parameter(w_init, split(seed, "W"), (input_shape[-1], out_dim))}
        if b_init is not None:
            params["b"] = draw_parameter(b_init, split(seed, "b"), (out_dim,))
        return (*input_shape[:-1], out_dim), params

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x = array(x)
        W = params["W"]
        if x.shape[-1:] != W.shape[:1]:
            raise LayerError(label, f"expects last axis {W.shape[0]}, got {x.shape}")
        y = x @ W
        if "b" not in params:
            return y
        check_parameter(label, params, "b", W.shape[1:])
        return y + params["b"]

    return layer(label, init, apply)


def embedding(count: int, dim: int, w_init: Initializer | None = None) -> Layer:
    """Return the layer y = W[x]: one learned vector for each of ``count`` symbols.

    x: integers 0 … count - 1 of any shape, W: (count, dim), y: (*x.shape, dim). ``w_init`` is N(0, 1) unless given.
    Raises `LayerError` for numbers that are no integers, or out of range.

    >>> embedding(100, 8).init(0, (-1, 12))[0]
    (-1, 12, 8)
    """
    whole_number(count, "count")
    whole_number(dim, "dim")
    label = f"embedding({count}, {dim})"
    w_init = normal(1.0) if w_init is None else w_init

    def init(rng: Any, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], Params]:
        return (*input_shape, dim), {"W": draw_parameter(w_init, split(seed_of(rng), "W"), (count, dim))}

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x = array(x)
        if x.dtype.kind not in "iu":
            raise LayerError(label, f"looks up integers, got {x.dtype} of shape {x.shape}; use x.astype(int)")
        return params["W"][_in_range(x, count, label)]

    return layer(label, init, apply)


@derivative(symbols=None)
def _in_range(symbols: Any, count: int, label: str) -> Any:
    """The symbols as they are, checked also in a compiled step: a negative one would count from the end."""
    if symbols.size and not 0 <= symbols.min() <= symbols.max() < count:
        raise LayerError(label, f"has symbols 0 … {count - 1}, got {symbols.min()} … {symbols.max()}")
    return symbols
