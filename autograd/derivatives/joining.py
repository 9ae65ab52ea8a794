"""Joining and splitting: arrays side by side, and apart again. Each is the transpose of the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.derivatives.indexing import scatter, settled
from autograd.operands import array_of
from autograd.recording import record
from autograd.rules import TABLE, Row, composition, linear
from autograd.shapes import reduced_count

# -------------------------------------------------------------------------------------------------------------- joining


def join(arrays: Sequence[Any], *args: Any, **options: Any) -> Any:
    """``concatenate`` of operands that are arrays already."""
    return np.concatenate(arrays, *args, **options)


def pile(arrays: Sequence[Any], *args: Any, **options: Any) -> Any:
    """``stack`` of operands that are arrays already."""
    return np.stack(arrays, *args, **options)


# The operands of np.concatenate are anything that NumPy takes for arrays: tensors, nested lists of them, the rows of
# one tensor. The compositions below make them arrays; these rows record the call.
# fmt: off
TABLE[join] = Row(np.concatenate, {"arrays": lambda g, arrays_shape, axis: parts(g, arrays_shape, axis)},
                  linear=True, trees=("arrays",))
TABLE[pile] = Row(np.stack,       {"arrays": lambda g, arrays_shape, axis: layers(g, arrays_shape, axis)},
                  linear=True, trees=("arrays",))
# fmt: on


@composition(np.concatenate)
def concatenate(arrays: Any, *args: Any, **options: Any) -> Any:
    """Joining along an axis that exists; ``axis=None`` joins the raveled arrays."""
    return record(join, (list(map(array_of, arrays)), *args), options)


@composition(np.stack)
def stack(arrays: Any, *args: Any, **options: Any) -> Any:
    """Joining along a new axis."""
    return record(pile, (list(map(array_of, arrays)), *args), options)


@composition(np.hstack)
def hstack(tup: Any, **options: Any) -> Any:
    """Joining along the second axis; numbers and vectors along the first."""
    arrays = [np.atleast_1d(x) for x in tup]
    return np.concatenate(arrays, axis=0 if arrays and arrays[0].ndim == 1 else 1, **options)


@composition(np.vstack)
def vstack(tup: Any, **options: Any) -> Any:
    """Joining along the first axis; numbers and vectors are rows."""
    return np.concatenate([np.atleast_2d(x) for x in tup], axis=0, **options)


@composition(np.dstack)
def dstack(tup: Any) -> Any:
    """Joining along the third axis."""
    return np.concatenate([np.atleast_3d(x) for x in tup], axis=2)


@composition(np.column_stack)
def column_stack(tup: Any) -> Any:
    """Joining along the second axis; numbers and vectors are columns."""
    return np.concatenate([x if np.ndim(x) > 1 else np.reshape(x, (-1, 1)) for x in tup], axis=1)


@composition(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """``values`` after ``arr``; without an axis both are raveled."""
    if axis is None:
        arr, values, axis = np.ravel(arr), np.ravel(array_of(values)), 0
    return np.concatenate([arr, values], axis=axis)


@composition(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """``values`` before the places ``obj``: join both, and let NumPy say which entry comes where."""
    if axis is None:
        arr, axis = np.ravel(arr), 0
    shape = np.shape(arr)
    axis, n = axis % len(shape), shape[axis]
    obj, values = settled(obj), array_of(values)
    values = np.reshape(values, (1,) * (len(shape) - np.ndim(values)) + np.shape(values))
    if np.ndim(obj) == 0 and not isinstance(obj, slice):
        values = np.moveaxis(values, 0, axis)
    count = values.shape[axis]
    if count == 1:
        count = np.size(np.insert(np.arange(n), obj, 0)) - n
    values = np.broadcast_to(values, (*shape[:axis], count, *shape[axis + 1 :]))
    order = np.insert(np.arange(n), obj, np.arange(n, n + count))
    return np.take(np.concatenate([arr, np.astype(values, arr.dtype)], axis=axis), order, axis=axis)


@composition(np.block)
def block(arrays: Any) -> Any:
    """Nested lists of blocks: the innermost are joined along the last axis, those around them along the one before."""
    depth, ndim = _depth(arrays), _ndim(arrays)
    return _block(arrays, depth, max(depth, ndim))


def _depth(nested: Any) -> int:
    return 1 + _depth(nested[0]) if isinstance(nested, list) else 0


def _ndim(nested: Any) -> int:
    return max(map(_ndim, nested)) if isinstance(nested, list) else np.ndim(nested)


def _block(nested: Any, depth: int, ndim: int) -> Any:
    if depth == 0:
        return np.reshape(nested, (1,) * (ndim - np.ndim(nested)) + np.shape(nested))
    return np.concatenate([_block(part, depth - 1, ndim) for part in nested], axis=-depth)


# ------------------------------------------------------------------------------------------------------------ splitting

linear(np.split, np.array_split,
       x=lambda g, x_shape, indices_or_sections, axis: rejoined(g, x_shape, indices_or_sections, axis))


@composition(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Splitting along the second axis, a vector along its only one."""
    return np.split(ary, indices_or_sections, axis=0 if np.ndim(ary) == 1 else 1)


@composition(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Splitting along the first axis."""
    return np.split(ary, indices_or_sections, axis=0)


@composition(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """Splitting along the third axis."""
    return np.split(ary, indices_or_sections, axis=2)


def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """The layers along an axis."""
    count = np.shape(x)[axis]
    return tuple(np.squeeze(layer, axis) for layer in np.split(x, count, axis)) if count else ()


if hasattr(np, "unstack"):  # since NumPy 2.1
    composition(np.unstack)(unstack)

# ----------------------------------------------------------------------------------------------------------- long rules


def parts(g: Any, shapes: list[tuple[int, ...]], axis: int | None) -> list[Any]:
    """The pieces of ``g`` that the joined arrays of ``shapes`` contributed (``axis=None`` joins them raveled)."""
    lengths = [reduced_count(shape, None) if axis is None else shape[axis] for shape in shapes]
    pieces = np.split(g, np.cumsum(lengths)[:-1], axis=0 if axis is None else axis)
    return pieces if axis is not None else [np.reshape(p, s) for p, s in zip(pieces, shapes, strict=True)]


def layers(g: Any, shapes: list[tuple[int, ...]], axis: int) -> list[Any]:
    """The layers of ``g`` along ``axis``, one for each stacked array."""
    return [np.squeeze(layer, axis) for layer in np.split(g, len(shapes), axis)]


def rejoined(g: list[Any], shape: tuple[int, ...], indices_or_sections: Any, axis: int) -> Any:
    """The gradients of the parts side by side, zeros for a part that was not used."""
    axis %= len(shape)
    before, n, after = shape[:axis], shape[axis], shape[axis + 1 :]
    slices = _slices(n, indices_or_sections)
    used = [(part, piece) for part, piece in zip(g, slices, strict=True) if part is not None]
    if any(left.stop != right.start for left, right in zip(slices, slices[1:], strict=False)):  # they overlap
        return sum(scatter(part, (slice(None),) * axis + (piece,), shape) for part, piece in used)
    dtype = used[0][0].dtype
    return np.concatenate(
        [
            np.zeros((*before, piece.stop - piece.start, *after), dtype) if part is None else part
            for part, piece in zip(g, slices, strict=True)
        ],
        axis,
    )


def _slices(n: int, indices_or_sections: Any) -> list[slice]:
    """Where `array_split` cuts an axis of length ``n``: at the indices, or into sections as equal as can be."""
    if np.ndim(indices_or_sections) == 0:
        short, longer = divmod(n, int(indices_or_sections))
        cuts = [i * short + min(i, longer) for i in range(int(indices_or_sections) + 1)]
        return [slice(start, stop) for start, stop in zip(cuts, cuts[1:], strict=False)]
    cuts = [0, *map(int, indices_or_sections), n]
    bounds = [slice(start, stop).indices(n) for start, stop in zip(cuts, cuts[1:], strict=False)]
    return [slice(start, max(start, stop)) for start, stop, _ in bounds]
