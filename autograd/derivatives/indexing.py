"""Indexing and selection."""

import operator
from typing import Any

import numpy as np

from autograd.rules import linear


def scatter(x: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Return zeros of ``shape`` to which ``x`` is added at ``index``; an entry picked twice receives twice."""
    out = np.zeros(shape, np.result_type(x))
    if picks_once(index):
        out[index] = x
    else:
        np.add.at(out, index, x)
    return out


def picks_once(index: Any) -> bool:
    """Whether ``index`` is made of slices, ints and masks, which never pick an entry twice."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None
        or part is Ellipsis
        or isinstance(part, (int, slice, np.integer, np.bool_))
        or getattr(part, "dtype", None) == bool
        for part in parts
    )


# Picking entries and adding them back where they came from are each other's transpose.
scatter = linear(scatter, trees=("index",), x=lambda g, index: g[index], index=None)
linear(
    operator.getitem, trees=("index",), x=lambda g, index, x_shape: scatter(g, index, x_shape), index=None
)
