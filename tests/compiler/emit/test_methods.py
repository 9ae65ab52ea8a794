"""Methods of arrays in the place of NumPy's functions: the same results, also of arrays that are not contiguous."""

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager

from autograd import trace
from autograd.compiler.emit.methods import method

X = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize(
    ("fun", "name"),
    [
        (lambda x: np.reshape(x, (6, 4)), "reshape"),
        (lambda x: np.reshape(x, (6, 4), order="F"), None),
        (lambda x: np.ravel(x), "reshape"),
        (lambda x: np.expand_dims(x, (0, -1)), "reshape"),
        (lambda x: np.squeeze(x[:, :1], axis=1), "reshape"),
        (lambda x: np.squeeze(x[:1, :1, :1]), "reshape"),
        (lambda x: np.transpose(x, (1, 0, 2)), "transpose"),
        (lambda x: np.swapaxes(x, 0, -1), "swapaxes"),
        (lambda x: x.astype(np.float32), "astype"),
        (lambda x: x.astype(int), "astype"),
        (lambda x: np.exp(x), None),
    ],
)
def test_methods(fun, name):
    equation = trace(fun, X).equations[-1]
    found = method(equation)
    assert (found and found[0]) == name
    for x in (X, X[::-1], np.asfortranarray(X), X.swapaxes(0, 2).swapaxes(0, 2)):
        assert_jit_is_eager(fun, x)
        assert_jit_is_eager(lambda x: fun(x * 2), x)


def test_an_order_of_entries_that_depends_on_the_layout_is_left_to_numpy():
    assert method(trace(lambda x: np.ravel(x, "K"), X).equations[0]) is None


def test_numbers_have_no_methods():
    assert method(trace(lambda x: np.expand_dims(x, 0), 2.0).equations[0]) is None
    assert_jit_is_eager(lambda x: (np.expand_dims(x, 0), np.reshape(x, (1, 1)), np.squeeze(x)), 2.0)
