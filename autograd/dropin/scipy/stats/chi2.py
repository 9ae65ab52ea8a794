"""The χ² distribution with ``df`` degrees of freedom: a gamma distribution. Arguments broadcast."""

from __future__ import annotations

from typing import Any

from scipy.stats import chi2

from . import gamma

rvs = chi2.rvs


def logpdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """log density."""
    return gamma.logpdf(x, df / 2, loc, 2 * scale)


def pdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """Density."""
    return gamma.pdf(x, df / 2, loc, 2 * scale)


def cdf(x: Any, df: Any, loc: Any = 0.0, scale: Any = 1.0) -> Any:
    """P(X ≤ x)."""
    return gamma.cdf(x, df / 2, loc, 2 * scale)
