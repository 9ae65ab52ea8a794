"""The chapter on joining and splitting: tensors, arrays, numbers and lists of them side by side."""

import numpy as np
import pytest
from referee import Case, check

from autograd import AutogradError, Tensor, grad
from autograd.derivatives.joining import join, pile

rng = np.random.default_rng(1)
A = np.array
S, R = np.array(0.4), np.array(-1.3)
U, V, W = (rng.normal(size=n) for n in (2, 3, 3))
M, N = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
STRIDED = rng.normal(size=(4, 6))[::2, ::-2]
EMPTY = np.zeros((0, 3))
P, Q = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 1, 4))
C = rng.normal(size=3) + 1j * rng.normal(size=3)

CASES = [
    Case(np.concatenate, lambda x, y: np.concatenate([x, y]), (U, V), covers=(join, pile)),
    Case(np.concatenate, lambda x, y: np.concatenate((x, y), axis=-2), (P, Q)),
    Case(np.concatenate, lambda x, y: np.concatenate([x, y], 1), (M, STRIDED), name="concatenate axis by place"),
    Case(np.concatenate, lambda x, y: np.concatenate([x, y], axis=None), (M, U), name="concatenate axis None"),
    Case(np.concatenate, lambda x, y: np.concatenate([x, y, x]), (M, EMPTY), name="concatenate the same twice"),
    Case(np.concatenate, lambda x: np.concatenate([x, np.ones(2), [1.0, 2.0]]), (V,), name="concatenate mixed"),
    Case(np.concatenate, lambda x: np.concatenate(x), (M,), name="concatenate rows of one"),
    Case(np.concatenate, lambda x, y: np.concatenate([x, y]), (V, C), name="concatenate real and complex"),
    Case(np.concatenate, lambda x: np.concatenate([x, np.arange(2)]), (U,), name="concatenate with integers"),
    Case(np.concat, lambda x, y: np.concat([x, y], dtype=np.float64), (U, V), name="concat dtype"),
    Case(np.stack, lambda x, y: np.stack([x, y]), (V, W)),
    Case(np.stack, lambda x, y: np.stack([x, y], axis=-1), (M, N), name="stack axis"),
    Case(np.stack, lambda x, y: np.stack([x, 2.0, y * x]), (S, R), name="stack numbers"),
    Case(np.stack, lambda x: np.stack([x, np.ones(3), [1.0, 2.0, 3.0]], axis=1), (V,), name="stack mixed"),
    Case(np.stack, lambda x: np.stack(x, axis=1), (M,), name="stack rows of one"),
    Case(np.hstack, lambda x, y: np.hstack([x, 5.0, y, np.ones(2)]), (S, V)),
    Case(np.hstack, lambda x, y: np.hstack([x, y]), (M, M[:, :1])),
    Case(np.vstack, lambda x, y: np.vstack([x, np.zeros(3), y]), (V, M)),
    Case(np.vstack, lambda x, y: np.vstack([x, y, 1.0]), (S, R), name="vstack numbers"),
    Case(np.dstack, lambda x, y: np.dstack([x, y]), (M, N)),
    Case(np.dstack, lambda x, y: np.dstack((x, y, np.ones(3))), (V, W), name="dstack vectors"),
    Case(np.column_stack, lambda x, y: np.column_stack([x, y]), (U, M)),
    Case(np.append, lambda x, y: np.append(x, y), (M, S)),
    Case(np.append, lambda x, y: np.append(x, y, axis=0), (M, EMPTY), name="append axis"),
    Case(np.append, lambda x: np.append(x, 1.5), (M,), name="append a number"),
    Case(np.append, lambda x: np.append([1.0, 2.0], x), (S,), name="append to a list"),
    Case(np.insert, lambda x, y: np.insert(x, 1, y), (V, S)),
    Case(np.insert, lambda x, y: np.insert(x, [2, 0, 2], y), (V, W), name="insert many"),
    Case(np.insert, lambda x, y: np.insert(x, 1, y, axis=1), (M, U), name="insert a column"),
    Case(np.insert, lambda x, y: np.insert(x, [0, 2], y, axis=1), (M, N[:, :2]), name="insert two columns"),
    Case(np.insert, lambda x: np.insert(x, slice(0, 2), 7.0, axis=0), (M,), name="insert a number at a slice"),
    Case(np.insert, lambda x, y: np.insert(x, 2, y), (M, U), name="insert raveled"),
    Case(np.block, lambda x, y: np.block([[x, np.zeros((2, 1))], [np.ones((1, 3)), y]]), (M, S)),
    Case(np.block, lambda x, y: np.block([x, y, 1.0]), (V, S), name="block row"),
    *[Case(f, lambda x, f=f, i=i, a=a: f(x, i, axis=a), (P,), name=f"{f.__name__} {i} {a}")
      for f in (np.split, np.array_split) for i, a in [(2, 0), ([1, 3], 2), ([1], -2), ([2, 1], 2), ([-1, 9], 1)]],
    Case(np.array_split, lambda x: np.array_split(x, 3, axis=1), (STRIDED[:, :2],), name="array_split unequal"),
    Case(np.array_split, lambda x: np.array_split(x, 4), (V,), name="array_split with an empty part"),
    Case(np.split, lambda x: np.split(x, 3, axis=-1)[1], (M,), name="split one used"),
    Case(np.split, lambda x: [np.split(x, [1, 2])[i] for i in (2, 0)], (V,), name="split twice"),
    Case(np.hsplit, lambda x: np.hsplit(x, 3), (M,)),
    Case(np.hsplit, lambda x: np.hsplit(x, [1]), (V,)),
    Case(np.vsplit, lambda x: np.vsplit(x, 2), (P,)),
    Case(np.dsplit, lambda x: np.dsplit(x, 2), (P,)),
    Case(np.stack, lambda x, y: np.asarray([1.0, 2.0]) + np.stack([x, y]), (S, R), name="list on the left of stack"),
]  # fmt: skip
if hasattr(np, "unstack"):
    CASES.append(Case(np.unstack, lambda x: np.unstack(x, axis=1), (P,)))


@pytest.mark.parametrize("call", [
    lambda t: [1.0, 2.0, 3.0] + t, lambda t: t + [1.0, 2.0, 3.0], lambda t: [1.0, 2.0, 3.0] * t,
    lambda t: [3.0, 2.0, 1.0] - t, lambda t: [3.0, 2.0, 1.0] / t, lambda t: [3.0, 2.0, 1.0] @ t,
    lambda t: [3.0, 2.0, 1.0] ** t, lambda t: np.multiply([1.0, 2.0, 3.0], t), lambda t: np.dot([1.0, 2.0, 3.0], t),
    lambda t: [t[0], 2.0, t[1] * t[2]] * t, lambda t: np.float64(2) * t, lambda t: np.ones((2, 3)) @ t,
])  # fmt: skip
def test_lists_numbers_and_arrays_on_either_side(call):
    check(call, (np.exp(V),), 2)


@pytest.mark.parametrize("make", [np.array, np.asarray])
def test_an_array_of_tensors_is_refused_with_the_cure(make):
    with pytest.raises(TypeError, match=r"np\.stack"):
        grad(lambda x: np.sum(make([x[0], x[1] * 2])))(U)


def test_ragged_operands_are_an_error_that_names_the_shapes():
    with pytest.raises(AutogradError, match="concatenate"):
        np.concatenate([Tensor(M), Tensor(V)])
    with pytest.raises(AutogradError, match="stack"):
        np.stack([Tensor(U), Tensor(V)])
    with pytest.raises(AutogradError, match="split"):
        np.split(Tensor(V), 2)


def test_out_is_refused():
    with pytest.raises(AutogradError, match="out="):
        np.concatenate([Tensor(U), Tensor(U)], out=np.zeros(4))


def test_join_and_pile_are_what_they_record():
    np.testing.assert_array_equal(join([U, V], axis=0), np.concatenate([U, V]))
    np.testing.assert_array_equal(pile([V, W], axis=-1), np.stack([V, W], axis=-1))


def test_joining_many_numbers_is_one_node_each_way():
    x = rng.normal(size=500)
    g = grad(lambda x: np.sum(np.stack([xi * xi for xi in x])))(x)
    np.testing.assert_allclose(g, 2 * x)
