"""What NumPy refuses while a compiled function runs: the call, its shapes, and the line that the user wrote."""

import numpy as np
import pytest

from autograd import derivative, grad, jit
from autograd.compiler.blocks import SMALLEST
from autograd.errors import IndexingError


def solution(a, b):
    x = np.linalg.solve(a, b)  # the line of solve
    return np.sum(x * 2)


def line_of(text):
    """The place of the line of this file that ends with ``text``."""
    with open(__file__) as file:
        number = next(n for n, line in enumerate(file, 1) if line.rstrip().endswith(text))
    return f"{__file__}:{number} in "


@derivative(x=lambda g: g)
def checked(x):
    if np.any(x < 0):
        raise KeyError("negative")
    return np.array(x)


@pytest.mark.parametrize("transform", [lambda f: f, grad])
def test_a_singular_matrix(transform):
    compiled = jit(transform(solution))
    compiled(np.eye(2), np.ones(2))
    for _ in range(2):
        with pytest.raises(np.linalg.LinAlgError, match="Singular matrix") as raised:
            compiled(np.zeros((2, 2)), np.ones(2))
        call, place = raised.value.__notes__
        assert call == "solve(a: (2, 2) float64, b: (2,) float64) is not defined: Singular matrix."
        assert place == f"Raised in a compiled function at {line_of('# the line of solve')}solution."
    assert compiled(np.eye(2), np.ones(2)) is not None


def test_an_index_out_of_bounds():
    compiled = jit(lambda x, i: np.sum(x[i] ** 2))  # the line of the index
    compiled(np.ones(3), np.array([0, 2]))
    with pytest.raises(IndexingError, match=r"getitem\(x: \(3,\) float64, index: \(2,\) int64\).*index 7") as raised:
        compiled(np.ones(3), np.array([0, 7]))
    assert line_of("# the line of the index") in raised.value.__notes__[0]


def test_a_failure_of_the_backward_pass_names_the_call_it_belongs_to():
    compiled = jit(grad(lambda x, i: np.sum(np.take(x, i, mode="clip") ** 2)))
    compiled(np.ones(3), np.array([0, 1]))
    with np.errstate(over="raise"), pytest.raises(FloatingPointError) as raised:
        compiled(np.full(3, 1e308), np.array([0, 1]))
    assert "by the derivative of the call of" in raised.value.__notes__[1]


def test_a_failure_of_a_function_of_the_user():
    compiled = jit(lambda x: checked(x * 2) + 1)
    compiled(np.ones(2))
    with pytest.raises(KeyError, match="negative") as raised:
        compiled(-np.ones(2))
    assert raised.value.__notes__[0] == "checked(x: (2,) float64) is not defined: 'negative'."


def test_a_failure_in_a_chain():
    compiled = jit(lambda x: np.exp(1 / (x - 1)) * 2)
    x = np.zeros(SMALLEST)
    compiled(x)
    x[-1] = 1
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError) as raised:
        compiled(x)
    assert raised.value.__notes__[0].startswith(("divide(", "reciprocal("))


def test_it_is_told_once_through_nested_compiled_functions():
    inner = jit(solution)

    @derivative(a=None)
    def outer(a):
        return inner(a, np.ones(2))

    compiled = jit(lambda a: outer(a) + 1)
    compiled(np.eye(2))
    with pytest.raises(np.linalg.LinAlgError) as raised:
        compiled(np.zeros((2, 2)))
    assert len(raised.value.__notes__) == 2
    assert "solve" in raised.value.__notes__[0]


def test_errors_before_the_program_runs_are_left_alone():
    with pytest.raises(ZeroDivisionError) as raised:
        jit(lambda x: x * (1 / 0))(1.0)
    assert not hasattr(raised.value, "__notes__")
