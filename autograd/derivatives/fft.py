"""Fourier transforms. All are linear, so each rule is the transposed transform.

The matrix of `fft` is symmetric: it is its own transpose. The transforms between real signals and half spectra
come in transposed pairs, up to the weight of a bin: a bin of the half spectrum stands for itself and for its mirror
image, so it counts twice, except those that are their own mirror image (0, and n/2 of an even n):

    rfft  ↔ hfft      irfft ↔ ihfft

Transforms over several axes are compositions of transforms over one axis, in NumPy's order.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.rules import composition, linear

# fmt: off
# ------------------------------------------------------------------------------------------------------- over one axis

linear(np.fft.fft,   a=lambda g, a_shape, axis, norm: fitted(np.fft.fft(g, None, axis, norm), a_shape, axis))
linear(np.fft.ifft,  a=lambda g, a_shape, axis, norm: fitted(np.fft.ifft(g, None, axis, norm), a_shape, axis))
linear(np.fft.rfft,  a=lambda g, a_shape, n, axis, norm: real_transpose(np.fft.hfft, g, a_shape, n, axis, norm))
linear(np.fft.ihfft, a=lambda g, a_shape, n, axis, norm: real_transpose(np.fft.irfft, g, a_shape, n, axis, norm))
linear(np.fft.hfft,  a=lambda g, a_shape, axis, norm: half_transpose(np.fft.rfft, g, a_shape, axis, norm))
linear(np.fft.irfft, a=lambda g, a_shape, axis, norm: half_transpose(np.fft.ihfft, g, a_shape, axis, norm))

# -------------------------------------------------------------------------------------------------------------- shifts

linear(np.fft.fftshift,  x=lambda g, axes: np.fft.ifftshift(g, axes))
linear(np.fft.ifftshift, x=lambda g, axes: np.fft.fftshift(g, axes))

# -------------------------------------------------------------------------------------------------- over several axes

composition(np.fft.fftn)  (lambda a, s=None, axes=None, norm=None, out=None: each(np.fft.fft, a, s, axes, norm, out))
composition(np.fft.ifftn) (lambda a, s=None, axes=None, norm=None, out=None: each(np.fft.ifft, a, s, axes, norm, out))
composition(np.fft.rfftn) (lambda a, s=None, axes=None, norm=None, out=None: real_first(a, s, axes, norm, out))
composition(np.fft.irfftn)(lambda a, s=None, axes=None, norm=None, out=None: real_last(a, s, axes, norm, out))

LAST = (-2, -1)
composition(np.fft.fft2)  (lambda a, s=None, axes=LAST, norm=None, out=None: each(np.fft.fft, a, s, axes, norm, out))
composition(np.fft.ifft2) (lambda a, s=None, axes=LAST, norm=None, out=None: each(np.fft.ifft, a, s, axes, norm, out))
composition(np.fft.rfft2) (lambda a, s=None, axes=LAST, norm=None, out=None: real_first(a, s, axes, norm, out))
composition(np.fft.irfft2)(lambda a, s=None, axes=LAST, norm=None, out=None: real_last(a, s, axes, norm, out))
# fmt: on

# -------------------------------------------------------------------------------------------------------- long rules


def fitted(g: Any, shape: tuple[int, ...], axis: int) -> Any:
    """The transpose of padding with zeros, or cropping, an axis of an operand of ``shape``: crop or pad it."""
    axis %= len(shape)
    before = (slice(None),) * axis
    missing = shape[axis] - g.shape[axis]
    if missing <= 0:
        return g[(*before, slice(shape[axis]))] if missing else g
    zeros = np.zeros((*g.shape[:axis], missing, *g.shape[axis + 1 :]), g.dtype)
    return np.concatenate([g, zeros], axis=axis)


def real_transpose(
    transposed: Callable[..., Any], g: Any, shape: tuple[int, ...], n: int | None, axis: int, norm: Any
) -> Any:
    """The transpose of a transform of n real numbers into a half spectrum."""
    n = shape[axis] if n is None else n
    return fitted(transposed(g / weights(g, n, axis), n, axis, norm), shape, axis)


def half_transpose(transposed: Callable[..., Any], g: Any, shape: tuple[int, ...], axis: int, norm: Any) -> Any:
    """The transpose of a transform of a half spectrum into real numbers."""
    spectrum = transposed(g, None, axis, norm)
    return fitted(spectrum * weights(spectrum, g.shape[axis], axis), shape, axis)


def weights(spectrum: Any, n: int, axis: int) -> Any:
    """How many bins of a full spectrum of length n each bin of the half ``spectrum`` stands for: 1 or 2."""
    bins = np.arange(spectrum.shape[axis])
    counts = np.where((bins == 0) | (2 * bins == n), 1, 2).astype(np.finfo(spectrum.dtype).dtype)
    shape = [1] * spectrum.ndim
    shape[axis] = -1
    return np.reshape(counts, shape)


# ------------------------------------------------------------------------------------------------------- compositions


def each(transform: Callable[..., Any], a: Any, s: Any, axes: Any, norm: Any, out: Any) -> Any:
    """A transform over several axes, the last one first."""
    for n, axis in reversed(lengths_and_axes(a, s, axes)):
        a = transform(a, n, axis, norm, out)
    return a


def real_first(a: Any, s: Any, axes: Any, norm: Any, out: Any) -> Any:
    """Real numbers into a half spectrum along the last of the axes, then complex transforms along the others."""
    *others, (n, axis) = lengths_and_axes(a, s, axes)
    a = np.fft.rfft(a, n, axis, norm, out)
    for n, axis in reversed(others):
        a = np.fft.fft(a, n, axis, norm)
    return a


def real_last(a: Any, s: Any, axes: Any, norm: Any, out: Any) -> Any:
    """Complex transforms along all axes but the last, along which a half spectrum becomes real numbers."""
    *others, (n, axis) = lengths_and_axes(a, s, axes)
    for length, other in others:
        a = np.fft.ifft(a, length, other, norm)
    return np.fft.irfft(a, n if s is not None else None, axis, norm, out)


def lengths_and_axes(a: Any, s: Any, axes: Any) -> list[tuple[int, int]]:
    """The ``s`` and ``axes`` of a transform as pairs; a length of -1 is that of the operand."""
    if axes is None:
        axes = range(a.ndim) if s is None else range(-len(s), 0)
    lengths = [-1] * len(axes) if s is None else s
    return [(a.shape[axis] if n == -1 else n, axis) for n, axis in zip(lengths, axes, strict=True)]
