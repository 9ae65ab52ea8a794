"""The normal distribution of vectors: x of shape (…, n), mean of shape (n,), cov of shape (n, n) or a number."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import multivariate_normal

from autograd.transforms.stop import stop_gradient

rvs = multivariate_normal.rvs


def logpdf(x: Any, mean: Any = 0.0, cov: Any = 1.0, allow_singular: bool = False) -> Any:
    """log density: -½ (x - mean)ᵀ cov⁻¹ (x - mean) - ½ log det(2π cov).

    With ``allow_singular``, inverse and determinant are those on the range of cov.
    """
    cov = _matrix(cov, x, mean)
    away = np.reshape(x - mean, (*np.shape(x)[:-1], cov.shape[0]) if np.ndim(x) else (cov.shape[0],))
    if allow_singular:
        precision, logdet, rank = _on_the_range(cov)
        whitened = np.matmul(away, precision)
    else:
        logdet, rank = np.linalg.slogdet(cov)[1], cov.shape[0]
        whitened = np.linalg.solve(cov, np.reshape(away, (-1, rank)).T).T
    squares = np.sum(np.reshape(whitened, np.shape(away)) * away, axis=-1)
    return -(squares + logdet + rank * np.log(2 * np.pi)) / 2


def pdf(x: Any, mean: Any = 0.0, cov: Any = 1.0, allow_singular: bool = False) -> Any:
    """Density."""
    return np.exp(logpdf(x, mean, cov, allow_singular))


def entropy(mean: Any = None, cov: Any = 1.0) -> Any:
    """The differential entropy: ½ log det(2πe cov). The mean does not matter."""
    cov = _matrix(cov, 0.0 if mean is None else mean, 0.0)
    return (np.linalg.slogdet(cov)[1] + cov.shape[0] * np.log(2 * np.pi * np.e)) / 2


def _matrix(cov: Any, x: Any, mean: Any) -> Any:
    """``cov`` as a matrix: a number stands for that variance along every axis."""
    if np.ndim(cov) == 2:
        return cov
    n = max(np.shape(x)[-1] if np.ndim(x) else 1, np.shape(mean)[-1] if np.ndim(mean) else 1)
    return cov * np.eye(n)


def _on_the_range(cov: Any) -> tuple[Any, Any, int]:
    """Pseudo-inverse, log pseudo-determinant and rank; the rank is that of the values, and constant."""
    plain = stop_gradient(cov)
    values = np.linalg.eigvalsh(plain)
    rank = int(np.sum(values > 1e-10 * max(1.0, float(np.max(values)))))
    largest = np.linalg.eigvalsh(cov)[cov.shape[0] - rank :]
    return np.linalg.pinv(cov, hermitian=False), np.sum(np.log(largest)), rank
