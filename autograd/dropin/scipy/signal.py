"""``autograd.scipy.signal``: convolution over some axes, with products over others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.signal
from scipy.signal import *  # noqa: F403

from autograd.errors import ArgumentError, ShapeError

__all__ = sorted({*scipy.signal.__all__})

Axes = tuple[Sequence[int], Sequence[int]]


def convolve(a: Any, b: Any, axes: Axes | None = None, dot_axes: Axes = ((), ()), mode: str = "full") -> Any:
    """Convolve ``a`` and ``b``: out[k] = Σⱼ a[j] b[k - j] along ``axes``, summed over ``dot_axes``.

    ``axes`` and ``dot_axes`` pair axes of a with axes of b; all axes are convolved if ``axes`` is left out. The output
    has the axes of a in neither, those of b in neither, and then the convolved ones. ``mode`` is "full", "valid" or
    "same" (as long as a), as in `scipy.signal.convolve`. It is written in NumPy calls, so it differentiates as they do.

    >>> convolve(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
    array([ 1., 12., 20.])
    """
    if mode not in ("full", "valid", "same"):
        raise ArgumentError(f"mode is {mode!r}; it is 'full', 'valid' or 'same'.")
    axes = (range(np.ndim(a)), range(np.ndim(a))) if axes is None else axes
    lengths = [(np.shape(a)[i], np.shape(b)[j]) for i, j in zip(*axes, strict=True)]
    if mode == "valid" and any(m < n for m, n in lengths) and any(m > n for m, n in lengths):
        raise ShapeError(f"A valid convolution needs one array at least as long along all axes; they have {lengths}.")
    if sum(m - n for m, n in lengths) > 0:  # the shorter one is the filter
        out = _filtered(b, a, axes[::-1], dot_axes[::-1], mode)
        out = _ignored_swapped(out, b, a, axes[::-1], dot_axes)
    else:
        out = _filtered(a, b, axes, dot_axes, mode)
    if mode == "same":
        out = out[(..., *(slice((n - 1) // 2, (n - 1) // 2 + m) for m, n in lengths))]
    return out


def _filtered(a: Any, b: Any, axes: Axes, dot_axes: Axes, mode: str) -> Any:
    """Slide the filter ``a`` over ``b``: one product of shifted arrays for each place of the filter."""
    a_axes, b_axes = [[i % np.ndim(x) for i in ax] for x, ax in zip((a, b), axes, strict=True)]
    a_dots, b_dots = [[i % np.ndim(x) for i in ax] for x, ax in zip((a, b), dot_axes, strict=True)]
    window = [np.shape(a)[i] for i in a_axes]
    if mode != "valid":
        pads = dict(zip(b_axes, window, strict=True))
        b = np.pad(b, [(pads[i] - 1,) * 2 if i in pads else (0, 0) for i in range(np.ndim(b))])
    lengths = [np.shape(b)[i] - n + 1 for i, n in zip(b_axes, window, strict=True)]
    rest = [i for i in range(np.ndim(a)) if i not in a_axes]
    total: Any = 0
    for place in np.ndindex(*window):
        chosen: list[Any] = [slice(None)] * np.ndim(a)
        shifted: list[Any] = [slice(None)] * np.ndim(b)
        for i, j, k, n, length in zip(a_axes, b_axes, place, window, lengths, strict=True):
            chosen[i] = k
            shifted[j] = slice(n - 1 - k, n - 1 - k + length)
        dots = ([rest.index(i) for i in a_dots], b_dots)
        total = total + np.tensordot(a[tuple(chosen)], b[tuple(shifted)], dots)
    left = [i for i in range(np.ndim(b)) if i not in b_dots]
    ahead = len(rest) - len(a_dots)
    order = [ahead + left.index(i) for i in left if i not in b_axes] + [ahead + left.index(i) for i in b_axes]
    return np.transpose(total, (*range(ahead), *order))


def _ignored_swapped(out: Any, b: Any, a: Any, axes: Axes, dot_axes: Axes) -> Any:
    """``out`` with the axes of b and a that are neither convolved nor summed in the other order."""
    of_b = np.ndim(b) - len(axes[0]) - len(dot_axes[1])
    of_a = np.ndim(a) - len(axes[1]) - len(dot_axes[0])
    last = range(of_a + of_b, np.ndim(out))
    return np.transpose(out, (*range(of_b, of_a + of_b), *range(of_b), *last))


def __getattr__(name: str) -> Any:
    return getattr(scipy.signal, name)
