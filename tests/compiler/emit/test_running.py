"""The running source: scatters, choices between floats, and functions of the user that take ``out=``."""

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager, assert_same

from autograd import derivative, grad, jit, linear, value_and_grad
from autograd.compiler.storage import unrecorded, writes_out
from autograd.compiler.writing import MASKED
from nets import adam, conv2d, dense, dropout, flatten, gru, lstm, max_pool, relu, rnn, serial
from nets.layers.windows import windows
from nets.losses import mean_squared_error
from nets.steps import make_step


def run_of(compiled, *args):
    """The running code for such arguments."""
    compiled(*args)
    return compiled._compiled(args, {}).run


def assert_compiled(fun, *args):
    """As `assert_jit_is_eager`, for functions whose source has to import some."""
    compiled = jit(fun)
    for _ in range(2):
        assert_same(fun(*args), compiled(*args))


# -------------------------------------------------------------------------------- functions of the user that take out=


def doubled(x, out=None):
    given.append(out)
    return np.multiply(x, 2, out=out)


given = []
doubled = linear(doubled, x=lambda g: doubled(g))


def test_a_function_that_takes_out_is_given_a_buffer():
    compiled = jit(lambda x: np.sum(doubled(x) * x, axis=0))
    x = np.arange(6.0).reshape(2, 3)
    compiled(x)
    given.clear()
    assert_same(compiled(x), np.sum(2 * x * x, axis=0))
    assert [type(out) for out in given] == [np.ndarray]


def test_a_result_of_it_that_is_returned_is_a_new_array():
    compiled, x = jit(lambda x: (doubled(x), doubled(x + 1), np.sum(doubled(x)))), np.ones(3)
    first = compiled(x)
    compiled(x + 5)
    assert_same(first, (2 * x, 4 * x, np.float64(6)))
    assert_compiled(lambda x: (doubled(x), doubled(doubled(x) + 1)), x)


def test_it_is_called_once_for_equal_operands_and_not_for_a_result_that_nobody_reads():
    compiled, x = jit(lambda x: (np.sum(doubled(x) + doubled(x)), doubled(x + 1).shape[0])[0]), np.ones(3)
    compiled(x)
    given.clear()
    assert_same(compiled(x), np.sum(4 * x))
    assert len(given) == 1


def test_only_functions_of_the_user_that_take_out_are_known_to():
    plain = derivative(lambda x, scale=1: x * scale, x=lambda g, scale: g * scale)
    required = derivative(lambda x, out: x + out, x=lambda g: g)
    assert writes_out(doubled) and writes_out(windows)
    assert not any(map(writes_out, (plain, required, np.sum, np.add, np.take, len)))
    assert unrecorded(plain) is plain.__wrapped__ and unrecorded(np.sum) is None


def test_gradients_of_it_are_those_of_eager_code():
    f = grad(lambda x: np.sum(np.sin(doubled(x)) ** 2))
    assert_compiled(f, np.linspace(-1, 1, 5))
    assert_compiled(grad(lambda x: np.sum(f(x) ** 2)), np.linspace(-1, 1, 5))


# -------------------------------------------------------------------------------------------------------------- scatter


@pytest.mark.parametrize(
    "index",
    [0, -1, slice(1, 3), (slice(None), 2), (..., None, 1), (slice(None, None, -2), slice(0, 0)), (0, 1), (),
     np.array([True, False, True, True]), [0, 0, 1], (slice(None), [2, 0, 2]), np.array([3, 3])],
    ids=str,
)  # fmt: skip
def test_gradients_of_picked_entries(index):
    x = np.arange(12.0).reshape(4, 3) / 7
    assert_jit_is_eager(grad(lambda x: np.sum(np.sin(x[index]))), x)
    assert_jit_is_eager(lambda x: np.exp(grad(lambda x: np.sum(np.sin(x[index])))(x)) * x, x)


def test_a_scatter_starts_from_zeros_in_every_call():
    compiled, x = jit(lambda x: np.sum(grad(lambda x: np.sum(x[1:3] ** 2))(x) * x)), np.arange(5.0)
    run = run_of(compiled, x)
    assert ".fill(0)" in run.source
    for _ in range(2):
        assert_same(compiled(x), np.float64(2 * (1 + 4)))


def test_a_scatter_at_traced_places():
    assert_jit_is_eager(lambda x, i: grad(lambda x: np.sum(x[i] ** 2))(x), np.arange(4.0), np.array([1, 1, 3]))


# ---------------------------------------------------------------------------------------------- choices between floats

SPECIAL = np.array([np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, 5e-324, 1.5, -1.7976931348623157e308])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [MASKED // 16, MASKED])
def test_choices_are_exact_to_the_bit(dtype, size):
    rng = np.random.default_rng(0)
    with np.errstate(over="ignore"):
        x, y = (rng.choice(SPECIAL, (size, 3)).astype(dtype) for _ in range(2))
    mask = rng.random((size, 3)) < 0.5

    def choices(m, x, y):
        small = np.where(m, x[0], y), np.where(m, x, y[:, :1]), np.where(m[:, :1], x, y), np.where(m, x[0, 0], y[1, 1])
        return np.where(m, x, y), *small, np.where(m, 0, x), np.where(m, -0.0, y), np.where(m, x, 7)

    compiled = jit(choices)
    for a, b in zip(compiled(mask, x, y), choices(mask, x, y), strict=True):
        assert a.dtype == b.dtype
        assert a.tobytes() == b.tobytes()
    assert ("blended" in run_of(compiled, mask, x, y).source) is (size * 3 >= MASKED)


@pytest.mark.parametrize("other", [np.ones(MASKED, np.float32), np.arange(MASKED), 1e300, 3, np.float64(2.0), 1j])
def test_choices_between_kinds(other):
    for x in (np.linspace(-1, 1, MASKED), np.linspace(-1, 1, MASKED, dtype=np.float32)):
        with np.errstate(over="ignore"):
            assert_jit_is_eager(lambda x, other: np.where(x > 0, x, other) * 2, x, other)
            assert_jit_is_eager(lambda x: np.where(x > 0, other, x) * 2, x)


# ----------------------------------------------------------------------------------------------------------------- nets

IMAGES = serial(conv2d(4), relu, max_pool(2), conv2d(3, 2, stride=2), flatten(), dropout(0.3), dense(2))


@pytest.mark.parametrize(
    ("net", "shape"),
    [
        (IMAGES, (3, 8, 8, 2)),
        *((serial(cell(5), cell(4, last=True), dense(2)), (3, 9, 2)) for cell in (rnn, gru, lstm)),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_of_nets(net, shape, dtype):
    rng = np.random.default_rng(0)
    params = net.init(0, (-1, *shape[1:]))[1]
    params = {layer: {name: p.astype(dtype) for name, p in own.items()} for layer, own in params.items()}
    x, y = rng.normal(size=shape).astype(dtype), rng.normal(size=(shape[0], 2)).astype(dtype)
    fast, slow = (make_step(net, mean_squared_error, adam(), compiled=compiled) for compiled in (True, False))
    states = [(params, adam().init(params))] * 2
    for seed in range(3):
        (p, s, fast_loss), (q, t, slow_loss) = (
            step(*state, x, y, seed) for step, state in zip((fast, slow), states, strict=True)
        )
        states = [(p, s), (q, t)]
        np.testing.assert_allclose(fast_loss["loss"], slow_loss["loss"], rtol=1e-4 if dtype is np.float32 else 1e-9)
    for layer, own in q.items():
        for name, expected in own.items():
            assert p[layer][name].dtype == dtype
            np.testing.assert_allclose(p[layer][name], expected, rtol=0, atol=2e-4 if dtype is np.float32 else 1e-9)


def test_a_convolution_reuses_its_windows():
    net = serial(conv2d(4), relu, conv2d(4), flatten(), dense(1))
    params = net.init(0, (-1, 6, 6, 1))[1]
    f = value_and_grad(lambda params, x: np.mean(np.square(net.apply(params, x))))
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 1))
    calls = [line for line in run_of(jit(f), params, x).source.splitlines() if "windows(" in line or "overlap(" in line]
    assert len(calls) == 3
    assert all(", out=buffer_" in line for line in calls)
    assert_compiled(f, params, x)
