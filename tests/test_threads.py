"""Eight threads that differentiate at once get what one thread gets, also where they first meet a function."""

import sys
import threading

import numpy as np
import pytest

from autograd import Tensor, checkpoint, derivative, grad, hessian, jacobian, jit, make_jvp, make_vjp

COUNT = 8


def together(work):
    """``work(n)`` for n = 0 … 7 in threads that start at the same time and are switched often."""
    results, failures, barrier = [None] * COUNT, [], threading.Barrier(COUNT)

    def run(n):
        try:
            barrier.wait()
            results[n] = work(n)
        except BaseException as error:
            failures.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=run, args=(n,)) for n in range(COUNT)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not failures, failures
    return results


def loss(params, x):
    hidden = np.tanh(x @ params["w"] + params["b"])
    return np.mean(np.square(hidden @ hidden.T)) + np.sum(params["b"] ** 2)


def problem(n):
    rng = np.random.default_rng(n)
    return {"w": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}, rng.normal(size=(5, 3))


def nested(n):
    """∂/∂a of a function that differentiates inside, twice."""
    inner = lambda a: grad(lambda b: np.sin(a * b) * grad(lambda c: c * c * a * b)(a))(2.0)  # noqa: E731
    return [float(grad(inner)(0.1 * n + k)) for k in range(4)]


WORKS = {
    "gradients of trees": lambda n: [grad(loss)(*problem(n + k)) for k in range(5)],
    "nested": nested,
    "jacobian": lambda n: jacobian(lambda p, x: np.tanh(x @ p["w"]))(*problem(n)),
    "hessian": lambda n: hessian(lambda x: np.sum(np.tanh(x) ** 3))(problem(n)[1]),
    "jvp": lambda n: make_jvp(loss)(*problem(n))(problem(n + 1)[0]),
    "vjp": lambda n: [make_vjp(lambda x, k=k: x**k)(problem(n)[1])[0](problem(n)[1]) for k in range(4)],
    "checkpoint": lambda n: grad(lambda x: np.sum(checkpoint(lambda y: np.sin(y) * y)(x)))(problem(n)[1]),
    "jit": lambda n: jit(grad(loss))(*problem(n)),
}


@pytest.mark.parametrize("work", WORKS.values(), ids=list(WORKS))
def test_eight_threads_give_the_serial_results(work):
    for found, expected in zip(together(work), map(work, range(COUNT)), strict=True):
        compare(found, expected)


def compare(found, expected):
    if isinstance(expected, dict):
        found, expected = [found[key] for key in expected], list(expected.values())
    if isinstance(expected, (list, tuple)):
        for f, e in zip(found, expected, strict=True):
            compare(f, e)
    else:
        np.testing.assert_array_equal(found, expected, strict=True)


def test_a_row_may_be_met_by_all_threads_for_the_first_time():
    @derivative(x=lambda g, y: g * y, y=lambda g, x: g * x)
    def times(x, y):
        return np.asarray(x) * np.asarray(y)

    shared = Tensor(3.0)

    def work(n):
        found = [grad(times, k % 2)(float(n), 2.0) for k in range(4)]
        return [*found, grad(grad(lambda x: times(times(x, x), x)))(float(n)), float(times(shared, float(n)).item())]

    for n, found in enumerate(together(work)):
        assert found == [2.0, n, 2.0, n, 6.0 * n, 3.0 * n]
