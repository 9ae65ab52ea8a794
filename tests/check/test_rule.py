"""`check_rule`: rules that are wrong, keep too much, or write where they must not."""

import numpy as np
import pytest

from autograd import GradientCheckError, check_rule, derivative, relu
from autograd.errors import ArgumentError, LostGradientError

X = np.random.default_rng(0).normal(size=(3, 4))


@derivative(trees=("arrays",), arrays=lambda g, arrays_shape: np.split(g, [arrays_shape[0][0]]))
def joined(arrays):
    return np.concatenate(arrays)


@pytest.mark.parametrize(
    "function, args, parameters",
    [
        (np.tanh, (X,), {}),
        (np.multiply, (X, X[0]), {}),
        (np.matmul, (X, X.T), {}),
        (np.sum, (X,), {"axis": 0}),
        (np.max, (X,), {"axis": 1}),
        (np.where, (X > 0, X, X + 1), {}),
        (np.concatenate, ([X, X[:1]],), {"axis": 0}),
        (np.var, (X,), {"axis": 0}),
        (joined, ([X[0], X[1]],), {}),
        (relu, (X,), {}),
    ],
)
def test_rules_of_the_table(function, args, parameters):
    assert check_rule(function, *args, **parameters).verdict == "right"


def test_the_report_names_the_operands_as_the_function_does():
    def weighed(x, weight):
        return x * weight

    double = derivative(weighed, x=lambda g, weight: g * weight, weight=lambda g, x: 2 * g * x)
    report = check_rule(double, X[0], X[1], raise_error=False)
    assert (report.verdict, report.path) == ("wrong", "weight")
    assert check_rule(np.linalg.solve, X[:, :3], X[:, 3]).arguments == ("a (3, 3)", "b (3,)")


def test_arguments_without_a_rule_are_parameters():
    def scaled(x, factor):
        return x * factor

    assert check_rule(derivative(scaled, x=lambda g, factor: g * factor), X[0], 2.0).arguments == ("x (4,)",)


def test_a_rule_that_cannot_be_differentiated_itself():
    def doubled(x):
        return x * x.sum()

    rule = derivative(doubled, x=lambda g, x: g * x.sum() + np.sum(g * np.asarray(x)))
    assert check_rule(rule, X[0], order=1)
    with pytest.raises(LostGradientError) as caught:
        check_rule(rule, X[0])
    assert "with order=1 it does not" in caught.value.__notes__[0]


def fault(function, *args):
    report = check_rule(function, *args, raise_error=False)
    assert report.verdict == "wrong"
    return report.reason


def test_a_rule_that_keeps_too_much():
    double = derivative(lambda x: 2 * x, x=lambda g, x: 2 * g)
    assert "keeps 'x'" in fault(double, X) and "x_shape" in fault(double, X)


def test_a_rule_that_keeps_the_output_for_nothing():
    double = derivative(lambda x: 2 * x, x=lambda g, out: 2 * g)
    assert "keeps 'out'" in fault(double, X)


def test_a_rule_that_writes_into_the_gradient():
    def rule(g):
        try:
            g *= 2
        except Exception:  # a traced g cannot be written to
            return 2 * g
        return g

    double = derivative(lambda x: 2 * x, x=rule)
    assert "writes into the gradient g" in fault(double, X)


def test_a_wrong_rule():
    double = derivative(lambda x: 2 * x, x=lambda g: g)
    with pytest.raises(GradientCheckError):
        check_rule(double, X)


def test_a_rule_wrong_for_one_operand_alone():
    product = derivative(lambda x, y: x * y, x=lambda g, y, y_traced: g * y if y_traced else g, y=lambda g, x: g * x)
    assert fault(product, X, X + 1)


def test_a_function_without_rules():
    with pytest.raises(ArgumentError, match="no rules"):
        check_rule(lambda x: x, 1.0)
