"""The elementwise chapters: arithmetic, powers, exponentials, trigonometry, choices, steps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from referee import Case, check

from autograd import Tensor, grad
from autograd.errors import LostGradientError
from autograd.rules import TABLE


def between(low, high, *shape, seed=0):
    return np.random.default_rng(seed).uniform(low, high, shape)


def complex_between(low, high, *shape):
    return between(low, high, *shape) + 1j * between(low, high, *shape, seed=1)


# Function and interval: smooth inside it, with room for the steps of the referee.
UNARY = [
    (np.negative, -2, 2),
    (np.positive, -2, 2),
    (np.conjugate, -2, 2),
    (np.reciprocal, 0.5, 2),
    (np.square, -2, 2),
    (np.sqrt, 0.5, 2),
    (np.cbrt, 0.5, 2),
    (np.exp, -2, 2),
    (np.exp2, -2, 2),
    (np.expm1, -2, 2),
    (np.log, 0.5, 2),
    (np.log2, 0.5, 2),
    (np.log10, 0.5, 2),
    (np.log1p, -0.5, 2),
    (np.sin, -2, 2),
    (np.cos, -2, 2),
    (np.tan, -1, 1),
    (np.arcsin, -0.7, 0.7),
    (np.arccos, -0.7, 0.7),
    (np.arctan, -2, 2),
    (np.sinh, -2, 2),
    (np.cosh, -2, 2),
    (np.tanh, -2, 2),
    (np.arcsinh, -2, 2),
    (np.arccosh, 1.5, 3),
    (np.arctanh, -0.7, 0.7),
    (np.deg2rad, -90, 90),
    (np.rad2deg, -2, 2),
    (np.degrees, -2, 2),
    (np.radians, -90, 90),
    (np.absolute, 0.5, 2),
    (np.absolute, -2, -0.5),
    (np.fabs, -2, -0.5),
]

# Function, interval of x, interval of y.
BINARY = [
    (np.add, (-2, 2), (-2, 2)),
    (np.subtract, (-2, 2), (-2, 2)),
    (np.multiply, (-2, 2), (-2, 2)),
    (np.divide, (-2, 2), (0.5, 2)),
    (np.power, (0.5, 2), (-2, 2)),
    (np.float_power, (0.5, 2), (-2, 2)),
    (np.arctan2, (0.5, 2), (-2, -0.5)),
    (np.hypot, (-2, -0.5), (0.5, 2)),
    (np.maximum, (-2, 0), (0.5, 2)),
    (np.maximum, (0.5, 2), (-2, 0)),
    (np.minimum, (-2, 0), (0.5, 2)),
    (np.minimum, (0.5, 2), (-2, 0)),
    (np.fmax, (-2, 0), (0.5, 2)),
    (np.fmin, (-2, 0), (0.5, 2)),
    (np.logaddexp, (-2, 2), (-2, 2)),
    (np.logaddexp2, (-2, 2), (-2, 2)),
    (np.remainder, (0.2, 0.8), (1.5, 2)),
    (np.remainder, (4.4, 4.6), (1.9, 2.1)),
    (np.fmod, (-4.6, -4.4), (1.9, 2.1)),
]

HOLOMORPHIC = [
    np.negative, np.positive, np.reciprocal, np.square, np.sqrt, np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10,
    np.log1p, np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh,
    np.arccosh, np.arctanh,
]  # fmt: skip


def unary_cases():
    for function, low, high in UNARY:
        wide = between(low, high, 3, 4)
        operands = [float(wide[0, 0]), wide[0, 0], np.array(wide[0, 1]), wide[:0], wide[:1], wide[::2, ::-1].T]
        yield from (Case(function, function, (x,)) for x in operands)


def binary_cases():
    for function, (a, b), (c, d) in BINARY:
        shapes = [((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 2)), ((0, 3), (1, 1))]
        yield from (Case(function, function, (between(a, b, *s), between(c, d, *t, seed=2))) for s, t in shapes)
        yield Case(function, function, (float(between(a, b)), between(c, d, 4, 3)[::2, 1:]))


def complex_cases():
    yield from (Case(function, function, (complex_between(0.2, 0.8, 3),), name=f"complex {function.__name__}")
                for function in (*HOLOMORPHIC, np.conjugate, np.absolute))  # fmt: skip
    for function in (np.add, np.subtract, np.multiply, np.divide, np.power):
        z, x = complex_between(0.5, 1, 2, 3), between(0.5, 1, 3)
        name = f"complex {function.__name__}"
        yield from (Case(function, function, pair, name=name) for pair in [(z, z * 1j), (z, x), (x, z)])


def masked(function, mask, *operands):
    """What NumPy leaves undefined is left out; ``out=None`` tells it that we know."""
    return np.where(mask, function(*operands, where=mask, out=None), 0)


X = between(0.5, 2, 3)
CASES: list[Case] = [
    *unary_cases(),
    *binary_cases(),
    *complex_cases(),
    Case(np.sign, np.sign, (X * (1 + 2j),)),
    Case(np.absolute, np.absolute, (X * 1j,)),
    Case(np.power, lambda x: x**3, (between(-2, 2, 3),), name="negative base"),
    Case(np.power, lambda x: x**2, (between(-2, 2, 3),), name="square by power"),
    Case(np.power, lambda x: x ** np.array([-2, 0, 1, 3]), (between(-2, -0.5, 4),), name="array of exponents"),
    Case(np.power, lambda y: 3**y, (between(-2, 2, 3),), name="constant base"),
    Case(np.copysign, lambda x: np.copysign(x, np.array([-1.0, 2.0, -3.0])), (X * np.array([1, -1, -1]),)),
    Case(np.heaviside, lambda h: np.heaviside(np.array([-1.0, 0.0, 1.0]), h), (X,)),
    Case(np.where, lambda x, y: np.where(np.eye(2, 3) > 0, x, y), (X, X[:2, None])),
    Case(np.divmod, lambda x, y: np.divmod(x + 4, y + 3)[1], (X / 4, X / 4)),
    Case(np.modf, lambda x: np.modf(x)[0], (np.array([0.4, -1.6, 2.5]),)),
    Case(np.frexp, lambda x: np.frexp(x)[0], (np.array([1.4, -1.6, 5.5]),)),
    Case(np.ldexp, lambda x: np.ldexp(x, np.array([1, 0, -2])), (X,)),
    Case(np.nextafter, lambda x: np.nextafter(x, 10.0), (X,), order=1),
    Case(np.sin, lambda x: np.sin(x, dtype=np.float64, casting="same_kind"), (X,), name="dtype="),
    Case(np.sqrt, lambda x: np.real(np.sqrt(-x, dtype=complex) * 1j), (X,), name="real to complex"),
    Case(np.log, lambda x: masked(np.log, np.array([True, False, True]), x), (X,), name="where="),
    Case(np.multiply, lambda x, y: masked(np.multiply, np.eye(2, 3) > 0, x, y), (X, X[:2, None]), name="where="),
    Case(np.add, lambda x: masked(np.add, np.array([[True], [False]]), 1.0, x), (X,), name="where="),
]


@pytest.mark.parametrize("function", [np.add, np.divide, np.power, np.hypot, np.logaddexp])
def test_any_shapes_that_broadcast(function):
    @settings(max_examples=15, deadline=None, derandomize=True)
    @given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3, min_side=0))
    def holds(drawn):
        check(function, tuple(between(0.5, 2, *shape) for shape in drawn.input_shapes))

    holds()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize(("function", "low", "high"), UNARY, ids=lambda x: getattr(x, "__name__", ""))
def test_real_dtypes_are_kept(function, low, high, dtype):
    x = between(low, high, 3).astype(dtype)
    g = grad(lambda x: np.sum(function(x)))(x)
    assert g.dtype == dtype
    exact = grad(lambda x: np.sum(function(x)))(x.astype(float))
    np.testing.assert_allclose(g, exact, rtol=60 * np.finfo(dtype).eps + 1e-13)
    assert type(grad(function)(x[0])) is dtype


@pytest.mark.parametrize("dtype", [np.complex64, np.complex128])
@pytest.mark.parametrize("function", HOLOMORPHIC)
def test_complex_dtypes_are_kept(function, dtype):
    z = complex_between(0.2, 0.8, 3).astype(dtype)
    assert grad(lambda z: np.sum(np.real(function(z))))(z).dtype == dtype


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble])
@pytest.mark.parametrize(("function", "x", "y"), BINARY, ids=lambda x: getattr(x, "__name__", ""))
def test_binary_functions_keep_the_dtype_of_each_operand(function, x, y, dtype):
    a, b = between(*x, 3).astype(dtype), between(*y, 3)
    for_a, for_b = grad(lambda a, b: np.sum(function(a, b)), (0, 1))(a, b)
    assert (for_a.dtype, for_b.dtype) == (dtype, np.float64)


def test_python_numbers_are_weak():
    x = np.ones(3, np.float32)
    seen = []

    def f(c):
        y = np.sin(x * c + 1.0)
        seen.append(y.dtype)
        return np.sum(y)

    assert type(grad(f)(2.0)) is np.float64
    assert seen == [np.float32]


def test_gradient_of_a_real_function_of_a_complex_number_is_df_dx_minus_i_df_dy():
    z = 3.0 + 4.0j
    assert grad(lambda z: np.real(z * z))(z) == 2 * z  # x² - y²
    assert grad(lambda z: np.absolute(z))(z) == pytest.approx(0.6 - 0.8j, rel=1e-15)
    assert grad(lambda z: np.real(np.conjugate(z) * z))(z) == 2 * np.conjugate(z)


def test_the_sign_of_a_complex_number_is_its_direction():
    assert grad(lambda z: np.imag(np.sign(z)))(2.0 + 0.0j) == pytest.approx(-0.5j)  # turns by dy / |z|
    assert grad(lambda z: np.real(np.sign(z)))(0j) == 0
    assert np.sign(Tensor([3 + 4j, 0])).numpy() == pytest.approx(np.array([0.6 + 0.8j, 0]))


# ------------------------------------------------------------------------------------------------------------- steps

STEPS = {
    np.floor, np.ceil, np.rint, np.trunc, np.round, np.around, np.fix, np.sign, np.signbit, np.spacing, np.floor_divide,
    np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal, np.logical_and, np.logical_or,
    np.logical_xor, np.logical_not, np.isfinite, np.isinf, np.isnan, np.isneginf, np.isposinf, np.isreal, np.iscomplex,
    np.isclose, np.allclose, np.array_equal, np.array_equiv, np.isin,
}  # fmt: skip
WHOLE = {
    np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.bitwise_count, np.left_shift, np.right_shift,
    np.gcd, np.lcm,
}  # fmt: skip


@pytest.mark.parametrize("function", sorted(STEPS | WHOLE, key=lambda f: f.__name__))
def test_steps_give_plain_values(function):
    x = np.array([6, 2], int if function in WHOLE else float)
    row = TABLE[function]
    arguments = (Tensor(x),) * len(getattr(row, "operands", "x"))
    plain = function(*(x for _ in arguments))
    out = function(*arguments)
    assert not isinstance(out, Tensor)
    np.testing.assert_array_equal(out, plain)


def test_a_step_times_x_has_the_slope_of_the_step():
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.floor(x) * x))(np.array([1.5, -0.5])), [1, -1])


# ------------------------------------------------------------------------------------------------------------- memory


@pytest.mark.parametrize(
    ("call", "bytes_per_entry"),
    [
        (lambda x, y: x * 2.0, 0),
        (lambda x, y: x / y, 16),
        (lambda x, y: np.sin(x), 8),
        (lambda x, y: np.absolute(x), 8),
        (lambda x, y: np.maximum(x, 0.0), 8),
        (lambda x, y: np.logaddexp(x, y), 16),
        (lambda x, y: np.arctan2(x, y), 16),
    ],
)
def test_a_node_keeps_only_what_its_rules_name(call, bytes_per_entry):
    x, y = Tensor(np.ones(1000)), Tensor(np.ones(1000))
    kept = {id(a): a.nbytes for a in call(x, y).node.kept if isinstance(a, np.ndarray)}
    assert sum(kept.values()) == bytes_per_entry * 1000


# ------------------------------------------------------------------------------------------------------ where= and out=


def test_what_where_masks_is_not_computed():
    x = np.array([-1.0, 0.0, 4.0])
    value = np.log(Tensor(x), where=x > 0).numpy()
    np.testing.assert_array_equal(value, [0, 0, np.log(4)])
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.log(x, where=x > 0)))(x), [0, 0, 0.25])
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.sin(x, where=True, out=None)))(np.zeros(2)), [1, 1])


def test_where_of_several_outputs_and_of_a_comparison():
    x, mask = np.array([1.5, 2.25]), np.array([False, True])
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.modf(x, where=mask)[0] * x))(x), [0, 2.5])
    np.testing.assert_array_equal(np.greater(Tensor(x), 0, where=mask), [False, True])


def test_out_is_refused():
    with pytest.raises(LostGradientError, match="out="):
        np.sin(Tensor(np.zeros(2)), out=np.zeros(2))
    with pytest.raises(LostGradientError, match="out="):
        np.sin(Tensor(np.zeros(2)), out=np.zeros(2), where=np.array([True, False]))


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_python_complex_numbers_are_compared_as_numpy_does(function):
    first = grad(lambda x, y: np.real(function(x, y)), (0, 1))
    np.testing.assert_array_equal(first(2 + 1j, True), [1, 0] if function(2 + 1j, True) == 2 + 1j else [0, 1])


@pytest.mark.parametrize("function", [np.remainder, np.fmod, lambda x, y: np.divmod(x, y)[1]])
def test_the_slope_of_a_remainder_counts_as_often_as_the_divisor_was_taken_away(function):
    x, y = np.array([1.0, 0.3, -0.3, 7.5, 0.7]), np.array([0.1, 0.1, 0.1, -2.0, 0.1])  # 0.1 fits into 1 nine times
    taken = np.rint((function(x, y) - x) / y)
    assert taken[0] == -9.0
    np.testing.assert_array_equal(grad(lambda y: np.sum(function(x, y)))(y), taken)
