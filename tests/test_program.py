"""Tracing, and programs as data: printed, validated, evaluated, and the backward pass in them."""

import threading

import numpy as np
import pytest
from compiler.same import assert_identical
from drawn_nets import INPUTS, LABELS, document_loss, parameters

from autograd import (
    grad,
    hessian,
    hessian_vector_product,
    jacobian,
    make_jvp,
    relu,
    scope,
    sigmoid,
    trace,
    value_and_grad,
)
from autograd.errors import ArgumentError, BranchError, LostGradientError, MissingDerivativeError, ProgramError
from autograd.program import Equation, Variable
from autograd.tracing import ProgramTrace, trace_with
from autograd.trees import flatten

ARGS = (parameters(), INPUTS, LABELS)


def functions(program):
    return [equation.name for equation in program.equations]


def test_a_program_is_the_function():
    program = trace(document_loss, *ARGS).validate()
    assert functions(program) == [
        "matmul", "add", "relu", "matmul", "add", "sigmoid", "subtract", "square", "sum", "multiply",
    ]  # fmt: skip
    assert_identical(document_loss(*ARGS), program(*ARGS))
    other = (parameters(seed=7), INPUTS + 0.5, LABELS)
    assert_identical(document_loss(*other), program(*other))


def test_inputs_are_named_by_argument_and_tree_path():
    names = [variable.name for variable in trace(document_loss, *ARGS).inputs]
    assert names == ["params['hidden'].W", "params['hidden'].b", "params['output'].W", "params['output'].b", "x", "y"]


def test_results_are_named_by_what_they_are_assigned_to():
    program = trace(document_loss, *ARGS)
    assert [e.output.name for e in program.equations] == [
        None, None, "hidden_output", None, None, "final_output", "error", None, None, None,
    ]  # fmt: skip


def test_scopes_and_places():
    program = trace(document_loss, *ARGS)
    assert [equation.scope for equation in program.equations] == [("hidden",)] * 3 + [("output",)] * 3 + [()] * 4
    assert {equation.place.file.rsplit("/", 1)[-1] for equation in program.equations} == {"drawn_nets.py"}
    assert {equation.place.function for equation in program.equations} == {"document_net", "document_loss"}


def test_scopes_nest_and_decorate():
    @scope("outer")
    def f(x):
        with scope("inner"):
            y = np.square(x)
        return y + x

    assert [e.scope for e in trace(f, 2.0).equations] == [("outer", "inner"), ("outer",)]


def test_a_composition_is_a_scope_of_its_name():
    program = trace(lambda x: np.hstack([x, x]), np.ones(2))
    assert {equation.scope for equation in program.equations} == {("hstack",)}
    assert trace(lambda x: np.stack([x, x]), np.ones(2)).equations[0].scope == ()


def test_the_backward_pass_is_in_the_program_with_the_rule_and_place_of_its_forward_call():
    program = trace(value_and_grad(document_loss), *ARGS).validate()
    assert_identical(value_and_grad(document_loss)(*ARGS), program(*ARGS))
    backward = [e for e in program.equations if e.rule]
    assert [e.rule for e in program.equations[:10]] == [None] * 10 and len(backward) == len(program.equations) - 10
    assert [e.scope for e in backward if e.rule == "relu"] == [("hidden",)] * 2
    assert {e.place.line for e in backward if e.rule == "relu"} == {program.equations[2].place.line}


def test_gradients_of_a_program_are_gradients_of_the_function():
    assert_identical(grad(document_loss)(*ARGS), grad(trace(document_loss, *ARGS))(*ARGS))


def test_primitives_stay_whole_in_every_order():
    third = trace(grad(grad(sigmoid)), -1000.0)
    assert "sigmoid" in functions(third) and "exp" not in functions(third)
    assert grad(grad(sigmoid))(-1000.0) == 0


def test_everything_that_depends_on_an_input_is_recorded():
    def f(x):
        kept = x[np.argsort(x)] > 0
        return np.where(kept, x, 0).astype(np.float32), np.array_equal(x, x)

    program = trace(f, np.array([3.0, -1.0])).validate()
    assert functions(program) == ["argsort", "getitem", "greater", "where", "astype", "array_equal"]
    assert_identical(f(np.array([-1.0, 5.0])), program(np.array([-1.0, 5.0])))


def test_functions_without_a_row_are_recorded_but_not_differentiated():
    program = trace(lambda x: np.sort_complex(x), np.ones(4))
    assert functions(program) == ["sort_complex"]
    with pytest.raises(MissingDerivativeError, match="sort_complex"):
        trace(grad(lambda x: np.sum(np.sort_complex(x))), np.ones(4))


def test_parameters_may_be_traced():
    def f(x):
        return np.mean(x, where=x > 0)

    program = trace(f, np.array([3.0, -1.0]))
    assert_identical(f(np.array([-1.0, 5.0])), program(np.array([-1.0, 5.0])))


def test_python_numbers_stay_weak():
    def f(x, rate):
        return x * (2 * rate + 1)

    program = trace(f, np.ones(3, np.float32), 0.5)
    assert program.inputs[1].weak and [e.output.weak for e in program.equations] == [True, True, False]
    assert program(np.ones(3, np.float32), 0.25).dtype == np.float32


def test_a_branch_is_followed_or_refused():
    def f(x):
        return np.square(x) if x > 0 else -x

    assert functions(trace(f, 2.0)) == ["greater", "square"]
    with pytest.raises(BranchError, match=r"bool\(\).*test_program.py.*np.where"):
        trace_with(ProgramTrace(follow=False), f, (2.0,), {})


def test_an_int_argument_counts_loops():
    program = trace(lambda x, n: sum(x * i for i in range(n)), 2.0, 3)
    assert functions(program) == ["multiply", "add"] * 3


def test_several_outputs_and_keyword_arguments():
    def f(x, *, options):
        return {"a": np.divmod(x, 2), "b": options["scale"] * x, "c": options["mode"]}

    program = trace(f, np.arange(3.0), options={"scale": 2.0, "mode": "fast"}).validate()
    assert [v.name for v in program.inputs] == ["x", "options['scale']"]
    assert_identical(f(np.ones(2), options={"scale": 3.0, "mode": "fast"}),
                program(np.ones(2), options={"scale": 3.0, "mode": "fast"}))  # fmt: skip


def test_captured_arrays_are_held_by_reference():
    captured = np.array([1.0, 2.0])
    program = trace(lambda x: x * captured, np.ones(2))
    captured[0] = 5
    np.testing.assert_array_equal(program(np.ones(2)), [5, 2])


def test_traces_nest_in_gradients_and_in_each_other():
    def outer(x):
        return trace(lambda y: y * x, 3.0)(x)

    assert grad(outer)(2.0) == 4.0
    assert trace(outer, 2.0)(5.0) == 25.0


def test_other_trees_are_refused():
    with pytest.raises(ArgumentError, match="other trees"):
        trace(lambda p: p[0] * p[1], (1.0, 2.0))([1.0, 2.0])


def test_a_program_prints_its_equations():
    program = trace(lambda x: relu(x) + 1, np.zeros((2, 3)))
    lines = str(program).splitlines()
    assert lines[:3] == [
        "program <lambda>",
        "    input v0: float64[2, 3]  # x",
        f"    v1: float64[2, 3] = relu(v0)  # line {program.equations[0].place.line}",
    ]
    assert lines[-1] == "    return v2"


def test_the_validator_finds_what_is_wrong():
    program = trace(lambda x: relu(x) + 1, 2.0)
    program.equations.reverse()
    with pytest.raises(ProgramError, match=r"equation 0 \(add\) uses v1 before"):
        program.validate()
    program.equations.reverse()
    program.equations.append(Equation(program.inputs[0], np.negative, [program.inputs[0]], {}))
    with pytest.raises(ProgramError, match="defines v0 a second time"):
        program.validate()
    program.equations.pop()
    program.outputs = Variable(9, (), np.dtype(float), False, None)
    with pytest.raises(ProgramError, match="the output uses v9"):
        program.validate()


def test_threads_do_not_share_scopes_or_programs():
    results = {}

    def work(name):
        with scope(name):
            results[name] = trace(document_loss, *ARGS)

    threads = [threading.Thread(target=work, args=(f"t{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, program in results.items():
        assert len(program.equations) == 10 and {e.scope[0] for e in program.equations} == {name}


def test_forward_mode_and_batches_refuse_what_they_cannot_follow():
    with pytest.raises(LostGradientError, match=r"float\(\) of a tensor"):
        make_jvp(lambda x: x * float(x))(2.0)(1.0)
    with pytest.raises(MissingDerivativeError, match="sort_complex"):
        make_jvp(np.sort_complex)(np.ones(3))(np.ones(3))


def test_transforms_of_every_mode_are_traced():
    x, v = np.array([0.5, -1.0]), np.array([1.0, 2.0])

    def f(x):
        return np.sum(np.tanh(x) ** 3)

    for fun, args in [
        (lambda x, v: make_jvp(f)(x)(v), (x, v)),
        (jacobian(np.tanh), (x,)),
        (hessian(f), (x,)),
        (hessian_vector_product(f), (x, v)),
    ]:
        program = trace(fun, *args).validate()
        assert len(program.equations) > 2
        other = [arg + 0.25 for arg in args]
        for expected, actual in zip(flatten(fun(*other))[0], flatten(program(*other))[0], strict=True):
            np.testing.assert_allclose(actual, expected, rtol=1e-13)


def test_gradients_of_integers_are_floats_in_a_program_too():
    for x in (3, np.int32(3), np.arange(3)):
        program = trace(grad(lambda x: np.sum(x * x)), x)
        assert_identical(grad(lambda x: np.sum(x * x))(x), program(x))
