"""Creation: new arrays after the pattern of others, and grids. What depends only on shapes and dtypes is a constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.graph import Traced
from autograd.operands import array_of
from autograd.rules import composition, linear
from autograd.shapes import unbroadcast

# --------------------------------------------------------------------------------------------------- like another array


def _like(create: Callable[..., Any]) -> Callable[..., Any]:
    def body(a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None, **device: Any) -> Any:
        """A constant array with the shape and dtype of another."""
        return create(a.shape if shape is None else shape, a.dtype if dtype is None else dtype, **device)

    return body


composition(np.zeros_like)(_like(np.zeros))
composition(np.ones_like)(_like(np.ones))
composition(np.empty_like)(lambda prototype, *args, **options: _like(np.empty)(prototype, *args, **options))


@composition(np.full_like)
def full_like(a: Any, fill_value: Any, dtype: Any = None, *, shape: Any = None, **options: Any) -> Any:
    """One value, which may be traced, in the shape and dtype of another array."""
    shape, dtype = a.shape if shape is None else shape, a.dtype if dtype is None else dtype
    value = array_of(fill_value)
    if not isinstance(value, Traced):
        return np.full(shape, value, dtype)
    return np.broadcast_to(np.astype(value, dtype), shape)  # type: ignore[call-overload]


# ---------------------------------------------------------------------------------------------------------------- grids

linear(np.linspace, start=lambda g, start_shape, num, endpoint, axis:
                              weighed(g, start_shape, 1 - fractions(num, endpoint), axis, -1 / steps(num, endpoint)),
                    stop=lambda g, stop_shape, num, endpoint, axis:
                             weighed(g, stop_shape, fractions(num, endpoint), axis, 1 / steps(num, endpoint)))


@composition(np.logspace)
def logspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None,
             axis: int = 0) -> Any:  # fmt: skip
    """base^y for y in equal steps."""
    power = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return power if dtype is None else np.astype(power, dtype)


@composition(np.geomspace)
def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Any:
    """Numbers of one sign in equal ratios: exp of equal steps between the logarithms."""
    start, stop = np.ones(()) * start, np.ones(()) * stop  # at least in double precision, as in NumPy
    sign = np.sign(start)
    grid = np.exp(np.linspace(np.log(start * sign), np.log(stop * sign), num, endpoint, axis=axis))
    grid = np.moveaxis(np.moveaxis(grid, axis, 0) * sign, 0, axis)
    return grid if dtype is None else np.astype(grid, dtype)


@composition(np.meshgrid)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    """The coordinates of a grid: each vector along an axis of its own (x and y in the order of the page for "xy")."""
    ndim = len(xi)
    place = [1, 0, *range(2, ndim)] if indexing == "xy" and ndim > 1 else range(ndim)
    shapes = [[-1 if axis == i else 1 for i in range(ndim)] for axis in place]
    open_grid = [np.reshape(x, shape) for x, shape in zip(xi, shapes, strict=True)]
    return tuple(open_grid) if sparse else np.broadcast_arrays(*open_grid)


@composition(np.tril_indices_from)
def tril_indices_from(arr: Any, k: int = 0) -> Any:
    """The places of the lower triangle."""
    return np.tril_indices(arr.shape[-2], k, arr.shape[-1])


@composition(np.triu_indices_from)
def triu_indices_from(arr: Any, k: int = 0) -> Any:
    """The places of the upper triangle."""
    return np.triu_indices(arr.shape[-2], k, arr.shape[-1])


@composition(np.diag_indices_from)
def diag_indices_from(arr: Any) -> Any:
    """The places of the diagonal."""
    return np.diag_indices(arr.shape[0], arr.ndim)


# ----------------------------------------------------------------------------------------------------------- long rules


def steps(num: int, endpoint: bool) -> int:
    """How many steps it is from the start of `linspace` to the stop."""
    return max(num - 1 if endpoint else num, 1)


def fractions(num: int, endpoint: bool) -> Any:
    """How far along each point of `linspace` is, from 0 at the start to 1 at the stop."""
    return np.arange(num) / steps(num, endpoint)


def weighed(g: Any, shape: tuple[int, ...], weights: Any, axis: int, step_slope: float) -> Any:
    """Σ_k g_k w_k along ``axis``, for an end of ``shape``; with ``retstep``, ``g`` holds that of the step as well."""
    if isinstance(g, list):
        points, step = g
        of_points = 0 if points is None else weighed(points, shape, weights, axis, step_slope)
        of_step = 0 if step is None else unbroadcast(step_slope * step, shape)
        return of_points + of_step
    return unbroadcast(np.tensordot(weights.astype(g.dtype), g, (0, axis)), shape)
