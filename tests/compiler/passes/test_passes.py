"""Each pass removes what its docstring says, changes nothing else, and keeps the numbers."""

import numpy as np
import pytest
from compiler.same import assert_same

from autograd import derivative, grad, trace
from autograd.compiler.optimise import PASSES, optimise
from autograd.compiler.passes.algebra import simplify_algebra
from autograd.compiler.passes.broadcasting import remove_broadcasting
from autograd.compiler.passes.common import share_common
from autograd.compiler.passes.dead_code import remove_dead_code
from autograd.compiler.passes.folding import fold_constants
from autograd.compiler.passes.transposes import push_transposes
from autograd.compiler.strict import trace_strictly

X = np.array([[0.3, -1.2, 2.5], [1.1, 0.4, -0.7]])
Y = np.array([[1.3], [-0.2]])


def names(program):
    return [equation.name for equation in program.equations]


def after(improve, fun, *args):
    """The names of the functions that are left after a pass and the removal of dead code; the numbers stay."""
    program = trace(fun, *args)
    improved = improve(program).validate()
    assert_same(program(*args), improved(*args))
    return names(remove_dead_code(improved))


IDENTITIES = [
    (lambda x: x * 1, []),
    (lambda x: 1.0 * x, []),
    (lambda x: x / 1, []),
    (lambda x: x + 0, []),
    (lambda x: x - 0.0, []),
    (lambda x: x**1, []),
    (lambda x: np.negative(-x), []),
    (lambda x: x * x, ["square"]),
    (lambda x: x**2, ["square"]),
    (lambda x: x**-1, ["reciprocal"]),
    (lambda x: np.abs(x) ** 0.5, ["absolute", "sqrt"]),
    (lambda x: -1 * x, ["negative"]),
    (lambda x: -(x - Y), ["subtract"]),
    (lambda x: x - (-np.exp(x)), ["exp", "add"]),
    (lambda x: (-np.exp(x)) + x, ["exp", "subtract"]),
    (lambda x: np.square(-x), ["square"]),
    (lambda x: 2 * (3 * x), ["multiply"]),
    (lambda x: (3 * x) / 4, ["multiply"]),
    (lambda x: -(3 * x), ["multiply"]),
    (lambda x: np.sum(3 * np.exp(x), axis=0), ["exp", "sum", "multiply"]),
    (lambda x: np.mean(-np.exp(x)), ["exp", "mean", "multiply"]),
    (lambda x: np.reshape(np.reshape(x, -1), (3, 2)), ["reshape"]),
    (lambda x: np.reshape(x, (2, 3)), []),
    (lambda x: 1e-7 * (1e-7 * x), ["multiply", "multiply"]),  # the product of the factors would lose precision
    (lambda x: x * Y, ["multiply"]),
]


@pytest.mark.parametrize(("fun", "left"), IDENTITIES)
def test_algebra(fun, left):
    assert after(simplify_algebra, fun, X) == left
    assert after(simplify_algebra, fun, X.astype(np.float32)) == left or fun(X.astype(np.float32)).dtype == np.float64


@pytest.mark.parametrize(
    "fun", [lambda x: x * 1.0, lambda x: x / 1, lambda x: x + np.float64(0), lambda x: x * x * 1.5]
)
def test_algebra_keeps_dtypes(fun):
    ints = np.arange(3, dtype=np.int8)
    assert after(simplify_algebra, fun, ints)
    assert_same(fun(ints), optimise(trace(fun, ints))(ints))


def test_dead_code():
    def f(x):
        np.sin(x)
        _unused, used = np.divmod(x, 2.0)
        return used

    assert names(remove_dead_code(trace(f, X))) == ["divmod"]
    program = trace(lambda x: x * 2, X)
    assert remove_dead_code(program) is program


def test_common_subexpressions():
    assert after(share_common, lambda x: np.exp(x) * 2 + np.exp(x) * 2, X) == ["exp", "multiply", "add"]
    assert after(share_common, lambda x: x[:, :2] + x[:, :2] + x[:, 1:], X) == ["getitem", "add", "getitem", "add"]
    assert after(share_common, lambda x: (x * 0.0, x * -0.0, x * 0), X) == ["multiply"] * 3
    assert after(share_common, lambda x: np.sum(x, axis=0) + np.sum(x, axis=1)[0], X).count("sum") == 2


def test_functions_of_the_user_are_called_as_often_as_he_does():
    @derivative(x=lambda g: g)
    def drawn(x):
        return x + 1

    assert after(share_common, lambda x: drawn(x) + drawn(x), X) == ["drawn", "drawn", "add"]


def test_constant_folding_folds_numbers_and_leaves_arrays_alone():
    captured = np.ones(3)
    program = trace_strictly(grad(lambda x: np.sum(x * captured * 3)), (X,), {})
    folded = fold_constants(program)
    assert "unit" in names(program) and "unit" not in names(folded)
    captured[:] = 2
    assert_same(np.full((2, 3), 6.0), folded(X))


def test_broadcasting():
    assert after(remove_broadcasting, lambda x: np.broadcast_to(x[:1], (2, 3)) * x, X) == ["getitem", "multiply"]
    assert after(remove_broadcasting, lambda x: np.broadcast_to(x, (2, 3)), X) == []
    pushed = after(remove_broadcasting, lambda x: 2 * np.broadcast_to(x, (4, 2, 3)), X)
    assert pushed == ["multiply", "broadcast_to"]
    total = after(remove_broadcasting, lambda x: np.sum(np.broadcast_to(np.max(x), (4, 5))), X)
    assert total == ["max", "multiply"]
    shaped = after(remove_broadcasting, lambda x: np.expand_dims(np.broadcast_to(np.max(x), 2), -1) * x, X)
    assert shaped == ["max", "multiply"]
    assert after(remove_broadcasting, lambda x: np.reshape(np.broadcast_to(x[0], (2, 3)), (3, 2)) * Y[0], X) == [
        "getitem", "broadcast_to", "reshape", "multiply",
    ]  # fmt: skip


def test_transposes():
    assert after(push_transposes, lambda x: x.T.T, X) == []
    assert after(push_transposes, lambda x: np.dot(x.T, Y).T, X) == [
        "transpose",
        "dot",
        "transpose",
    ]  # Y is no variable
    assert after(push_transposes, lambda x, y: np.dot(x.T, y).T, X, Y) == ["transpose", "dot"]
    assert after(push_transposes, lambda x: np.transpose(np.transpose(x, (1, 0)), (1, 0)), X) == ["transpose"] * 2


def test_passes_return_the_program_itself_when_there_is_nothing_to_do():
    program = trace(lambda x, y: np.exp(x) + y, X, Y)
    for improve in PASSES:
        assert improve(program) is program
    assert optimise(program) is program


RETURNED_NUMBERS = {
    "x * 1": lambda x: x * 1,
    "reshape of reshape": lambda x: np.reshape(np.reshape(np.tanh(x), -1), ()),
    "reshape of broadcast_to": lambda x: np.reshape(np.broadcast_to(np.tanh(x), (1, 1)), ()),
    "sum of broadcast_to": lambda x: np.sum(np.broadcast_to(np.tanh(x), (2, 3))),
    "transpose of transpose": lambda x: np.transpose(np.transpose(x)),
}


@pytest.mark.parametrize("fun", RETURNED_NUMBERS.values(), ids=RETURNED_NUMBERS)
@pytest.mark.parametrize("x", [np.array(2.0), np.float64(2.0)], ids=["array", "number"])
def test_a_returned_number_keeps_its_type(fun, x):
    program = trace(fun, x)
    assert type(optimise(program)(x)) is type(program(x)) is type(fun(x))
