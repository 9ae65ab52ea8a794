"""``autograd.numpy.fft``: NumPy's own."""

from typing import Any

import numpy
from numpy.fft import *  # noqa: F403
from numpy.fft import __all__ as __all__


def __getattr__(name: str) -> Any:
    return getattr(numpy.fft, name)
