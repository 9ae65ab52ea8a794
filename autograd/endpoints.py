"""The two ends of a sweep: the seed at a scalar output, and the gradients that are handed out at the inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray  # on the road of every call, np.ndarray would be looked up each time

from autograd.errors import OutputError
from autograd.graph import Traced


def seed_of(output: Traced, what: str) -> Any:
    """Return ∂output/∂output = 1 in the dtype of ``output`` (float64 for integers: gradients are no integers).

    Raises `OutputError`, saying ``what`` was asked for, when ``output`` is not a real scalar.
    """
    shape, dtype = output.node.shape, output.node.dtype
    if shape != ():
        raise not_scalar(what, shape)
    if dtype.kind == "c":
        raise not_real(what, dtype)
    return np.ones((), dtype if dtype.kind == "f" else np.float64)


def not_scalar(what: str, shape: tuple[int, ...]) -> OutputError:
    """The error for an output that has no single gradient, with the three cures."""
    return OutputError(
        f"{what} needs a scalar output, but this one has shape {shape}. Reduce it with .sum() or .mean(), "
        f"take one element of it, or use jacobian (elementwise_grad, if entry i depends on entry i alone)."
    )


def not_real(what: str, dtype: np.dtype[Any]) -> OutputError:
    """The error for a complex output, which no gradient descends."""
    return OutputError(
        f"{what} needs a real scalar output, but this one is {dtype}. Take np.real, np.imag or np.abs of it, "
        f"or use holomorphic_grad."
    )


def distinct(found: list[Any], inputs: list[Any], *, alive: bool = False) -> list[Any]:
    """Return gradients that share no memory with each other or with an array of the user; zeros where none arrived.

    A rule may return an array that it was given. One of the user's is read-only while its recording lasts, so that it
    is known here. In a graph that stays ``alive`` any array may be used again, and all gradients are copied.
    """
    seen: set[int] = set()
    results = []
    for place, gradient in enumerate(found):
        if type(gradient) is ndarray:
            if alive or gradient.base is not None or id(gradient) in seen or not gradient.flags.writeable:
                gradient = gradient.copy()
            seen.add(id(gradient))
        elif gradient is None:
            tensor = inputs[place]
            gradient = np.zeros(tensor.shape, tensor.dtype if tensor.dtype.kind in "fc" else np.float64)[()]
        results.append(gradient)
    return results
