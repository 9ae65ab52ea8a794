"""``autograd.numpy.linalg``: NumPy's own, and two helpers that HIPS autograd exports here."""

from __future__ import annotations

from typing import Any

import numpy
from numpy.linalg import *  # noqa: F403
from numpy.linalg import __all__ as _names

from .nested import of_nested

__all__ = [*_names, "T"]

norm = of_nested(numpy.linalg.norm)


def T(x: Any) -> Any:
    """Transpose the last two axes."""
    return numpy.swapaxes(x, -1, -2)


_dot = numpy.matmul  # of stacks of matrices; code written for HIPS autograd reaches for it


def __getattr__(name: str) -> Any:
    return getattr(numpy.linalg, name)
