"""Quantiles: where a share q of the entries lies below, between neighbours in ascending order.

Reference: R. Hyndman, Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50, 1996.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import ArgumentError
from autograd.recording import dtype_of
from autograd.rules import composition
from autograd.shapes import as_rows, kept_shape, unboxed

#: (α, β) of the definitions that interpolate at position n q + α + q (1 - α - β) - 1.
INTERPOLATED: dict[str, tuple[float, float]] = {
    "linear": (1, 1), "weibull": (0, 0), "hazen": (1 / 2, 1 / 2),
    "median_unbiased": (1 / 3, 1 / 3), "normal_unbiased": (3 / 8, 3 / 8), "interpolated_inverted_cdf": (0, 1),
}  # fmt: skip
#: What the others do with the position that "linear" interpolates at.
CHOSEN: dict[str, Any] = {
    "lower": np.floor,
    "higher": np.ceil,
    "nearest": np.rint,
    "midpoint": lambda at: (np.floor(at) + np.ceil(at)) / 2,
}


@composition(np.quantile)
def quantile(
    a: Any,
    q: Any,
    axis: Any = None,
    *,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    weights: None = None,
) -> Any:
    """The quantiles ``q``, 0 to 1, of the entries along ``axis``, the axes of q first. NaN when there is a NaN.

    The slope goes to the two neighbours of a quantile, the nearer one receives more. q itself is a plain number.
    """
    shares = as_shares(q)
    without(weights)
    ascending = np.sort(as_rows(a, axis), axis=-1)
    at = position(shares.ravel(), ascending.shape[-1], method)
    below, above = np.floor(at).astype(int), np.ceil(at).astype(int)
    out = between(ascending[..., below], ascending[..., above], at - below, dtype_of_quantile(a, q, method))
    largest = ascending[..., -1:]  # NaN comes last
    return shares_first(np.where(np.isnan(largest), largest, out), shares.shape, np.shape(a), axis, keepdims)


def as_shares(q: Any) -> Any:
    """The quantiles that are asked for, as an array."""
    shares = np.asarray(q, float)
    if not np.all((shares >= 0) & (shares <= 1)):
        raise ArgumentError(f"Quantiles lie in 0 … 1, and percentiles in 0 … 100; got {q}.")
    return shares


def without(weights: Any) -> None:
    """Refuse ``weights``: NumPy then takes the method "inverted_cdf", which jumps."""
    if weights is not None:
        raise ArgumentError(
            "There is no derivative of a quantile with weights=…. Sort by hand, i = np.argsort(t.numpy()), and take "
            "the entry where the weights of t[i] have added up to the share q of them all."
        )


def of_hundred(q: Any) -> Any:
    """Percent as shares; a Python number stays one."""
    return q / 100 if type(q) in (int, float) else np.true_divide(q, 100)


def dtype_of_quantile(a: Any, q: Any, method: Any) -> Any:
    """The dtype of a quantile of ``a``: by NumPy's rules q counts, unless it is a Python number or only chooses."""
    if dtype_of(a).kind == "c":
        raise ArgumentError(f"Complex numbers have no quantiles: a has shape {np.shape(a)}, dtype {dtype_of(a)}.")
    return np.quantile(np.ones(1, dtype_of(a)), q, method=method).dtype


def between(low: Any, high: Any, part: Any, dtype: Any) -> Any:
    """(1 - part) low + part high in ``dtype``, where an infinite neighbour of weight 0 does not count."""
    part = part.astype(dtype)
    return np.where(part == 0, low, low * (1 - part) + high * part)


def shares_first(rows: Any, shares: Any, shape: Any, axis: Any, keepdims: bool) -> Any:
    """The quantiles of each row, one share after the other, with the axes of the shares before those of the rows."""
    out = np.moveaxis(rows, -1, 0)
    return unboxed(np.reshape(out, (*shares, *(kept_shape(shape, axis) if keepdims else out.shape[1:]))))


@composition(np.percentile)
def percentile(a: Any, q: Any, axis: Any = None, **options: Any) -> Any:
    """Quantiles in hundredths."""
    return quantile(a, of_hundred(q), axis, **options)


@composition(np.nanquantile)
def nanquantile(
    a: Any,
    q: Any,
    axis: Any = None,
    *,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: bool = False,
    weights: None = None,
) -> Any:
    """The quantiles of the entries that are numbers; NaN, which sorts behind them, is left out of each row."""
    shares = as_shares(q)
    without(weights)
    rows = as_rows(a, axis)
    if rows.shape[-1] == 0:
        dtype = rows.dtype if rows.dtype.kind == "f" else float
        rows = np.full((*rows.shape[:-1], 1), np.nan, dtype)  # NaN of nothing
    ascending = np.sort(rows, axis=-1)
    count = np.maximum(np.sum(~np.isnan(rows), axis=-1, keepdims=True), 1)
    at = position(shares.ravel(), count, method)
    below, above = np.floor(at).astype(int), np.ceil(at).astype(int)
    low, high = np.take_along_axis(ascending, below, axis=-1), np.take_along_axis(ascending, above, axis=-1)
    out = between(low, high, at - below, dtype_of_quantile(a, q, method))
    return shares_first(out, shares.shape, np.shape(a), axis, keepdims)


@composition(np.nanpercentile)
def nanpercentile(a: Any, q: Any, axis: Any = None, **options: Any) -> Any:
    """Quantiles in hundredths of the entries that are numbers."""
    return nanquantile(a, of_hundred(q), axis, **options)


@composition(np.nanmedian)
def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False) -> Any:
    """The middle one of the entries that are numbers, or the mean of the two in the middle."""
    return nanquantile(a, 0.5, axis, keepdims=keepdims is True)


def position(q: Any, count: int, method: str) -> Any:
    """Where the quantiles ``q`` of ``count`` entries in ascending order lie, from 0 to count - 1."""
    if method not in INTERPOLATED and method not in CHOSEN:
        raise ArgumentError(f"There is no derivative of quantile with method={method!r}: it is one of "
                            f"{', '.join([*INTERPOLATED, *CHOSEN])}.")  # fmt: skip
    alpha, beta = INTERPOLATED.get(method, (1, 1))
    at = np.clip(count * q + alpha + q * (1 - alpha - beta) - 1, 0, count - 1)
    nearest = np.rint(at)
    at = np.where(np.abs(at - nearest) < 1e-12 * count, nearest, at)  # 0.07 · 100 is not quite 7
    return CHOSEN[method](at) if method in CHOSEN else at
