"""What passes share: a walk over the equations of a program that replaces them one by one.

A pass gives a function ``simplify(equation, walk)``. It returns None to keep the equation, a list of equations that end
with a definition of the same output, or an operand — a variable or a number — that stands for the output from there on.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.program import Equation, Program, Variable, leaves_of, substitute
from autograd.trees import container_of, map_tree

__all__ = ["Walk", "number_of", "rewrite", "shape_of_operand"]

Simplify = Callable[[Equation, "Walk"], Any]


class Walk:
    """What is known at one point of the walk: ``definition`` has the equation of each variable defined so far."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.definition: dict[Variable, Equation] = {}
        self.returned = set(leaves_of(program.outputs))

    @functools.cached_property
    def uses(self) -> Counter[Variable]:
        """How often each variable is read, at the beginning of the walk."""
        reads = (equation.reads for equation in self.program.equations)
        return Counter(itertools.chain(*reads, leaves_of(self.program.outputs)))

    @functools.cached_property
    def indices(self) -> Iterator[int]:
        """Numbers for new variables."""
        used = (variable.index for equation in self.program.equations for variable in equation.outputs)
        return itertools.count(1 + max(used, default=len(self.program.inputs)))

    def define(self, equation: Equation) -> None:
        """Take note of an equation that the new program has."""
        if type(equation.output) is Variable:
            self.definition[equation.output] = equation
        else:
            self.definition |= dict.fromkeys(equation.outputs, equation)

    def defined_by(self, operand: Any, *functions: Callable[..., Any]) -> Equation | None:
        """The equation of ``operand`` when it is a call of one of ``functions``."""
        equation = self.definition.get(operand) if type(operand) is Variable else None
        return equation if equation is not None and equation.function in functions else None

    def new(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Variable:
        """A new variable."""
        return Variable(next(self.indices), shape, dtype, False, None)

    def may_stand_for(self, operand: Any, output: Any) -> bool:
        """Whether ``operand`` may take the place of the variable ``output``: alike in shape, dtype and weakness.

        A returned number keeps its equation, since an array without axes would be returned in its place.
        """
        if type(output) is not Variable or self.returns_number(output):
            return False
        if type(operand) is Variable:
            return (operand.shape, operand.dtype, operand.weak) == (output.shape, output.dtype, output.weak)
        if isinstance(operand, np.generic):
            return output.shape == () and operand.dtype == output.dtype and not output.weak
        return output.weak and type(operand) in (int, float, complex)

    def returns_number(self, output: Variable) -> bool:
        """Whether ``output`` is a result without axes: what makes it decides if it is a number or an array."""
        return output in self.returned and not output.shape


def rewrite(program: Program, simplify: Simplify) -> Program:
    """Return ``program`` with each equation as ``simplify`` wants it; the program itself if nothing changed."""
    walk = Walk(program)
    replaced: dict[Variable, Any] = {}
    equations: list[Equation] = []
    changed = False
    for equation in program.equations:
        if replaced:
            equation = _resolved(equation, replaced)
        result = simplify(equation, walk)
        if result is None:
            equations.append(equation)
            walk.define(equation)
            continue
        changed = True
        if type(result) is not list:
            replaced[equation.output] = result
            continue
        equations += result
        for added in result:
            walk.define(added)
    if not changed:
        return program
    outputs = map_tree(lambda leaf: _follow(leaf, replaced), program.outputs)
    return replace(program, equations=equations, outputs=outputs)


def _follow(leaf: Any, replaced: dict[Variable, Any]) -> Any:
    return replaced.get(leaf, leaf) if type(leaf) is Variable else leaf


def _resolved(equation: Equation, replaced: dict[Variable, Any]) -> Equation:
    """The equation with what stands for its operands in their place."""
    read = equation.reads
    if replaced.keys().isdisjoint(read):
        return equation
    values = {variable: replaced.get(variable, variable) for variable in read}
    operands = [substitute(operand, values) for operand in equation.operands]
    return replace(equation, operands=operands, parameters=substitute(equation.parameters, values))


def number_of(operand: Any) -> Any:
    """The Python number that a constant operand is, or None.

    >>> number_of(np.float32(0.5)), number_of(2), number_of(np.ones(3))
    (0.5, 2, None)
    """
    if type(operand) in (int, float, complex):
        return operand
    return operand.item() if isinstance(operand, np.generic) and operand.dtype.kind in "iufc" else None


def shape_of_operand(operand: Any) -> tuple[int, ...] | None:
    """The shape of an operand; None for a tree of operands."""
    if type(operand) is Variable:
        return operand.shape
    return np.shape(operand) if container_of(operand) is None else None
