"""Cotangents and tangents: vectors that must match an output or an argument, leaf by leaf."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import ArgumentError, ShapeError
from autograd.graph import Traced
from autograd.recording import as_number, dtype_of
from autograd.trees import flatten, leaves_with_paths, map_tree

__all__ = ["matched"]


def matched(vector: Any, like: Any, name: str, of: str) -> list[Any]:
    """Return the leaves of ``vector`` as arrays of the shapes and dtypes of the leaves of ``like``, in its order.

    ``name`` says what the vector is, ``of`` what it belongs to.
    Raises `ArgumentError` where the trees part or a leaf is no number, `ShapeError` where the shapes differ.

    >>> matched(1, 2.0, "the cotangent", "the output")
    [array(1.)]
    """
    paths = iter([path for path, _ in leaves_with_paths(like, name)])
    return flatten(map_tree(lambda leaf, part: _fitted(part, leaf, next(paths), of), like, vector, name=name))[0]


def _fitted(part: Any, leaf: Any, path: str, of: str) -> Any:
    number = as_number(part)
    if number is None:
        raise ArgumentError(f"{path} is a {type(part).__name__}, not a number or an array.")
    if np.shape(number) != np.shape(leaf):
        raise ShapeError(
            f"{path} has shape {np.shape(number)}, but {of} has shape {np.shape(leaf)} there. "
            f"The two must be equal: one number for each entry."
        )
    dtype = dtype_of(leaf)
    if isinstance(number, Traced):
        return number
    array = np.array(number)  # a copy: results share no memory with it
    if array.dtype.kind == "c":
        return array
    return array.astype(dtype if dtype.kind in "fc" else np.float64, copy=False)
