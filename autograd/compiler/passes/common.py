"""Common subexpressions: what is computed twice from the same operands is computed once."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from autograd.compiler.passes.rewriting import Walk, rewriting
from autograd.compiler.storage import is_known
from autograd.program import Equation, Variable
from autograd.trees import container_of, flatten

__all__ = ["share_common"]


@rewriting
def share_common(equation: Equation, walk: Walk) -> Any:
    """Merge equal equations. Functions of the user are called as often as he calls them.

    >>> from autograd import trace
    >>> len(share_common(trace(lambda x: np.exp(x) + np.exp(x), 1.0)).equations)
    2
    """
    output = equation.output
    if type(output) is not Variable or not is_known(equation.function):
        return None
    settings = tuple([(name, _identity(value)) for name, value in equation.parameters.items()])
    operands = tuple([x if type(x) is Variable else _identity(x) for x in equation.operands])
    found = walk.first.setdefault((equation.function, operands, settings, output.weak), output)
    if found is output or not walk.may_stand_for(found, output):
        return None
    if found.name is None:
        found.name = output.name
    return found


def _identity(operand: Any) -> Hashable:
    """What two operands agree in when they are the same: the value of a number, the identity of anything else."""
    if type(operand) is Variable:
        return operand
    if type(operand) is int:
        return int, operand
    if isinstance(operand, (bool, int, float, complex, np.generic, str)):
        return type(operand), repr(operand)  # 0.0 and -0.0 differ
    if isinstance(operand, slice):
        return slice, repr(operand) if not _has_variable(operand) else id(operand)
    if container_of(operand) is None:
        return id(operand)
    leaves, structure = flatten(operand)
    return structure, tuple([_identity(leaf) for leaf in leaves])


def _has_variable(part: slice) -> bool:
    return Variable in (type(part.start), type(part.stop), type(part.step))
