"""``autograd.numpy.fft``: NumPy's own, but that `rfftn` refuses odd lengths as HIPS autograd does."""

from __future__ import annotations

import functools
from typing import Any

import numpy
from numpy.fft import *  # noqa: F403
from numpy.fft import __all__ as __all__

from autograd.errors import MissingDerivativeError
from autograd.graph import Traced


@functools.wraps(numpy.fft.rfftn)
def _rfftn(a: Any, *args: Any, **kwargs: Any) -> Any:
    """See `numpy.fft.rfftn`."""
    if isinstance(a, Traced) and not args and not kwargs and a.shape[-1] % 2:
        raise MissingDerivativeError(
            f"autograd.numpy.fft.rfftn has no derivative for an odd last axis (shape {a.shape}), as in HIPS autograd. "
            f"numpy.fft.rfftn has one."
        )
    return numpy.fft.rfftn(a, *args, **kwargs)


rfftn = _rfftn


def __getattr__(name: str) -> Any:
    return getattr(numpy.fft, name)
