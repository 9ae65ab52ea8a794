"""``autograd.numpy.numpy_vjps``: what vjps of elementwise primitives use to undo broadcasting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.recording import dtype_of
from autograd.shapes import fit

__all__ = ["unbroadcast", "unbroadcast_f"]


def unbroadcast(x: Any, target: Any) -> Any:
    """Return the gradient ``x`` summed to the shape of ``target``, which was broadcast.

    >>> unbroadcast(np.ones((3, 2)), np.zeros(2))
    array([3., 3.])
    """
    x = x if hasattr(x, "dtype") else np.asarray(x)
    dtype = dtype_of(target)
    return fit(x, np.shape(target), dtype if dtype.kind in "fc" else x.dtype)


def unbroadcast_f(target: Any, f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return the vjp ``f`` followed by `unbroadcast` to the shape of ``target``."""
    return lambda g: unbroadcast(f(g), target)
