"""What passes share: a walk over the equations of a program that replaces them one by one.

A pass says what becomes of one equation, ``simplify(equation, walk)``. It returns None to keep it, a list of equations
that end with a definition of the same output, or an operand — a variable or a number — that stands for the output from
there on. `rewriting` makes a pass over a program of it, and `rewrite` takes several in one walk.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.program import Equation, Program, Variable, leaves_of, substitute
from autograd.trees import container_of, map_tree

__all__ = ["Rewriting", "Walk", "number_of", "rewrite", "rewriting", "shape_of_operand"]

Simplify = Callable[[Equation, "Walk"], Any]


class Walk:
    """What is known at one point of the walk.

    ``definition`` has the equation of each variable defined so far, ``first`` the variable that was computed from the
    same as another (see `common`), ``replaced`` what stands for variables that are not defined any more.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.definition: dict[Variable, Equation] = {}
        self.first: dict[Hashable, Variable] = {}
        self.replaced: dict[Variable, Any] = {}
        self.returned = set(leaves_of(program.outputs))

    @functools.cached_property
    def uses(self) -> Counter[Variable]:
        """How often each variable is read: at the beginning of the walk, and since then by taking another's place."""
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

    def stand_for(self, operand: Any, output: Variable) -> None:
        """Let ``operand`` stand for the variable ``output``, which has no equation any more."""
        self.replaced[output] = operand
        if type(operand) is Variable:
            self.uses[operand] += self.uses[output]

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


class Rewriting:
    """A pass over a program: each equation becomes what ``simplify`` makes of it."""

    def __init__(self, simplify: Simplify) -> None:
        self.simplify = simplify
        functools.update_wrapper(self, simplify)

    def __call__(self, program: Program) -> Program:
        """Return the program, rewritten; itself if nothing changed."""
        return rewrite(program, self)


def rewriting(simplify: Simplify) -> Rewriting:
    """Decorate what is done with one equation: it is called with a program, and done with each."""
    return Rewriting(simplify)


def rewrite(program: Program, *passes: Rewriting) -> Program:
    """Return ``program`` with each equation as the passes want it, one after the other; itself if nothing changed."""
    walk = Walk(program)
    simplifies = [each.simplify for each in passes]
    equations: list[Equation] = []
    changed = False
    for equation in program.equations:
        found = _resolved(equation, walk.replaced) if walk.replaced else equation
        for simplify in simplifies:
            result = simplify(found, walk)
            if result is None:
                continue
            changed = True
            if type(result) is not list:
                walk.stand_for(result, found.output)
                break
            *before, found = result
            equations += before
            for added in before:
                walk.define(added)
        else:
            equations.append(found)
            walk.define(found)
    if not changed:
        return program
    outputs = map_tree(lambda leaf: _follow(leaf, walk.replaced), program.outputs)
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
