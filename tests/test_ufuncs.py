"""The methods of ufuncs on tensors: what they mean, and what is refused."""

import numpy as np
import pytest
from referee import Case, check

from autograd import Tensor, grad, jit
from autograd.errors import ArgumentError, LostGradientError, ShapeError

X = np.random.default_rng(0).permutation(12).reshape(3, 4) / 6 + 0.5
Y = X[1] + 0.3

CASES = [
    *(
        Case(f, lambda x, f=f, o=o: f.reduce(x, **o), (X,), name=f"{f.__name__}.reduce")
        for f in (np.add, np.multiply, np.maximum, np.minimum, np.subtract, np.divide, np.hypot, np.logaddexp, np.fmax)
        for o in ({}, {"axis": 1}, {"axis": -1, "keepdims": True})
    ),
    *(
        Case(f, lambda x, f=f: f.reduce(x, axis=None), (X,), name=f"{f.__name__}.reduce")
        for f in (np.add, np.multiply, np.hypot)
    ),
    *(
        Case(f, lambda x, f=f: f.reduce(x, axis=(0, 1), keepdims=True), (X,), name=f"{f.__name__}.reduce")
        for f in (np.maximum, np.logaddexp)
    ),
    *(
        Case(f, lambda x, f=f: f.reduce(x, initial=2.0), (X,), name=f"{f.__name__}.reduce")
        for f in (np.add, np.multiply, np.hypot)
    ),
    Case(np.add, lambda x: np.add.reduce(x, where=X > 1), (X,), name="add.reduce"),
    *(
        Case(f, lambda x, f=f, axis=axis: f.accumulate(x, axis=axis), (X,), name=f"{f.__name__}.accumulate")
        for f in (np.add, np.multiply, np.maximum, np.minimum, np.subtract, np.logaddexp)
        for axis in (0, -1)
    ),
    *(
        Case(f, f.outer, (X, Y), name=f"{f.__name__}.outer")
        for f in (np.add, np.subtract, np.multiply, np.divide, np.power)
    ),
    Case(np.multiply, lambda y: np.multiply.outer(2.0, y), (Y,), name="multiply.outer"),
    *(
        Case(f, lambda x, f=f, axis=axis: f.reduceat(x, [0, 2, 1], axis=axis), (X,), name=f"{f.__name__}.reduceat")
        for f in (np.add, np.multiply, np.maximum)
        for axis in (0, 1)
    ),
]


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_derivatives_of_the_methods(case, order):
    check(case.call, case.operands, order)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("ufunc", [np.subtract, np.hypot, np.logaddexp, np.fmax, np.add, np.maximum])
def test_a_row_is_reduced_to_a_number_by_compiled_functions_too(ufunc, count):
    row = X[0, :count]
    assert jit(ufunc.reduce)(row) == ufunc.reduce(row)
    assert type(jit(ufunc.reduce)(row)) is np.float64


@pytest.mark.parametrize("case", CASES, ids=str)
def test_value_is_that_of_numpy(case):
    np.testing.assert_allclose(case.call(*map(Tensor, case.operands)).numpy(), case.call(*case.operands), rtol=1e-14)


def test_logical_reductions_give_plain_values():
    np.testing.assert_array_equal(np.logical_and.reduce(Tensor(X), axis=0), [True] * 4)
    np.testing.assert_array_equal(np.logical_or.reduce(Tensor(X) * 0.0), [False] * 4)


def test_dtype_is_passed_on():
    assert np.hypot.reduce(Tensor(X), dtype=np.float32).dtype == np.float32
    assert np.add.reduce(Tensor(X), dtype=np.float32).dtype == np.float32
    assert np.subtract.outer(Tensor(X), Y, dtype=np.float32).dtype == np.float32
    assert np.maximum.accumulate(Tensor(X), dtype=np.float32).dtype == np.float32


def test_a_reduction_of_nothing():
    assert np.hypot.reduce(Tensor(np.zeros((0, 2)))).shape == (2,)
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.add.reduce(x)))(np.zeros((0, 2))), np.zeros((0, 2)))


def test_what_has_no_meaning_is_refused():
    x = Tensor(X)
    with pytest.raises(LostGradientError, match=r"np.add.at changes its first argument in place"):
        np.add.at(x, [0], 1.0)
    with pytest.raises(LostGradientError, match=r"np.add.at changes"):
        np.add.at(np.zeros(3), [0], x[0, 0])
    with pytest.raises(LostGradientError, match="out="):
        np.add.reduce(x, out=np.zeros(4))
    with pytest.raises(ArgumentError, match=r"np\.where"):
        np.hypot.reduce(x, where=X > 1)


@pytest.mark.parametrize("ufunc", [np.hypot, np.logaddexp, np.subtract, np.fmax, np.add, np.maximum])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_reductions_of_one_entry_and_of_none_are_those_of_numpy(ufunc, dtype):
    x = np.array([[-1.5, 2.0]], dtype)
    start = {"initial": 1.5} if ufunc is not np.subtract else {}
    calls = [lambda x: ufunc.reduce(x), lambda x: ufunc.reduce(x, axis=1, keepdims=True, **start)]
    calls += [lambda x: ufunc.reduceat(x, [0, 1, 0], axis=1), lambda x: ufunc.accumulate(x)]
    if start:
        calls += [lambda x: ufunc.reduce(x[:0], **start), lambda x: ufunc.reduce(x[:, :0], axis=1, **start)]
    for call in calls:
        found, expected = call(Tensor(x)), call(x)
        np.testing.assert_allclose(getattr(found, "value", found), expected, rtol=1e-2 if dtype is np.float16 else 1e-6)
        assert found.dtype == expected.dtype and found.shape == expected.shape


def test_a_reduction_without_an_entry_to_start_with_is_refused():
    with pytest.raises(ShapeError, match=r"subtract\.reduce over axis=0 of shape \(0, 2\).*initial"):
        np.subtract.reduce(Tensor(np.ones((0, 2))))


def test_outer_takes_a_python_number_as_an_array():
    x = Tensor(np.ones(2, np.float32))
    assert np.multiply.outer(x, 2.0).dtype == np.multiply.outer(x.numpy(), 2.0).dtype == np.float64
