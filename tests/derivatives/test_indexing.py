"""The chapter on indexing: every kind of index, picked from, written to and added to."""

import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from referee import Case

from autograd import AutogradError, Tensor, grad, index_add, index_update
from autograd.derivatives.indexing import scatter

rng = np.random.default_rng(2)
V, M, T = rng.normal(size=5), rng.normal(size=(3, 4)), rng.normal(size=(3, 4, 2))
STRIDED = rng.normal(size=(4, 6))[::-2, 1::2]
C = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))
MASK = np.array([[True, False, True, False], [False, False, False, True], [True, True, False, False]])

INDICES = [
    (V, 2), (V, -1), (V, np.int64(1)), (V, slice(1, 4)), (V, slice(None, None, -2)), (V, slice(5, 5)),
    (V, None), (V, ...), (V, ()), (V, [0, 2, 0, -1]), (V, np.array([[1, 1], [4, 1]])), (V, []), (V, V > 0),
    (M, 1), (M, (1, -2)), (M, (slice(None), 1)), (M, (slice(None, None, -1), slice(1, None, 2))), (M, (..., 0)),
    (M, (None, slice(1, 2), None)), (M, ([0, 2, 0], [1, 0, 1])), (M, (slice(None), [1, 1])), (M, [2, 2, 0]),
    (M, MASK), (M, ~MASK[0] & MASK[1]), (M, np.zeros((3, 4), bool)), (M, (MASK[:, 0], slice(0, 2))),
    (M, (np.array([[0], [2]]), np.array([3, 3, 1]))), (M, (True,)), (M, [True, False, True]),
    (T, (2, slice(1, None), [1, 0, 1])), (T, ([0, 1], slice(None), [1, 1])), (T, (slice(None), MASK[0], 1)),
    (T, (..., [0, 0])), (T, (1, ..., None)), (T, np.ix_([0, 2], [1, 1, 3], [0])), (T, MASK),
    (STRIDED, (slice(None, None, -1), [0, 0])), (C, ([1, 1], [0, 0])), (np.array(0.3), ()), (np.array(0.3), None),
    (np.zeros((0, 3)), (slice(None), 1)),
]  # fmt: skip
INDICES = [(x, index) for x, index in INDICES if not (isinstance(index, np.ndarray) and index.shape == (4,))]


def shown(index):
    return " ".join(repr(index).split())


along = np.array([[2, 0, 0], [1, 1, 3], [3, 2, 1]])
CASES = [
    *[Case(operator.getitem, lambda x, i=i: x[i], (x,), covers=(scatter,), name=f"x[{shown(i)}]") for x, i in INDICES],
    Case(np.take, lambda x: np.take(x, [0, -1, 0], axis=1), (M,)),
    Case(np.take, lambda x: np.take(x, [[0, 11], [3, 3]]), (M,), name="take raveled"),
    Case(np.take, lambda x: np.take(x, 1, axis=-2), (T,), name="take one"),
    Case(np.take, lambda x: np.take(x, [7, -5, 1], axis=0, mode="wrap"), (V,), name="take wrap"),
    Case(np.take, lambda x: np.take(x, [7, -5, 1], axis=0, mode="clip"), (V,), name="take clip"),
    Case(np.take, lambda x: x.take([1, 1]), (V,), name="take method"),
    Case(np.take_along_axis, lambda x: np.take_along_axis(x, along, axis=1), (M,)),
    Case(np.take_along_axis, lambda x: np.take_along_axis(x, along % 3, axis=0), (M[:, :3],), name="along 0"),
    Case(np.take_along_axis, lambda x: np.take_along_axis(x, np.array([3, 3]), axis=None), (M,), name="along None"),
    Case(np.take_along_axis, lambda x: np.take_along_axis(x, along[:1], 1), (M,), name="along, stretched"),
    Case(np.compress, lambda x: np.compress([True, False, True], x, axis=0), (M,)),
    Case(np.compress, lambda x: np.compress([False, True], x), (M,), name="compress raveled"),
    Case(np.extract, lambda x: np.extract(x > 0, x), (M,)),
    Case(np.delete, lambda x: np.delete(x, [0, -1], axis=1), (M,)),
    Case(np.delete, lambda x: np.delete(x, slice(1, 4)), (M,), name="delete raveled"),
    Case(np.choose, lambda x, y: np.choose([1, 0, 1, 1, 0], [x, y]), (V, np.array(0.2))),
    Case(np.choose, lambda x, y: np.choose([[5, -1]], [x, y], mode="wrap"), (V[:2], V[2:4]), name="choose wrap"),
    Case(np.choose, lambda x, y: np.choose([[5, -1]], [x, y], mode="clip"), (V[:2], V[2:4]), name="choose clip"),
    Case(np.choose, lambda x, y: np.choose([True, False], [x, y]), (V[:2], V[2:4]), name="choose by a mask"),
    Case(np.bincount, lambda w: np.bincount([True, True, False], weights=w), (V[:3],), name="bincount of a mask"),
    Case(np.bincount, lambda w: np.bincount([0, 3, 3, 1, 0], weights=w, minlength=6), (V,)),
    *[Case(index_update, lambda x, v, i=i: index_update(x, i, v), (x, np.cos(x[i])), name=f"update {shown(i)}")
      for x, i in INDICES],
    *[Case(index_add, lambda x, v, i=i: index_add(x, i, v), (x, np.cos(x[i])), name=f"add at {shown(i)}")
      for x, i in INDICES],
    Case(index_update, lambda x, v: index_update(x, [0, 2, 0], v), (V, np.array(0.7)), name="update by a number"),
    Case(index_update, lambda x, v: index_update(x, (slice(None), [1, 1]), v), (M, M[:, :1]), name="update stretched"),
    Case(index_add, lambda x, v: index_add(x, [[0, 2], [0, 1]], v), (V, V[:2]), name="add stretched"),
    Case(index_update, lambda v: index_update(np.zeros(4), slice(1, 3), v), (V[:2],), name="update a constant"),
    Case(index_add, lambda x: index_add(x, MASK, 1.0), (M,), name="add a constant"),
]  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.data())
def test_random_indices_receive_what_they_gave(data):
    """For any index, Σ w·x[index] has the gradient that adds each w where its x came from, counted entry by entry."""
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    basic = hnp.basic_indices(shape, allow_newaxis=True, max_dims=5)
    integers = hnp.integer_array_indices(shape, result_shape=hnp.array_shapes(max_dims=2, max_side=4))
    index = data.draw(st.one_of(basic, integers, hnp.arrays(bool, shape)))
    x = np.arange(1.0, np.prod(shape) + 1).reshape(shape)
    places = np.arange(x.size).reshape(shape)[index]
    w = np.cos(np.arange(places.size, dtype=float)).reshape(np.shape(places))
    expected = np.zeros(x.size)
    for place, weight in zip(np.ravel(places), np.ravel(w), strict=True):
        expected[place] += weight
    gradient = grad(lambda x: np.sum(np.exp(np.zeros(())) * x[index] * w))(x)
    np.testing.assert_allclose(gradient, expected.reshape(shape), atol=1e-12)


def test_updates_are_assignments_to_a_copy():
    x, before = M.copy(), M.copy()
    expected = M.copy()
    expected[1:, 0] = 5
    np.testing.assert_array_equal(index_update(x, (slice(1, None), 0), 5), expected)
    expected = M.copy()
    np.add.at(expected, ([0, 0], [1, 1]), [2.0, 3.0])
    np.testing.assert_array_equal(index_add(x, ([0, 0], [1, 1]), np.array([2.0, 3.0])), expected)
    np.testing.assert_array_equal(x, before)


def test_of_two_values_for_one_entry_the_last_gets_the_gradient():
    gradient = grad(lambda v: np.sum(index_update(np.zeros(2), [0, 0, 1], v) * np.array([3.0, 5.0])))(np.ones(3))
    np.testing.assert_array_equal(gradient, [0.0, 3.0, 5.0])


def test_an_index_may_be_a_tensor_or_an_argsort():
    x = np.array([3.0, 1.0, 2.0])
    np.testing.assert_array_equal(grad(lambda x: np.sum(x[np.argsort(x)] * np.arange(3.0)))(x), [2.0, 0.0, 1.0])
    t = Tensor(x)
    np.testing.assert_array_equal(t[Tensor([2, 0])].numpy(), [2.0, 3.0])


def test_a_slice_is_a_view_of_the_operand():
    x = Tensor(V)
    assert np.shares_memory(x[1:].value, x.value)


@pytest.mark.parametrize("index", [9, (0, 0, 0), "name", 1.5, [7], np.ones(2, bool)], ids=str)
def test_bad_indices_are_errors_of_the_library(index):
    with pytest.raises(AutogradError):
        Tensor(M)[index]
    with pytest.raises(AutogradError):
        index_update(Tensor(M), index, 0.0)


def test_a_python_number_may_be_indexed_as_a_0d_array():
    assert grad(lambda x: x[()] ** 2)(3.0) == 6.0
    assert grad(lambda x: np.sum(x[None] ** 2))(3.0) == 6.0


def test_iteration_and_membership():
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(grad(lambda x: sum(i * i for i in x))(x), 2 * x)
    assert 2.0 in Tensor(x) and 9.0 not in Tensor(x)
    with pytest.raises(AutogradError, match="0-d"):
        len(Tensor(1.0))


def test_places_have_slope_zero_and_are_plain():
    x = Tensor([[0.0, 3.0], [5.0, 0.0]])
    assert isinstance(np.nonzero(x)[0], np.ndarray) and isinstance(x.nonzero()[1], np.ndarray)
    np.testing.assert_array_equal(np.flatnonzero(x), [1, 2])
    np.testing.assert_array_equal(np.argwhere(x), [[0, 1], [1, 0]])
    np.testing.assert_array_equal(np.where(x)[0], [0, 1])
