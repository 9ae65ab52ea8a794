"""Operands that are no arrays: lists of tensors, containers of other libraries, sparse matrices, masked arrays."""

import operator

import numpy as np
import pytest
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd import Tensor, grad
from autograd.errors import ArgumentError
from autograd.operands import array_of, is_plain

A = np.array([1.0, 2.0, 3.0])


class Labelled(NDArrayOperatorsMixin):
    """A container that holds arrays of any kind, as an xarray does."""

    def __init__(self, data):
        self.data = data

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return Labelled(getattr(ufunc, method)(*(getattr(x, "data", x) for x in inputs), **options))


class Column(NDArrayOperatorsMixin):
    """A container that holds NumPy's arrays only, as a Series of pandas does."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return Column(getattr(ufunc, method)(*map(np.asarray, inputs), **options))


OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, np.arctan2, np.maximum]


@pytest.mark.parametrize("call", OPERATORS)
def test_a_container_that_can_hold_tensors_stays_what_it_is(call):
    for reach in (lambda t: call(t, Labelled(A)), lambda t: call(Labelled(A), t), lambda t: call(t, Labelled(A * t))):
        assert isinstance(reach(Tensor(2.0)), Labelled)
        plain = grad(lambda t, reach=reach: np.sum(reach(t).data))(2.0)
        step = 1e-6
        difference = np.sum((reach(2.0 + step).data - reach(2.0 - step).data) / (2 * step))
        assert plain == pytest.approx(difference, rel=1e-6)


@pytest.mark.parametrize("call", OPERATORS)
def test_a_container_of_plain_arrays_counts_as_its_array(call):
    found = call(Tensor(A), Column(A))
    assert type(found) is Tensor and type(found.value) is np.ndarray
    np.testing.assert_array_equal(found.numpy(), call(A, A))


class Deferring:
    """A container that computes by itself unless the other operand has a higher priority, as a Series does."""

    __pandas_priority__ = 4000

    def __array__(self, dtype=None, copy=None):
        return A

    def __mul__(self, other):
        if getattr(other, "__pandas_priority__", 0) > self.__pandas_priority__:
            return NotImplemented
        return A * np.asarray(other)


def test_pandas_leaves_the_operator_to_the_tensor():
    np.testing.assert_array_equal(grad(lambda t: np.sum(Deferring() * t))(A), A)


def test_functions_take_the_array_of_a_container():
    t = Tensor(A)
    for found in (
        np.dot(t, Column(A)),
        np.stack([t, Column(A)]),
        np.where(Column(A) > Column(A), t, 0.0),
        t @ Column(A),
    ):
        assert type(found.value) in (np.ndarray, np.float64)
    np.testing.assert_array_equal(grad(lambda x: np.dot(x, Column(A)))(A), A)
    np.testing.assert_array_equal(grad(lambda x: np.sum(x[Column([0, 0, 2])]))(A), [2.0, 0.0, 1.0])


@pytest.mark.parametrize("call", [np.matmul, np.multiply, operator.matmul, operator.mul, np.dot])
def test_a_sparse_matrix_is_refused_with_two_cures(call):
    matrix = pytest.importorskip("scipy.sparse").csr_matrix(np.eye(3))
    with pytest.raises(ArgumentError, match=r"A csr_matrix \(shape \(3, 3\)\) met a tensor.*toarray.*linear\("):
        grad(lambda x: np.sum(call(x, matrix)))(A)


@pytest.mark.parametrize("make", [np.ma.masked_array, np.matrix])
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_arrays_of_a_dialect_are_refused(make):
    dialect = make(A)
    for call in (np.multiply, lambda x, d: np.stack([x, d]), lambda x, d: np.where(d > 0, x, d)):
        with pytest.raises(ArgumentError, match="met a tensor"):
            grad(lambda x, call=call: np.sum(call(x, dialect)))(A)


def test_lists_count_as_arrays():
    assert array_of([1, [2.0]][:1]).tolist() == [1] and array_of("text") == "text"
    assert grad(lambda t: np.sum(np.multiply(t, [t, 2 * t, 5.0])))(1.0) == 11.0
    assert is_plain(np.float32) and is_plain(str) and not is_plain(list) and not is_plain(Column)
