"""The chapter on calculus: differences, slopes, integrals, interpolation."""

import numpy as np
import pytest
from referee import Case

from autograd import AutogradError, Tensor, grad

rng = np.random.default_rng(7)
V, M, T = rng.normal(size=6), rng.normal(size=(3, 4)), rng.normal(size=(3, 4, 3))
STRIDED = rng.normal(size=(6, 8))[::-2, ::2]
PLACES = np.array([0.0, 0.5, 0.7, 1.9, 2.0, 3.2])
HALVES = PLACES[:-1] + np.array([0.2, 0.07, 0.5, 0.04, 0.6])
OUTSIDE = np.array([-1.0, 0.2, 1.1, 4.0])

CASES = [
    *[Case(np.diff, lambda x, n=n, a=a: np.diff(x, n, axis=a), (x,), name=f"diff {n} {a}")
      for x in (M, STRIDED) for n in (0, 1, 2, 5) for a in (0, -1)],
    Case(np.diff, lambda x, p: np.diff(x, prepend=p, append=2.0), (M, np.array(0.3)), name="diff ends"),
    Case(np.diff, lambda x, p: np.diff(x, axis=0, prepend=p), (M, STRIDED), name="diff prepend array"),
    Case(np.ediff1d, lambda x: np.ediff1d(x), (M,)),
    Case(np.ediff1d, lambda x, e: np.ediff1d(x, to_end=e, to_begin=[1.0, 2.0]), (V, np.array(0.4)),
         name="ediff1d ends"),
    Case(np.trapezoid, lambda y: np.trapezoid(y), (M,)),
    Case(np.trapezoid, lambda y: np.trapezoid(y, dx=0.3, axis=0), (T,), name="trapezoid dx"),
    Case(np.trapezoid, lambda y, x: np.trapezoid(y, x), (V, PLACES), name="trapezoid places"),
    Case(np.trapezoid, lambda y, x: np.trapezoid(y, x, axis=1), (T, PLACES[:4]), name="trapezoid places, axis"),
    Case(np.trapezoid, lambda y, x: np.trapezoid(y, x, axis=0), (M, STRIDED), name="trapezoid places of each"),
    Case(np.gradient, lambda f: np.gradient(f), (V,)),
    Case(np.gradient, lambda f: np.gradient(f), (T,), name="gradient all axes"),
    Case(np.gradient, lambda f: np.gradient(f, 0.3, axis=(0, -1)), (T,), name="gradient one step"),
    Case(np.gradient, lambda f, h: np.gradient(f, h, 2.0, axis=(0, 1), edge_order=2), (T, np.array(0.7)),
         name="gradient steps"),
    Case(np.gradient, lambda f, x: np.gradient(f, x), (V, np.arange(6.0) + 0.3 * np.sin(np.arange(6))),
         name="gradient places"),
    Case(np.gradient, lambda f, x: np.gradient(f, x, axis=1, edge_order=2), (M, PLACES[:4]), name="gradient edge 2"),
    Case(np.gradient, lambda f: np.gradient(f, axis=1), (M[:, :2],), name="gradient of two"),
    Case(np.interp, lambda x, xp, fp: np.interp(x, xp, fp), (HALVES, PLACES, V)),
    Case(np.interp, lambda x, fp: np.interp(x, PLACES, fp), (OUTSIDE, V), name="interp outside"),
    Case(np.interp, lambda x, a, b: np.interp(x, PLACES, V, a, b), (OUTSIDE, np.array(0.3), np.array(0.9)),
         name="interp left, right"),
    Case(np.interp, lambda x, xp, fp: np.interp(x, xp, fp, period=3.5), (np.array([-1.2, 0.2, 5.1, 3.4]), PLACES, V),
         name="interp period"),
    Case(np.interp, lambda x, fp: np.interp(x, PLACES, fp), (np.array(1.3), V + 1j * V[::-1]), name="interp complex"),
    Case(np.interp, lambda x, fp: np.interp(x, PLACES[:1], fp), (OUTSIDE, V[:1]), name="interp of one point"),
    Case(np.unwrap, lambda x: np.unwrap(x), (V * 3,)),
    Case(np.unwrap, lambda x: np.unwrap(x, axis=0, period=2.0), (M,), name="unwrap axis"),
]  # fmt: skip


def test_interp_far_outside_is_flat():
    gradient = grad(lambda x: np.sum(np.interp(x, PLACES, V)))(np.array([-np.inf, 1e308, np.inf]))
    np.testing.assert_array_equal(gradient, np.zeros(3))


def test_bad_calls_are_errors_of_the_library():
    for call in (lambda x: np.diff(x, -1), lambda x: np.gradient(x[:1]), lambda x: np.gradient(x, 1.0, 2.0),
                 lambda x: np.gradient(x[:2], edge_order=2)):  # fmt: skip
        with pytest.raises(AutogradError):
            call(Tensor(V))
