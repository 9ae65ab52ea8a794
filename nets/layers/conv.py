"""Layers of images: `conv2d`, `max_pool`, `avg_pool`, `flatten`. Images are (batch, height, width, channels)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nets.errors import LayerError, OptionError
from nets.initializers import Initializer, draw_parameter, he_uniform, zeros
from nets.layers.core import Layer, Params, array, check_parameter, layer
from nets.layers.windows import Pair, padding_of, pair, window_count, windows
from nets.options import whole_number
from nets.seeds import seed_of, split

__all__ = ["avg_pool", "conv2d", "flatten", "max_pool"]


def conv2d(
    channels: int,
    size: int | Pair = 3,
    *,
    stride: int | Pair = 1,
    padding: str = "same",
    w_init: Initializer | None = None,
    b_init: Initializer | None = zeros,
) -> Layer:
    """Return the layer y[n,i,j,c] = b[c] + Σ x[n, i·stride+p, j·stride+q, d] W[p,q,d,c]  (a cross-correlation).

    x: (batch, height, width, in), W: (*size, in, channels), b: (channels,). ``padding`` is ``"same"`` (zeros around, so
    that y has ⌈height/stride⌉ rows) or ``"valid"`` (none). ``w_init`` is He uniform unless given.
    Raises `LayerError` for an input that is no image, has other channels, or is smaller than the window.

    >>> conv2d(8, 3).init(0, (-1, 28, 28, 1))[0]
    (-1, 28, 28, 8)
    """
    size, stride = pair(size, "size"), pair(stride, "stride")
    whole_number(channels, "channels")
    label = f"conv2d({channels}, {_brief(size)})"
    w_init = he_uniform() if w_init is None else w_init
    _check_padding(padding)

    def init(rng: Any, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], Params]:
        seed = seed_of(rng)
        output_shape = (*_output_shape(label, input_shape, size, stride, padding)[:-1], channels)
        params = {"W": draw_parameter(w_init, split(seed, "W"), (*size, input_shape[-1], channels))}
        if b_init is not None:
            params["b"] = draw_parameter(b_init, split(seed, "b"), (channels,))
        return output_shape, params

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x, W = array(x), params["W"]
        if len(x.shape) != 4 or x.shape[-1] != W.shape[2]:
            raise LayerError(label, f"expects (batch, height, width, {W.shape[2]}), got {x.shape}")
        _output_shape(label, x.shape, size, stride, padding)
        cut = windows(_padded(x, size, stride, padding), size, stride)
        batch, rows, columns = cut.shape[:3]
        flat = np.reshape(cut, (batch * rows * columns, math.prod(W.shape[:3])))
        y = np.reshape(flat @ np.reshape(W, (-1, W.shape[3])), (batch, rows, columns, W.shape[3]))
        if "b" not in params:
            return y
        check_parameter(label, params, "b", W.shape[3:])
        return y + params["b"]

    return layer(label, init, apply)


def max_pool(size: int | Pair = 2, *, stride: int | Pair | None = None) -> Layer:
    """Return the layer of the largest entry in each window; rows and columns that fill no window are left out.

    ``stride`` is the size unless given. At a tie the gradient is shared evenly.

    >>> max_pool().init(0, (-1, 5, 4, 3))[0]
    (-1, 2, 2, 3)
    """
    return _pool("max_pool", np.max, size, stride)


def avg_pool(size: int | Pair = 2, *, stride: int | Pair | None = None) -> Layer:
    """Return the layer of the mean of each window; rows and columns that fill no window are left out.

    ``stride`` is the size unless given.

    >>> avg_pool(2).apply({}, np.arange(4.0).reshape(1, 2, 2, 1))
    array([[[[1.5]]]])
    """
    return _pool("avg_pool", np.mean, size, stride)


def _pool(name: str, reduce: Callable[..., Any], size: int | Pair, stride: int | Pair | None) -> Layer:
    window = pair(size, "size")
    steps = window if stride is None else pair(stride, "stride")
    label = f"{name}({_brief(window)})"

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x = array(x)
        batch, rows, columns, channels = _output_shape(label, x.shape, window, steps, "valid")
        if steps != window:
            return reduce(windows(x, window, steps), axis=(3, 4))
        # Windows that do not overlap are a mere reshape.
        x = x[:, : rows * window[0], : columns * window[1]]
        return reduce(np.reshape(x, (batch, rows, window[0], columns, window[1], channels)), axis=(2, 4))

    return layer(label, lambda rng, shape: (_output_shape(label, shape, window, steps, "valid"), {}), apply)


def flatten() -> Layer:
    """Return the layer that makes one row of each example: (batch, …) -> (batch, all entries).

    >>> flatten().init(0, (-1, 7, 7, 8))[0]
    (-1, 392)
    """

    def flat(shape: tuple[int, ...]) -> tuple[int, int]:
        if not shape or -1 in shape[1:]:
            raise LayerError("flatten()", f"expects (batch, …) with all other lengths known, got {shape}")
        return shape[0], math.prod(shape[1:])

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x = array(x)
        return np.reshape(x, flat(x.shape))

    return layer("flatten()", lambda rng, input_shape: (flat(input_shape), {}), apply)


def _padded(x: Any, size: Pair, stride: Pair, padding: str) -> Any:
    widths = [padding_of(padding, n, k, s) for n, k, s in zip(x.shape[1:3], size, stride, strict=True)]
    return np.pad(x, ((0, 0), *widths, (0, 0))) if any(map(any, widths)) else x


def _output_shape(label: str, shape: tuple[int, ...], size: Pair, stride: Pair, padding: str) -> tuple[int, ...]:
    """The shape after windows of ``size`` have been reduced to one entry."""
    if len(shape) != 4 or min(shape[1:]) < 1:
        raise LayerError(label, f"expects images (batch, height, width, channels), got {shape}")
    lengths = []
    for n, k, s in zip(shape[1:3], size, stride, strict=True):
        n += sum(padding_of(padding, n, k, s))
        if n < k:
            raise LayerError(label, f"has a window of {size}, larger than the image {shape}")
        lengths.append(window_count(n, k, s))
    return (shape[0], *lengths, shape[3])


def _check_padding(padding: str) -> None:
    if padding not in ("same", "valid"):
        raise OptionError(f"padding is 'same' or 'valid', not {padding!r}.")


def _brief(both: Pair) -> str:
    return str(both[0]) if both[0] == both[1] else str(both)
