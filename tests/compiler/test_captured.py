"""Captured arrays are inputs by reference: what is written into one between calls is seen by all that depends on it."""

import functools

import numpy as np
import pytest
from compiler.same import assert_same

from autograd import (
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    jacobian,
    jit,
    make_jvp,
    make_vjp,
    relu,
    stop_gradient,
    value_and_grad,
)
from autograd.compiler.captured import Captured

X = np.array([0.5, -1.0, 2.0])

#: From a captured array a: (3,) to a function of x: (3,).
VALUES = {
    "itself": lambda a: lambda x: (x * a, a),
    "arithmetic": lambda a: lambda x: x * (a * 2 + 1),
    "view": lambda a: lambda x: x * a[::-1],
    "entry": lambda a: lambda x: (x * a[0], a[0], a[1:]),
    "reduction": lambda a: lambda x: x * np.sum(a) + a.mean() + len(a),
    "comparison": lambda a: lambda x: np.where(a > 1.5, x, 0),
    "masked sum": lambda a: lambda x: np.sum(x, where=a > 1.5),
    "choice": lambda a: lambda x: np.select([a > 1.5, a < 0], [x, 2 * x], 0),
    "conversion": lambda a: lambda x: x[a.astype(int) % 3] * a.astype(np.float32),
    "table of a traced index": lambda a: lambda x: a[np.argsort(x)] + np.take(a, np.argsort(-x)),
    "list": lambda a: lambda x: x + [a[0], 1, 2],
    "stack": lambda a: lambda x: np.stack([a, x, a[::-1]]),
    "asarray": lambda a: lambda x: x * np.asarray(a),
    "limits": lambda a: lambda x: np.clip(x, a - 3, a),
    "broken line": lambda a: lambda x: np.interp(x, np.arange(3.0), a),
    "weights": lambda a: lambda x: np.average(x, weights=a),
    "full": lambda a: lambda x: np.full_like(x, a[0]),
    "parameter": lambda a: lambda x: np.sum(x, initial=a[0]),
    "functions of the library": lambda a: lambda x: relu(a) * stop_gradient(a) * x,
    "nothing but the array": lambda a: lambda x: np.exp(a),
    "default": lambda a: lambda x, scale=a: x * (scale + 1),
    "keyword default": lambda a: lambda x, *, scale=a: x * (scale + 1),
    "partial": lambda a: functools.partial(lambda b, x, c: (b + 1) * x * (c - 1), a, c=a),
    "containers": lambda a: (lambda data: lambda x: x * (data["pair"][1][0] + 1))({"pair": (1, [a])}),
    "function of a function": lambda a: (lambda inner: lambda x: inner(x) * 2)(lambda x: x * (a + 1)),
    "compiled function": lambda a: jit(lambda x: x * (a + 1)),
    "inner compiled function": lambda a: (lambda inner: lambda x: inner(x) * 2)(jit(lambda x: x * (a + 1))),
    "compiled function of it": lambda a: (lambda inner: lambda x: inner(a) * x)(jit(lambda y: y * 2)),
}
DERIVATIVES = {
    "grad": lambda a: grad(lambda x: np.sum(np.abs(x) ** a + np.maximum(x, a) + a / x)),
    "grad of a choice": lambda a: grad(lambda x: np.sum(np.where(a > 1.5, x**2, 0))),
    "grad of grad": lambda a: grad(lambda x: np.sum(grad(lambda y: np.sum(y**3 * a))(x))),
    "grad with respect to it": lambda a: lambda x: value_and_grad(lambda b: np.sum(b**2 * x))(a),
    "grad of nothing but it": lambda a: lambda x: x * grad(lambda b: np.sum(b**2))(a),
    "jacobian": lambda a: jacobian(lambda x: x**2 * a),
    "constant jacobian": lambda a: jacobian(lambda x: np.outer(a, a) @ x),
    "jacobian with respect to it": lambda a: lambda x: jacobian(lambda b: b**2 * x)(a),
    "hessian": lambda a: hessian(lambda x: np.sum(x**3 * a)),
    "constant hessian": lambda a: hessian(lambda x: x @ np.outer(a, a) @ x),
    "hessian with respect to it": lambda a: lambda x: hessian(lambda b: np.sum(b**3 * x))(a),
    "vjp": lambda a: lambda x: make_vjp(lambda x: x * a)(x)[0](np.ones(3)),
    "vjp of it": lambda a: lambda x: make_vjp(lambda x: x**2)(x)[0](a),
    "vjp at it": lambda a: lambda x: make_vjp(lambda b: b**2 * x)(a)[0](x),
    "jvp": lambda a: lambda x: make_jvp(lambda x: x * a)(x)(np.ones(3)),
    "jvp of it": lambda a: lambda x: make_jvp(lambda x: x**2)(x)(a),
    "jvp at it": lambda a: lambda x: make_jvp(lambda b: b**2 * x)(a)(a),
    "checkpoint": lambda a: grad(lambda x: np.sum(checkpoint(lambda y: y**2 * (a + 1))(x))),
    "checkpoint of it": lambda a: lambda x: grad(lambda b: np.sum(checkpoint(lambda y: y**2 * x)(b)))(a),
    "hessian-vector product": lambda a: lambda x: hessian_vector_product(lambda x: np.sum(x**3 * a))(x, a),
    "elementwise grad": lambda a: elementwise_grad(lambda x: x**2 * (a > 1) * a),
    "compiled": lambda a: lambda x: jit(grad(lambda y: np.sum(y**2 * a)))(x) * a,
}


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in {**VALUES, **DERIVATIVES}.items()])
def test_what_is_written_into_a_captured_array_is_seen(make):
    captured = np.array([1.0, 2.0, 3.0])
    fun = make(captured)
    compiled = jit(fun)
    for new in ([1.0, 2.0, 3.0], [3.0, -5.0, 7.0], [0.25, 4.0, 1.0]):
        captured[:] = new
        assert_same(fun(X), compiled(X))
    assert compiled.cache_info().misses == 1


GLOBAL = np.array([1.0, 2.0, 3.0])
CALLS = [0]


def helper(x, depth):
    return helper(x * (GLOBAL + 1), depth - 1) if depth else x


def test_arrays_of_the_module_are_captured_also_by_helpers():
    compiled = jit(lambda x: helper(x, 3) + np.mean(GLOBAL))
    expected = lambda x: x * (GLOBAL + 1) ** 3 + np.mean(GLOBAL)  # noqa: E731
    assert_same(expected(X), compiled(X))
    GLOBAL[1] = 7.0
    assert_same(expected(X), compiled(X))


def test_the_function_of_the_user_stays_as_it_is():
    captured, calls = np.ones(3), [0]
    count = 0

    def fun(x):
        nonlocal count
        count += 1
        calls[0] += 1
        CALLS[0] += 1
        return x * (captured + 1)

    before = fun.__closure__
    compiled = jit(fun)
    compiled(X)
    assert (count, calls, CALLS) == (1, [1], [1])
    assert fun.__closure__ is before
    assert all(type(cell.cell_contents) in (int, list, np.ndarray) for cell in before)
    assert type(GLOBAL) is np.ndarray


def test_a_function_without_captured_arrays_is_traced_as_it_is():
    n, text = 3, [1, "a", (2.0, None)]
    fun = lambda x: x * n + len(text)  # noqa: E731
    assert Captured(lambda array: None).copy(fun) is fun


def test_cycles_are_followed_once():
    captured = np.ones(3)
    loop = [captured]
    loop.append(loop)

    def down(x, n):
        return up(x * (captured + 1), n - 1) if n else x

    def up(x, n):
        return down(x + loop[0], n)

    compiled = jit(lambda x: down(x, 2))
    assert_same((X * 2 + 1) * 2 + 1, compiled(X))
    captured[:] = 2
    assert_same((X * 3 + 2) * 3 + 2, compiled(X))


def test_decisions_on_captured_arrays_are_made_once():
    captured, mask = np.array([2.0, 3.0]), np.array([True, False, True])

    def fun(x):
        y = x * float(captured[0]) if captured.any() else x
        for value in captured:
            y = y + value
        return y, x[mask], x[: int(captured[0])], np.repeat(x, captured.astype(int)[1]), x[captured.nonzero()]

    compiled = jit(fun)
    assert_same(fun(X), compiled(X))
    expected = fun(X)
    mask[:] = False  # shapes belong to the program
    assert_same(expected, compiled(X))


def test_what_takes_arrays_only_gets_them():
    captured = np.array([1.0, 2.0, 3.0])

    def fun(x):
        assert isinstance(captured, np.ndarray)
        return x * captured

    compiled = jit(fun)
    assert_same(fun(X), compiled(X))
    captured[:] = 4
    assert_same(fun(X), compiled(X))


def test_large_arrays_too():
    captured, x = np.ones(100_000), np.linspace(-1, 1, 100_000)
    fun = grad(lambda x: np.sum(x**2 * captured * 2))
    compiled = jit(fun)
    assert_same(fun(x), compiled(x))
    captured[:] = 3
    assert captured.flags.writeable
    assert_same(fun(x), compiled(x))
