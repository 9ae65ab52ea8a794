"""``autograd.scipy.special``: rows of the table of derivatives for SciPy's special functions.

Importing this file writes the rows, after which the functions of `scipy.special` itself record as well.
An order or a shape parameter that has no known derivative raises `MissingDerivativeError` when it is differentiated.

References: NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov: 5.9 and 5.15 (gamma), 7.10 (erf),
8.8 (incomplete gamma), 8.17 (incomplete beta), 10.6 and 10.29 (Bessel).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special
from scipy.special import *  # noqa: F403

from autograd.errors import MissingDerivativeError
from autograd.rules import constant, derivative
from autograd.transforms.stop import stop_gradient

__all__ = sorted({*scipy.special.__all__})


def unknown(g: Any) -> Any:
    """The rule of an operand whose derivative has no closed form."""
    raise MissingDerivativeError("This order or shape parameter has no known derivative. Pass a plain number.")


# fmt: off
S = scipy.special

# ------------------------------------------------------------------------------------------------------ error functions

derivative(S.erf,      x=lambda g, x: g * (2 / np.sqrt(np.pi)) * np.exp(-(x**2)))
derivative(S.erfc,     x=lambda g, x: g * (-2 / np.sqrt(np.pi)) * np.exp(-(x**2)))
derivative(S.erfinv,   x=lambda g, out: g * (np.sqrt(np.pi) / 2) * np.exp(out**2))
derivative(S.erfcinv,  x=lambda g, out: g * (-np.sqrt(np.pi) / 2) * np.exp(out**2))
derivative(S.ndtr,     x=lambda g, x: g * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi))
derivative(S.log_ndtr, x=lambda g, out, x: g * np.exp(-(x**2) / 2 - out) / np.sqrt(2 * np.pi))

# ------------------------------------------------------------------------------------------------------------- sigmoids

derivative(S.expit,    x=lambda g, out: g * (out * (1 - out)))
derivative(S.logit,    x=lambda g, x: g / (x * (1 - x)))

# ------------------------------------------------------------------------------------------------------- gamma and beta

derivative(S.gamma,    x=lambda g, out, x: g * out * S.psi(x))
derivative(S.gammaln,  x=lambda g, x: g * S.psi(x))
derivative(S.rgamma,   x=lambda g, out, x: -g * out * S.psi(x))
derivative(S.psi,      x=lambda g, x: g * polygamma(1, x))
derivative(S.digamma,  x=lambda g, x: g * polygamma(1, x))
constant(S.gammasgn)
derivative(S.beta,     a=lambda g, out, a, b: g * out * (S.psi(a) - S.psi(a + b)),
                       b=lambda g, out, a, b: g * out * (S.psi(b) - S.psi(a + b)))
derivative(S.betaln,   a=lambda g, a, b: g * (S.psi(a) - S.psi(a + b)),
                       b=lambda g, a, b: g * (S.psi(b) - S.psi(a + b)))

# ------------------------------------------------------------------------------------------------- incomplete integrals

derivative(S.gammainc,  a=unknown, x=lambda g, a, x: g * np.exp((a - 1) * np.log(x) - x - S.gammaln(a)))
derivative(S.gammaincc, a=unknown, x=lambda g, a, x: -g * np.exp((a - 1) * np.log(x) - x - S.gammaln(a)))
derivative(S.betainc,   a=unknown, b=unknown,
           x=lambda g, a, b, x: g * np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - S.betaln(a, b)))
derivative(S.stdtr,     df=unknown,
           t=lambda g, df, t: g * np.exp(-S.betaln(df / 2, 0.5) - (df + 1) / 2 * np.log1p(t**2 / df)) / np.sqrt(df))

# --------------------------------------------------------------------------------------------------------------- Bessel

derivative(S.j0,  x=lambda g, x: -g * S.j1(x))
derivative(S.y0,  x=lambda g, x: -g * S.y1(x))
derivative(S.i0,  x=lambda g, x: g * S.i1(x))
derivative(S.j1,  x=lambda g, x: g * (S.j0(x) - S.jv(2, x)) / 2)
derivative(S.y1,  x=lambda g, x: g * (S.y0(x) - S.yn(2, x)) / 2)
derivative(S.i1,  x=lambda g, x: g * (S.i0(x) + S.iv(2, x)) / 2)
derivative(S.jv,  n=unknown, x=lambda g, n, x: g * (S.jv(n - 1, x) - S.jv(n + 1, x)) / 2)
derivative(S.yn,  n=unknown, x=lambda g, n, x: g * (S.yn(n - 1, x) - S.yn(n + 1, x)) / 2)
derivative(S.iv,  n=unknown, x=lambda g, n, x: g * (S.iv(n - 1, x) + S.iv(n + 1, x)) / 2)
derivative(S.ive, n=unknown, x=lambda g, out, n, x: g * ((S.ive(n - 1, x) + S.ive(n + 1, x)) / 2 - np.sign(x) * out))
# fmt: on


@derivative(n=unknown, x=lambda g, n, x: g * polygamma(n + 1, x))
def polygamma(n: Any, x: Any) -> Any:
    """See `scipy.special.polygamma`: the n-th derivative of psi at x."""
    return scipy.special.polygamma(n, x)


def multigammaln(a: Any, d: int) -> Any:
    """See `scipy.special.multigammaln`: d(d-1)/4 · log π + Σⱼ log Γ(a - j/2), j = 0 … d-1."""
    return d * (d - 1) / 4 * np.log(np.pi) + sum(scipy.special.gammaln(a - j / 2) for j in range(d))


def logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    """See `scipy.special.logsumexp`: log Σ b exp(a), without overflow."""
    largest = stop_gradient(np.max(a, axis=axis, keepdims=True))  # any constant will do: it cancels
    largest = np.where(np.isfinite(largest), largest, 0)
    terms = np.exp(a - largest)
    total = np.sum(terms if b is None else b * terms, axis=axis, keepdims=keepdims)
    shift = largest if keepdims else np.squeeze(largest, axis=axis)
    if return_sign:
        return np.log(np.abs(total)) + shift, np.sign(total)
    return np.log(total) + shift


def __getattr__(name: str) -> Any:
    return getattr(scipy.special, name)
