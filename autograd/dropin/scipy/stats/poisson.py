"""The Poisson distribution with mean ``mu``; it differentiates in mu. Arguments broadcast."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import poisson

from ..special import gammaincc, gammaln

rvs = poisson.rvs


def logpmf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """log P(X = k): n log mu - mu - log n!, n = k - loc."""
    n = k - loc
    return n * np.log(mu) - mu - gammaln(n + 1)


def pmf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """P(X = k)."""
    return np.exp(logpmf(k, mu, loc))


def cdf(k: Any, mu: Any, loc: Any = 0) -> Any:
    """P(X ≤ k)."""
    return gammaincc(np.floor(k - loc) + 1, mu)
