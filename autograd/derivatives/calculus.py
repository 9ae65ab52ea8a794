"""Calculus on samples: differences, slopes, integrals, interpolation. Nearly all are linear in the samples."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.derivatives.conversion import in_double, in_floats
from autograd.errors import ArgumentError
from autograd.operands import array_of
from autograd.recording import record
from autograd.rules import composition, derivative
from autograd.shapes import reduced_axes, unboxed

derivative(np.unwrap, x=lambda g: g)  # whole periods are added: a constant


@composition(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = np._NoValue, append: Any = np._NoValue) -> Any:
    """x[k + 1] - x[k] along an axis, ``n`` times over."""
    if n < 0:
        raise ArgumentError(f"diff takes differences n times, and n is {n}. Pass n >= 0.")
    if n == 0:
        return a
    shape = np.shape(a)
    if prepend is not np._NoValue or append is not np._NoValue:
        slab = (*shape[: axis % len(shape)], 1, *shape[axis % len(shape) + 1 :])
        ends = [e if e is np._NoValue or np.ndim(e) else np.broadcast_to(e, slab) for e in (prepend, append)]
        a = np.concatenate([x for x in (ends[0], a, ends[1]) if x is not np._NoValue], axis=axis)
    before = (slice(None),) * (axis % len(shape))
    for _ in range(n):
        later, earlier = a[(*before, slice(1, None))], a[(*before, slice(None, -1))]
        a = later != earlier if a.dtype == bool else later - earlier
    return a


@composition(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """Differences of the raveled entries, with further numbers before and behind."""
    pieces = [to_begin, np.diff(np.ravel(ary)), to_end]
    return np.astype(np.concatenate([np.ravel(piece) for piece in pieces if piece is not None]), pieces[1].dtype)


@composition(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """∫ y dx by the trapezoidal rule: Σ (y[k + 1] + y[k]) / 2 · (x[k + 1] - x[k])."""
    y = array_of(y)
    before = (slice(None),) * (axis % y.ndim)
    if x is not None:
        dx = np.diff(x, axis=-1 if np.ndim(x) == 1 else axis)
        if dx.ndim == 1:
            dx = np.reshape(dx, [-1 if i == axis % y.ndim else 1 for i in range(y.ndim)])
    return np.sum(dx * (y[(*before, slice(1, None))] + y[(*before, slice(None, -1))]) / 2.0, axis=axis)


@composition(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """The slope along each axis: central differences inside, one-sided ones of ``edge_order`` at the edges."""
    f = in_floats(array_of(f))  # a difference of unsigned integers would wrap around
    axes = reduced_axes(axis, f.ndim)
    spacings = varargs if len(varargs) == len(axes) else (varargs or (1.0,)) * len(axes)
    if len(varargs) not in (0, 1, len(axes)) or (len(varargs) == 1 < len(axes) and np.ndim(varargs[0])):
        raise ArgumentError(
            f"gradient along {len(axes)} axes takes no spacing, one number, or a spacing for each axis, and was given "
            f"{len(varargs)}. Pass one for each axis."
        )
    slopes = [_slope(f, spacing, axis, edge_order) for spacing, axis in zip(spacings, axes, strict=True)]
    return slopes[0] if len(slopes) == 1 else tuple(slopes)


def _slope(f: Any, spacing: Any, axis: int, edge_order: int) -> Any:
    """df/dx along ``axis``, where ``spacing`` is the step between samples or the array of their places."""
    f = np.moveaxis(f, axis, 0)
    n = len(f)
    if n < edge_order + 1:
        raise ArgumentError(f"gradient needs at least {edge_order + 1} samples along an axis, and axis {axis} has {n}.")
    steps = np.diff(in_floats(array_of(spacing))) if np.ndim(spacing) else spacing * np.ones(n - 1)
    steps = np.reshape(steps, (n - 1,) + (1,) * (f.ndim - 1))
    rises = (f[1:] - f[:-1]) / steps
    inside = (steps[1:] * rises[:-1] + steps[:-1] * rises[1:]) / (steps[:-1] + steps[1:])
    first, last = rises[:1], rises[-1:]
    if edge_order == 2:  # the parabola through the three samples at the edge
        first = first - (rises[1:2] - first) * steps[:1] / (steps[:1] + steps[1:2])
        last = last + (last - rises[-2:-1]) * steps[-1:] / (steps[-2:-1] + steps[-1:])
    slope = np.moveaxis(np.concatenate([first, inside, last]), 0, axis)
    return np.astype(slope, f.dtype)


@composition(np.interp)
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: float | None = None) -> Any:
    """The broken line through the points (xp, fp). At a corner, its slope is the one to the right."""
    x, xp, fp = (in_double(array_of(points)) for points in (x, xp, fp))  # as NumPy does
    if period is not None:
        x, xp, fp = _unrolled(x, xp, fp, abs(period))
        left = right = None
    low, high = xp[0], xp[-1]
    within = np.where((x >= low) & (x <= high), x, low)  # far away, a line may overflow
    k = np.clip(np.searchsorted(xp, within, side="right") - 1, 0, max(len(xp) - 2, 0))
    line = _at(fp, k)
    if len(xp) > 1:
        slope = (_at(fp, k + 1) - line) / (_at(xp, k + 1) - _at(xp, k))
        line = line + slope * (within - _at(xp, k))
    below = np.broadcast_to(fp[0] if left is None else left, np.shape(line))
    above = np.broadcast_to(fp[-1] if right is None else right, np.shape(line))
    return unboxed(np.where(x < low, below, np.where(x > high, above, line)))


def _at(points: Any, k: Any) -> Any:
    """``points[k]``, recorded also where k alone is traced: a program keeps the search for the interval."""
    return record(operator.getitem, (points, k), {})


def _unrolled(x: Any, xp: Any, fp: Any, period: float) -> tuple[Any, Any, Any]:
    """Places within one period, and the points of that period with one more on each side."""
    x, xp = np.mod(x, period), np.mod(xp, period)
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return x, xp, np.concatenate([fp[-1:], fp, fp[:1]])
