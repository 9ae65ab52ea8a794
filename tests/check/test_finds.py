"""What the checker must find: wrong gradients of every kind, however small."""

import numpy as np
import pytest
import wrong_rules as wrong

from autograd import GradientCheckError, check_gradients, derivative
from autograd.check.finding import Settings
from autograd.check.judge import judge
from autograd.check.problem import pose


def verdicts(function, draw, seeds):
    """The verdicts alone, without the diagnosis that `check_gradients` adds."""
    problems = (pose(function, draw(np.random.default_rng(seed)), None, seed) for seed in range(seeds))
    return [judge(problem, Settings()).verdict for problem in problems]


def normal(n):
    return lambda rng: (rng.normal(size=n),)


def test_one_entry_of_1000_wrong_by_1e_6():
    off = wrong.with_one_entry_off(np.tanh, wrong.sech2, 1e-6)
    assert verdicts(lambda x: np.sum(off(x)), normal(1000), 200).count("wrong") >= 199


def test_one_entry_of_1000_wrong_by_1e_4_without_the_complex_step():
    off = wrong.with_one_entry_off(lambda x: np.tanh(np.abs(x)), lambda x: wrong.sech2(x) * np.sign(x), 1e-4)
    assert verdicts(lambda x: np.sum(off(x)), normal(1000), 30).count("wrong") >= 29


@pytest.mark.slow
def test_one_entry_of_1000_wrong_by_1e_4_in_200_seeds():
    off = wrong.with_one_entry_off(lambda x: np.tanh(np.abs(x)), lambda x: wrong.sech2(x) * np.sign(x), 1e-4)
    assert verdicts(lambda x: np.sum(off(x)), normal(1000), 200).count("wrong") >= 194


def test_one_entry_of_100_wrong_by_a_tenth():
    off = wrong.with_one_entry_off(np.tanh, wrong.sech2, 0.1)
    assert verdicts(lambda x: np.sum(off(x)), normal(100), 100) == ["wrong"] * 100


def test_everything_wrong_by_a_thousandth():
    off = wrong.tanh_scaled(1.001)
    assert verdicts(lambda x: np.sum(off(x)), normal(30), 100) == ["wrong"] * 100


def test_a_small_gradient_doubled():
    off = wrong.tanh_scaled(2.0)
    assert verdicts(lambda x: np.sum(1e-6 * off(x)), normal(30), 100) == ["wrong"] * 100


def test_a_flat_cube_doubled():
    small = lambda rng: (1e-3 * rng.uniform(0.5, 2, size=30),)  # noqa: E731
    assert verdicts(lambda x: np.sum(wrong.cube_doubled(x)), small, 100) == ["wrong"] * 100


def test_a_wrong_second_derivative_of_a_right_first_one():
    x = np.random.default_rng(0).normal(size=5)

    def loss(x):
        return np.sum(wrong.cube_with_wrong_curvature(x))

    assert check_gradients(loss, x).verdict == "right"
    report = check_gradients(loss, x, order=2, raise_error=False)
    assert (report.verdict, report.order, report.operation) == ("wrong", 2, "slope_of_cube")


def test_a_wrong_value_under_a_right_gradient():
    report = check_gradients(lambda x: np.sum(wrong.square_with_wrong_value(x)), np.arange(1.0, 5.0), raise_error=False)
    assert (report.verdict, report.operation) == ("wrong", "square_with_wrong_value")


def test_an_error_in_a_small_argument_beside_a_large_one():
    off = wrong.tanh_scaled(1.01)
    report = check_gradients(lambda x, y: 1e6 * np.sum(x**2) + off(y), np.ones(5), 0.3, raise_error=False)
    assert (report.verdict, report.place) == ("wrong", "y")


def test_a_lost_gradient():
    def loss(x):
        plain = x.numpy() if hasattr(x, "numpy") else x
        return np.sum(x) + np.sum(plain**2)

    assert check_gradients(loss, np.arange(1.0, 4.0), raise_error=False).verdict == "wrong"


def test_a_gradient_of_nan_where_the_slope_is_ordinary():
    report = check_gradients(lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0)), np.array([4.0, -1.0]), raise_error=False)
    assert (report.verdict, report.place, report.operation) == ("wrong", "x[1]", "sqrt")
    assert "before the function" in report.diagnosis


def test_a_wrong_gradient_at_a_kink():
    off = wrong.with_one_entry_off(lambda x: np.maximum(x, 0), lambda x: np.where(x > 0, 1.0, 0.0) + 2, 0.0, 0)
    assert check_gradients(lambda x: np.sum(off(x)), np.zeros(2), raise_error=False).verdict == "wrong"


def test_slopes_of_a_tie_that_add_up_to_too_much():
    largest = derivative(lambda x: np.max(x), x=lambda g, out, x: g * (x == out))
    report = check_gradients(lambda x: largest(x), np.array([1.0, 3.0, 3.0]), raise_error=False)
    assert (report.verdict, report.analytic, report.numeric) == ("wrong", 2.0, 1.0)
    assert "alike" in report.reason


def test_a_small_factor_makes_no_excuse():
    small = wrong.tanh_scaled(1.001)
    assert check_gradients(lambda x: 1e-20 * np.sum(small(x)), np.ones(3), raise_error=False).verdict == "wrong"


def test_wrong_in_float32():
    off = wrong.tanh_scaled(1.001)
    x = np.random.default_rng(0).normal(size=30).astype(np.float32)
    assert check_gradients(lambda x: np.sum(off(x)), x, raise_error=False).verdict == "wrong"


def test_wrong_in_one_complex_entry():
    square = derivative(lambda z: z**2, z=lambda g, z: g * 2 * np.conj(z))
    z = np.array([1 + 2j, 0.5 - 1j])
    report = check_gradients(lambda z: np.sum(np.abs(square(z))), z, raise_error=False)
    assert report.verdict == "wrong"


def test_the_error_carries_the_report():
    with pytest.raises(GradientCheckError) as caught:
        check_gradients(lambda x: np.sum(wrong.tanh_scaled(2.0)(x)), np.ones(3))
    assert isinstance(caught.value, AssertionError)
    assert str(caught.value.report) == str(caught.value)
