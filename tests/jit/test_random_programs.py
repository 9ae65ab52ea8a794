"""jit equals eager on programs that nobody wrote: drawn step by step, with shared subexpressions and many shapes.

Intermediate values are floats of both precisions, integers and bools; every step uses any earlier values.
"""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jit.same import assert_same, run_source

from autograd import grad, jit, relu, sigmoid, softmax

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
    lambda x: np.cumsum(x, axis=0) if x.ndim else x, lambda x: np.broadcast_to(x, (2, *x.shape)) if x.ndim < 3 else x,
]  # fmt: skip
BINARY = [
    np.add, np.subtract, np.multiply, np.maximum, np.minimum, lambda x, y: x / (1 + np.square(y)),
    lambda x, y: np.where(x > y, x, y), lambda x, y: x * y + x * y, lambda x, y: x - (-y), lambda x, y: -(x - y),
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


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps, st.integers(0, 5), st.sampled_from([np.float64, np.float32]))
def test_eager_readable_and_running_agree(plan, seed, dtype):
    rng = np.random.default_rng(seed)
    args = rng.normal(size=(2, 3)).astype(dtype), rng.normal(size=3).astype(dtype), 0.5

    def loss(x, y, n):
        return np.sum(x) + np.sum(y) + sum(np.sum(value * 1.0) for value in run(plan, x, y, n)[-4:])

    def both(x, y, n):
        return run(plan, x, y, n)[3:], grad(loss, (0, 1))(x, y, n)

    with np.errstate(all="ignore"):
        expected = both(*args)
        compiled = jit(both)
        compiled.program(*args).validate()
        for _ in range(2):
            assert_same(expected, compiled(*args), ulp=400)  # errors add up over thirty steps
        other = (args[0] + 1, args[1] - 1, 0.25)
        assert_same(both(*other), compiled(*other), ulp=400)
        assert_same(expected, run_source(compiled.source(*args), *args), ulp=400)
    assert compiled.cache_info().misses == 1
