"""Blame: where the first value that is not finite was born, which operand caused it, and in which line of the code.

An operand is the cause when the call turns finite as soon as ones stand in its place. The same question is asked of
every rule of the backward pass, whose operands are the gradient that arrives and the values of the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.drawing.gradients import Flow, pull
from autograd.drawing.numbers import as_plain, is_finite, number
from autograd.program import Equation, Program, Variable, apply, substitute
from autograd.trees import flatten


def births(program: Program, flow: Flow | None) -> Iterator[tuple[Variable, str]]:
    """Yield a variable and a sentence for every place where a NaN or an Inf is born, forward and then backward."""
    values = program.values
    for variable in program.inputs:
        value = values[variable.index]
        if not is_finite(value):
            yield variable, f"{_what(value)} comes in with the input {variable.name}{_first(value)}"
    for equation in program.equations:
        outs = [values[variable.index] for variable in equation.outputs]
        if _all_finite(values[variable.index] for _, variable in equation.uses()) and not _all_finite(outs):
            yield equation.outputs[0], _forward(equation, values)
    for place in sorted(flow.uses, reverse=True) if flow else ():
        equation = program.equations[place]
        assert flow is not None
        arrived = [flow.variables.get(variable) for variable in equation.outputs]
        known = [values[v.index] for v in (*equation.outputs, *(v for _, v in equation.uses()))]
        if _all_finite(arrived) and _all_finite(known) and not _all_finite(flow.uses[place]):
            yield equation.outputs[0], _backward(equation, values, arrived, flow.uses[place])


def _forward(equation: Equation, values: list[Any]) -> str:
    def run(values: list[Any]) -> list[Any]:
        environment = {variable: values[variable.index] for _, variable in equation.uses()}
        operands = [substitute(operand, environment) for operand in equation.operands]
        return flatten(apply(equation.function, operands, substitute(equation.parameters, environment)))[0]

    out = next(values[v.index] for v in equation.outputs if not is_finite(values[v.index]))
    return f"{_what(out)} is born in {equation.name}{_at(equation)}{_cause(equation, values, run, out)}"


def _backward(equation: Equation, values: list[Any], arrived: list[Any], found: list[Any]) -> str:
    g = next(g for g in found if not is_finite(g))
    role = next(role for (role, _), one in zip(equation.uses(), found, strict=True) if one is g)
    fact = f"{_what(g)} is born in the backward pass, in the rule of {equation.name} for {role}{_at(equation)}"
    return fact + _cause(equation, values, lambda values: pull(equation, values, arrived), g)


def _cause(equation: Equation, values: list[Any], run: Callable[[list[Any]], list[Any]], bad: Any) -> str:
    """Name the operand without which the result would be finite, and its value at the first bad entry."""
    for role, variable in equation.uses():
        healed = list(values)
        healed[variable.index] = np.ones_like(as_plain(values[variable.index]))[()]
        try:
            with np.errstate(all="ignore"):
                finite = _all_finite(run(healed))
        except Exception:  # a function may refuse ones (an index, a singular matrix): then nothing is proven
            continue
        if finite:
            name = f" ({variable.name})" if variable.name not in (None, role) else ""
            return f": because of {role}{name}{_entry(values[variable.index], bad)}"
    return ""


def _entry(operand: Any, bad: Any) -> str:
    """`` = -1 at [0, 2]``: the operand where the result is first what it is called, if they have entries in common."""
    array, out = as_plain(operand), as_plain(bad)
    if array.size == 1:
        return f" = {number(array.item())}"
    index = _worst(out)
    try:
        value = np.broadcast_to(array, out.shape)[tuple(index)]
    except ValueError:
        return ""
    return f" = {number(value)} at {index.tolist()}"


def _first(value: Any) -> str:
    array = as_plain(value)
    return f" at {_worst(array).tolist()}" if array.ndim else ""


def _worst(array: Any) -> Any:
    """The index of the first NaN, or of the first Inf where there is no NaN."""
    found = np.isnan(array)
    return np.argwhere(found if found.any() else ~np.isfinite(array))[0]


def _what(value: Any) -> str:
    return "NaN" if np.isnan(as_plain(value)).any() else "Inf"


def _at(equation: Equation) -> str:
    return f" at {equation.place}" if equation.place else ""


def _all_finite(values: Any) -> bool:
    return all(is_finite(value) for value in values)
