"""What the checker must not cry wolf about, and what it must refuse to judge."""

import numpy as np
import pytest

from autograd import GradientCheckWarning, check_gradients, log_softmax, relu


def softmax_sum(x):
    e = np.exp(x - np.max(x))
    return np.sum(e / np.sum(e))


#: name → function, arguments from a random generator
FAIR = {
    "relu at 0": (lambda x: np.sum(relu(x)), lambda r: (r.integers(-1, 2, size=6).astype(float),)),
    "relu near 0": (lambda x: np.sum(relu(x)), lambda r: (10.0 ** -r.integers(1, 16, size=9) * r.normal(size=9),)),
    "relu of a scalar 0": (relu, lambda r: (0.0,)),
    "relu of whole-numbered layers": (
        lambda w, x: np.sum(relu(x @ w)),
        lambda r: (r.integers(-1, 2, size=(3, 2)).astype(float), r.integers(-1, 2, size=(2, 3)).astype(float)),
    ),
    "maximum of equals": (lambda x, y: np.sum(np.maximum(x, y) * np.tanh(y)), lambda r: (np.ones(4), np.ones(4))),
    "maximum with a constant": (lambda x: np.sum(np.maximum(x, 1.0)), lambda r: (np.ones(4),)),
    "max of ties": (np.max, lambda r: (np.ones(4),)),
    "float32 tanh": (lambda x: np.sum(np.tanh(x)), lambda r: (r.normal(size=30).astype(np.float32),)),
    "float16 mean": (np.mean, lambda r: (r.normal(size=300).astype(np.float16),)),
    "a rounded root": (lambda x: np.sqrt(x**2 + 1e-8), lambda r: (r.normal() * 10.0 ** -r.integers(0, 9),)),
    "rounded roots": (
        lambda x: np.sum(np.sqrt(x**2 + 1e-8)),
        lambda r: (r.normal(size=9) * 10.0 ** -r.integers(0, 9, size=9),),
    ),
    "exp at 30": (lambda x: np.sum(np.exp(x)), lambda r: (30 + r.normal(size=3),)),
    "|exp| at 30": (lambda x: np.sum(np.abs(np.exp(x))), lambda r: (30 + r.normal(size=3),)),
    "log at 1e-8": (lambda x: np.sum(np.log(x)), lambda r: (1e-8 * r.uniform(0.5, 2, size=3),)),
    "log of many sizes": (lambda x: np.sum(np.abs(np.log(x))), lambda r: (10.0 ** r.uniform(-8, 1, size=5),)),
    "a constant function": (lambda x: 3.0 + 0.0 * np.sum(x), lambda r: (r.normal(size=6),)),
    "a function of nothing": (lambda x: 3.0, lambda r: (r.normal(size=6),)),
    "a constant but for rounding": (softmax_sum, lambda r: (5 * r.normal(size=6),)),
    "a least-squares minimum": (
        lambda x, a, b: np.sum((a @ x - b) ** 2),
        lambda r: (lambda a, b: (np.linalg.lstsq(a, b)[0], a, b))(r.normal(size=(9, 3)), r.normal(size=9)),
    ),
    "empty arrays": (np.sum, lambda r: (np.zeros((0, 3)),)),
    "empty beside full": (lambda x, y: np.sum(x) + np.sum(y**2), lambda r: (np.zeros((0, 3)), r.normal(size=2))),
    "dicts": (lambda p: np.sum(p["w"] * p["b"]), lambda r: ({"w": r.normal(size=3), "b": 2.0},)),
    "whole numbers": (lambda x, n, rows: np.sum(x[rows] ** n), lambda r: (r.normal(size=4), 2, np.array([0, 2, 2]))),
    "a silent imaginary part": (lambda x: np.sum(np.abs(x) ** 3) + np.sum(x), lambda r: (r.normal(size=5),)),
    "cancellation": (lambda x: np.sum((1e6 + x) ** 2 - 1e12), lambda r: (1e-3 * r.normal(size=5),)),
    "far out": (lambda x: np.sum(x**2) / 1e12, lambda r: (1e6 * r.normal(size=5),)),
    "fast waves": (lambda x: np.sum(np.sin(50 * x)), lambda r: (r.normal(size=5),)),
    "|fast waves|": (lambda x: np.sum(np.abs(np.sin(50 * x))), lambda r: (r.normal(size=5),)),
    "sort with ties": (lambda x: np.sort(x) * np.arange(6.0), lambda r: (r.integers(0, 3, size=6).astype(float),)),
    "kinks that cancel when moved alike": (lambda x: relu(x[0]) - relu(-x[1]), lambda r: (np.zeros(2),)),
    "kinks of two layers": (
        lambda w, x: relu(x @ w) @ np.array([1.0, -1.0, 2.0]),
        lambda r: (r.normal(size=(2, 3)), np.zeros(2)),
    ),
    "a median of ties": (np.median, lambda r: (np.ones(r.integers(1, 9)),)),
    "medians of ties": (lambda x: np.median(x, axis=0), lambda r: (r.integers(0, 2, size=(5, 3)).astype(float),)),
    "two outputs": (lambda x: (np.tanh(x), {"sum": np.sum(x), "n": 3}), lambda r: (r.normal(size=5),)),
    "complex": (lambda z: np.sum(np.real(z * z * z)), lambda r: (r.normal(size=3) + 1j * r.normal(size=3),)),
}


@pytest.mark.parametrize("name", FAIR)
def test_never_cries_wolf(name):
    function, draw = FAIR[name]
    for seed in range(10):
        check_gradients(function, *draw(np.random.default_rng(seed)), seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("name", FAIR)
def test_never_cries_wolf_in_200_seeds(name):
    function, draw = FAIR[name]
    for seed in range(200):
        check_gradients(function, *draw(np.random.default_rng(seed)), seed=seed)


def test_a_sum_of_a_million_terms():
    for seed in range(3):
        check_gradients(np.sum, np.random.default_rng(seed).normal(size=10**6), seed=seed)


def test_the_gradient_at_a_kink_is_right_nearby():
    report = check_gradients(lambda x: np.sum(relu(x)), np.array([0.0, 1.0]))
    assert "kink" in report.reason


def refuses(function, *args):
    with pytest.warns(GradientCheckWarning):
        report = check_gradients(function, *args)
    assert report.verdict == "cannot be judged" and not report
    return report


def test_a_random_function():
    rng = np.random.default_rng()
    assert "random" in refuses(lambda x: np.sum(x) * rng.normal(), np.ones(3)).reason


def test_an_output_of_nan():
    refuses(lambda x: np.sum(x) * np.nan, np.ones(3))


def test_the_root_at_0():
    with np.errstate(divide="ignore"):
        refuses(np.sqrt, 0.0)


@pytest.mark.parametrize("margin", [30.0, 36.0, 50.0, 400.0])
def test_a_saturated_loss_is_rougher_than_its_value(margin):
    assert "noise" in refuses(lambda z: -log_softmax(z)[0], np.array([margin, 0.0, -1.0])).reason


def test_a_square_below_the_smallest_normal_number():
    refuses(lambda x: x * x, 1e-160)


def test_next_to_an_edge_where_the_slope_grows_without_bound():
    assert check_gradients(np.arccos, 1 - 1e-12).verdict != "wrong"


def hilbert(n):
    return 1 / (np.arange(n)[:, None] + np.arange(n) + 1)


@pytest.mark.parametrize(
    "function, args",
    [(np.linalg.inv, (hilbert(8),)), (np.linalg.solve, (hilbert(10), np.ones(10)))],
    ids=["inv", "solve"],
)
def test_a_nearly_singular_matrix(function, args):
    assert "bends so sharply" in refuses(lambda *args: np.sum(function(*args)), *args).reason


def test_noise_above_the_slope():
    refuses(lambda x: 1e9 + np.abs(x) * 1e-4, 1.5)
