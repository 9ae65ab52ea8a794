"""Forward mode agrees with reverse mode: ⟨g, Jv⟩ = ⟨Jᵀg, v⟩ for every way a row can push a tangent."""

import tracemalloc

import numpy as np
import pytest

from autograd import constant, derivative, grad, make_jvp, make_vjp, relu, sigmoid

RNG = np.random.default_rng(7)
X, Y = RNG.standard_normal((3, 4)), RNG.standard_normal((4, 3))
ROW, Z = RNG.standard_normal(4), RNG.standard_normal((3, 4)) + 1j * RNG.standard_normal((3, 4))


@derivative(x=lambda g, x, y: 2 * g * x * y, y=lambda g, x: g * x**2)
def square_times(x, y):
    return np.asarray(x) ** 2 * np.asarray(y)


@derivative(x=lambda g, x: sum(p * slope for p, slope in zip(g, [np.exp(x), 2 * x], strict=True) if p is not None))
def two_outputs(x):
    x = np.asarray(x)
    return np.exp(x), x**2


CALLS = {
    "elementwise": (np.tanh, (X,)),
    "two operands that broadcast": (lambda x, r: x * r + x / (1 + r**2), (X, ROW)),
    "one operand stretched by a constant": (lambda r: r + X, (ROW,)),
    "maximum of two traced": (lambda x: np.maximum(x, x), (X,)),
    "linear": (lambda x: np.sum(x, axis=0), (X,)),
    "linear with an initial value": (lambda x: np.sum(x, axis=0, initial=3.0), (X,)),
    "linear over a list": (lambda x, y: np.concatenate([x, np.ones((1, 4)), y.T]), (X, Y)),
    "indexing": (lambda x: x[[0, 0, 1], 1:] * x[2, 0], (X,)),
    "bilinear": (lambda x, y: x @ y, (X, Y)),
    "not linear": (lambda x: np.max(x, axis=1), (X,)),
    "where": (lambda x, y: np.where(x > 0, x, y.T), (X, Y)),
    "relu and sigmoid": (lambda x: relu(x) * sigmoid(x), (X,)),
    "user function": (square_times, (X, X + 1)),
    "two outputs": (lambda x: two_outputs(x)[0] * two_outputs(x)[1], (X,)),
    "one of two outputs": (lambda x: two_outputs(x)[0], (X,)),
    "complex": (lambda z: z * z / (2 + z), (Z,)),
    "complex to real": (lambda z: np.real(z * z), (Z,)),
    "real to complex": (lambda x: x * Z, (X,)),
    "constant part": (lambda x: np.floor(x) + x, (X,)),
}


def pairing(a, b):
    return np.sum(np.real(a * b))


@pytest.mark.parametrize("name", CALLS)
def test_forward_is_the_transpose_of_reverse(name):
    call, args = CALLS[name]
    everything = tuple(range(len(args)))
    vs = tuple(vector_like(x) for x in args)
    value, moved = make_jvp(call, everything)(*args)(vs)
    np.testing.assert_array_equal(value, call(*args))
    assert moved.shape == value.shape and moved.dtype == value.dtype and type(moved) is np.ndarray
    g = vector_like(value)
    pulled = make_vjp(call, everything)(*args)[0](g)
    assert pairing(g, moved) == pytest.approx(sum(pairing(p, v) for p, v in zip(pulled, vs, strict=True)), rel=1e-12)


@pytest.mark.parametrize("name", CALLS)
def test_forward_over_forward_is_the_difference_of_forward(name):
    call, args = CALLS[name]
    vs = tuple(vector_like(x) for x in args)

    def along(t):
        return make_jvp(lambda s: call(*(x + (t + s) * v for x, v in zip(args, vs, strict=True))))(0.0)(1.0)[1]

    second = make_jvp(along)(0.0)(1.0)[1]
    h = 1e-5
    np.testing.assert_allclose(second, (along(h) - along(-h)) / (2 * h), rtol=1e-5, atol=1e-6)


def vector_like(x):
    rng = np.random.default_rng(x.size)
    real = rng.standard_normal(x.shape)
    return real + 1j * rng.standard_normal(x.shape) if np.iscomplexobj(x) else real


def test_the_output_may_be_any_tree_and_ignore_the_argument():
    value, moved = make_jvp(lambda x: {"a": x * 2, "b": 3, "c": (1.0, None)})(5.0)(1.0)
    assert value == {"a": 10.0, "b": 3, "c": (1.0, None)} and moved == {"a": 2.0, "b": 0.0, "c": (0.0, None)}


def test_float32_stays_float32():
    x = np.ones(3, np.float32)
    value, moved = make_jvp(lambda x: np.tanh(x) * 2.0 + x @ x)(x)(np.ones(3))
    assert value.dtype == moved.dtype == np.float32


def test_python_branches_follow_the_value():
    assert make_jvp(lambda x: x**2 if x > 0 else x)(3.0)(1.0)[1] == 6.0


def test_a_constant_decorator_stops_the_tangent():
    @constant
    def steps(x):
        return np.floor(np.asarray(x))

    assert make_jvp(lambda x: x + steps(x))(1.5)(1.0)[1] == 1.0
    assert grad(grad(lambda x: x**2 * steps(x)))(1.5) == 2.0


def test_forward_mode_keeps_no_graph():
    def chain(x):
        for _ in range(200):
            x = np.tanh(x)
        return x

    x = np.ones(10_000)
    tracemalloc.start()
    make_jvp(chain)(x)(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * x.nbytes  # a graph would hold 200 arrays


def test_a_rule_may_return_python_numbers():
    flat = derivative(lambda x: float(x), x=lambda g: 0.0)
    assert grad(flat)(2.0) == 0.0 and make_jvp(flat)(2.0)(1.0) == (2.0, 0.0)
    pair = derivative(lambda p: float(p[0]) * p[1], trees=("p",), p=lambda g, p: [3.0 * g, 0.0])
    assert grad(pair)([2.0, 3.0]) == [3.0, 0.0] and make_jvp(pair)([2.0, 3.0])([1.0, 1.0]) == (6.0, 3.0)
