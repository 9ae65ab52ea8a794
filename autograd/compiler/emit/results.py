"""How results are handed out: of the type that they had in the trace, and in the running code as fresh arrays.

NumPy gives a number where it reduces, and an array without axes where it reshapes or chooses. A program that was
rewritten need not do the same steps, so a result without axes is made what the function itself would have returned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.storage import is_elementwise, is_fresh
from autograd.program import Equation, Program, Variable
from autograd.trees import map_tree

__all__ = ["Boxed", "Copied", "Dtype", "Number", "fresh_results", "own", "typed_results"]

#: Functions of arrays that give a number, not an array without axes.
GIVING_NUMBERS: set[Callable[..., Any]] = {
    np.sum, np.prod, np.max, np.min, np.mean, np.var, np.std, np.all, np.any, np.dot, np.matmul, np.vdot,
}  # fmt: skip


class Result:
    """A variable that is returned in another form."""

    __slots__ = ("operand",)

    def __init__(self, operand: Any) -> None:
        self.operand = operand


class Copied(Result):
    """A result that is copied when it is an array, lest it alias an input, a constant, a buffer or another result."""


class Number(Result):
    """A result that is a NumPy number."""


class Boxed(Result):
    """A result that is an array without axes."""


class Dtype(Result):
    """A result that is a dtype; as an argument, it may be written as the type of its numbers."""


def own(value: Any) -> Any:
    """Return ``value``, an array as a copy."""
    return value.copy() if isinstance(value, np.ndarray) else value


def typed_results(program: Program) -> Any:
    """Return the outputs of ``program`` with results marked that may be of another type than in the trace."""
    numbers = {equation.output for equation in program.equations if _gives_number(equation)}

    def mark(leaf: Any) -> Any:
        if isinstance(leaf, np.dtype):
            return Dtype(leaf)
        if type(leaf) is not Variable or leaf.weak or leaf.shape != ():
            return leaf
        if leaf.boxed:
            return Boxed(leaf)
        return leaf if leaf in numbers else Number(leaf)

    return map_tree(mark, program.outputs)


def fresh_results(program: Program) -> Any:
    """Return the outputs of ``program`` with the marks of `typed_results`, and those marked that are to be copied."""
    seen: set[Variable] = set()
    fresh = {v for e in program.equations if is_fresh(e.function, e.parameters) for v in e.outputs}

    def mark(leaf: Any) -> Any:
        if isinstance(leaf, np.ndarray) or (
            type(leaf) is Variable and leaf.shape != () and (leaf not in fresh or leaf in seen)
        ):
            return Copied(leaf)
        if type(leaf) is Variable:
            seen.add(leaf)
        return leaf

    return map_tree(mark, typed_results(program))


def _gives_number(equation: Equation) -> bool:
    if type(equation.output) is not Variable:
        return False
    return is_elementwise(equation.function) or equation.function in GIVING_NUMBERS
