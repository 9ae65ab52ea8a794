"""`jit`: the same results as eager, one program for each signature, and safe for threads, nesting and errors."""

import copy
import pickle
import threading
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager, assert_same
from drawn_nets import INPUTS, LABELS, document_loss, parameters
from drawn_nets import Layer as NetLayer

from autograd import derivative, grad, hessian_vector_product, jit, sigmoid, softmax, value_and_grad
from autograd.errors import ArgumentError, BranchError

ARGS = (parameters(), INPUTS, LABELS)


def step(params, x, y, rate):
    loss, gradients = value_and_grad(document_loss)(params, x, y)
    return {
        name: NetLayer(layer.W - rate * gradients[name].W, layer.b - rate * gradients[name].b)
        for name, layer in params.items()
    }, loss


def adam(p, g, m, v, count, rate):
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    count = count + 1
    return p - rate * (m / (1 - 0.9**count)) / (np.sqrt(v / (1 - 0.999**count)) + 1e-8), m, v, count


@dataclass
class Layer:
    w: object
    b: object


class Pair(NamedTuple):
    left: object
    right: object


def test_losses_gradients_and_steps():
    assert_jit_is_eager(document_loss, *ARGS)
    assert_jit_is_eager(value_and_grad(document_loss), *ARGS)
    assert_jit_is_eager(step, *ARGS, 0.1)
    assert_jit_is_eager(grad(grad(lambda x: np.sum(sigmoid(x) ** 2))), 0.3)
    assert_jit_is_eager(hessian_vector_product(lambda x: np.sum(np.sin(x) * x)), np.arange(3.0), np.ones(3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_are_traced_and_weak(dtype):
    arrays = [np.linspace(0.1, 1, 6, dtype=dtype).reshape(2, 3) for _ in range(4)]
    compiled = assert_jit_is_eager(adam, *arrays, 3, 0.01)
    for count in range(5):
        assert_same(adam(*arrays, count, 0.02), compiled(*arrays, count, 0.02))
    assert compiled.cache_info().misses == 1
    compiled(*arrays, 3.0, 0.01)
    assert compiled.cache_info().misses == 2


def test_trees_in_and_out():
    def f(layer, pair, things, *, options):
        out = Layer(layer.w * 2, layer.b + options["scale"])
        return out, Pair(pair.right, pair.left * 1.5), [None, {"a": things[0]}, ()], options["mode"]

    args = (Layer(np.ones(2), np.zeros(2)), Pair(np.ones(1), np.float32(2)), (np.arange(3), None))
    compiled = assert_jit_is_eager(f, *args, options={"scale": 2.0, "mode": "fast"})
    compiled(*args, options={"scale": 3.0, "mode": "fast"})
    compiled(*args, options={"scale": 3.0, "mode": "slow"})
    assert compiled.cache_info()[:2] == (2, 2)


def test_one_program_for_each_signature():
    compiled = jit(lambda x: x + 1)
    for x in (np.ones(2), np.zeros(2), np.ones(3), np.ones(2, np.float32), 1, 2, 1.0, np.float64(1), np.ones(()), True):
        assert_same(x + 1, compiled(x))
    assert compiled.cache_info().misses == 8 == compiled.cache_info().currsize
    compiled.clear_cache()
    assert compiled.cache_info() == (0, 0, 256, 0)
    assert_same(np.full(2, 2.0), compiled(np.ones(2)))


def test_static_arguments_by_name_and_by_number():
    def power(x, n, mode="up"):
        for _ in range(n):
            x = x * x if mode == "up" else x / 2
        return x

    for options in (
        {"static_argnames": "n"},
        {"static_argnames": ("n",)},
        {"static_argnums": 1},
        {"static_argnums": -2},
    ):
        compiled = jit(power, **options)
        assert [compiled(2.0, 2), compiled(2.0, n=3), compiled(2.0, 1, "down")] == [16.0, 256.0, 1.0]
    with pytest.raises(BranchError, match=r"An index or a count made.*test_compiled.py:\d+ in power.*static_argnames"):
        jit(power)(2.0, 2)
    with pytest.raises(ArgumentError, match="no argument 'k'"):
        jit(power, static_argnames="k")


@pytest.mark.parametrize("wrap", [lambda n: n, lambda n: (n, "relu"), lambda n: ((n,),)])
def test_static_numbers_that_python_takes_for_equal_have_programs_of_their_own(wrap):
    def tell(x, n):
        while isinstance(n, tuple):
            n = n[0]
        return x, f"{n!r}"

    compiled = jit(tell, static_argnames="n")
    for _ in range(2):
        assert [compiled(1.0, wrap(n))[1] for n in (1, 1.0, True, 0.0, -0.0)] == ["1", "1.0", "True", "0.0", "-0.0"]
    assert compiled.cache_info().misses == 5


@jit
def doubled(x):
    return 2 * x


def tripled(x, n):
    return x * n


def test_a_decorated_function_is_pickled_and_copied_by_its_name():
    assert pickle.loads(pickle.dumps(doubled)) is doubled and copy.deepcopy(doubled) is doubled


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_a_pickled_or_copied_function_is_compiled_anew(again):
    compiled = jit(tripled, static_argnames="n")
    compiled(1.0, 3)
    other = again(compiled)
    assert other is not compiled and other(2.0, 3) == 6.0 and other(2.0, n=4) == 8.0
    assert (other.cache_info().misses, compiled.cache_info().misses) == (2, 1)


def test_static_values_must_be_hashable():
    with pytest.raises(ArgumentError, match=r"args\[1\] is a set.*not hashable"):
        jit(lambda x, names: x)(1.0, {"a"})
    with pytest.raises(ArgumentError, match=r"args\[1\] is an ndarray: it is static, but .* not hashable"):
        jit(lambda x, table: x * table, static_argnums=1)(1.0, np.ones(2))


def test_works_as_a_decorator_also_of_methods():
    class Scaled:
        factor = 3.0

        @jit
        def scale(self, x):
            """Scale x."""
            return self.factor * x

    assert Scaled().scale(2.0) == 6.0
    assert Scaled.scale.__doc__ == "Scale x."

    @jit(static_argnames="n")
    def repeat(x, n):
        return x * n

    assert repeat(2.0, n=3) == 6.0


@pytest.mark.parametrize(
    ("fun", "what"),
    [
        (lambda x: x if x[0] > 0 else -x, r"bool\(\)"),
        (lambda x: int(x[0]), r"int\(\)"),
        (lambda x: float(x[0]), r"float\(\)"),
        (lambda x: x[0].item() * x, "Reading the value"),
        (lambda x: grad(lambda y: y * y.item())(x[0]), "Reading the value"),
        (lambda x: x[x > 0], r"x\[mask\]"),
        (lambda x: len(np.unique(x)), "np.unique"),
        (lambda x: np.nonzero(x), "np.nonzero"),
        (lambda x: [0, 1, 2][x[0].astype(int)], "An index or a count made"),
    ],
)
def test_what_depends_on_values_is_refused_with_the_line_and_the_cure(fun, what):
    with pytest.raises(BranchError, match=rf"{what}.*test_compiled.py:{fun.__code__.co_firstlineno} in .*\. \w+.*"):
        jit(fun)(np.array([1.0, -2.0]))


def test_captured_arrays_are_held_by_reference():
    captured, mask = np.array([1.0, 2.0]), np.array([True, False])
    compiled = jit(grad(lambda x: np.sum(captured * x**2) + np.sum(x, where=mask)))
    assert_same(np.array([3.0, 4.0]), compiled(np.ones(2)))
    captured[0], mask[1] = 5, True
    assert_same(np.array([11.0, 5.0]), compiled(np.ones(2)))


def test_results_are_fresh():
    captured = np.arange(4.0)
    compiled = jit(lambda x: (x, x, x.T, x[0], captured, captured.reshape(2, 2), x * 2, np.sum(x * 2, axis=0)))
    x = np.ones((2, 2))
    first = compiled(x)
    kept = [out.copy() for out in first]
    second = compiled(2 * x)
    arrays = [*first, *second, x, captured]
    for i, a in enumerate(arrays):
        assert a.flags.writeable
        assert not any(np.shares_memory(a, b) for b in arrays[:i])
    assert_same(kept, list(first))


def test_inside_another_recording_it_is_the_function():
    f = jit(lambda x: np.sum(softmax(x) * x))
    x = np.array([0.1, 0.7, -0.3])
    f(x)
    assert_same(grad(f._fun)(x), grad(f)(x))
    assert_same(grad(f._fun)(x), jit(grad(jit(f)))(x))
    assert_same(grad(f._fun)(x), jit(lambda x: grad(f)(x))(x))
    assert grad(lambda a: jit(lambda y: y * a)(3.0))(2.0) == 3.0
    assert jit(lambda a: jit(lambda y: y * a)(3.0))(2.0) == 6.0


def test_threads_get_the_serial_results():
    compiled = jit(step)
    batches = [(parameters(seed=seed), INPUTS, LABELS, 0.1) for seed in range(8)]
    expected = [step(*batch) for batch in batches]
    found = [None] * 8
    start = threading.Barrier(8)

    def work(i):
        start.wait()
        for _ in range(50):
            found[i] = compiled(*batches[i])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for e, f in zip(expected, found, strict=True):
        assert_same(e, f)
    assert compiled.cache_info().currsize == 1


def test_a_call_may_come_back_to_itself():
    depth = []

    @derivative(x=lambda g: g)
    def again(x):
        if len(depth) < 3:
            depth.append(None)
            inner = compiled(np.full(3, 7.0))
            assert_same(np.full(3, 18.0), inner)
        return np.array(x)

    compiled = jit(lambda x: again(x * 2) + (x - 3))
    compiled(np.ones(3))
    depth.clear()
    assert_same(np.full(3, 3.0 * 2 - 3), compiled(np.ones(3)) * 1 + 3)


def test_an_error_leaves_the_program_usable():
    switch = [False]

    @derivative(x=lambda g: g)
    def checked(x):
        if switch[0]:
            raise RuntimeError("no")
        return np.array(x)

    compiled = jit(lambda x: checked(x * 2) + x * 3)
    x = np.ones(3)
    assert_same(np.full(3, 5.0), compiled(x))
    switch[0] = True
    with pytest.raises(RuntimeError, match="no"):
        compiled(x)
    switch[0] = False
    assert_same(np.full(3, 5.0), compiled(x))
    assert_same(np.ones(3), x)


def test_other_errors_are_those_of_the_function():
    with pytest.raises(ValueError, match=r"add\(x: float64 \(2,\), y: float64 \(3,\)\)|shape"):
        jit(lambda x, y: x + y)(np.ones(2), np.ones(3))
