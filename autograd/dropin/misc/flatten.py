"""Trees of arrays as one vector, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.trees import flatten as take_apart
from autograd.trees import rebuild

__all__ = ["flatten", "flatten_func"]


def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Return ``(vector, unflatten)``: all entries of the tree ``value`` in a row, and the way back. Both differentiate.

    >>> vector, unflatten = flatten({"w": np.ones((2, 2)), "b": 5.0})
    >>> vector
    array([1., 1., 1., 1., 5.])
    >>> unflatten(vector * 2)["w"].shape
    (2, 2)
    """
    leaves, structure = take_apart(value)
    shapes = [np.shape(leaf) for leaf in leaves]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes], dtype=int).tolist()

    def unflatten(vector: Any) -> Any:
        parts = [vector[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        return rebuild(structure, [np.reshape(part, shape) for part, shape in zip(parts, shapes, strict=True)])

    return (np.concatenate([np.ravel(leaf) for leaf in leaves]) if leaves else np.zeros(0)), unflatten


def flatten_func(func: Callable[..., Any], example: Any) -> tuple[Callable[..., Any], Callable[[Any], Any], Any]:
    """Return ``func`` between vectors instead of trees like ``example``, ``unflatten``, and the flat example."""
    flat_example, unflatten = flatten(example)

    def flat_func(vector: Any, *args: Any, **kwargs: Any) -> Any:
        return flatten(func(unflatten(vector), *args, **kwargs))[0]

    return flat_func, unflatten, flat_example
