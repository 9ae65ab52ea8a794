"""Recording: levels, every road from NumPy and Python into a recording, and the dtypes that come out."""

import numpy as np
import pytest

from autograd import (
    AutogradError,
    Tensor,
    derivative,
    grad,
    gradients,
    hessian,
    jacobian,
    jit,
    make_jvp,
    trace,
    value_and_grad,
)
from autograd.errors import ArgumentError, IndexingError, LostGradientError, MissingDerivativeError, ShapeError

A = np.arange(1.0, 7.0).reshape(2, 3)
MASKED = np.ma.masked_array(A, A > 2)
V = np.array([1.0, 2.0, 3.0])


# ------------------------------------------------------------------------------------------------------------- levels


def test_the_inner_derivative_does_not_see_the_outer_variable():
    assert grad(lambda x: x * grad(lambda y: x + y)(2.0))(1.0) == 1.0


@pytest.mark.parametrize(
    ("fun", "x", "expected"),
    [
        (lambda x: x * grad(lambda y: x * y)(2.0), 3.0, 6.0),  # x²
        (lambda x: grad(lambda y: x * y)(x), 3.0, 1.0),  # x
        (lambda x: grad(lambda y: x * y * y)(x), 3.0, 12.0),  # 2x²
        (lambda x: grad(lambda y: grad(lambda z: x * y * z)(y) * y)(x), 3.0, 12.0),  # ∂(x y²)/∂y at x: 2x²
        (lambda x: grad(lambda y: y**2)(x) * x, 3.0, 12.0),
        (lambda x: value_and_grad(lambda y: y**3 * x)(x)[0], 2.0, 32.0),  # x⁴
        (lambda x: value_and_grad(lambda y: y**3 * x)(x)[1], 2.0, 36.0),  # 3x³
        (lambda x: grad(lambda y, z: y * z * x, 1)(x, 5.0), 3.0, 6.0),  # x²
        (lambda x: x * grad(lambda y: grad(lambda z: x + y + z)(1.0) * y)(1.0), 5.0, 1.0),
    ],
)
def test_nested_gradients_through_closures(fun, x, expected):
    assert grad(fun)(x) == pytest.approx(expected, rel=1e-15)


def test_gradients_nest_to_any_order():
    slope, expected, power = lambda x: x**6, 1.0, 6
    for order in range(1, 7):
        slope = grad(slope)
        expected *= power - order + 1
        assert slope(1.5) == pytest.approx(expected * 1.5 ** (power - order), rel=1e-14)


def test_a_tensor_by_hand_below_a_transform():
    x = Tensor(3.0)
    y = grad(lambda t: t * t * x)(2.0)  # 2 · 2 · x
    assert isinstance(y, Tensor)
    assert y.item() == 12.0 and gradients(y, x) == 4.0


def test_gradients_of_arrays_of_gradients():
    hessian_row_sums = grad(lambda x: np.sum(grad(lambda y: np.sum(y**3) * np.sum(y))(x)))
    x = np.array([1.0, 2.0])
    expected = 6 * x * x.sum() + 3 * (x**2).sum() + 2 * 3 * x**2  # Σᵢ ∂ᵢ∂ⱼ (Σy³ · Σy)
    np.testing.assert_allclose(hessian_row_sums(x), expected, rtol=1e-14)


def test_an_output_that_depends_on_a_tensor_of_an_ended_call_is_refused():
    def fun(x):
        stored = []
        grad(lambda y: (stored.append(y), y * y)[1])(x)
        return x * x + stored[0]

    with pytest.raises(LostGradientError, match=r"another call that has ended.*has_aux=True"):
        grad(fun)(3.0)


def test_a_gradient_that_depends_on_a_tensor_of_an_ended_call_is_refused():
    stored = []
    grad(lambda x: (stored.append(np.tanh(x)), np.sum(x))[1])(np.ones(2))
    with pytest.raises(LostGradientError, match=r"another call that has ended.*has_aux=True"):
        grad(lambda x: np.sum(x * stored[0]))(np.ones(2))


@pytest.mark.parametrize("inner", [np.negative, np.tanh])
def test_an_ended_recording_is_not_swept_again(inner):
    stored = []

    def fun(x):
        stored.append(inner(x))
        return np.sum(stored[0])

    grad(fun)(np.ones(2))
    np.testing.assert_array_equal(stored[0].numpy(), inner(np.ones(2)))
    with pytest.raises(LostGradientError, match=r"recording has ended.*has_aux=True.*Tensor\(data\)"):
        np.sum(stored[0]).backward()


def test_an_error_of_a_call_has_numpy_as_its_only_cause():
    with pytest.raises(ShapeError) as caught:
        grad(lambda x: np.sum(np.dot(x, np.ones(3))))(np.ones(2))
    assert type(caught.value.__cause__) is ValueError
    assert caught.value.__cause__.__context__ is None


# ----------------------------------------------------------------------------------------------- every road records

W = np.array([[0.5, -1.0, 2.0], [1.5, 3.0, -0.5]])


@pytest.mark.parametrize(
    ("fun", "slope"),
    [
        (lambda x: x + W, 1.0),
        (lambda x: W + x, 1.0),
        (lambda x: x - W, 1.0),
        (lambda x: W - x, -1.0),
        (lambda x: x * W, W),
        (lambda x: W * x, W),
        (lambda x: x / W, 1 / W),
        (lambda x: W / x, -W / A**2),
        (lambda x: x**2, 2 * A),
        (lambda x: x**2.5, 2.5 * A**1.5),
        (lambda x: 2.0**x, 2.0**A * np.log(2.0)),
        (lambda x: 2**x, 2.0**A * np.log(2.0)),
        (lambda x: -x, -1.0),
        (lambda x: +x, 1.0),
        (lambda x: abs(x), 1.0),
        (lambda x: x + 1, 1.0),
        (lambda x: 1 - x, -1.0),
        (lambda x: 3 * x, 3.0),
        (lambda x: 1 / x, -1 / A**2),
        (lambda x: np.float64(2) * x, 2.0),
        (lambda x: np.float64(2) - x, -1.0),
        (lambda x: x * np.float64(2), 2.0),
        (lambda x: np.float32(2) / x, -2 / A**2),
        (lambda x: np.int64(2) * x, 2.0),
        (lambda x: np.array(2.0) * x, 2.0),
        (lambda x: [1.0, 2.0, 3.0] * x, np.broadcast_to(V, A.shape)),
        (lambda x: x * [1.0, 2.0, 3.0], np.broadcast_to(V, A.shape)),
        (lambda x: (1.0, 2.0, 3.0) - x, -1.0),
        (lambda x: [[1.0], [2.0]] * x, np.broadcast_to([[1.0], [2.0]], A.shape)),
        (lambda x: np.multiply(x, W), W),
        (lambda x: np.multiply(W, x), W),
        (lambda x: np.multiply([1.0, 2.0, 3.0], x), np.broadcast_to(V, A.shape)),
        (lambda x: np.exp(x), np.exp(A)),
        (lambda x: np.where(W > 0, x, 0.0), (W > 0) * 1.0),
        (lambda x: np.where(x > 2, x, W), (A > 2) * 1.0),
        (lambda x: np.maximum(x, 3.5), (A > 3.5) * 1.0),
        (lambda x: np.maximum(3.5, x), (A > 3.5) * 1.0),
        (lambda x: x.reshape(3, 2) * W.reshape(3, 2), W),
        (lambda x: x.T * W.T, W),
        (lambda x: x.sum(axis=0), 1.0),
        (lambda x: x.mean(), 1 / 6),
        (lambda x: np.add.reduce(x), 1.0),
        (lambda x: x[0], [[1.0] * 3, [0.0] * 3]),
        (lambda x: x[..., 1:], [[0.0, 1.0, 1.0]] * 2),
        (lambda x: np.stack([row * 2 for row in x]), 2.0),
        (lambda x: sum(row for row in x), 1.0),
        (lambda x: np.concatenate([x, W, x]), 2.0),
    ],
)
def test_operators_functions_and_methods_record(fun, slope):
    np.testing.assert_allclose(
        grad(lambda x: np.sum(fun(x)))(A), np.broadcast_to(slope, A.shape), rtol=1e-14, atol=1e-14
    )


@pytest.mark.parametrize("fun", [lambda x: A @ x.T, lambda x: np.matmul(A, x.T), lambda x: np.dot(A, x.T)])
def test_array_at_tensor(fun):
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(grad(lambda x: np.sum(fun(x) * weights))(A), weights.T @ A, rtol=1e-14)


def test_a_method_of_a_plain_array_cannot_see_the_tensor():
    with pytest.raises(LostGradientError, match=r"np\.asarray"):
        grad(lambda x: np.sum(A.dot(x.T)))(A)


def test_nested_lists_of_tensors_and_numbers_become_one_array():
    assert grad(lambda x: np.sum(np.multiply(x, [[1.0, x], [2.0, 3.0]])))(2.0) == 10.0  # x + x² + 2x + 3x
    assert grad(lambda x: np.sum(x * [x, 2.0, x * x]))(3.0) == 35.0  # x² + 2x + x³


def test_python_branches_follow_the_value():
    def fun(x):
        return x * 2 if x > 0 else -x

    assert grad(fun)(3.0) == 2.0
    assert grad(fun)(-3.0) == -1.0


def test_comparisons_and_counts_give_plain_values():
    def fun(x):
        assert type(x > 2) is np.ndarray and type(np.argmax(x)) is np.int64
        assert (x == A).all() and np.shape(x) == (2, 3) and np.ndim(x) == 2 and np.size(x) == 6
        return np.sum(x[x > 2])

    assert grad(fun)(A).tolist() == (A > 2).astype(float).tolist()


# --------------------------------------------------------------------------------------------- what cannot be recorded


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda x: A.copy().__iadd__(x), LostGradientError, r"add\(…, out=…\).*y = f\(x\)"),
        (lambda x: A.copy().__iadd__(x), LostGradientError, r"as a \+= t does.*a = a \+ t"),
        (lambda x: A.copy().__setitem__(slice(None), x), LostGradientError, r"a\[…\] = t.*index_update"),
        (lambda x: A.dot(x.T), LostGradientError, r"For a\.dot\(t\) write np\.dot\(a, t\)"),
        (
            lambda x: np.square([x[0, 0], x[0, 1]]),
            LostGradientError,
            r"list that is meant as one array.*np.array\(list",
        ),
        (lambda x: np.exp(x, out=np.empty_like(A)), LostGradientError, r"exp\(…, out=…\)"),
        (lambda x: np.exp(A, out=x), LostGradientError, r"exp\(…, out=…\)"),
        (lambda x: np.sum(x, axis=0, out=np.empty(3)), LostGradientError, r"sum\(…, out=…\)"),
        (lambda x: np.add(x, 1.0, np.empty_like(A)), LostGradientError, r"add\(…, out=…\)"),
        (lambda x: np.add.at(A.copy(), 0, x), LostGradientError, "add.at"),
        (
            lambda x: np.trim_zeros(x),
            MissingDerivativeError,
            r"trim_zeros has no row.*argument 0.*derivative\(trim_zeros",
        ),
        (lambda x: np.histogram2d(x, x)[0], MissingDerivativeError, "histogram2d has no row"),
        (lambda x: np.quantile(x, 1.5), ArgumentError, r"Quantiles lie in 0 … 1.*got 1.5"),
        (lambda x: np.quantile(x, 0.5, method="inverted_cdf"), ArgumentError, r"no derivative.*inverted_cdf.*linear"),
        (lambda x: np.sum(x, axis=x[0, 0]), LostGradientError, "no derivative with respect to its parameter 'axis'"),
        (
            lambda x: x @ A,
            ShapeError,
            r"matmul\(x: \(2, 3\) float64, y: \(2, 3\) float64\) is not defined: the last axis of x has length 3, and",
        ),
        (lambda x: np.dot(x, A), ShapeError, r"dot\(x: \(2, 3\) float64, y: \(2, 3\) float64\).*last axis of x"),
        (lambda x: x + np.ones(4), ShapeError, r"add\(x: \(2, 3\) float64, y: \(4,\) float64\).*Make the operands fit"),
        (lambda x: x.reshape(4, 2), ShapeError, r"reshape\(x: \(2, 3\) float64"),
        (lambda x: x[5], IndexingError, r"getitem\(x: \(2, 3\) float64.*out of bounds.*from 0 to n - 1"),
        (lambda x: np.sum(x, axis=5), IndexingError, r"sum\(x: \(2, 3\) float64.*axis 5 is out of bounds"),
        (lambda x: x[x[0]], IndexingError, r"getitem\(x: \(2, 3\) float64"),
        (lambda x: x + "text", ArgumentError, r"add\(x: \(2, 3\) float64, y: str\).*dtype that add is defined for"),
        (lambda x: x + None, ArgumentError, "NoneType"),
        (lambda x: x * object(), ArgumentError, "multiply"),
        (lambda x: x + MASKED, ArgumentError, r"MaskedArray \(shape \(2, 3\)\) met a tensor.*np.where"),
        (lambda x: np.mean(x * MASKED), ArgumentError, "MaskedArray"),
        (lambda x: np.concatenate([x, MASKED]), ArgumentError, "MaskedArray"),
        (lambda x: x * A.view(np.matrix), ArgumentError, r"matrix \(shape \(2, 3\)\) met a tensor.*np.asarray"),
        (lambda x: x.T @ A.view(np.matrix), ArgumentError, "matrix"),
    ],
)
def test_a_call_that_cannot_be_recorded_is_refused_with_fact_and_cure(call, kind, words):
    for attempt in (lambda: grad(lambda x: np.sum(call(x)))(A), lambda: call(Tensor(A))):
        with pytest.raises(kind, match=words) as caught:
            attempt()
        assert isinstance(caught.value, AutogradError)


def test_array_plus_equals_tensor_is_an_error_and_tensor_plus_equals_array_is_not():
    array = A.copy()
    with pytest.raises(LostGradientError, match="out="):
        array += Tensor(A)
    assert np.array_equal(array, A)

    x = t = Tensor(A)
    t += 1.0
    assert np.array_equal(t.numpy(), A + 1) and np.array_equal(x.numpy(), A)


def test_other_errors_keep_their_kind_and_name_the_call():
    @derivative(x=lambda g: g)
    def strict(x):
        raise np.linalg.LinAlgError("singular")

    with pytest.raises(np.linalg.LinAlgError, match="singular") as caught:
        grad(strict)(1.0)
    assert caught.value.__notes__[0].startswith("strict(x: ")


# ------------------------------------------------------------------------------------------------------------- dtypes

F16, F32, C64 = np.ones(3, np.float16), np.ones(3, np.float32), np.ones(3, np.complex64)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize(
    "fun",
    [
        lambda x: np.mean((2.0 * x + 1) ** 2 / 3),
        lambda x: np.sum(np.exp(-x) * 0.5 - np.sqrt(x)),
        lambda x: np.sum(np.where(x > 0, x, 0.0) * 2),
        lambda x: np.sum(np.maximum(0, x) + abs(x) - 1.5),
        lambda x: x[0] * x[1] * 3 + 0.1,
        lambda x: np.sum(grad(lambda y: np.sum(y**3))(x)),
    ],
)
def test_python_numbers_are_weak_so_that_arrays_keep_their_dtype(dtype, fun):
    value, gradient = value_and_grad(fun)(np.ones(3, dtype))
    assert value.dtype == gradient.dtype == dtype


@pytest.mark.parametrize(
    ("x", "fun"),
    [
        (2.0, lambda s: s * F32),
        (2.0, lambda s: F32 / s),
        (2.0, lambda s: (-s + 1) ** 2 / 3 * F32),
        (2.0, lambda s: abs(1 - s) * F32),
        (2, lambda s: (s + 1) * F32),
        (2.0, lambda s: s * F16),
        (2.0, lambda s: s * C64),
    ],
)
def test_a_differentiated_python_float_is_weak_as_numpy_has_it(x, fun):
    seen = []
    gradient = grad(lambda s: np.sum(np.real([seen.append(fun(s)), seen[-1]][1])))(x)
    assert seen[0].dtype == fun(float(x)).dtype
    assert type(gradient) is np.float64


def test_a_nested_python_float_stays_weak():
    def fun(s):
        return np.sum(grad(lambda y: np.sum(y * y * s * F32))(s) * F32)

    seen = []
    assert grad(lambda s: (seen.append(s * s * F32), fun(s))[1])(2.0) == pytest.approx(36.0 * 2, rel=1e-6)
    assert seen[0].dtype == np.float32


def test_numpy_numbers_are_strong():
    assert (np.float64(2) * Tensor(F32)).dtype == np.float64
    assert (Tensor(np.float64(2)) * F32).dtype == np.float64


def test_mixed_dtypes_give_each_operand_a_gradient_of_its_own():
    a, b = grad(lambda x, y: np.sum(x * y), (0, 1))(F32, np.ones(3))
    assert (a.dtype, b.dtype) == (np.float32, np.float64)
    a, b = grad(lambda x, y: np.sum(np.real(x * y)), (0, 1))(C64, F32)
    assert (a.dtype, b.dtype) == (np.complex64, np.float32)


@pytest.mark.parametrize("x", [3, True, np.int8(3), np.uint8(3), np.array(3), np.bool_(True)])
def test_integers_and_bools_count_as_float64(x):
    gradient = grad(lambda x: x**2 * 1.0)(x)
    assert gradient == 2.0 * float(x) and gradient.dtype == np.float64


def test_integer_arrays_count_as_float64():
    gradient = grad(lambda x: np.sum(x**-1))(np.array([1, 2]))
    assert gradient.dtype == np.float64 and gradient.tolist() == [-1.0, -0.25]


@pytest.mark.parametrize("x", [2.0, 2, np.float64(2), np.float32(2), np.array(2.0), Tensor(2.0).numpy()])
def test_zero_dimensional_results_are_numpy_scalars(x):
    value, gradient = value_and_grad(lambda x: x * x * 3)(x)
    assert isinstance(value, np.floating) and isinstance(gradient, np.floating)
    assert isinstance(grad(grad(lambda x: x * x * 3))(x), np.floating)
    assert isinstance(np.sum(Tensor(A)).value, np.floating)


# ---------------------------------------------------------------------------------------------------- the short road


def known_function():
    """A function with a rule, whose calls on a tensor and a number have gone the short road."""
    double = derivative(x=lambda g, y: g * y, y=lambda g, x: g * x)(lambda x, y=2.0: x * y)
    for _ in range(3):
        assert grad(double)(3.0, 5.0) == 5.0
        assert grad(double)(np.float64(3.0), 5.0) == 5.0
    return double


def test_other_kinds_of_recordings_do_not_take_the_short_road():
    f = known_function()
    assert make_jvp(f)(3.0, 5.0)(1.0)[1] == 5.0
    np.testing.assert_array_equal(jacobian(lambda x: f(x, 5.0))(V), 5 * np.eye(3))
    assert len(trace(f, 3.0, 5.0).equations) == 1
    assert jit(grad(f))(3.0, 5.0) == 5.0
    assert hessian(lambda x: f(f(x, 5.0), x))(3.0) == 10.0


def test_tensors_of_several_recordings_meet_where_calls_took_the_short_road():
    f = known_function()
    assert grad(lambda x, y: f(x, y))(2.0, 3.0) == 3.0
    assert grad(lambda x: grad(lambda y: f(x, y) + f(y, x) + f(y, y))(4.0))(3.0) == 2.0
    assert grad(lambda x: f(x, x))(3.0) == 6.0


def test_parameters_and_defaults_next_to_the_short_road():
    f = known_function()
    for derive in (grad, lambda fun: lambda x: make_jvp(fun)(x)(1.0)[1], lambda fun: jit(grad(fun)), jacobian):
        assert derive(lambda x: f(x))(3.0) == 2.0  # the operand y has a default
    assert grad(lambda x: f(x, y=7.0))(3.0) == 7.0
    rows = grad(lambda x: np.sum(np.sum(x) * np.sum(x, axis=0)))(A)
    np.testing.assert_allclose(rows, 2 * np.sum(A) * np.ones_like(A))


def test_a_rule_that_is_registered_anew_holds_at_once():
    def cube(x):
        return x**3

    for slope, rule in ((1.0, lambda g: g), (2.0, lambda g: 2 * g)):
        f = derivative(cube, x=rule)
        assert [grad(f)(3.0), grad(f)(3.0)] == [slope, slope]


def test_operands_of_types_that_need_a_look_never_take_the_short_road():
    f = known_function()
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.multiply(x, [1.0, 2.0, 3.0])))(V), V)
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.multiply(x, [1.0, 2.0, 3.0])))(V), V)
    for _ in range(2):
        with pytest.raises(ArgumentError, match="MaskedArray"):
            grad(lambda x: np.sum(np.multiply(x, MASKED)))(A)
    assert grad(lambda x: f(x, np.float32(5.0)))(3.0) == 5.0
