"""Formulas: the rules of the table as one expression, from a trace of the rule itself."""

import numpy as np
import pytest

from autograd import trace
from autograd.drawing.formula import expression, rule_formulas


def formulas(fun, *args):
    program = trace(fun, *args)
    equation = program.equations[-1]
    return rule_formulas(equation, program.values, np.ones_like(program.values[equation.output.index]))


@pytest.mark.parametrize(
    ("fun", "args", "expected"),
    [
        (lambda a, b: a * b, (2.0, 3.0), {"x": "g * b", "y": "g * a"}),
        (lambda a, b: a - b, (2.0, 3.0), {"x": "g", "y": "-g"}),
        (lambda a: 3 * a, (2.0,), {"y": "g * 3"}),
        (lambda a, b: a @ b, (np.ones((2, 3)), np.ones((3, 4))), {"x": "g @ b.T", "y": "a.T @ g"}),
        (lambda a, b: a + b, (np.ones((2, 3)), np.ones(3)), {"x": "g", "y": "sum(g, axis=0)"}),
        (lambda a, b: a + b, (np.ones((2, 3)), 1.0), {"x": "g", "y": "sum(g, axis=(0, 1))"}),
        (lambda a, b: a + b, (np.ones((2, 3)), np.ones((1, 3))), {"x": "g", "y": "sum(g, axis=0, keepdims=True)"}),
        (np.argsort, (np.ones(3),), {}),
    ],
)
def test_rules_are_written_with_the_names_of_their_operands(fun, args, expected):
    assert formulas(fun, *args) == expected


@pytest.mark.parametrize(
    ("fun", "expected"),
    [
        (lambda a, b: (a + b) * a, "(a + b) * a"),
        (lambda a, b: a - (b - a), "a - (b - a)"),
        (lambda a, b: a - b - a, "a - b - a"),
        (lambda a, b: -(a * b), "-(a * b)"),
        (lambda a, b: (-a) * b, "-a * b"),
        (lambda a, b: (a + b).T, "(a + b).T"),
        (lambda a, b: np.where(a > b, a, 0.0), "where(a > b, a, 0)"),
        (lambda a, b: np.sum(a + b, axis=(0,)), "sum(a + b, axis=(0,))"),
        (lambda a, b: np.concatenate([a, b]), "concatenate([a, b])"),
    ],
)
def test_brackets_are_where_they_are_needed(fun, expected):
    program = trace(fun, np.ones((2, 2)), np.ones((2, 2)))
    assert expression(program, dict(zip(program.inputs, "ab", strict=True))) == expected
