"""Windows over images: the one primitive under convolution and pooling.

`windows` cuts an image into (overlapping) windows; `overlap` adds windows back where they came from. Both are linear,
and each is the other's transpose, so one row serves any derivative. Images are ``(batch, height, width, channels)``.
Both write into ``out`` where it is given: a compiled function has memory for them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import linear
from nets.errors import OptionError

__all__ = ["overlap", "padding_of", "pair", "window_count", "windows"]

Pair = tuple[int, int]


def window_count(length: int, size: int, stride: int) -> int:
    """Return how many windows of ``size`` fit into ``length``, each ``stride`` behind the one before.

    >>> window_count(5, 3, 1), window_count(5, 2, 2)
    (3, 2)
    """
    return (length - size) // stride + 1


def windows(x: Any, size: Pair, stride: Pair, out: Any = None) -> Any:
    """Return the windows of ``x``: (batch, height, width, channels) -> (batch, rows, columns, *size, channels).

    >>> x = np.arange(16.0).reshape(1, 4, 4, 1)
    >>> windows(x, (2, 2), (2, 2))[0, 1, 0, :, :, 0]
    array([[ 8.,  9.],
           [12., 13.]])
    """
    batch, height, width, channels = x.shape
    rows, columns = window_count(height, size[0], stride[0]), window_count(width, size[1], stride[1])
    if out is None:
        out = np.empty((batch, rows, columns, *size, channels), x.dtype)
    for i, j, place in _offsets(size, stride, rows, columns):
        out[:, :, :, i, j] = x[place]
    return out


def overlap(x: Any, shape: tuple[int, ...], size: Pair, stride: Pair, out: Any = None) -> Any:
    """Return zeros of ``shape`` (batch, height, width, channels) to which every window is added at its place.

    >>> x = np.ones((1, 2, 2, 2, 2, 1))
    >>> overlap(x, (1, 3, 3, 1), (2, 2), (1, 1))[0, :, :, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    if out is None:
        out = np.empty(shape, x.dtype)
    out.fill(0)
    for i, j, place in _offsets(size, stride, x.shape[1], x.shape[2]):
        there = out[place]  # out[place] += … would assign the sum a second time
        there += x[:, :, :, i, j]
    return out


def _offsets(size: Pair, stride: Pair, rows: int, columns: int) -> Any:
    """For every entry (i, j) of a window: the slices of the image that hold this entry of all windows."""
    for i in range(size[0]):
        for j in range(size[1]):
            down = slice(i, i + (rows - 1) * stride[0] + 1, stride[0])
            across = slice(j, j + (columns - 1) * stride[1] + 1, stride[1])
            yield i, j, (slice(None), down, across)


windows = linear(windows, x=lambda g, x_shape, size, stride: overlap(g, x_shape, size, stride))
overlap = linear(overlap, x=lambda g, size, stride: windows(g, size, stride))


def pair(value: int | Pair, what: str) -> Pair:
    """Return an option that may be given once or as (vertical, horizontal).

    >>> pair(3, "size")
    (3, 3)
    """
    both = (value, value) if isinstance(value, int) else tuple(value)
    if len(both) != 2 or not all(isinstance(n, int) and n > 0 for n in both):
        raise OptionError(f"{what} is a whole number above 0 or a pair of them, not {value!r}.")
    return both


def padding_of(padding: str, length: int, size: int, stride: int) -> Pair:
    """Return how many zeros go before and after an axis: ``"valid"`` none, ``"same"`` so that ⌈length / stride⌉ remain.

    >>> padding_of("same", 5, 3, 1), padding_of("same", 4, 2, 1), padding_of("valid", 5, 3, 1)
    ((1, 1), (0, 1), (0, 0))
    """
    if padding == "valid":
        return 0, 0
    missing = max((-(-length // stride) - 1) * stride + size - length, 0)
    return missing // 2, missing - missing // 2
