"""Padding: an array with a margin around it.

Along each axis, ``np.pad`` puts into the margin known numbers (``constant``), copies of entries (``edge reflect
symmetric wrap``), linear combinations of entries (``linear_ramp``, odd reflections) or statistics of them
(``maximum minimum median mean``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.derivatives.indexing import scatter
from autograd.errors import ArgumentError
from autograd.graph import Traced
from autograd.operands import array_of
from autograd.rules import composition
from autograd.trees import flatten

COPYING = ("edge", "reflect", "symmetric", "wrap")
STATISTICS: dict[str, Callable[..., Any]] = {
    "maximum": np.max, "minimum": np.min, "median": np.median, "mean": np.mean,
}  # fmt: skip
MODES = ("constant", "empty", "linear_ramp", *COPYING, *STATISTICS)


@composition(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """The array with ``pad_width`` entries more at the sides of each axis, filled as ``mode`` says."""
    if mode in MODES:
        np.pad(np.zeros(1), 0, mode, **dict.fromkeys(options, 1))  # NumPy refuses options that are not of this mode
    widths = _per_axis(pad_width, np.ndim(array))
    if mode in ("constant", "empty"):
        return _framed(array, widths, options.get("constant_values", 0))
    for axis, width in enumerate(widths):
        if width != (0, 0):
            array = _padded(array, axis, width, mode, _of_axis(axis, options, np.ndim(array)))
    return array


def _of_axis(axis: int, options: dict[str, Any], ndim: int) -> dict[str, Any]:
    """The options for one axis alone."""
    own = dict(options)
    if own.get("stat_length") is not None:
        own["stat_length"] = _per_axis(own["stat_length"], ndim)[axis : axis + 1]
    if "end_values" in own:
        own["end_values"] = _numbers_per_axis(own["end_values"], ndim)[axis : axis + 1]
    return own


def _per_axis(pairs: Any, ndim: int) -> list[tuple[Any, Any]]:
    """One (before, after) for each axis, from a number, a pair, or a pair per axis (also a dict of them, by axis)."""
    if isinstance(pairs, dict):
        named = {axis % ndim: pair for axis, pair in pairs.items()}
        pairs = [named.get(axis, (0, 0)) for axis in range(ndim)]
        pairs = [(pair, pair) if np.ndim(pair) == 0 else tuple(pair) for pair in pairs]
    return [(before, after) for before, after in np.broadcast_to(pairs, (ndim, 2)).tolist()]


def _numbers_per_axis(values: Any, ndim: int) -> Any:
    """Like `_per_axis` for numbers, which may be traced: an array of shape (ndim, 2)."""
    if isinstance(values, dict):
        named = {axis % ndim: pair for axis, pair in values.items()}
        values = [np.broadcast_to(array_of(named.get(axis, 0)), (2,)) for axis in range(ndim)]
    return np.broadcast_to(array_of(values), (ndim, 2))


def _is_traced(values: Any) -> bool:
    return any(isinstance(value, Traced) for value in flatten(values)[0])


def _framed(array: Any, widths: list[tuple[int, int]], constant_values: Any) -> Any:
    """The array within a frame of constants."""
    shape = tuple(before + n + after for n, (before, after) in zip(array.shape, widths, strict=True))
    inner = tuple(slice(before, before + n) for n, (before, _) in zip(array.shape, widths, strict=True))
    padded = scatter(array, inner, shape)
    if _is_traced(constant_values):
        # Number the two sides of each axis from 1, pad with the numbers, and let them pick the constants.
        ndim = len(widths)
        sides = np.arange(1, 2 * ndim + 1).reshape(ndim, 2)
        picked = np.pad(np.zeros(array.shape, int), widths or 0, constant_values=sides if ndim else 0)
        constants = np.concatenate([np.zeros(1), np.ravel(_numbers_per_axis(constant_values, ndim))])
        return padded + np.astype(constants[picked], array.dtype)
    if not np.any(constant_values):
        return padded
    return padded + np.pad(np.zeros(array.shape, array.dtype), widths or 0, constant_values=constant_values)


def _padded(array: Any, axis: int, width: tuple[int, int], mode: Any, options: dict[str, Any]) -> Any:
    """The array padded along one axis."""
    n = array.shape[axis]
    if mode in COPYING and options.get("reflect_type", "even") == "even":
        return np.take(array, np.pad(np.arange(n), width, mode), axis=axis)
    if mode in COPYING:  # linear along the axis, so padding the columns of the identity gives its matrix
        matrix = np.pad(np.eye(n, dtype=array.dtype), (width, (0, 0)), mode, **options)
        return np.moveaxis(np.tensordot(matrix, array, (1, axis)), 0, axis)
    if mode == "linear_ramp":
        return _with_ramps(array, axis, width, options.get("end_values", [(0, 0)])[0])
    if mode in STATISTICS:
        return _with_statistics(array, axis, width, STATISTICS[mode], options.get("stat_length"))
    raise ArgumentError(
        f"pad of an array of shape {array.shape} with mode={mode!r} has no derivative. "
        f"Use one of: {', '.join(MODES)}."
    )


def _settled(margin: Any, rounding: Callable[[Any], Any], dtype: np.dtype[Any]) -> Any:
    """Entries of a margin in the dtype of the array, for which NumPy rounds them if that is of integers."""
    if margin.dtype == dtype:
        return margin
    return np.astype(rounding(margin) if dtype.kind in "iu" else margin, dtype)


def _with_ramps(array: Any, axis: int, width: tuple[int, int], ends: Any) -> Any:
    """The array between straight lines that lead to the end values along one axis."""
    edges = [np.take(array, place, axis=axis) for place in (0, -1)]
    ramps = [
        _settled(np.linspace(end, edge, count, endpoint=False, axis=axis), np.floor, array.dtype)
        for end, edge, count in zip(ends, edges, width, strict=True)
    ]
    return np.concatenate([ramps[0], array, np.flip(ramps[1], axis)], axis=axis)


def _with_statistics(
    array: Any, axis: int, width: tuple[int, int], statistic: Callable[..., Any], stat_length: Any
) -> Any:
    """The array between repetitions of a statistic of its first and last entries along one axis."""
    n = array.shape[axis]
    first, last = (n, n) if stat_length is None else (min(length, n) for length in stat_length[0])
    before = (slice(None),) * axis
    ends = (array[(*before, slice(0, first))], array[(*before, slice(n - last, n))])
    left, right = (_settled(statistic(end, axis=axis, keepdims=True), np.rint, array.dtype) for end in ends)
    return np.concatenate([np.repeat(left, width[0], axis), array, np.repeat(right, width[1], axis)], axis=axis)
