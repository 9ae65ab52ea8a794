"""Polynomials, as their coefficients from the highest power down: values, sums, products, slopes, fits."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograd.errors import ArgumentError
from autograd.graph import Traced
from autograd.operands import array_of
from autograd.rules import composition


@composition(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    """p[0] xⁿ + … + p[n], by Horner's rule."""
    p, x = array_of(p), array_of(x)
    value = np.zeros_like(x)
    for coefficient in p:
        value = value * x + coefficient
    return value


@composition(np.vander)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    """The matrix of the powers of x, one in each column, from the highest down (or from 1 up)."""
    n = len(x) if N is None else N
    if n == 0:
        return np.zeros((len(x), 0), np.result_type(x, int))
    powers = [np.ones_like(x, np.result_type(x.dtype, int))]
    while len(powers) < n:
        powers.append(powers[-1] * x)
    return np.stack(powers if increasing else powers[::-1], axis=1)


@composition(np.polyadd)
def polyadd(a1: Any, a2: Any) -> Any:
    """a1 + a2, the shorter one filled up with zeros in front."""
    a1, a2 = (np.atleast_1d(array_of(a)) for a in (a1, a2))
    longer = max(a1.shape[0], a2.shape[0])
    return np.pad(a1, (longer - a1.shape[0], 0)) + np.pad(a2, (longer - a2.shape[0], 0))


@composition(np.polysub)
def polysub(a1: Any, a2: Any) -> Any:
    """a1 - a2."""
    return polyadd(a1, -1 * np.atleast_1d(array_of(a2)))


@composition(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    """a1 · a2: the coefficients of a product are a convolution.

    Leading zeros of constants are dropped, as by NumPy; of a tensor they stay, for their slopes are not zero.
    """
    a1, a2 = (np.atleast_1d(array_of(a)) for a in (a1, a2))
    return np.convolve(*(a if isinstance(a, Traced) or not np.any(a) else np.trim_zeros(a, "f") for a in (a1, a2)))


@composition(np.polyder)
def polyder(p: Any, m: int = 1) -> Any:
    """The ``m``-th derivative."""
    p = array_of(p)
    for _ in range(m):
        p = p[:-1] * np.arange(p.shape[0] - 1, 0, -1)
    return p


@composition(np.polyfit)
def polyfit(x: Any, y: Any, deg: Any, rcond: Any = None, full: bool = False, w: Any = None, cov: Any = False) -> Any:
    """The polynomial of degree ``deg`` with the least squares of (p(x) - y) w, by columns of length 1 in `lstsq`."""
    if full or cov:
        raise ArgumentError("polyfit with full=True or cov=True is not recorded. Leave them away for the coefficients.")
    x, y = (array_of(z) * 1.0 for z in (x, y))
    powers = vander(x, deg + 1)
    if w is not None:
        w = array_of(w) * 1.0
        powers, y = powers * w[:, None], y * (w if np.ndim(y) == 1 else w[:, None])
    lengths = np.sqrt(np.sum(powers * powers, axis=0))
    limit = len(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    scaled, _, rank, _ = np.linalg.lstsq(powers / lengths, y, limit)
    if rank != deg + 1:
        warnings.warn("Polyfit may be poorly conditioned", np.exceptions.RankWarning, stacklevel=4)
    return scaled / (lengths if np.ndim(y) == 1 else lengths[:, None])
