"""Source for people: their names, one line per equation, scopes and rules as comments, NumPy alone."""

import builtins

import numpy as np
import pytest
from compiler.same import assert_same, run_source
from drawn_nets import INPUTS, LABELS, document_loss, parameters

from autograd import grad, index_update, jit, scope, softmax, value_and_grad


def test_the_source_of_a_small_gradient():
    def loss(params, x):
        with scope("hidden"):
            h = np.tanh(x @ params["W"])
        return np.sum(h)

    source = jit(value_and_grad(loss)).source({"W": np.ones((3, 2))}, np.ones((4, 3)))
    assert (
        source
        == """import numpy as np


def value_and_grad_of_loss_wrt_argnum_0(params, x):
    params_W = params['W']
    # hidden
    t2 = x @ params_W
    h = np.tanh(t2)
    t4 = np.sum(h)
    # hidden: backward of tanh
    t7 = np.square(h)
    t8 = 1 - t7
    # hidden: backward of matmul
    t10 = x.T
    t11 = np.dot(t10, t8)
    return (t4, {'W': t11})
"""
    )


def test_names_that_python_or_the_source_needs_are_left_to_them():
    def f(np_, lambda_):
        np_2 = np_ * 2
        return {"np": np_2, "twice": (np_2 + lambda_, np_2)}

    f.__name__ = "np"
    assert_same(f(np.ones(2), 2.0), run_source(jit(f).source(np.ones(2), 2.0), np.ones(2), 2.0))


def test_ranges_and_python_numbers_are_literals():
    def turned(range, int):
        return np.moveaxis(range, builtins.range(1), builtins.range(1, 2)) * np.count_nonzero(int)

    x, mask = np.arange(6.0).reshape(2, 3), np.array([True, False, True])
    source = jit(turned).source(x, mask)
    assert "source=range(0, 1), destination=range(1, 2)" in source
    assert_same(turned(x, mask), run_source(source, x, mask))


def test_functions_of_this_library_are_defined_in_the_source():
    def f(x):
        return softmax(index_update(x, 1, 5.0)), x[[0, 0, 2]]

    x = np.arange(3.0)
    source = jit(f).source(x)
    assert "def softmax(x, axis=-1):" in source
    assert_same(f(x), run_source(source, x))


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan, 1e-300, 1 / 3, np.float32(0.1), 2 + 1j, -3, np.int8(4)])
def test_numbers_are_written_in_full(value):
    x = np.ones(2)
    assert_same(x * value, run_source(jit(lambda x: x * value).source(x), x))


def test_captured_arrays_are_literals_and_large_ones_are_arguments():
    small, large = np.array([0.1, np.inf, np.nan]), np.arange(30_000.0)
    f = jit(lambda x: (x * small, x[0] * large))
    x = np.ones(3)
    source = f.source(x)
    assert "np.array([0.1, np.inf, np.nan], dtype='float64')" in source and "*, constant_2):" in source
    assert_same(f(x), run_source(source, x, constant_2=large))


def test_what_people_write_by_hand_is_written_so():
    def f(z, y):
        return np.sum(z[np.arange(len(y)), y] * np.full(5, -0.5), axis=-1) + np.float64(-2.5)

    z, y = np.arange(15.0).reshape(5, 3), np.array([0, 2, 1, 1, 0])
    source = jit(f).source(z, y)
    assert "= np.arange(5)\n" in source and "axis=-1" in source and "np.float64(-2.5)" in source
    assert_same(f(z, y), run_source(source, z, y))


def test_the_documents_net_keeps_its_names():
    source = jit(document_loss).source(parameters(), INPUTS, LABELS)
    for line in ("# hidden", "hidden_output = np.maximum(", "final_output = sigmoid(", "error = "):
        assert line in source


def test_the_transpose_of_a_number_is_the_number():
    for x in (2.0, np.float64(2.0), np.array(2.0)):
        assert jit(lambda x: x.T * x)(x) == 4.0 and jit(grad(lambda x: x.T * x))(x) == 4.0
