"""Conversion: from one dtype to another, and between complex numbers and their real parts.

The gradient of a real function L of z = x + iy is ∂L/∂x - i ∂L/∂y, the convention of HIPS autograd: for a holomorphic
f, the rule g · f'(z) needs no conjugate. So Re Σ g·u is the slope of L along u, whether u is real or complex, and

    Re z  passes g,     Im z  passes -i g,     conj z  passes conj(g).

Where a real operand made a complex result, the sweep keeps the real part of what arrives.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.recording import dtype_of
from autograd.rules import composition, derivative, linear

# fmt: off
# ------------------------------------------------------------------------------------------------------ complex numbers

linear(np.real,      x=lambda g: g)
linear(np.imag,      x=lambda g: g * -1j)
linear(np.conjugate, x=lambda g: np.conjugate(g))
# fmt: on


@composition(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    """The argument of z: arctan2(Im z, Re z)."""
    radians = np.arctan2(np.imag(z), np.real(z))
    return radians * (180 / np.pi) if deg else radians


@composition(np.real_if_close)
def real_if_close(a: Any, tol: float = 100) -> Any:
    """The real part, if all imaginary parts are below ``tol`` (in units of the rounding error, when above 1)."""
    if a.dtype.kind != "c":
        return a
    limit = tol * np.finfo(a.dtype).eps if tol > 1 else tol
    return np.real(a) if np.all(np.absolute(np.imag(a)) < limit) else a


# ------------------------------------------------------------------------------------------------- one dtype to another


@linear(x=lambda g: g)
def to_floats(x: Any, dtype: Any, copy: bool = True) -> Any:
    """``astype`` to a float or complex dtype: the identity, up to rounding."""
    return (x if hasattr(x, "astype") else np.asarray(x)).astype(dtype, copy=copy)


@derivative(x=None)
def to_integers(x: Any, dtype: Any, copy: bool = True) -> Any:
    """``astype`` to an integer or bool dtype: a staircase, with slope zero."""
    return (x if hasattr(x, "astype") else np.asarray(x)).astype(dtype, copy=copy)


to_floats.__name__ = to_integers.__name__ = "astype"  # the name that programs and drawings show


@composition(np.astype)
def astype(x: Any, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Any:
    """Conversion has slope one between floats and slope zero into integers: the dtype decides which it is."""
    steps = np.dtype(dtype).kind not in "fc" and x.dtype.kind in "fc"
    return (to_integers if steps else to_floats)(x, dtype=dtype, copy=copy)


def in_double(x: Any) -> Any:
    """``x`` in double precision, real or complex, whatever its dtype is."""
    dtype = dtype_of(x)
    double = np.dtype(np.complex128 if dtype.kind == "c" else np.float64)
    return x if dtype == double else to_floats(x, double)


def in_floats(x: Any) -> Any:
    """``x``, integers in double precision."""
    return x if dtype_of(x).kind in "fc" else to_floats(x, np.float64)
