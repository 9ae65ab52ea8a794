"""The order of equations: less memory, the same results, and functions of the user in their own order."""

import numpy as np
from compiler.same import assert_jit_is_eager, assert_same

from autograd import derivative, jit, trace, value_and_grad
from autograd.compiler.schedule import shorten_lifetimes


def net(params, x):
    for w in params:
        x = np.tanh(x @ w)
    return np.mean(np.square(x))


def step(params, x):
    loss, gradients = value_and_grad(net)(params, x)
    return [w - 0.1 * g for w, g in zip(params, gradients, strict=True)], loss


def functions(program):
    return [equation.name for equation in program.equations]


def test_activations_are_used_up_one_by_one():
    program = trace(lambda x: sum(np.sum(y) for y in [np.exp(x), np.sin(x), np.cos(x)]), np.ones(10_000))
    ordered = shorten_lifetimes(program).validate()
    assert functions(program)[:3] == ["exp", "sin", "cos"]
    for made in ("exp", "sin", "cos"):
        assert functions(ordered)[functions(ordered).index(made) + 1] == "sum"
    assert_same(program(np.ones(10_000)), ordered(np.ones(10_000)))


def test_a_training_step_keeps_its_results():
    rng = np.random.default_rng(0)
    assert_jit_is_eager(step, [rng.normal(size=(100, 100)) / 10 for _ in range(5)], rng.normal(size=(64, 100)))


def test_small_programs_stay_as_they_are():
    program = trace(lambda x: sum(np.sum(y) for y in [x + 1, x + 2]), np.ones(10))
    assert shorten_lifetimes(program) is program


def test_functions_of_the_user_are_called_in_their_order():
    calls = []

    @derivative(x=lambda g: g)
    def note(x, what):
        calls.append(what)
        return np.array(x)

    def f(x):
        first, second, third = np.exp(x), note(x * 2, "a"), np.sin(x)
        return np.sum(note(third, "b")) + np.sum(first) + np.sum(note(second * x, "c"))

    x = np.ones(10_000)
    compiled = jit(f)
    compiled(x)
    calls.clear()
    assert_same(f(x), compiled(x))
    assert calls == ["a", "b", "c"] * 2
