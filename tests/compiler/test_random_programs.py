"""jit equals eager on programs that nobody wrote: drawn step by step, with shared subexpressions and many shapes.

Intermediate values are floats of both precisions, integers and bools; every step uses any earlier values.
"""

from dataclasses import replace

import numpy as np
import pytest
from compiler.honest import check_code, check_passes
from compiler.same import assert_same, run_source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import grad, jit, relu, sigmoid, softmax, trace
from autograd.compiler.strict import trace_strictly

UNARY = [
    np.sin, np.tanh, np.square, np.negative, sigmoid, relu, np.abs, np.sign, np.floor,
    lambda x: np.sqrt(np.abs(x) + 1), lambda x: x * 1, lambda x: x + 0, lambda x: np.negative(-x),
    lambda x: 2 * (0.5 * x),
    lambda x: x**2, lambda x: x / 3, lambda x: x > 0.5, lambda x: x.astype(np.float32),
    lambda x: np.round(x).astype(int), lambda x: np.where(x > 0, x, 0), lambda x: np.maximum(0, x),
    lambda x: np.clip(x, -1, 1),
    lambda x: np.sum(x, axis=0) if x.ndim else x, lambda x: np.mean(x, axis=-1, keepdims=True) if x.ndim else x,
    lambda x: np.max(x) * 1.0, lambda x: x.T, lambda x: x.T.T, np.ravel, lambda x: x[..., None],
    lambda x: x[0] if x.ndim else x, lambda x: x[..., ::-1] if x.ndim else x,
    lambda x: softmax(x) if x.ndim else x, lambda x: np.reshape(np.reshape(x, -1), x.shape),
    lambda x: x % 3, lambda x: x // 2, lambda x: np.concatenate([x, x]) if x.ndim else x, lambda x: np.std(x),
    lambda x: np.sort(x, axis=0)[::-1] if x.ndim else x, lambda x: x[np.argsort(x[:, 0])] if x.ndim == 2 else x,
    lambda x: np.einsum("...i,...i->...", x, x) if x.ndim else x, lambda x: np.linalg.norm(x) * 1.0,
    lambda x: x / 2 / 3,
    lambda x: (np.abs(x) + 1) ** -1, lambda x: (np.abs(x) + 1) ** 1.5, lambda x: -3 * x, lambda x: np.sum(2 * x),
    lambda x: np.mean(-x), lambda x: np.dot(x.T, x) if x.ndim == 2 else x, lambda x: np.dot(x, x.T).T,
    lambda x: np.cumsum(x, axis=0) if x.ndim else x, lambda x: np.broadcast_to(x, (2, *x.shape)) if x.ndim < 3 else x,
]  # fmt: skip
BINARY = [
    np.add, np.subtract, np.multiply, np.maximum, np.minimum, lambda x, y: x / (1 + np.square(y)),
    lambda x, y: np.where(x > y, x, y), lambda x, y: x * y + x * y, lambda x, y: x - (-y), lambda x, y: -(x - y),
    lambda x, y: np.outer(x, y)[:3, :3], lambda x, y: (x > 0) | (y == 1), lambda x, y: x + np.broadcast_to(y, y.shape),
    lambda x, y: np.stack([x + 0 * y, y + 0 * x]), np.arctan2, lambda x, y: (x < y) & (y > 0),
]  # fmt: skip

steps = st.lists(
    st.tuples(st.booleans(), st.integers(0, 999), st.integers(0, 999), st.integers(0, 999)), min_size=1, max_size=30
)


def tame(x):
    """Keep arrays small, in number and in size, and bools numbers."""
    x = x * 1.0 if x.dtype == bool else x
    x = np.sum(x, axis=0) if x.size > 60 else x
    return np.tanh(x) if x.dtype.kind == "f" else np.clip(x, -9, 9)


def compatible(x, y):
    return all(n == m or 1 in (n, m) for n, m in zip(x.shape[::-1], y.shape[::-1], strict=False))


def run(plan, x, y, n):
    """The values that a drawn program computes from x: (2, 3), y: (3,) and the number n."""
    values = [x, y, np.multiply(x[0], n)]
    for binary, which, i, j in plan:
        a, b = values[i % len(values)], values[-1 - j % len(values)]
        if not binary:
            out = UNARY[which % len(UNARY)](tame(a))
        elif a.ndim == b.ndim == 2 and a.shape[1] == b.shape[0] and which % 2:
            out = np.dot(tame(a), tame(b))
        elif compatible(a, b):
            out = BINARY[which % len(BINARY)](tame(a), tame(b))
        else:
            out = np.sum(tame(a)) * tame(b)
        values.append(out)
    return values


def check(plan, seed, dtype):
    """Eager and traced agree bit by bit, each pass to a few ulp, the code to what rounding explains."""
    rng = np.random.default_rng(seed)
    args = [rng.normal(size=(2, 3)).astype(dtype), rng.normal(size=3).astype(dtype), 0.5]

    def loss(x, y, n):
        return np.sum(x) + np.sum(y) + sum(np.sum(value * 1.0) for value in run(plan, x, y, n)[-4:])

    def both(x, y, n):
        return run(plan, x, y, n)[3:], grad(loss, (0, 1))(x, y, n)

    with np.errstate(all="ignore"):
        compiled = jit(both)
        program = compiled.program(*args)
        traced = trace_strictly(both, tuple(args), {})
        check_passes(traced, args)
        for inputs in (args, [args[0] + dtype(1), args[1] - dtype(1), 0.25], args):
            assert_same(both(*inputs), traced.evaluate(inputs), ulp=0)
            check_code(program, inputs, compiled)
            assert_same(program.evaluate(inputs), run_source(compiled.source(*inputs), *inputs), ulp=0)
    assert compiled.cache_info().misses == 1


drawn = given(steps, st.integers(0, 5), st.sampled_from([np.float64, np.float32]))
options = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=15, **options)
@drawn
def test_eager_readable_and_running_agree(plan, seed, dtype):
    check(plan, seed, dtype)


@pytest.mark.slow
@settings(max_examples=150, **options)
@drawn
def test_eager_readable_and_running_agree_for_long(plan, seed, dtype):
    check(plan, seed, dtype)


@pytest.mark.parametrize("factor", [1 + 1e-13, 1 - 1e-13])
def test_a_pass_that_is_wrong_by_a_few_units_would_be_found(factor):
    def careless(program):
        last = program.equations[-1]
        changed = replace(last, operands=[last.operands[0] * factor, *last.operands[1:]])
        return replace(program, equations=[*program.equations[:-1], changed])

    traced = trace(lambda x: 3.0 * np.sum(np.exp(x)), np.arange(3.0))
    check_passes(traced, [np.arange(3.0)])
    with pytest.raises(AssertionError, match=r"careless: multiply: \d+ ulp"):
        check_passes(traced, [np.arange(3.0)], passes=(careless,))


def test_code_that_is_wrong_by_a_few_units_would_be_found():
    program = trace(lambda x: [np.exp(x) * 2 + 1, np.floor(x)], np.arange(3.0))
    check_code(program, [np.arange(3.0)], program)
    with pytest.raises(AssertionError):
        check_code(program, [np.arange(3.0)], lambda x: [(np.exp(x) * 2 + 1) * (1 + 1e-13), np.floor(x)])
    with pytest.raises(AssertionError):
        check_code(program, [np.arange(3.0)], lambda x: [np.exp(x) * 2 + 1, np.floor(x) + np.array([0, 1e-13, 0])])
