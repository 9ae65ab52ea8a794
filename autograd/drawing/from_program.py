"""From a program to a diagram: one box per input, operation and constant, one arrow per use."""

from __future__ import annotations

import functools
import operator
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.drawing.diagram import BACKWARD, CONSTANT, INPUT, OPERATION, Arrow, Box, Diagram
from autograd.drawing.gradients import Flow
from autograd.program import Equation, Program, Variable, row_of, show
from autograd.rules import Row
from autograd.tracing import is_array_like
from autograd.trees import container_of, leaves_with_paths


def diagram_of_program(
    program: Program, flow: Flow | None = None, *, constants: bool = True, name: str | None = None
) -> Diagram:
    """Return the diagram of ``program`` with the values of its trace, and with the gradients of ``flow``."""
    diagram = Diagram(name or program.name)
    for variable in program.inputs:
        box = Box(id_of(variable), INPUT)
        _fill(box, variable, program)
        diagram.boxes.append(box)
    for place, equation in enumerate(program.equations):
        _add_equation(diagram, equation, program, constants, flow.uses.get(place) if flow else None)
    if flow:
        found = {id_of(variable): gradient for variable, gradient in flow.variables.items()}
        for box in diagram.boxes:
            box.gradient = found.get(box.id)
    _mark_results(diagram, program)
    return diagram


@functools.cache
def _dtype_text(dtype: np.dtype[Any], weak: bool) -> str:
    return {"i": "int", "f": "float", "c": "complex"}[dtype.kind] if weak else str(dtype)


def id_of(variable: Variable) -> str:
    """The id of the box of a variable."""
    return f"v{variable.index}"


def _fill(box: Box, variable: Variable, program: Program) -> None:
    """Write into ``box`` what is known about a variable."""
    box.name = variable.name or ""
    box.shape = variable.shape
    box.dtype = _dtype_text(variable.dtype, variable.weak)
    box.value = program.values[variable.index] if program.values else None


def _add_equation(diagram: Diagram, equation: Equation, program: Program, constants: bool, found: Any) -> None:
    plain = not equation.parameters and all(type(operand) is Variable for operand in equation.operands)
    single = type(equation.output) is Variable
    target = id_of(equation.output) if single else f"call_{id_of(equation.outputs[0])}"
    box = Box(target, BACKWARD if equation.rule else OPERATION, equation.name)
    box.scope, box.place, box.rule = equation.scope, equation.place, equation.rule or ""
    if not plain:
        box.detail = details(equation)
    if single:
        _fill(box, equation.output, program)
    arrows = [
        Arrow(id_of(variable), target, role, found[i] if found else None)
        for i, (role, variable) in enumerate(equation.uses())
    ]
    if constants and not plain:
        arrows = _with_constants(diagram, equation, target, arrows)
    diagram.boxes.append(box)
    diagram.arrows += arrows
    if type(equation.output) is not Variable:
        _add_outputs(diagram, equation, program, box)


def _add_outputs(diagram: Diagram, equation: Equation, program: Program, call: Box) -> None:
    """A call with several outputs has a box of its own, and one for each output."""
    for path, variable in leaves_with_paths(equation.output, ""):
        part = replace(call, id=id_of(variable), operation=f"{equation.name}{path}", detail="")
        _fill(part, variable, program)
        diagram.boxes.append(part)
        diagram.arrows.append(Arrow(call.id, part.id, path))


def _in_words(equation: Equation, place: int) -> bool:
    """Whether an operand is part of what the operation is (an index, ``'ij,jk->ik'``), and not data."""
    row = row_of(equation.function)
    if not isinstance(row, Row) or place >= len(row.operands):
        return False
    return row.operands[place] == "index"


def _constants(equation: Equation) -> list[tuple[str, Any]]:
    """The numbers and arrays that an equation holds, with their roles."""
    found = []
    for i, (role, operand) in enumerate(equation.roles()):
        if type(operand) is Variable or _in_words(equation, i):
            continue
        if container_of(operand) is None:
            found.append((role, operand))
        elif any(isinstance(leaf, (Variable, np.ndarray)) for _, leaf in leaves_with_paths(operand)):
            found += leaves_with_paths(operand, role)
    return [(role, value) for role, value in found if is_array_like(value) and type(value) is not Variable]


def _with_constants(diagram: Diagram, equation: Equation, target: str, arrows: list[Arrow]) -> list[Arrow]:
    """Draw the constants of an equation; return the ``arrows`` and theirs as they stand in the call: x - 1, 1 - x."""
    constants = []
    for i, (role, value) in enumerate(_constants(equation)):
        array = np.asarray(value) if not hasattr(value, "dtype") else value
        dtype = type(value).__name__ if not hasattr(value, "dtype") else str(array.dtype)
        box = Box(f"{target}_c{i}", CONSTANT, shape=array.shape, dtype=dtype, value=value, scope=equation.scope)
        diagram.boxes.append(box)
        constants.append(Arrow(box.id, target, role))
    if not constants:
        return arrows
    paths = [path for role, operand in equation.roles() for path, _ in leaves_with_paths(operand, role)]
    places = {path: place for place, path in enumerate(paths)}
    return sorted(constants + arrows, key=lambda arrow: places.get(arrow.role, len(places)))  # parameters last


def details(equation: Equation) -> str:
    """What else a call says: its index, its texts, its parameters."""
    words = []
    for i, operand in enumerate(equation.operands):
        if type(operand) is Variable or is_array_like(operand):
            continue
        if equation.function is operator.getitem or _in_words(equation, i):
            words.append(_index(operand))
        elif not any(isinstance(leaf, (Variable, np.ndarray)) for _, leaf in leaves_with_paths(operand)):
            words.append(show(operand))
        else:
            words += [leaf for _, leaf in leaves_with_paths(operand) if isinstance(leaf, str)]  # einsum's subscripts
    words += [f"{name}={show(value)}" for name, value in equation.parameters.items() if value is not None]
    return ", ".join(words)


def _index(index: Any) -> str:
    def part(one: Any) -> str:
        if not isinstance(one, slice):
            return "…" if one is Ellipsis else show(one)
        ends = ["" if end is None else str(end) for end in (one.start, one.stop, one.step)]
        return ":".join(ends if one.step is not None else ends[:2])

    return f"[{', '.join(map(part, index)) if isinstance(index, tuple) else part(index)}]"


def _mark_results(diagram: Diagram, program: Program) -> None:
    results = {
        id_of(leaf): path for path, leaf in leaves_with_paths(program.outputs, "result") if type(leaf) is Variable
    }
    for box in diagram.boxes:
        box.result = results.get(box.id, "")
