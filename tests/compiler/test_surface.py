"""What a compiled function tells about itself: its program, its picture, its source, its cache."""

from typing import NamedTuple

import numpy as np
import pytest
from compiler.same import assert_same, run_source
from drawn_nets import INPUTS, LABELS, document_loss, parameters

from autograd import jit, value_and_grad
from autograd.errors import BranchError, OutputError
from autograd.program import Program

ARGS = (parameters(), INPUTS, LABELS)


class Batch(NamedTuple):
    x: object
    y: object


def fun(batch, weights=(1.0, 2.0), *, mode="sum"):
    scaled = batch.x * weights[0] + TABLE * weights[1]
    return np.sum(scaled - batch.y) if mode == "sum" else np.max(scaled)


TABLE = np.array([0.5, 1.5])
BATCH = Batch(np.array([1.0, 2.0]), np.array([0.0, 1.0]))


def test_the_program_is_data_that_evaluates_to_the_same():
    compiled = jit(value_and_grad(document_loss))
    program = compiled.program(*ARGS)
    assert isinstance(program, Program)
    assert_same(compiled(*ARGS), program.validate()(*ARGS), ulp=4)
    assert [v.name for v in program.inputs][:2] == ["params['hidden'].W", "params['hidden'].b"]
    assert compiled.program(*ARGS) is program
    assert compiled.cache_info().misses == 1


def test_the_picture_has_the_values_of_the_arguments():
    compiled = jit(value_and_grad(document_loss))
    picture = compiled.draw(*ARGS, max_nodes=None, name="step")
    assert picture.diagram.title == "step"
    boxes = {box.name: box for box in picture.diagram.boxes if box.name}
    loss, (slopes) = document_loss(*ARGS), compiled(*ARGS)[1]
    results = {box.result: box.value for box in picture.diagram.boxes if box.result}
    assert_same(loss, results["result[0]"][()])
    assert_same(slopes["hidden"].W, results["result[1]['hidden'].W"])
    assert_same(INPUTS, boxes["x"].value)
    assert {box.scope for box in picture.diagram.boxes} >= {("hidden",), ("output",)}
    assert any(box.rule == "sigmoid" for box in picture.diagram.boxes)
    assert picture.dot.startswith("digraph") or "digraph" in picture.dot


def test_pictures_of_trees_constants_keywords_and_static_arguments():
    compiled = jit(fun, static_argnames=("weights", "mode"))
    for options in ({}, {"mode": "max"}, {"weights": (3.0, 4.0)}):
        picture = compiled.draw(BATCH, **options, gradients=True)
        result = next(box for box in picture.diagram.boxes if box.result)
        assert_same(fun(BATCH, **options), np.asarray(result.value)[()])
        assert any(box.kind == "constant" and np.array_equal(box.value, TABLE) for box in picture.diagram.boxes)
        x = next(box for box in picture.diagram.boxes if box.name == "batch.x")
        assert x.gradient.shape == (2,)
        assert "batch.y" in picture.text()
    assert compiled.cache_info().currsize == 3


def test_a_picture_with_gradients_needs_one_number():
    with pytest.raises(OutputError):
        jit(lambda x: x * 2).draw(np.ones(2), gradients=True)


def test_pictures_programs_and_sources_refuse_what_a_call_refuses():
    compiled = jit(lambda x: x if x > 0 else -x)
    for ask in (compiled, compiled.draw, compiled.program, compiled.source):
        with pytest.raises(BranchError, match="test_surface"):
            ask(1.0)


def test_the_source_is_a_module_of_its_own():
    compiled = jit(fun)
    assert_same(fun(BATCH), run_source(compiled.source(BATCH), BATCH))
    assert_same(fun(BATCH, mode="max"), run_source(compiled.source(BATCH, mode="max"), BATCH, mode="max"))


def test_the_cache_counts_and_forgets():
    compiled = jit(fun)
    compiled(BATCH)
    compiled(BATCH)
    assert compiled.cache_info() == (1, 1, 256, 1)
    program = compiled.program(BATCH)
    compiled.clear_cache()
    assert compiled.cache_info() == (0, 0, 256, 0)
    assert compiled.program(BATCH) is not program
    assert "fun" in repr(compiled)


def test_a_compiled_function_is_shown_by_its_name():
    this = test_a_compiled_function_is_shown_by_its_name
    assert repr([jit(abs), jit(this)]) == f"[<compiled abs>, <compiled {this.__name__}>]"
