"""Compiled functions in derivatives, derivatives in compiled functions, checkpoints, threads, and `np.errstate`."""

import contextvars
import gc
import threading
import warnings
import weakref

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager, assert_same

from autograd import (
    checkpoint,
    derivative,
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    jit,
    make_jvp,
    make_vjp,
    sigmoid,
    stop_gradient,
    value_and_grad,
)
from autograd.trees import flatten

V = np.array([0.3, -1.2, 0.8, 2.0])


def wave(x):
    return np.sum(np.sin(x) * x**2)


def twist(x):
    return np.sin(x) * x[::-1]


#: A transform of a function, and the function that may be compiled inside.
TRANSFORMS = [
    (grad, wave),
    (value_and_grad, wave),
    (hessian, wave),
    (jacobian, twist),
    (lambda f: jacobian(jacobian(f)), twist),
    (lambda f: grad(lambda x: np.sum(grad(f)(x) ** 2)), wave),
    (lambda f: lambda x: make_vjp(f)(x)[0](np.cos(x)), twist),
    (lambda f: lambda x: make_jvp(f)(x)(np.cos(x)), twist),
    (lambda f: lambda x: hessian_vector_product(f)(x, x), wave),
    (elementwise_grad, np.sin),
    (lambda f: lambda x: holomorphic_grad(lambda z: f(z) * z[0])(x + 0j), wave),
    (lambda f: grad(lambda x: np.sum(checkpoint(f)(x) ** 2)), twist),
    (lambda f: value_and_grad(lambda x: np.sum(checkpoint(f)(x) * checkpoint(f)(x * 2))), twist),
    (lambda f: checkpoint(lambda x: f(f(x))), twist),
    (lambda f: lambda x: grad(lambda y: np.sum(f(y) * x))(x), twist),
    (lambda f: lambda x: grad(lambda y: np.sum(jit(lambda z: f(z) * y * x)(y)))(x), twist),
    (lambda f: grad(lambda x: np.sum(stop_gradient(f(x)) * f(x))), twist),
]


@pytest.mark.parametrize("x", [2.0, np.float64(2.0), np.array(2.0)], ids=["float", "scalar", "array"])
@pytest.mark.parametrize(
    "transform",
    [grad, jacobian, hessian, lambda f: jacobian(grad(f)), lambda f: jacobian(jacobian(f))]
    + [lambda f: lambda x: make_jvp(f)(x)(1.0), lambda f: lambda x: make_vjp(f)(x)[0](1.0)],
)
def test_derivatives_of_functions_of_a_number_are_numbers(transform, x):
    expected = transform(wave)(x)
    assert_same(expected, jit(transform(wave))(x))
    assert all(type(leaf) is np.float64 for leaf in flatten(expected)[0])


@pytest.mark.parametrize(("transform", "fun"), TRANSFORMS)
def test_compiled_inside_outside_and_both(transform, fun):
    expected = transform(fun)(V)
    compiled = jit(fun)
    compiled(V)
    assert_same(expected, transform(compiled)(V))
    assert_same(expected, jit(transform(compiled))(V))
    assert_same(expected, jit(jit(transform(jit(compiled))))(V))
    assert_jit_is_eager(transform(fun), V)


def test_programs_see_what_is_inside_a_checkpoint():
    compiled = jit(value_and_grad(lambda x: np.sum(checkpoint(np.sin)(x) ** 2)))
    assert "np.sin(x)" in compiled.source(V)
    assert "checkpoint" not in compiled.source(V)


def test_a_function_that_calls_its_compiled_self():
    def fall(x, n):
        return x if n == 0 else falling(x * 2, n - 1)

    falling = jit(fall, static_argnames="n")
    assert falling(1.0, 5) == 32.0
    assert_same(V * 8, falling(V, 3))


def test_threads_trace_and_call_at_once():
    compiled, faults = jit(grad(wave)), []
    start = threading.Barrier(8)

    def work(i):
        try:
            start.wait()
            for k in range(40):
                x = np.arange(1.0, 2 + (i + k) % 5) * 0.1
                assert_same(grad(wave)(x), compiled(x))
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert compiled.cache_info()[1:] == (5, 256, 5)


def test_an_error_in_the_middle_leaves_nothing_half_written():
    calls = [0]

    @derivative(x=lambda g: g)
    def flaky(x):
        calls[0] += 1
        if calls[0] % 3 == 0:
            raise ValueError("flaky")
        return np.array(x)

    compiled = jit(lambda x: (flaky(x * 2) + x * 3, np.exp(x) * 2 + flaky(x + 1)))
    right = 0
    for k in range(30):
        x = np.full(3, 0.1 * k)
        try:
            found = compiled(x)
        except ValueError:
            continue
        right += 1
        assert_same((x * 2 + x * 3, np.exp(x) * 2 + (x + 1)), found)
    assert right >= 10


def quiet(x):
    with np.errstate(divide="ignore"):
        y = np.log(x)
        z = np.divide(1, x)
    return y, z, np.exp(-y)


def test_errstate_inside_the_function_is_kept():
    zero = np.array([0.0, 1.0])
    compiled = assert_jit_is_eager(quiet, np.ones(2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_same(quiet(zero), compiled(zero))
        assert_jit_is_eager(quiet, zero)
        assert_jit_is_eager(quiet, np.zeros(200_000))
    assert "with np.errstate(divide='ignore'):\n        y = np.log(x)\n        z = " in compiled.source(zero)


@pytest.mark.parametrize("fun", [np.log, lambda x: 1 / x + 1, lambda x: np.exp(800 / (x + 1)) * 2])
def test_errstate_around_the_call_is_obeyed(fun):
    compiled, zero = jit(fun), np.array([0.0, 1.0])
    compiled(np.array([400.0, 500.0]))
    for f in (fun, compiled):
        with np.errstate(all="raise"), pytest.raises(FloatingPointError):
            f(zero)
        with np.errstate(all="warn"), pytest.warns(RuntimeWarning):
            f(zero)
    with np.errstate(all="ignore"):
        assert_same(fun(zero), compiled(zero))


@pytest.mark.parametrize("fun", [sigmoid, lambda x: sigmoid(x) * 2, grad(lambda x: np.sum(sigmoid(x)))])
def test_errstate_around_the_first_call_is_not_that_of_later_ones(fun):
    compiled, far = jit(fun), np.array([-800.0, 0.0, 800.0])
    with np.errstate(all="raise"):
        compiled(np.array([0.1, 0.2, 0.3]))
    assert_same(fun(far), compiled(far))


def test_what_surrounds_the_first_call_is_not_kept():
    class Held:
        """What a context variable refers to."""

    variable, compiled = contextvars.ContextVar("held"), jit(lambda x: np.exp(sigmoid(x) * 2))
    held = Held()
    alive, token = weakref.ref(held), variable.set(held)
    compiled(V)
    variable.reset(token)
    del held, token
    gc.collect()
    assert alive() is None
