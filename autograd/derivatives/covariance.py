"""Covariance and correlation of variables, each a row of observations."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from autograd.operands import array_of
from autograd.rules import composition


@functools.cache
def turns_a_row() -> bool:
    """Whether a matrix of one observation of several variables, a row, is seen as that: since NumPy 2.2."""
    return np.cov([[1.0, 2.0]], rowvar=False, bias=True).ndim == 2


@composition(np.cov)
def cov(m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None,
        fweights: Any = None, aweights: Any = None, *, dtype: Any = None) -> Any:  # fmt: skip
    """C = Σ_k w_k (x_k - x̄)(x_k - x̄)* / (Σ w - ddof), the weights being one unless given."""
    x = _observations(m, y, rowvar, dtype)
    if x.shape[0] == 0:
        return np.zeros((0, 0))
    ddof = (0 if bias else 1) if ddof is None else ddof
    weights: Any = 1.0
    for given in (fweights, aweights):
        weights = weights if given is None else weights * array_of(given)
    weights = weights * np.ones(x.shape[1], np.finfo(x.dtype).dtype)
    total = np.sum(weights)
    lost = ddof if aweights is None or ddof == 0 else ddof * np.sum(weights * array_of(aweights)) / total
    centred = x - np.sum(x * weights, axis=1, keepdims=True) / total
    freedom = np.maximum(0, total - lost)  # without any, NumPy divides by zero, and so warns
    return np.squeeze(np.matmul(centred * weights, np.conjugate(centred).T) / freedom)


def _observations(m: Any, y: Any, rowvar: bool, dtype: Any) -> Any:
    """The observations as a matrix of floats with one variable in each row."""
    tables = []
    for table in (m,) if y is None else (m, y):
        table = array_of(table)
        turned = not rowvar and np.ndim(table) > 1 and (turns_a_row() or np.shape(table)[0] != 1)
        tables.append(table.T if turned else np.atleast_2d(table))
    if tables[0].shape[0] == 0:  # NumPy looks no further
        tables = tables[:1]
    dtype = np.result_type(*tables, np.float64) if dtype is None else dtype
    return np.astype(np.concatenate(tables, axis=0), dtype)


@composition(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """C_ij / √(C_ii C_jj)."""
    c = np.cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    deviation = np.sqrt(np.real(np.diagonal(c)))
    return c / deviation[:, None] / deviation[None, :]
