"""Selection: functions that decide by comparing values which entries appear where.

The decision itself has slope zero; the gradient goes to the entries that were chosen. Where a decision hangs on a tie
between equal entries, the first of them counts as chosen.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.operands import array_of
from autograd.recording import record
from autograd.rules import TABLE, Row, composition, constant
from autograd.shapes import unboxed

# ------------------------------------------------------------------------------------------------------------- ordering


@composition(np.sort)
def sort(a: Any, axis: int | None = -1, kind: Any = None, order: None = None, *, stable: Any = None) -> Any:
    """The entries in ascending order: gathered as `argsort` says."""
    a, axis = (np.ravel(a), 0) if axis is None else (a, axis)
    order_of = np.argsort(a, axis=axis, kind=kind if kind or stable else "stable", stable=stable)
    return np.take_along_axis(a, order_of, axis=axis)


@composition(np.partition)
def partition(a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect", order: None = None) -> Any:
    """Entries below the ``kth`` smallest before it, those above behind it."""
    a, axis = (np.ravel(a), 0) if axis is None else (a, axis)
    return np.take_along_axis(a, np.argpartition(a, kth, axis=axis, kind=kind), axis=axis)


@composition(np.unique)
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    **options: Any,
) -> Any:
    """The distinct entries in ascending order, each taken from where it occurs first."""
    _, first, inverse, counts = record(occurrences, (ar, True, True, True, axis), options)
    values = np.take(ar, first, axis=axis)
    extras = [x for x, asked in ((first, return_index), (inverse, return_inverse), (counts, return_counts)) if asked]
    return (values, *extras) if extras else values


def occurrences(ar: Any, *args: Any, **options: Any) -> Any:
    """What else `unique` finds out: where entries occur, and how often."""
    return np.unique(ar, *args, **options)


TABLE[occurrences] = Row(np.unique, {"ar": None})

# ------------------------------------------------------------------------------------------------------------- choosing


@composition(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Entry by entry, the choice of the first condition that holds."""
    choicelist, default = list(map(array_of, choicelist)), array_of(default)
    dtype = np.result_type(*choicelist, default)
    arrays = np.broadcast_arrays(*condlist, *choicelist, default)
    conditions, choices = arrays[: len(condlist)], [np.astype(x, dtype) for x in arrays[len(condlist) :]]
    chosen = choices[-1]
    for condition, choice in zip(conditions[::-1], choices[-2::-1], strict=True):
        chosen = np.where(condition, choice, chosen)
    return chosen


@composition(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    """min(max(a, a_min), a_max): slope one between the bounds; at them and beyond, the bound is chosen."""
    low, high = a_min if min is None else min, a_max if max is None else max
    if low is not None:
        a = np.where(a <= low, low, a)
    return unboxed(a if high is None else np.where(a >= high, high, a))


@composition(np.nan_to_num)
def nan_to_num(x: Any, copy: bool = True, nan: float = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Finite entries as they are, numbers in place of the others; their slope is zero."""
    if x.dtype.kind == "c":
        real, imag = (nan_to_num(part, copy, nan, posinf, neginf) for part in (np.real(x), np.imag(x)))
        return real + 1j * imag
    if x.dtype.kind != "f":
        return unboxed(np.copy(x))
    limits = np.finfo(x.dtype)
    x = np.where(np.isnan(x), nan, x)
    x = np.where(x == np.inf, limits.max if posinf is None else posinf, x)
    return unboxed(np.where(x == -np.inf, limits.min if neginf is None else neginf, x))


# -------------------------------------------------------------------------------------- where entries stand: slope zero

constant(np.argsort, np.argpartition, np.lexsort, np.searchsorted, np.digitize)
