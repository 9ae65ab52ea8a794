"""``autograd.numpy``: NumPy's own functions under the name that HIPS autograd gave them.

Every attribute is NumPy's own, since NumPy hands traced arrays to the recording by itself. The exceptions are functions
that NumPy cannot dispatch, because the traced values hide in a list or go to a constructor (see `nested`), and
``make_diagonal``, which NumPy does not have.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy
from numpy import *  # noqa: F403
from numpy import __version__ as __version__

from . import nested

globals().update({name: getattr(nested, name) for name in nested.__all__})  # in place of NumPy's own
fft, linalg, random, numpy_boxes, numpy_vjps = (
    importlib.import_module(f"{__name__}.{name}") for name in ("fft", "linalg", "random", "numpy_boxes", "numpy_vjps")
)

__all__ = sorted({*numpy.__all__, *nested.__all__, "make_diagonal"})


def make_diagonal(x: Any, offset: int = 0, axis1: int = -1, axis2: int = -2) -> Any:
    """Return a stack of matrices with the rows of ``x`` on their diagonals, the transpose of `numpy.diagonal`.

    >>> make_diagonal(numpy.ones((3, 2)), axis1=-1, axis2=-2).shape
    (3, 2, 2)
    """
    if (offset, axis1, axis2) not in ((0, -1, -2), (0, -2, -1)):
        raise NotImplementedError("make_diagonal takes offset=0, axis1=-1, axis2=-2 only.")
    return numpy.expand_dims(x, -1) * numpy.eye(numpy.shape(x)[-1])


def __getattr__(name: str) -> Any:
    return getattr(numpy, name)
