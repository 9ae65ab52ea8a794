"""The pytest plugin, seen from a test suite that uses it."""

import re
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd.testing.reproducer import reproducer

pytest_plugins = ["pytester"]

SUITE = """
import numpy as np, pytest
from autograd import derivative
from pytest_autograd import gradient_cases

double = derivative(lambda x: 2 * x, x=lambda g: g)

@gradient_cases({"tanh": (np.tanh, 0.5), "exp": (np.exp, np.ones(2))})
def test_right(check_gradients, case):
    check_gradients(*case)

@pytest.mark.gradcheck(order=2, rtol=1e-3)
def test_marked(check_gradients):
    assert check_gradients(np.tanh, 0.5).order == 2

def test_wrong(check_gradients):
    check_gradients(lambda x: np.sum(double(x)), np.array([1.0, 2.5]))
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(autograd.__file__).parents[1]))
    pytester.makepyfile(SUITE)
    return lambda *options: pytester.runpytest_subprocess("-p", "no:cacheprovider", *PLUGIN, *options)


def _installed():
    from importlib.metadata import entry_points

    return any(entry.value == "pytest_autograd" for entry in entry_points(group="pytest11"))


PLUGIN = () if _installed() else ("-p", "pytest_autograd")


def test_fixture_marker_and_cases(suite):
    result = suite("-v", "--gradcheck-seed=7")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*test_right?tanh? PASSED*"])
    output = result.stdout.str()
    assert "seed 7" in output
    assert "np.array([1. , 2.5], dtype=np.float64)," in output
    assert "check_gradients(fun, *args, seed=7)" in output


def test_a_failure_shows_the_line_of_the_test_and_no_line_of_the_library(suite):
    output = suite("--tb=short", "-k", "wrong").stdout.str()
    assert "in checked" not in output and "in answer" not in output
    assert "in test_wrong" in output


def test_a_failure_fits_80_columns(suite):
    failure = suite("-k", "wrong").stdout.str().partition("To repeat this check")[0]
    assert max(len(line) for line in failure.splitlines() if line.startswith("E ")) <= 80


def test_a_random_seed_is_printed(suite):
    assert re.search(r"--gradcheck-seed=\d+", suite("--gradcheck-seed=random").stdout.str())


def test_a_seed_that_is_no_number(suite):
    assert "whole number" in suite("--gradcheck-seed=x").stdout.str()


def test_the_reproducer_names_the_line_of_a_decorated_function(tmp_path):
    double = autograd.derivative(lambda x: 2 * x, x=lambda g: g)
    line = reproducer(double, (1.0,), {}, tmp_path).rsplit(" ", 1)[1]
    assert int(line) == test_the_reproducer_names_the_line_of_a_decorated_function.__code__.co_firstlineno + 1


def test_reproducer_of_small_and_large_arguments(tmp_path):
    large = np.arange(100.0)
    args = ({"w": large, "b": np.array([1.5, np.inf], np.float32)}, 3, np.zeros((0, 2)))
    code = reproducer(np.sum, args, {"seed": 3, "raise_error": True}, tmp_path)
    scope = {"sum": lambda *args: args}
    exec(code.replace("check_gradients(sum, *args, seed=3)", "found = args"), scope)
    (params, n, empty) = scope["found"]
    np.testing.assert_array_equal(params["w"], large)
    np.testing.assert_array_equal(params["b"], args[0]["b"])
    assert params["b"].dtype == np.float32 and n == 3 and empty.shape == (0, 2)
