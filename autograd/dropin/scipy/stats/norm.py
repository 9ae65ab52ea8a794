"""The normal distribution. Arguments broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from ..special import log_ndtr, ndtr

rvs = norm.rvs


def logpdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log density: -z²/2 - log(scale √2π), z = (x - loc) / scale."""
    return -(((x - loc) / scale) ** 2) / 2 - np.log(scale) - np.log(2 * np.pi) / 2


def pdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """Density."""
    return np.exp(-(((x - loc) / scale) ** 2) / 2) / (np.sqrt(2 * np.pi) * scale)


def cdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """P(X ≤ x)."""
    return ndtr((x - loc) / scale)


def logcdf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log P(X ≤ x)."""
    return log_ndtr((x - loc) / scale)


def sf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """P(X > x)."""
    return ndtr((loc - x) / scale)


def logsf(x: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log P(X > x)."""
    return log_ndtr((loc - x) / scale)
