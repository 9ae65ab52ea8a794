"""The other ways to call a ufunc: with ``where=``, and its methods ``reduce``, ``accumulate``, ``outer``, ``reduceat``.

They are said in terms of functions that have a derivative, so they need no rules of their own:

    np.log(x, where=mask)        scatter(np.log(x[mask]), mask): what is masked is not computed, and has slope 0
    np.multiply.reduce(x)        np.prod(x, axis=0)
    np.hypot.reduce(x)           np.hypot(np.hypot(x[0], x[1]), x[2]) …
    np.subtract.outer(x, y)      np.subtract(x[:, None], y)
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.derivatives.indexing import scatter
from autograd.errors import ArgumentError, LostGradientError, ShapeError
from autograd.shapes import as_rows, kept_shape, unboxed
from autograd.trees import map_tree


def call_where(ufunc: np.ufunc, operands: tuple[Any, ...], where: Any, options: dict[str, Any]) -> Any:
    """Return ``ufunc(*operands)`` where the mask ``where`` is true, and 0 elsewhere (NumPy leaves that undefined)."""
    if where is True or "out" in options:
        return ufunc(*operands, **options)  # out= is refused there
    shape = np.broadcast_shapes(np.shape(where), *map(np.shape, operands))
    mask = np.broadcast_to(where, shape)
    chosen = [x if np.shape(x) == () else np.broadcast_to(x, shape)[mask] for x in operands]
    count = int(np.count_nonzero(mask))
    return map_tree(lambda out: scatter(np.broadcast_to(out, count), mask, shape), ufunc(*chosen, **options))


def call_method(ufunc: np.ufunc, method: str, operands: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Return ``ufunc.method(*operands)``.

    Raises `LostGradientError` for ``at``, which writes into its first operand.
    """
    if method == "at":
        raise LostGradientError(
            f"np.{ufunc.__name__}.at changes its first argument in place, and the recording cannot follow that. "
            f"Compute the new array instead, for example with np.where(mask, value, t)."
        )
    if options.get("out") is not None:
        raise LostGradientError(
            f"np.{ufunc.__name__}.{method}(…, out=…) would overwrite an array, and the recording cannot follow that. "
            "Leave out= away and use the result: y = f(x)."
        )
    if method != "outer" and (dtype := options.pop("dtype", None)) is not None:
        operands = (operands[0].astype(dtype), *operands[1:])
    named = NAMED.get((ufunc, method))
    if named is not None:
        return named(*operands, **{"axis": 0, **options})  # unless told, np.sum would go over all axes
    return GENERIC[method](ufunc, *operands, **options)


def reduce(
    ufunc: np.ufunc, x: Any, axis: Any = 0, keepdims: bool = False, initial: Any = np._NoValue, where: Any = True
) -> Any:
    """Return f(… f(f(i, x₁), x₂) …, xₙ) along ``axis``, by the same calls. i is ``initial`` or the identity of f."""
    if where is not True:
        raise ArgumentError(
            f"np.{ufunc.__name__}.reduce(…, where=…) is recorded for add, multiply, maximum, minimum only. "
            f"Replace what is masked by an entry that changes nothing, with np.where, and leave where= away."
        )
    rows = as_rows(x, axis)
    parts = [rows[..., i] for i in range(rows.shape[-1])]
    initial = ufunc.identity if initial is np._NoValue else initial
    if initial is not None:
        parts.insert(0, (initial + np.zeros(rows.shape[:-1], x.dtype)).astype(x.dtype))
    if not parts:
        raise ShapeError(
            f"np.{ufunc.__name__}.reduce over axis={axis} of shape {x.shape} has no entries to start with. "
            "Give initial=…."
        )
    out = functools.reduce(ufunc, parts) if len(parts) > 1 else unboxed(parts[0])
    return np.reshape(out, kept_shape(x.shape, axis)) if keepdims else out


def accumulate(ufunc: np.ufunc, x: Any, axis: int = 0) -> Any:
    """Return x₁, f(x₁, x₂), f(f(x₁, x₂), x₃), … along ``axis``, by the same calls."""
    along = (slice(None),) * (axis % x.ndim)
    parts = [x[(*along, i)] for i in range(x.shape[axis])]
    return np.stack(list(itertools.accumulate(parts, ufunc)), axis=axis) if parts else x


def outer(ufunc: np.ufunc, x: Any, y: Any, **options: Any) -> Any:
    """Return f(xᵢ, yⱼ) for every pair of entries; the shape is that of x followed by that of y."""
    y = np.reshape(y, np.shape(y))  # a Python number becomes an array, whose dtype counts
    return ufunc(np.reshape(x, np.shape(x) + (1,) * np.ndim(y)), y, **options)


def reduceat(ufunc: np.ufunc, x: Any, indices: Any, axis: int = 0) -> Any:
    """Return the reductions of the slices of ``x`` from each index to the next (of one entry, if that is not later)."""
    starts = [int(i) for i in indices]
    ends = [*starts[1:], x.shape[axis]]
    along = (slice(None),) * (axis % x.ndim)
    slices = [x[(*along, slice(i, max(j, i + 1)))] for i, j in zip(starts, ends, strict=True)]
    alone = {} if (ufunc, "reduce") in NAMED else {"initial": None}  # a slice of one entry is that entry
    return np.stack([ufunc.reduce(part, axis=axis, **alone) for part in slices], axis=axis)


GENERIC: dict[str, Callable[..., Any]] = {
    "reduce": reduce,
    "accumulate": accumulate,
    "outer": outer,
    "reduceat": reduceat,
}

#: Methods that have a name of their own.
NAMED: dict[tuple[np.ufunc, str], Callable[..., Any]] = {
    (np.add, "reduce"): np.sum,
    (np.multiply, "reduce"): np.prod,
    (np.maximum, "reduce"): np.max,
    (np.minimum, "reduce"): np.min,
    (np.logical_and, "reduce"): np.all,
    (np.logical_or, "reduce"): np.any,
    (np.add, "accumulate"): np.cumsum,
    (np.multiply, "accumulate"): np.cumprod,
}
