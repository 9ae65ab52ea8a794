"""Statistics that are said in terms of other functions: calling them on tensors records those."""

from typing import Any

import numpy as np

from autograd.derivatives.conversion import in_floats
from autograd.errors import ArgumentError
from autograd.operands import array_of
from autograd.recording import dtype_of
from autograd.rules import composition
from autograd.shapes import as_rows, kept_shape, reduced_count, unboxed

# --------------------------------------------------------------------------------------------------- running forms


def cumulative_sum(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """x₁, x₁ + x₂, …; with ``include_initial``, 0 before them."""
    return _led_by(0, np.cumsum(x, axis=axis, dtype=dtype), axis or 0, include_initial)


def cumulative_prod(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
    """x₁, x₁ x₂, …; with ``include_initial``, 1 before them."""
    return _led_by(1, np.cumprod(x, axis=axis, dtype=dtype), axis or 0, include_initial)


if hasattr(np, "cumulative_sum"):  # since NumPy 2.1
    composition(np.cumulative_sum)(cumulative_sum)
    composition(np.cumulative_prod)(cumulative_prod)


def _led_by(start: int, running: Any, axis: int, wanted: bool) -> Any:
    if not wanted:
        return running
    shape = list(running.shape)
    shape[axis] = 1
    return np.concatenate([np.full(shape, start, running.dtype), running], axis=axis)


# ------------------------------------------------------------------------------------------------ location and spread


@composition(np.ptp)
def ptp(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """From the smallest to the largest."""
    return np.max(a, axis=axis, keepdims=keepdims) - np.min(a, axis=axis, keepdims=keepdims)


@composition(np.average)
def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    """Σ w a / Σ w; with ``returned`` also Σ w, in the shape of the average."""
    axis = tuple(axis) if isinstance(axis, list) else axis
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        total = mean.dtype.type(reduced_count(np.shape(a), axis))
    else:
        weights = _facing(array_of(weights), np.shape(a), axis)
        dtype = np.result_type(dtype_of(a), dtype_of(weights))
        dtype = np.result_type(dtype, float) if dtype_of(a).kind in "biu" else dtype
        total = np.sum(weights, axis=axis, keepdims=keepdims, dtype=dtype)
        mean = np.sum(np.astype(a * weights, total.dtype), axis=axis, keepdims=keepdims) / total
    return (mean, unboxed(np.broadcast_to(total, mean.shape))) if returned else mean


def _facing(weights: Any, shape: tuple[int, ...], axis: Any) -> Any:
    """``weights`` of the shape of a, or of its ``axis`` alone, as an array of a's shape."""
    if np.shape(weights) == shape:
        return weights
    if axis is None:
        raise ArgumentError(
            f"np.average got weights of shape {np.shape(weights)} for an array of shape {shape}. "
            f"Say which axis they belong to (axis=…), or give weights of the array's shape."
        )
    named = [int(i) % len(shape) for i in (axis if isinstance(axis, tuple) else (axis,))]
    if np.shape(weights) != tuple(shape[i] for i in named):
        raise ArgumentError(
            f"np.average got weights of shape {np.shape(weights)} for the axes {axis} of an array of shape {shape}. "
            f"They must have the shape {tuple(shape[i] for i in named)}, or that of the array."
        )
    ascending = np.transpose(weights, np.argsort(named))
    spaced = np.reshape(ascending, tuple(n if i in named else 1 for i, n in enumerate(shape)))
    return np.broadcast_to(spaced, shape)


@composition(np.median)
def median(a: Any, axis: Any = None, *, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """The middle entry in ascending order, or the mean of the two; NaN when there is a NaN."""
    ascending = np.sort(as_rows(a, axis), axis=-1)
    count = ascending.shape[-1]
    out = np.mean(ascending[..., max(count - 1, 0) // 2 : count // 2 + 1], axis=-1)  # NaN of nothing
    if count:
        largest = ascending[..., -1]  # NaN comes last
        out = unboxed(np.where(np.isnan(largest), largest, out))
    return np.reshape(out, kept_shape(np.shape(a), axis)) if keepdims else out


# ----------------------------------------------------------------------------------------- NaN as a missing value


def filled(a: Any, value: Any) -> Any:
    """``a`` with ``value`` in place of NaN. An entry that is missing has slope 0."""
    return np.where(np.isnan(a), value, a)


def present(a: Any, axis: Any, keepdims: bool) -> Any:
    """How many entries are not missing."""
    return np.sum(np.logical_not(np.isnan(a)), axis=axis, keepdims=keepdims)


@composition(np.nansum)
def nansum(a: Any, axis: Any = None, dtype: Any = None, **options: Any) -> Any:
    """The sum of the entries that are present."""
    return np.sum(filled(a, 0), axis=axis, dtype=dtype, **options)


@composition(np.nanprod)
def nanprod(a: Any, axis: Any = None, dtype: Any = None, **options: Any) -> Any:
    """The product of the entries that are present."""
    return np.prod(filled(a, 1), axis=axis, dtype=dtype, **options)


@composition(np.nancumsum)
def nancumsum(a: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The running sum, to which a missing entry adds 0."""
    return np.cumsum(filled(a, 0), axis=axis, dtype=dtype)


@composition(np.nancumprod)
def nancumprod(a: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The running product, which a missing entry multiplies by 1."""
    return np.cumprod(filled(a, 1), axis=axis, dtype=dtype)


@composition(np.nanmax)
def nanmax(a: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    """The largest entry that is present; when there is none, ``initial`` or NaN."""
    return _extreme(np.max, a, axis, keepdims, options, -np.inf)


@composition(np.nanmin)
def nanmin(a: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
    """The smallest entry that is present; when there is none, ``initial`` or NaN."""
    return _extreme(np.min, a, axis, keepdims, options, np.inf)


def _extreme(find: Any, a: Any, axis: Any, keepdims: bool, options: dict[str, Any], loser: float) -> Any:
    """An extreme of the entries that are present: a missing one becomes the ``loser`` of all comparisons."""
    if a.dtype.kind not in "fc":
        return find(a, axis=axis, keepdims=keepdims, **options)
    extreme = find(filled(a, loser), axis=axis, keepdims=keepdims, **options)
    if "initial" in options:
        return extreme
    return unboxed(np.where(np.equal(present(a, axis, keepdims), 0), np.nan, extreme))


def chosen(a: Any, where: Any) -> Any:
    """``a`` with NaN in place of the entries that ``where`` leaves out. Integers are floats here: NaN and means are."""
    a = in_floats(a)
    return a if where is True or where is np._NoValue else np.where(where, a, np.nan)


@composition(np.nanmean)
def nanmean(a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """The mean of the entries that are present."""
    a = chosen(a, where)
    total = np.sum(filled(a, 0), axis=axis, dtype=dtype, keepdims=keepdims)
    return (total / present(a, axis, keepdims)).astype(total.dtype)


@composition(np.nanvar)
def nanvar(
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    *,
    ddof: float = 0,
    keepdims: bool = False,
    where: Any = True,
    mean: Any = np._NoValue,
    correction: Any = np._NoValue,
) -> Any:
    """Σ |a - mean|² / (n - ddof) over the n entries that are present; ``correction`` is another name of ddof."""
    a = chosen(a, where)
    away = a - (nanmean(a, axis, dtype, keepdims=True) if mean is np._NoValue else mean)
    if away.dtype != a.dtype:
        away = away.astype(a.dtype)  # as NumPy does, whatever the dtype of the mean is
    away = np.where(np.isnan(a), 0, away)  # not where away is NaN: an infinite entry is not missing
    total = np.sum(np.square(np.absolute(away)), axis=axis, dtype=dtype, keepdims=keepdims)
    lost = ddof if correction is np._NoValue else correction
    freedom = present(a, axis, keepdims) - lost
    return (total / np.where(freedom > 0, freedom, np.nan)).astype(total.dtype)


@composition(np.nanstd)
def nanstd(a: Any, axis: Any = None, dtype: Any = None, **options: Any) -> Any:
    """The root of `nanvar`, with slope 0 where that is 0."""
    variance = nanvar(a, axis, dtype, **options)
    flat = np.equal(variance, 0)
    return unboxed(np.where(flat, 0, np.sqrt(np.where(flat, 1, variance))))
