"""``autograd.numpy.random``: NumPy's own."""

from typing import Any

import numpy
from numpy.random import *  # noqa: F403
from numpy.random import __all__ as __all__


def __getattr__(name: str) -> Any:
    return getattr(numpy.random, name)
