"""Checkpointed functions in compiled code: computed again, late, in less memory, and to the same numbers."""

import functools

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager, assert_same
from compiler.test_memory import peak
from compiler.test_random_memory import small_is_large
from compiler.test_random_programs import run, steps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd import checkpoint, draw, grad, hessian, jacobian, jit, make_jvp, stop_gradient, value_and_grad
from autograd.compiler.strict import trace_strictly


def plainly(fun):
    return fun


def gated(x, w):
    """A block that keeps several arrays: checkpointed, it keeps x."""
    y = x @ w
    return np.tanh(y) * np.exp(-np.square(y))


def layers(x, ws):
    for w in ws:
        x = np.tanh(x @ w)
    return x


def of_blocks(keep):
    block = keep(gated)

    def loss(x, ws):
        for w in ws:
            x = block(x, w)
        return np.mean(np.square(x))

    return loss


def of_segments(keep):
    segment = keep(layers)

    def loss(x, ws):
        for i in range(0, len(ws), 4):
            x = segment(x, ws[i : i + 4])
        return np.mean(np.square(x))

    return loss


def halved(x, ws, keep):
    """A segment of two halves, each a segment."""
    if len(ws) < 2:
        return layers(x, ws)
    half = keep(functools.partial(halved, keep=keep))
    middle = len(ws) // 2
    return half(half(x, ws[:middle]), ws[middle:])


def of_halves(keep):
    return lambda x, ws: np.mean(np.square(halved(x, ws, keep)))


def problem(size, count=16):
    rng = np.random.default_rng(0)
    return rng.normal(size=(size, size)), [rng.normal(size=(size, size)) / np.sqrt(size) for _ in range(count)]


def needed(fun, *args):
    """The result of the compiled function and, in bytes, what it allocates in a call and keeps for the next."""
    compiled = jit(fun)
    result = compiled(*args)
    return result, peak(compiled, *args) + compiled._compiled(args, {}).run.pool.size


@pytest.mark.parametrize(
    ("make", "argnum", "size", "share"),
    [(of_blocks, 0, 384, 0.4), (of_blocks, (0, 1), 160, 0.5), (of_segments, 0, 160, 0.5), (of_halves, 0, 160, 0.4)],
)
def test_memory_falls(make, argnum, size, share):
    args = problem(size)
    expected, whole = needed(grad(make(plainly), argnum), *args)
    found, less = needed(grad(make(checkpoint), argnum), *args)
    assert_same(expected, found)
    assert less < share * whole


def test_compiled_needs_no_more_than_eager():
    args = problem(160)
    step = value_and_grad(of_blocks(checkpoint))
    step(*args)
    assert needed(step, *args)[1] <= 1.1 * peak(step, *args)


def test_the_recursion_needs_a_logarithm_of_buffers():
    sizes = {}
    for count in (8, 32):
        x, ws = problem(64, count)
        sizes[count] = needed(grad(of_halves(checkpoint)), x, ws)[1]
    assert sizes[32] < 1.7 * sizes[8]


def twice(x, w):
    inner = checkpoint(lambda x, w: np.tanh(np.exp(-np.square(np.tanh(x @ w)))))
    return inner(inner(x, w), stop_gradient(w) * 2)


def nested(x, w):
    outer = checkpoint(twice)
    return np.sum(np.square(outer(outer(x, w), w)))


TRANSFORMS = [
    grad(nested, (0, 1)),
    value_and_grad(nested, 1),
    hessian(nested),
    jacobian(grad(nested, 1)),
    jacobian(checkpoint(twice)),
    grad(lambda x, w: np.sum(np.square(grad(nested)(x, w))), 1),
    lambda x, w: make_jvp(grad(nested))(x, w)(x),
    lambda x, w: jacobian(lambda x: make_jvp(lambda x: checkpoint(twice)(x, w))(x)(x))(x),
]


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_every_derivative_stays_the_same(transform):
    x, (w,) = np.array([0.3, -0.7, 1.1, 0.2]), problem(4, 1)[1]
    assert_jit_is_eager(transform, x, w)
    assert_jit_is_eager(lambda x: transform(x, w), x)
    with small_is_large():
        assert_jit_is_eager(transform, x, w)


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps, steps, st.integers(0, 5), st.sampled_from([np.float64, np.float32]))
def test_drawn_segments(plan, other, seed, dtype):
    rng = np.random.default_rng(seed)
    args = rng.normal(size=(2, 3)).astype(dtype), rng.normal(size=3).astype(dtype), 0.5

    def slopes(keep):
        @keep
        def segment(x, y, n, plan):
            return sum(np.sum(np.tanh(value * 1.0)) for value in run(plan, x, y, n)[-3:])

        return grad(lambda x, y, n: segment(x * segment(x, y, n, plan), y, n, other) + np.sum(x + y), (0, 1))

    with np.errstate(all="ignore"):
        expected = jit(slopes(plainly))(*args)
        with small_is_large():
            found = jit(slopes(checkpoint))(*args)
    assert_same(expected, found, ulp=400)


@pytest.mark.parametrize("w", [1.5, np.float32(1.5), np.array([1.5, -0.2])])
@pytest.mark.parametrize("x", [0.3, np.array(0.3), np.array([0.3, -0.7])])
def test_numbers_and_trees(x, w):
    segment = checkpoint(lambda x, options: {"a": np.tanh(x * options["w"]), "b": x + options["w"] ** 2})

    def loss(x, w):
        out = segment(x, {"w": w, "name": "kept as it is"})
        return np.sum(out["a"] * out["b"]) + np.sum(segment(x, {"w": 1.0})["b"])

    assert_jit_is_eager(grad(loss, (0, 1)), x, w)


def functions(program):
    return [equation.name for equation in program.equations]


def test_the_second_computation_waits_for_its_gradient():
    program = jit(grad(of_segments(checkpoint), 1)).program(*problem(3, 8))
    names = functions(program)
    assert names.count("tanh") == 16
    waits = [i for i, name in enumerate(names) if name == "after"]
    assert min(waits) > [i for i, name in enumerate(names) if name == "tanh"][7]
    known = {v for i in waits for v in program.equations[i].reads[1:]}
    assert all(v not in program.inputs for v in known)


def test_without_a_checkpoint_nothing_waits():
    assert "after" not in functions(trace_strictly(grad(of_segments(plainly)), problem(3, 8), {}))


def test_the_source_computes_again_and_says_so_in_numpy_alone():
    args = problem(3, 2)
    source = jit(grad(of_segments(checkpoint))).source(*args)
    assert source.count("np.tanh(") == 4
    assert source.count("# computed again\n") == 1
    assert "after" not in source


def test_drawings_show_what_waits():
    assert "after(" in draw(grad(of_blocks(checkpoint)), *problem(3, 2)).text()
