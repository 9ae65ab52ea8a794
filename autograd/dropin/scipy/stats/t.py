"""Student's t distribution. Arguments broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import t

from ..special import betaln, stdtr

rvs = t.rvs


def logpdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log density: -(df + 1)/2 · log(1 + z²/df) - log(√df B(df/2, 1/2) scale), z = (x - loc) / scale."""
    z = (x - loc) / scale
    return -(df + 1) / 2 * np.log1p(z**2 / df) - betaln(df / 2, 0.5) - np.log(df) / 2 - np.log(scale)


def pdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """Density."""
    return np.exp(logpdf(x, df, loc, scale))


def cdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """P(X ≤ x)."""
    return stdtr(df, (x - loc) / scale)


def logcdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log P(X ≤ x)."""
    return np.log(cdf(x, df, loc, scale))
