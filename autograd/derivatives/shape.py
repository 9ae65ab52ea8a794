"""Shape: functions that move entries around or repeat them. All are linear: each rule is the transpose.

What moves entries is undone by moving them back; what repeats an entry is undone by summing over its copies.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.derivatives.indexing import scatter
from autograd.errors import ArgumentError
from autograd.operands import array_of
from autograd.rules import composition, linear
from autograd.shapes import reduced_axes, reduced_count, unbroadcast

# fmt: off
# ------------------------------------------------------------------------------------------------- one shape to another

linear(np.reshape,      x=lambda g, x_shape, order: restored(g, x_shape, order))
linear(np.ravel,        x=lambda g, x_shape, order: restored(g, x_shape, order))
linear(np.squeeze,      x=lambda g, x_shape: np.reshape(g, x_shape))
linear(np.expand_dims,  x=lambda g, x_shape: np.reshape(g, x_shape))
linear(np.copy,         x=lambda g: g)

# ------------------------------------------------------------------------------------------------ axes in another order

linear(np.transpose,    x=lambda g, axes: np.transpose(g, inverse_order(axes)))
linear(np.swapaxes,     x=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
linear(np.moveaxis,     x=lambda g, source, destination: np.moveaxis(g, destination, source))
linear(np.matrix_transpose, np.linalg.matrix_transpose, x=lambda g: np.matrix_transpose(g))

# --------------------------------------------------------------------------------------------- entries in another order

linear(np.flip,         x=lambda g, axis: np.flip(g, axis))
linear(np.fliplr,       x=lambda g: np.fliplr(g))
linear(np.flipud,       x=lambda g: np.flipud(g))
linear(np.rot90,        x=lambda g, k, axes: np.rot90(g, -k, axes))
linear(np.roll,         x=lambda g, shift, axis: np.roll(g, np.negative(shift), axis))

# ----------------------------------------------------------------------------------------------------- entries repeated

linear(np.broadcast_to, x=lambda g, x_shape: unbroadcast(g, x_shape))
linear(np.repeat,       x=lambda g, x_shape, repeats, axis: sum_of_copies(g, x_shape, repeats, axis))
# fmt: on


@composition(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """``moveaxis`` in an older counting: the axis comes to stand before axis ``start``."""
    ndim = np.ndim(a)
    axis, start = axis % ndim, start + ndim if start < 0 else start
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


@composition(np.broadcast_arrays)
def broadcast_arrays(*args: Any, subok: bool = False) -> tuple[Any, ...]:
    """Every array stretched to the common shape."""
    shape = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(x, shape) for x in args)


@composition(np.atleast_1d)
def atleast_1d(*arys: Any) -> Any:
    """() → (1,)."""
    return _alone_or_all([_at_least(x, (1,)) for x in arys])


@composition(np.atleast_2d)
def atleast_2d(*arys: Any) -> Any:
    """() → (1, 1) and (n,) → (1, n)."""
    return _alone_or_all([_at_least(x, (1, 1), (1, -1)) for x in arys])


@composition(np.atleast_3d)
def atleast_3d(*arys: Any) -> Any:
    """() → (1, 1, 1), (n,) → (1, n, 1) and (m, n) → (m, n, 1)."""
    return _alone_or_all([_at_least(x, (1, 1, 1), (1, -1, 1), (*np.shape(x), 1)) for x in arys])


def _at_least(x: Any, *shapes: tuple[int, ...]) -> Any:
    """``x`` in the shape given for its number of axes; as it is when it has more."""
    ndim = np.ndim(x)
    if ndim >= len(shapes):
        return array_of(x)
    shape = tuple(np.shape(x)[0] if n == -1 else n for n in shapes[ndim])  # -1 would be undefined for an empty x
    return np.reshape(x, shape)


def _alone_or_all(arrays: list[Any]) -> Any:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


@composition(np.tile)
def tile(A: Any, reps: Any) -> Any:
    """Each axis is repeated as a whole: stretch a new axis in front of it, then merge the two."""
    counts = (int(reps),) if np.ndim(reps) == 0 else tuple(int(count) for count in reps)
    shape = np.shape(A)
    ndim = max(len(counts), len(shape))
    counts = (1,) * (ndim - len(counts)) + counts
    shape = (1,) * (ndim - len(shape)) + shape
    paired = np.reshape(A, [size for n in shape for size in (1, n)])
    stretched = np.broadcast_to(paired, [size for pair in zip(counts, shape, strict=True) for size in pair])
    return np.reshape(stretched, [count * n for count, n in zip(counts, shape, strict=True)])


@composition(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    """The entries of ``a`` in order, over and over until ``new_shape`` is full; zeros if there are none."""
    shape = (new_shape,) if np.ndim(new_shape) == 0 else tuple(new_shape)
    size, count = np.size(a), reduced_count(shape, None)
    if size == 0:
        return np.zeros(shape, a.dtype)
    return np.reshape(np.take(np.ravel(a), np.arange(count) % size), shape)


# -------------------------------------------------------------------------------------------------------------- windows


@composition(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(
    x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> Any:
    """All windows of ``window_shape`` along ``axis``, whose own axes come last: a stack of shifted slices for each."""
    sizes = tuple(np.atleast_1d(window_shape).tolist())
    axes = reduced_axes(axis, np.ndim(x))
    if len(sizes) != len(axes) or min(sizes, default=1) < 1:
        raise ArgumentError(f"A window of shape {window_shape} does not lie along the axes {axes} of shape {x.shape}. "
                            f"Give a length for each axis: axis=(…).")
    for size, along in zip(sizes, axes, strict=True):
        count = x.shape[along] - size + 1
        if count < 1:
            raise ArgumentError(f"A window of shape {window_shape} is larger than an array of shape {x.shape}. "
                                f"Take a smaller one, or np.pad the array first.")
        before = (slice(None),) * along
        shifted = [x[(*before, slice(start, start + count))] for start in range(size)]
        x = np.stack(shifted, axis=-1)
    return x


# ----------------------------------------------------------------------------------------------------------- long rules


def restored(g: Any, shape: tuple[int, ...], order: str = "C") -> Any:
    """Undo ``reshape``: the entries of ``g``, read in ``order``, fill an array of ``shape`` in the same order."""
    if order not in ("C", "F"):
        raise ArgumentError(
            f"order={order!r} follows the layout of an array in memory, which its gradient (shape {np.shape(g)}) "
            f"need not share. Write order='C' or order='F'."
        )
    return np.reshape(g, shape, order=order)  # type: ignore[call-overload]


def inverse_order(axes: Any) -> Any:
    """The order of axes that undoes ``transpose(axes)``."""
    return None if axes is None else np.argsort(reduced_axes(tuple(axes), len(axes)))


def sum_of_copies(g: Any, shape: tuple[int, ...], repeats: Any, axis: int | None) -> Any:
    """Undo ``repeat``: each entry of an array of ``shape`` receives the sum over its copies in ``g``."""
    if axis is None or not shape:
        return np.reshape(sum_of_copies(g, (reduced_count(shape, None),), repeats, 0), shape)
    axis %= len(shape)
    n = shape[axis]
    if np.size(repeats) == 1:
        count = int(np.reshape(repeats, ()))
        return np.sum(np.reshape(g, (*shape[:axis], n, count, *shape[axis + 1 :])), axis=axis + 1)
    origin = np.repeat(np.arange(n), repeats)
    return scatter(g, (slice(None),) * axis + (origin,), shape)
