"""Functions that call functions of the user on parts of an array: along an axis, over axes, piece by piece."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.derivatives.indexing import scatter
from autograd.errors import ShapeError
from autograd.operands import array_of
from autograd.rules import composition


@composition(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any) -> Any:
    """Each function on the entries where its condition holds (a later one wins), or a number in their place."""
    masks = masks_of(condlist, np.shape(x))
    if len(funclist) == len(masks) + 1:  # the last one is for the rest
        masks.append(~functools.reduce(np.logical_or, masks))
    if len(masks) != len(funclist):
        raise ShapeError(
            f"piecewise got {len(masks)} conditions and {len(funclist)} functions. Pass a function for each condition, "
            f"and perhaps one more for the rest."
        )
    out = np.zeros_like(x)
    for mask, function in zip(masks, funclist, strict=True):
        count = int(np.count_nonzero(mask))
        if count:
            piece = function(x[mask], *args, **kw) if callable(function) else function
            piece = np.astype(np.broadcast_to(array_of(piece), (count,)), out.dtype)
            out = np.where(mask, scatter(piece, mask, mask.shape), out)
    return out


def masks_of(condlist: Any, shape: tuple[int, ...]) -> list[Any]:
    """The conditions as a list of masks of ``shape``: one condition may stand without a list around it."""
    one = not isinstance(condlist, (list, tuple)) and np.ndim(condlist) == len(shape)
    flat = isinstance(condlist, (list, tuple)) and bool(shape) and np.ndim(condlist[0]) == 0
    return [np.broadcast_to(np.not_equal(c, 0), shape) for c in ([condlist] if one or flat else condlist)]


@composition(np.apply_along_axis)
def apply_along_axis(func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """The function of each row along an axis; the axes of what it returns take the place of that axis."""
    axis = axis % np.ndim(arr)
    rows = np.moveaxis(arr, axis, -1)
    places = list(np.ndindex(rows.shape[:-1]))
    if not places:
        raise ShapeError(f"apply_along_axis has no row to apply to: the array has shape {np.shape(arr)}.")
    outs = [array_of(func1d(rows[place], *args, **kwargs)) for place in places]
    inner = np.shape(outs[0])
    out = np.reshape(np.stack(outs), (*rows.shape[:-1], *inner))
    return np.moveaxis(out, tuple(range(-len(inner), 0)), tuple(range(axis, axis + len(inner))))


@composition(np.apply_over_axes)
def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """A reduction over one axis after the other; the axes stay, with length 1."""
    for axis in np.atleast_1d(axes):
        axis = int(axis) % max(np.ndim(a), 1)
        reduced = func(a, axis)
        a = reduced if np.ndim(reduced) == np.ndim(a) else np.expand_dims(reduced, axis)
    return a
