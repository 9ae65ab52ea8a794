"""Histograms: counts are steps, with slope zero; edges move with the extreme entries, and bars with their weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.derivatives.conversion import in_double
from autograd.derivatives.indexing import scatter
from autograd.errors import ArgumentError
from autograd.operands import array_of
from autograd.rules import composition, constant


@constant
def counted_edges(a: Any, bins: Any, span: Any = None) -> Any:
    """The edges as plain numbers."""
    return np.histogram_bin_edges(a, bins, span)


@composition(np.histogram_bin_edges)
def histogram_bin_edges(a: Any, bins: Any = 10, range: Any = None, weights: Any = None) -> Any:
    """From the least to the largest entry in equal steps, unless ``bins`` or ``range`` say otherwise."""
    bins = array_of(bins)
    if isinstance(bins, str) and weights is not None:
        raise ArgumentError(f"bins={bins!r} chooses the number of bins for entries without weights. Pass a number.")
    edges = counted_edges(a, bins, range)  # also refuses what makes no edges
    if np.ndim(bins) == 1:
        return bins
    if range is not None or np.size(a) == 0:
        return edges
    low, high = np.min(a), np.max(a)
    half = edges.dtype.type(0.5)
    margin = np.where(low == high, half, 0)  # as NumPy widens the range of entries that are all the same
    return np.linspace(low - margin, high + margin, edges.shape[0], dtype=edges.dtype)


@composition(np.histogram)
def histogram(a: Any, bins: Any = 10, range: Any = None, density: Any = None, weights: Any = None) -> tuple[Any, Any]:
    """How many entries lie between each edge and the next (the last edge included), or what they weigh."""
    edges = histogram_bin_edges(a, bins, range, weights)
    a, count = np.ravel(a), edges.shape[0] - 1
    place = np.searchsorted(edges, a, "right") - 1
    place = np.where(a == edges[-1], count - 1, place)
    inside = (a >= edges[0]) & (a <= edges[-1])
    place = np.where(inside, place, count)  # one more bar, for what lies outside
    if weights is None:
        bars = np.bincount(place, minlength=count + 1)[:count]
    else:
        weights = np.ravel(array_of(weights))
        bars = scatter(in_double(weights), place, (count + 1,))[:count].astype(weights.dtype, copy=False)
    return (bars / in_double(np.diff(edges)) / np.sum(bars) if density else bars), edges
