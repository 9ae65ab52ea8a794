"""Polynomials: values, and the matrix of powers."""

from __future__ import annotations

from typing import Any

import numpy as np

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
