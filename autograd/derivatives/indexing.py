"""Indexing: picking entries, and adding or writing them back where they came from.

`scatter` is the transpose of ``x[index]``: an entry picked twice receives the sum of both gradients. For slices it is
one allocation of zeros and one assignment.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.graph import Traced
from autograd.operands import array_of
from autograd.rules import composition, constant, derivative, linear
from autograd.shapes import reduced_count, unbroadcast

# ------------------------------------------------------------------------------------------------------------- x[index]


def scatter(x: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Return zeros of ``shape`` to which ``x`` is added at ``index``; an entry picked twice receives twice."""
    out = np.zeros(shape, np.result_type(x))
    if picks_once(index):
        out[index] = x
    else:
        add_at(out, index, x)
    return out


def add_at(out: Any, index: Any, x: Any) -> None:
    """Add ``x``, of the shape of ``out[index]``, to a C-contiguous ``out``, as often as ``index`` names an entry."""
    rows = index[0] if isinstance(index, tuple) and len(index) == 1 else index
    rows = np.asarray(rows) if type(rows) is list else rows
    if out.ndim > 1 and type(rows) is np.ndarray and rows.dtype.kind in "iu":
        # Whole rows: np.add.at is five times as fast on the flat entries.
        width = reduced_count(out.shape[1:], None)
        rows = rows % len(out)
        index, x, out = (np.expand_dims(rows, -1) * width + np.arange(width)).ravel(), np.ravel(x), out.reshape(-1)
    np.add.at(out, index, x)


def picks_once(index: Any) -> bool:
    """Whether ``index`` is made of slices, ints and masks, which never pick an entry twice."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None
        or part is Ellipsis
        or isinstance(part, (int, slice, np.integer, np.bool_))
        or (isinstance(part, np.ndarray) and part.dtype.kind == "b")
        for part in parts
    )


# Picking entries and adding them back where they came from are each other's transpose.
scatter = linear(scatter, trees=("index",), x=lambda g, index: g[index], index=None)
linear(operator.getitem, trees=("index",), x=lambda g, index, x_shape: scatter(g, index, x_shape), index=None)

# ----------------------------------------------------------------------------------------- assignment, without a change


@derivative(
    trees=("index",),
    x=lambda g, index: index_update(g, index, 0),
    index=None,
    value=lambda g, index, value_shape: unbroadcast(last_written(g, index), value_shape),
)
def index_update(x: Any, index: Any, value: Any) -> Any:
    """Return a copy of ``x`` after ``x[index] = value``.

    x: any shape; ``index`` anything that NumPy takes; ``value`` broadcasts to the shape of ``x[index]``.
    The result has the dtype of x. Where ``index`` names an entry twice, the last value stays, and gets the gradient.

    Raises `IndexingError` for an index outside x, `ShapeError` for a value that does not fit.

    >>> index_update(np.zeros(3), 1, 5.0)
    array([0., 5., 0.])
    """
    out = np.array(x)
    out[index] = value
    return out


@derivative(
    trees=("index",),
    x=lambda g: g,
    index=None,
    value=lambda g, index, value_shape: unbroadcast(g[index], value_shape),
)
def index_add(x: Any, index: Any, value: Any) -> Any:
    """Return a copy of ``x`` with ``value`` added at ``index``; an entry named twice receives both.

    x: any shape; ``index`` anything that NumPy takes; ``value`` broadcasts to the shape of ``x[index]``.
    The result has the dtype of x.

    Raises `IndexingError` for an index outside x, `ShapeError` for a value that does not fit.

    >>> index_add(np.zeros(3), [1, 1], np.array([5.0, 2.0]))
    array([0., 7., 0.])
    """
    out = np.array(x, order="C")
    if picks_once(index):
        out[index] += value
    else:
        add_at(out, index, np.broadcast_to(value, out[index].shape))  # np.add.at itself misreads a stretched value
    return out


def last_written(g: Any, index: Any) -> Any:
    """``g[index]``, with zeros for values that a later value of the same assignment has overwritten."""
    picked = g[index]
    if picks_once(index):
        return picked
    turn = np.reshape(np.arange(reduced_count(np.shape(picked), None)), np.shape(picked))
    winner = np.zeros(np.shape(g), int)
    winner[index] = turn
    return np.where(winner[index] == turn, picked, 0)


# --------------------------------------------------------------------------------------------------- picking along axes

# fmt: off
linear(np.take,
       x=lambda g, x_shape, indices, axis, mode: untake(g, x_shape, indices, axis, mode), indices=None)
linear(np.take_along_axis,
       x=lambda g, x_shape, indices, axis: untake_along_axis(g, x_shape, indices, axis), indices=None)
# fmt: on


@composition(np.compress)
def compress(condition: Any, a: Any, axis: int | None = None) -> Any:
    """The slices for which the condition holds."""
    return np.take(a, np.flatnonzero(condition), axis=axis)


@composition(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    """The entries for which the condition holds."""
    return np.take(arr, np.flatnonzero(condition))


@composition(np.delete)
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """All slices but those named."""
    n = np.size(arr) if axis is None else np.shape(arr)[axis]
    return np.take(arr, np.delete(np.arange(n), settled(obj)), axis=axis)


def settled(places: Any) -> Any:
    """Return ``places`` as plain integers, if the recordings that they are traced by give them away."""
    while isinstance(places, Traced):
        places = places.recording.read(places, "An index or a count made")
    return places


@composition(np.choose)
def choose(a: Any, choices: Any, *, mode: str = "raise") -> Any:
    """Entry by entry, the array that ``a`` names."""
    choices = list(map(array_of, choices))
    dtype = np.result_type(*choices)
    which, *stretched = np.broadcast_arrays(np.multiply(a, 1), *choices)  # a mask as 0 and 1
    n = len(stretched)
    within: dict[str, Callable[[Any], Any]] = {
        "raise": lambda i: i,
        "wrap": lambda i: i % n,
        "clip": lambda i: np.clip(i, 0, n - 1),
    }
    which = within[mode](which)
    return np.take_along_axis(np.stack([np.astype(x, dtype) for x in stretched]), which[None], axis=0)[0]


@composition(np.bincount)
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """How often each number occurs, or the sum of the weights with which it does."""
    x = np.multiply(x, 1)  # a mask as 0 and 1
    length = max(int(np.max(x, initial=-1)) + 1, minlength)
    return scatter(np.ones(len(x), int) if weights is None else np.astype(weights, np.float64), x, (length,))


# ----------------------------------------------------------------------------------- where entries are: a slope of zero

constant(np.nonzero, np.flatnonzero, np.argwhere, np.unravel_index, np.ravel_multi_index)

# ----------------------------------------------------------------------------------------------------------- long rules


def untake(g: Any, shape: tuple[int, ...], indices: Any, axis: int | None, mode: str) -> Any:
    """Undo ``take``: each gradient goes back to the slice that it was taken from."""
    if axis is None or not shape:
        return np.reshape(untake(g, (reduced_count(shape, None),), indices, 0, mode), shape)
    if 0 in shape:  # NumPy takes from nothing what is not there
        return np.zeros(shape, g.dtype)
    axis, n = axis % len(shape), shape[axis]
    if mode != "raise":
        indices = indices % n if mode == "wrap" else np.clip(indices, 0, n - 1)
    return scatter(g, (slice(None),) * axis + (indices,), shape)


def untake_along_axis(g: Any, shape: tuple[int, ...], indices: Any, axis: int | None) -> Any:
    """Undo ``take_along_axis``: along the axis by ``indices``, along all others straight."""
    if axis is None:
        return np.reshape(scatter(g, indices, (reduced_count(shape, None),)), shape)
    axis %= len(shape)
    straight = np.ix_(*[np.arange(n) for n in shape])
    return scatter(g, (*straight[:axis], indices, *straight[axis + 1 :]), shape)
