"""Reports: diagnoses, the operation to blame, cost, determinism, the table, the plot and the drawing."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest
import wrong_rules as wrong

from autograd import check_gradients, derivative, relu
from autograd.errors import ArgumentError, OutputError

RNG = np.random.default_rng(0)
SQUARE = RNG.normal(size=(4, 4))


@pytest.mark.parametrize(
    "function, args, words",
    [
        (wrong.tanh_scaled(2.0), (SQUARE,), "a factor 2: the gradient is twice"),
        (wrong.tanh_scaled(0.5), (SQUARE,), "a factor 2: the gradient is half"),
        (wrong.tanh_scaled(0.3), (SQUARE,), "a constant factor"),
        (wrong.sin_with_wrong_sign, (SQUARE,), "wrong sign"),
        (wrong.matmul_transposed, (SQUARE, SQUARE + 1), "transposed"),
        (wrong.mean_without_n, (np.arange(1.0, 8.0),), "missing 1/n: the gradient is 7 times"),
        (wrong.bias_without_sum, (SQUARE, np.ones(4)), "a missing sum over a broadcast axis"),
        (wrong.bias_with_mean, (SQUARE, np.ones(4)), "a mean where the sum belongs"),
        (wrong.exchanged, (SQUARE, SQUARE + 3), "exchanged"),
        (wrong.quadratic_without_linear_term, (np.arange(1.0, 8.0),), "a dropped term"),
        (wrong.with_one_entry_off(np.tanh, wrong.sech2, 0.1, 3), (np.ones(9),), "this entry alone"),
    ],
)
def test_the_diagnosis_names_the_mistake_and_the_operation(function, args, words):
    def loss(*args):
        return np.sum(np.tanh(0.1 * function(*args)))

    report = check_gradients(loss, *args, raise_error=False)
    assert report.verdict == "wrong"
    assert report.diagnosis.startswith(words)
    assert report.operation == function.__name__
    assert "np.tanh(0.1 * function(*args))" in report.source


def test_place_and_numbers():
    off = wrong.with_one_entry_off(np.tanh, wrong.sech2, 0.5, 2)
    params = {"w": [np.zeros(3), np.ones(4) / 2]}
    report = check_gradients(lambda params: np.sum(off(params["w"][1])), params, raise_error=False)
    assert (report.path, report.index, report.place) == ("params['w'][1]", (2,), "params['w'][1][2]")
    right = 1 - np.tanh(0.5) ** 2
    assert report.numeric == pytest.approx(right, rel=1e-12)
    assert report.analytic == pytest.approx(1.5 * right, rel=1e-12)


def test_the_table_has_a_row_for_each_fact_in_straight_columns():
    report = check_gradients(lambda x: np.sum(wrong.tanh_scaled(2.0)(x)), np.array([0.5, 1.0]), raise_error=False)
    lines = str(report).splitlines()
    assert lines[0] == "Gradient check of <lambda>: WRONG"
    assert max(map(len, lines)) <= 72
    rows = [line for line in lines[1:] if line[2] != " "]  # the others go on with the row above
    labels = [row.split()[0] for row in rows]
    assert " ".join(labels) == (
        "reason where analytic numeric difference tolerance diagnosis operation source rule checked cost"
    )
    (margin,) = {row.index(row.split(maxsplit=1)[1]) for row in rows}
    assert {len(line) - len(line.lstrip()) for line in lines[1:] if line not in rows} <= {margin}
    assert repr(report) == str(report)


def test_the_rule_to_blame_is_shown_where_it_was_written():
    @derivative(params=lambda g, params: [g * params[1], g], trees=("params",))
    def product(params):
        return params[0] * params[1]

    report = check_gradients(product, [2.0, 3.0], raise_error=False)
    assert (report.operation, report.place) == ("product", "params[1]")
    assert report.rule.startswith("test_report.py:") and report.rule.endswith('trees=("params",))')


def test_a_check_of_a_primitive_itself_blames_the_line_that_calls_it():
    report = check_gradients(wrong.sin_with_wrong_sign, np.ones(2), raise_error=False)
    assert "in test_a_check_of_a_primitive_itself" in report.source


def test_a_rule_that_is_wrong_in_float32_alone_is_named():
    @derivative(x=lambda g, x: g * 2 * x * (1.01 if x.dtype == np.float32 else 1.0))
    def square(x):
        return x**2

    report = check_gradients(lambda x: np.sum(square(np.tanh(x))), np.ones(3, np.float32), raise_error=False)
    assert (report.verdict, report.operation) == ("wrong", "square")
    assert report.rule and report.diagnosis.startswith("a constant factor: the gradient is 1.01 times")


def test_a_small_error_of_its_own_in_every_entry_is_no_constant_factor():
    @derivative(x=lambda g, x: g * (np.cos(x) + 1e-5 * x))
    def sine(x):
        return np.sin(x)

    report = check_gradients(sine, np.linspace(-1, 1, 9), raise_error=False)
    assert report.diagnosis.startswith("every entry is within 9e-06 of the largest")


def test_an_iteration_that_stops_early_is_told_how_to_allow_for_it():
    def root(x):
        y = x
        while np.max(np.abs(y * y - x)) > 1e-3:
            y = (y + x / y) / 2
        return y

    implicit = derivative(root, x=lambda g, out: g / (2 * out))
    x = np.array([2.0, 3.0, 5.0, 7.0])
    report = check_gradients(implicit, x, raise_error=False)
    rtol = re.search(r"rtol=(\S+)\)", report.diagnosis)
    assert report.verdict == "wrong" and rtol
    assert check_gradients(implicit, x, rtol=float(rtol[1])).verdict == "right"


def test_only_a_function_that_chooses_is_told_so_when_its_gradient_is_nan():
    inside = derivative(lambda x: 2 * x, x=lambda g, x: g * np.where(x > 0, 2.0, np.nan))
    report = check_gradients(inside, np.array([-1.0, 1.0]), raise_error=False)
    assert (report.verdict, report.diagnosis) == ("wrong", "")
    report = check_gradients(lambda x: np.where(x > 0, inside(x), x), np.array([-1.0, 1.0]), raise_error=False)
    assert "branch that was not taken" in report.diagnosis


def counted(function):
    def counting(*args):
        counting.calls += 1
        return function(*args)

    counting.calls = 0
    return counting


@pytest.mark.parametrize(
    "function, args",
    [
        (lambda x: np.sum(np.tanh(x)), (RNG.normal(size=100),)),
        (lambda x: np.sum(np.abs(x)), (RNG.normal(size=100),)),
        (lambda w, x: np.mean(relu(x @ w) ** 2), (RNG.normal(size=(100, 200)), RNG.normal(size=(64, 100)))),
        (lambda x: np.mean(x**2), (RNG.normal(size=10**6),)),
    ],
    ids=["complex step", "differences", "net", "large"],
)
def test_cost_when_right(function, args):
    counting = counted(function)
    report = check_gradients(counting, *args)
    assert report.verdict == "right"
    assert report.evaluations <= 8 and report.sweeps <= 2
    assert counting.calls == report.evaluations + report.sweeps


SCRIPT = """
import numpy as np
from autograd import check_gradients, derivative
off = derivative(lambda x, y: x @ y, x=lambda g, y: 2 * g @ y.T, y=lambda g, x: x.T @ g)
def loss(params, x):
    return np.sum(np.tanh(off(x, params["w"])) + params["b"])
rng = np.random.default_rng(1)
params = {"b": rng.normal(size=3), "w": rng.normal(size=(4, 3))}
print(check_gradients(loss, params, rng.normal(size=(5, 4)), seed=5, raise_error=False))
"""


def test_same_seed_same_report_in_every_process():
    texts = set()
    for salt in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": salt, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=True
        )
        texts.add(run.stdout)
    assert len(texts) == 1 and "WRONG" in texts.pop()


def test_other_seed_other_direction():
    x = np.ones(5)
    first, second = (check_gradients(lambda x: np.sum(np.tanh(x)), x, seed=seed) for seed in (0, 1))
    assert first.analytic != second.analytic


def test_the_plot_shows_both_oracles_and_the_tolerance():
    pytest.importorskip("matplotlib")
    report = check_gradients(lambda x: np.sum(np.tanh(x)), np.ones(5))
    axes = report.plot()
    assert [line.get_label() for line in axes.lines] == ["central differences", "complex step", "tolerance"]
    _, central, exact = report.curve()
    assert np.min(central) < 1e-8 < central[0] and np.max(exact) < 1e-12


def test_drawing_marks_the_operation():
    tanh = wrong.tanh_scaled(2.0)

    def loss(x):
        h = np.exp(x)
        return np.sum(tanh(h))

    report = check_gradients(loss, np.array([0.1, 0.2]), raise_error=False)
    picture = report.draw()
    assert [box.operation for box in picture.diagram.boxes if box.blame] == ["tanh"]
    assert "wrong derivative: a factor 2" in picture.text()


def test_a_rule_without_forward_mode_is_checked_in_reverse():
    doubled = derivative(lambda x: 2 * x, x=lambda g: np.array([2.0, 2.0]) * float(g[0]) if g[0] == g[1] else 2 * g)
    report = check_gradients(lambda x: np.sum(doubled(x)), np.ones(2))
    assert report and report.mode == "reverse" and "forward mode was not checked" in report.reason


def test_options_change_the_tolerance_the_arguments_and_the_directions():
    x = np.ones(3)
    slightly_off = wrong.tanh_scaled(1.001)
    assert check_gradients(lambda x: np.sum(slightly_off(x)), x, rtol=1e-2)
    assert not check_gradients(lambda x: np.sum(slightly_off(x)), x, rtol=1e-5, raise_error=False)
    assert check_gradients(lambda x, y: np.sum(slightly_off(x) * y), x, x, argnum=1)
    assert check_gradients(lambda x: np.sum(np.tanh(x)), x, directions=4).evaluations > 8
    assert check_gradients(lambda n: n * 2.0, 3, argnum=0)


@pytest.mark.parametrize("options", [{"mode": "sideways"}, {"order": 0}, {"argnum": 1}])
def test_refused_options(options):
    with pytest.raises(ArgumentError):
        check_gradients(lambda x, n: np.sum(x), np.ones(3), "text", **options)


def test_nothing_to_check():
    with pytest.raises(ArgumentError, match="no floats"):
        check_gradients(lambda n: n, 3)
    with pytest.raises(OutputError, match=r"<lambda> returned None.*Is a return missing\?"):
        check_gradients(lambda x: None, 3.0)
