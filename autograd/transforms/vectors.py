"""Cotangents and tangents: vectors that must match an output or an argument, leaf by leaf."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import ArgumentError, ShapeError, with_article
from autograd.graph import Traced
from autograd.recording import as_number, dtype_of
from autograd.sweep import gradient_dtype
from autograd.trees import LEAF, flatten, leaves_like, leaves_with_paths

__all__ = ["matched"]


def matched(vector: Any, like: Any, name: str, of: str) -> list[Any]:
    """Return the leaves of ``vector`` as arrays of the shapes and dtypes of the leaves of ``like``, in its order.

    ``name`` says what the vector is, ``of`` what it belongs to.
    Raises `ArgumentError` where the trees part or a leaf is no number, `ShapeError` where the shapes differ.

    >>> matched(1, 2.0, "the cotangent", "the output")
    [array(1.)]
    """
    leaves, structure = flatten(like)
    paths = [path for path, _ in leaves_with_paths(like, name)]
    try:
        parts = [vector] if structure is LEAF else leaves_like(structure, vector, name)
    except ArgumentError as error:
        raise ArgumentError(f"{error} It must be a tree like {of}, with an array for each of its arrays.") from error
    return [_fitted(part, leaf, path, of) for part, leaf, path in zip(parts, leaves, paths, strict=True)]


def _fitted(part: Any, leaf: Any, path: str, of: str) -> Any:
    number, dtype = as_number(part), dtype_of(leaf)
    if number is None:
        raise ArgumentError(
            f"{path} is {with_article(type(part))}, not a number or an array. Pass an array of shape {np.shape(leaf)}."
        )
    if np.shape(number) != np.shape(leaf):
        raise ShapeError(
            f"{path} has shape {np.shape(number)}, but {of} has shape {np.shape(leaf)} there. "
            f"The two must be equal: one number for each entry."
        )
    if dtype_of(number).kind == "c" and dtype.kind != "c":
        raise ArgumentError(
            f"{path} is {dtype_of(number)}, but {of} is {dtype} there, and the imaginary part would be lost. "
            f"Pass its real part, np.real(v)."
        )
    if isinstance(number, Traced):
        return number
    array = np.array(number)  # a copy: results share no memory with it
    return array.astype(gradient_dtype(dtype), copy=False)
