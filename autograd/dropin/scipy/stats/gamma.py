"""The gamma distribution with shape ``a``. Arguments broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import gamma

from ..special import gammainc, gammaln

rvs = gamma.rvs


def logpdf(x: Any, a: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log density: (a - 1) log z - z - log Γ(a) - log scale, z = (x - loc) / scale."""
    z = (x - loc) / scale
    return (a - 1) * np.log(z) - z - gammaln(a) - np.log(scale)


def pdf(x: Any, a: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """Density."""
    return np.exp(logpdf(x, a, loc, scale))


def cdf(x: Any, a: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """P(X ≤ x)."""
    return gammainc(a, (x - loc) / scale)
