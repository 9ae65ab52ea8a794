"""Random programs, with every array taken for a large one: chains in blocks of two rows, orders searched, bits masked.

What is planned for large arrays must give the numbers that the same program gives for small ones.
"""

import importlib
from contextlib import contextmanager

import numpy as np
import pytest
from compiler.same import assert_same
from compiler.test_random_programs import run, steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import grad, jit, relu

LIMITS = {
    "autograd.compiler.blocks": {"BLOCK": 6, "SMALLEST": 2},
    "autograd.compiler.schedule": {"SMALL": 0},
    "autograd.compiler.writing": {"MASKED": 2},
    "autograd.compiler.emit.running": {"LARGE": 0},
}


@contextmanager
def small_is_large():
    with pytest.MonkeyPatch.context() as patch:
        for module, values in LIMITS.items():
            for name, value in values.items():
                patch.setattr(importlib.import_module(module), name, value)
        yield


def net(params, x):
    for w, b in params:
        x = relu(x @ w + b) - 0.1 * np.exp(-np.square(x @ w))
    return np.sum(np.where(x > 0.3, x, 0) * x)


def step(params, moments, x, rate):
    """Momentum, whose chains read gradients, parameters and moments."""
    moments = [
        [0.9 * m + g for m, g in zip(old, new, strict=True)]
        for old, new in zip(moments, grad(net)(params, x), strict=True)
    ]
    params = [[p - rate * m for p, m in zip(*pair, strict=True)] for pair in zip(params, moments, strict=True)]
    return params, moments


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps, st.integers(0, 5), st.sampled_from([np.float64, np.float32]))
def test_programs_planned_as_for_large_arrays(plan, seed, dtype):
    rng = np.random.default_rng(seed)
    args = rng.normal(size=(2, 3)).astype(dtype), rng.normal(size=3).astype(dtype), 0.5

    def both(x, y, n):
        loss = grad(lambda x, y: sum(np.sum(value * 1.0) for value in run(plan, x, y, n)[-4:]) + np.sum(x + y), (0, 1))
        return run(plan, x, y, n)[3:], loss(x, y)

    with np.errstate(all="ignore"):
        small = jit(both)
        expected = small(*args)
        with small_is_large():
            large = jit(both)
            first, second = large(*args), large(args[0] + 1, args[1], 0.25)
        assert_same(expected, first, ulp=400)
        assert_same(small(args[0] + 1, args[1], 0.25), second, ulp=400)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("rows", [1, 2, 5, 8])
def test_steps_planned_as_for_large_arrays(rows, dtype):
    rng = np.random.default_rng(rows)
    params = [[rng.normal(size=(4, 4)).astype(dtype), rng.normal(size=4).astype(dtype)] for _ in range(3)]
    moments = [[np.ones_like(p) for p in layer] for layer in params]
    args = params, moments, rng.normal(size=(rows, 4)).astype(dtype), 0.1
    expected = step(*args)
    with small_is_large():
        compiled = jit(step)
        source = compiled._compiled(args, {}).run.source
    assert "chain" in source and ".view(bits_" in source
    for _ in range(2):
        found = compiled(*args)
        assert_same(expected, found, ulp=64)
        args = *found, args[2], 0.1
        expected = step(*args)
