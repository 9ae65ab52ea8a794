"""Shape: functions that move entries around, join arrays, or stretch them. All are linear: each rule is the transpose."""

from typing import Any

import numpy as np

from autograd.rules import composition, linear
from autograd.shapes import reduced_count, unbroadcast

# ----------------------------------------------------------------------------------- what an array is, not what it holds

composition(np.shape)(lambda a: a.shape)
composition(np.ndim)(lambda a: a.ndim)
composition(np.size)(lambda a, axis=None: reduced_count(a.shape, axis))

# ------------------------------------------------------------------------------------------------- one shape to another

linear(np.reshape,      x=lambda g, x_shape: np.reshape(g, x_shape))
linear(np.ravel,        x=lambda g, x_shape: np.reshape(g, x_shape))
linear(np.squeeze,      x=lambda g, x_shape: np.reshape(g, x_shape))
linear(np.expand_dims,  x=lambda g, x_shape: np.reshape(g, x_shape))
linear(np.transpose,    x=lambda g, axes: np.transpose(g, None if axes is None else np.argsort(axes)))
linear(np.swapaxes,     x=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
linear(np.broadcast_to, x=lambda g, x_shape: unbroadcast(g, x_shape))

# ---------------------------------------------------------------------------------------------- one dtype to another

linear(np.astype, x=lambda g: g)
linear(np.copy,   x=lambda g: g)
linear(np.real,   x=lambda g: g)

# ------------------------------------------------------------------------------------------------------------- joining

linear(np.concatenate, trees=("arrays",), arrays=lambda g, arrays_shape, axis: parts(g, arrays_shape, axis))


@composition(np.stack)
def stack(arrays: Any, axis: int = 0, **options: Any) -> Any:
    """Joining along a new axis: concatenation of arrays that were given one of length 1 there."""
    return np.concatenate([np.expand_dims(array, axis) for array in arrays], axis=axis, **options)


# ---------------------------------------------------------------------------------------------------------- long rules


def parts(g: Any, shapes: list[tuple[int, ...]], axis: int | None) -> list[Any]:
    """The pieces of ``g`` that the joined arrays of ``shapes`` contributed (``axis=None`` joins them raveled)."""
    lengths = [int(np.prod(shape)) if axis is None else shape[axis] for shape in shapes]
    ends = np.cumsum(lengths)
    along = 0 if axis is None else axis % np.ndim(g)
    before = (slice(None),) * along
    pieces = [g[(*before, slice(end - length, end))] for length, end in zip(lengths, ends, strict=True)]
    return [np.reshape(piece, shape) for piece, shape in zip(pieces, shapes, strict=True)]
