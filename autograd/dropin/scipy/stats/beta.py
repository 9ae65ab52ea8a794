"""The beta distribution. Arguments broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import beta

from ..special import betainc, betaln

rvs = beta.rvs


def logpdf(x: Any, a: Any, b: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log density: (a - 1) log z + (b - 1) log(1 - z) - log B(a, b) - log scale, z = (x - loc) / scale."""
    z = (x - loc) / scale
    return (a - 1) * np.log(z) + (b - 1) * np.log1p(-z) - betaln(a, b) - np.log(scale)


def pdf(x: Any, a: Any, b: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """Density."""
    return np.exp(logpdf(x, a, b, loc, scale))


def cdf(x: Any, a: Any, b: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """P(X ≤ x)."""
    return betainc(a, b, (x - loc) / scale)
