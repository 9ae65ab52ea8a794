"""The Dirichlet distribution: x and alpha of shape (n,), x on the simplex."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import dirichlet

from ..special import gammaln

rvs = dirichlet.rvs


def logpdf(x: Any, alpha: Any) -> Any:
    """log density: Σ (alpha - 1) log x + log Γ(Σ alpha) - Σ log Γ(alpha)."""
    return np.sum((alpha - 1) * np.log(x)) + gammaln(np.sum(alpha)) - np.sum(gammaln(alpha))


def pdf(x: Any, alpha: Any) -> Any:
    """Density."""
    return np.exp(logpdf(x, alpha))
