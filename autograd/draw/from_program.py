"""From a program to a diagram: one box per input, operation and constant, one arrow per use."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from autograd.draw.diagram import BACKWARD, CONSTANT, INPUT, OPERATION, Arrow, Box, Diagram
from autograd.draw.gradients import Flow
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
        diagram.boxes.append(_box(variable, INPUT, program, name=variable.name or ""))
    for place, equation in enumerate(program.equations):
        _add_equation(diagram, equation, program, constants, flow.uses.get(place) if flow else None)
    if flow:
        found = {id_of(variable): gradient for variable, gradient in flow.variables.items()}
        for box in diagram.boxes:
            box.gradient = found.get(box.id)
    _mark_results(diagram, program)
    return diagram


def id_of(variable: Variable) -> str:
    """The id of the box of a variable."""
    return f"v{variable.index}"


def _box(variable: Variable, kind: str, program: Program, **facts: Any) -> Box:
    value = program.values[variable.index] if program.values else None
    dtype = {"i": "int", "f": "float", "c": "complex"}[variable.dtype.kind] if variable.weak else str(variable.dtype)
    return Box(f"v{variable.index}", kind, shape=variable.shape, dtype=dtype, value=value, **facts)


def _add_equation(diagram: Diagram, equation: Equation, program: Program, constants: bool, found: Any) -> None:
    facts = {
        "operation": equation.name,
        "scope": equation.scope,
        "place": equation.place,
        "rule": equation.rule or "",
        "detail": details(equation),
    }
    kind = BACKWARD if equation.rule else OPERATION
    first = equation.output if type(equation.output) is Variable else None
    target = id_of(first) if first is not None else f"call_{id_of(equation.outputs[0])}"
    if constants:
        _add_constants(diagram, equation, target)
    if first is not None:
        diagram.boxes.append(_box(first, kind, program, name=first.name or "", **facts))
    else:
        diagram.boxes.append(Box(target, kind, **facts))
        for path, variable in leaves_with_paths(equation.output, ""):
            part = facts | {"operation": f"{equation.name}{path}", "detail": ""}
            diagram.boxes.append(_box(variable, kind, program, name=variable.name or "", **part))
            diagram.arrows.append(Arrow(target, id_of(variable), path))
    for i, (role, variable) in enumerate(equation.uses()):
        diagram.arrows.append(Arrow(id_of(variable), target, role, found[i] if found else None))


def _in_words(equation: Equation, place: int) -> bool:
    """Whether an operand is part of what the operation is (an index, ``'ij,jk->ik'``), and not data."""
    row = row_of(equation.function)
    if not isinstance(row, Row) or place >= len(row.operands):
        return False
    return row.operands[place] == "index"


def _constants(equation: Equation) -> list[tuple[str, Any]]:
    """The numbers and arrays that an equation holds, with their roles."""
    row = row_of(equation.function)
    names = row.operands if isinstance(row, Row) else ()
    found = []
    for i, operand in enumerate(equation.operands):
        if type(operand) is Variable or _in_words(equation, i):
            continue
        role = names[i] if i < len(names) else f"operand {i}"
        if container_of(operand) is None:
            found.append((role, operand))
        elif any(isinstance(leaf, (Variable, np.ndarray)) for _, leaf in leaves_with_paths(operand)):
            found += leaves_with_paths(operand, role)
    return [(role, value) for role, value in found if is_array_like(value) and type(value) is not Variable]


def _add_constants(diagram: Diagram, equation: Equation, target: str) -> None:
    for i, (role, value) in enumerate(_constants(equation)):
        array = np.asarray(value) if not hasattr(value, "dtype") else value
        dtype = type(value).__name__ if not hasattr(value, "dtype") else str(array.dtype)
        box = Box(f"{target}_c{i}", CONSTANT, shape=array.shape, dtype=dtype, value=value, scope=equation.scope)
        diagram.boxes.append(box)
        diagram.arrows.append(Arrow(box.id, target, role))


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
    results = {id_of(leaf): path for path, leaf in leaves_with_paths(program.outputs, "result") if type(leaf) is Variable}
    for box in diagram.boxes:
        box.result = results.get(box.id, "")
