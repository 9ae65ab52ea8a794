"""Formulas: what a rule computes, written as one expression: ``g * (out * (1 - out))``.

No source text is read. The rule is traced, and its program is written in infix notation, so the formula is what runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.plans import shape_of
from autograd.program import Equation, Program, Variable, row_of, show
from autograd.rules import Row
from autograd.shapes import stretched_axes
from autograd.signatures import argument_names
from autograd.tracing import ProgramTrace, is_array_like, trace_with
from autograd.trees import container_of

#: The sign of an operator and how tightly it binds.
SIGNS: dict[Callable[..., Any], tuple[str, int]] = {
    np.less: ("<", 1), np.less_equal: ("<=", 1), np.greater: (">", 1), np.greater_equal: (">=", 1),
    np.equal: ("==", 1), np.not_equal: ("!=", 1),
    np.add: ("+", 2), np.subtract: ("-", 2),
    np.multiply: ("*", 3), np.divide: ("/", 3), np.matmul: ("@", 3), np.dot: ("@", 3),
    np.power: ("**", 5),
}  # fmt: skip
ATOM, UNARY = 9, 4


def rule_formulas(equation: Equation, values: list[Any], g: Any) -> dict[str, str]:
    """For each operand of a call, the formula of what flows back to it; g is the gradient that reaches its output."""
    row = row_of(equation.function)
    if not isinstance(row, Row) or type(equation.output) is not Variable:
        return {}
    formulas = {}
    for place, operand in enumerate(equation.operands):
        name = row.operands[place]
        rule = row.rules[name]
        if type(operand) is Variable and rule is not None:
            formula = _formula_of_rule(rule, row, equation, values, g)
            formulas[name] = _summed(formula, operand.shape, equation.output.shape) if row.elementwise else formula
    return formulas


def _summed(formula: str, shape: tuple[int, ...], out: tuple[int, ...]) -> str:
    """The formula of what flows back to an operand of ``shape`` that was broadcast to ``out``."""
    axes = stretched_axes(shape, out)
    if not axes:
        return formula
    kept = ", keepdims=True" if len(shape) == len(out) else ""
    return f"sum({formula}, axis={axes if len(axes) > 1 else axes[0]}{kept})"


def _formula_of_rule(rule: Callable[..., Any], row: Row, equation: Equation, values: list[Any], g: Any) -> str:
    wanted = argument_names(rule)[1:]
    facts = {name: _fact(name, row, equation, values) for name in wanted}
    arrays = {name: value for name, value in facts.items() if is_array_like(value) and name in (*row.operands, "out")}
    fixed = {name: value for name, value in facts.items() if name not in arrays}

    def pulled(g: Any, *given: Any) -> Any:
        known = dict(zip(arrays, given, strict=True)) | fixed
        return rule(g, *(known[name] for name in wanted))

    try:
        with np.errstate(all="ignore"):
            program = trace_with(ProgramTrace(keep=False), pulled, (np.asarray(g)[()], *arrays.values()), {})
    except Exception:  # a picture is not the place to complain about a rule
        return f"rule of {row.name}"
    own = {name: _called(operand) for name, operand in zip(row.operands, equation.operands, strict=False)}
    names = ["g", *(own.get(name, name) for name in arrays)]
    return expression(program, dict(zip(program.inputs, names, strict=True)))


def _called(operand: Any) -> str:
    """What the user calls an operand; a number is itself."""
    if type(operand) is Variable:
        return operand.name or repr(operand)
    return _operand(operand, {}, 0) if np.ndim(operand) == 0 else "constant"


def _fact(name: str, row: Row, equation: Equation, values: list[Any]) -> Any:
    """What the rule's argument ``name`` is in this call."""

    def value_of(operand: Any) -> Any:
        return values[operand.index] if type(operand) is Variable else operand

    if name == "out":
        return value_of(equation.output)
    operands = dict(zip(row.operands, equation.operands, strict=False))
    if name in operands:
        return value_of(operands[name])
    base, _, what = name.rpartition("_")
    if what == "shape" and base in operands:
        return shape_of(value_of(operands[base]))
    if what == "traced" and base in row.operands:
        return type(operands.get(base)) is Variable
    return equation.parameters.get(name, row.defaults.get(name))


def expression(program: Program, names: dict[Variable, str]) -> str:
    """Return the output of a small program as one expression of its named inputs.

    A value that is used twice is written twice.
    """
    texts = {variable: (name, ATOM) for variable, name in names.items()}
    for equation in program.equations:
        text = _written(equation, texts)
        for variable in equation.outputs:
            texts[variable] = text
    return _operand(program.outputs, texts, 0)


def _written(equation: Equation, texts: dict[Variable, tuple[str, int]]) -> tuple[str, int]:
    function, operands = equation.function, equation.operands
    if function in SIGNS and len(operands) == 2 and not equation.parameters:
        sign, strength = SIGNS[function]
        left, right = _operand(operands[0], texts, strength), _operand(operands[1], texts, strength + 1)
        return f"{left} {sign} {right}", strength
    if function is np.negative:
        return f"-{_operand(operands[0], texts, UNARY)}", UNARY
    if function is np.transpose and len(operands) == 1 and not equation.parameters:
        return f"{_operand(operands[0], texts, ATOM)}.T", ATOM
    arguments = [_operand(operand, texts, 0) for operand in operands]
    arguments += [f"{name}={_operand(value, texts, 0)}" for name, value in equation.parameters.items()]
    return f"{equation.name}({', '.join(arguments)})", ATOM


def _operand(operand: Any, texts: dict[Variable, tuple[str, int]], strength: int) -> str:
    """An operand, in brackets when it binds more loosely than what surrounds it."""
    if type(operand) is Variable:
        text, own = texts.get(operand, (repr(operand), ATOM))
        return text if own >= strength else f"({text})"
    container = container_of(operand)
    if container is not None and operand:
        inside = ", ".join(_operand(container.get(operand, key), texts, 0) for key in container.keys(operand))
        return f"[{inside}]" if isinstance(operand, list) else f"({inside},)" if len(operand) == 1 else f"({inside})"
    if isinstance(operand, np.generic):
        operand = operand.item()
    if isinstance(operand, float) and operand.is_integer() and abs(operand) < 1e6:
        return str(int(operand))
    return show(operand)
