"""The chapter on functions that call functions of the user on parts of an array."""

import numpy as np
import pytest
from referee import Case

from autograd import AutogradError, Tensor, grad

rng = np.random.default_rng(12)
T = rng.permutation(24).reshape(2, 3, 4) / 4.0 - 2.95  # no ties, and no entry near the conditions below
V, M = T[0].ravel()[:7], T[1]


def bent(x):
    return np.piecewise(x, [x < 0, x >= 0], [lambda v: v**2, np.sin])


def power(v, k, s=1):
    return s * v**k


CASES = [
    Case(np.piecewise, bent, (V,)),
    Case(np.piecewise, bent, (M,)),
    Case(np.piecewise, lambda x: np.piecewise(x, [x < 0], [np.exp, 7.0]), (M,), name="piecewise with a rest"),
    Case(np.piecewise, lambda x: np.piecewise(x, x < 0, [np.exp]), (V,), name="piecewise of one condition"),
    Case(np.piecewise, lambda x: np.piecewise(x, [x < 0, x < -1], [power, power], 2.0, s=3),
         (V,), name="piecewise with arguments, a later one wins"),
    Case(np.piecewise, lambda x: np.piecewise(x, list(x > 0), [np.exp, np.sin]), (V,), name="piecewise of a flat list"),
    Case(np.piecewise, lambda x, c: np.piecewise(x, [x < 0, x >= 0], [lambda v: v * c, c]), (V, np.array(1.5)),
         name="piecewise traced constant"),
    Case(np.apply_along_axis, lambda x: np.apply_along_axis(lambda row: np.sum(row**2), 0, x), (M,)),
    Case(np.apply_along_axis, lambda x: np.apply_along_axis(lambda row: np.outer(row, row), 1, x), (T,)),
    Case(np.apply_along_axis, lambda x: np.apply_along_axis(np.sort, -1, x), (T,)),
    Case(np.apply_along_axis, lambda x: np.apply_along_axis(np.cumsum, 0, x), (V,)),
    Case(np.apply_over_axes, lambda x: np.apply_over_axes(np.sum, x, [0, 2]), (T,)),
    Case(np.apply_over_axes, lambda x: np.apply_over_axes(np.prod, x, -1), (M,)),
]  # fmt: skip


def test_pieces_that_do_not_match_their_conditions():
    with pytest.raises(AutogradError, match="1 conditions and 3 functions"):
        grad(lambda x: np.sum(np.piecewise(x, [x > 0], [1, 2, 3])))(V)
    with pytest.raises(AutogradError, match=r"no row to apply to.*\(0, 3\)"):
        np.apply_along_axis(np.sum, 1, Tensor(np.zeros((0, 3))))


def test_a_piece_without_entries_is_not_called():
    def never(v):
        raise AssertionError("was called")

    slopes = grad(lambda x: np.sum(np.piecewise(x, [x > 9, x <= 9], [never, np.exp])))(V)
    np.testing.assert_allclose(slopes, np.exp(V))
