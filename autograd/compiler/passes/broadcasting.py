"""Broadcasting: a value that is only repeated is used as it is.

broadcast_to(x, s) + y              x + y, where y has the shape s
2 * broadcast_to(x, s)              broadcast_to(2 * x, s): fewer entries to compute
sum(broadcast_to(x, s))             x · n, for a number x repeated n times
broadcast_to(x, shape of x)         x
reshape(broadcast_to(x, s))         broadcast_to(x, t), for a number x
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.compiler.passes.rewriting import Walk, rewriting, shape_of_operand
from autograd.compiler.storage import is_elementwise
from autograd.program import Equation, Variable

__all__ = ["remove_broadcasting"]

RESHAPING = (np.reshape, np.ravel, np.expand_dims, np.squeeze)


@rewriting
def remove_broadcasting(equation: Equation, walk: Walk) -> Any:
    """Use what is repeated as it is, by the identities above."""
    if equation.function is np.broadcast_to:
        x = equation.operands[0]
        return x if walk.may_stand_for(x, equation.output) else None
    if equation.function is np.sum:
        return _sum_of_repeated(equation, walk)
    if equation.function in RESHAPING:
        return _reshaped(equation, walk)
    if type(equation.output) is not Variable or equation.parameters:
        return None
    if is_elementwise(equation.function) or equation.function is np.where:
        return _use_unrepeated(equation, walk)
    return None


def _use_unrepeated(equation: Equation, walk: Walk) -> Any:
    """Take operands before they are repeated; repeat the result instead where the others are smaller."""
    sources = [walk.defined_by(operand, np.broadcast_to) for operand in equation.operands]
    if not any(sources):
        return None
    operands = [
        operand if source is None else source.operands[0]
        for operand, source in zip(equation.operands, sources, strict=True)
    ]
    shapes = [shape_of_operand(operand) for operand in operands]
    if None in shapes:
        return None
    output = equation.output
    shape = np.broadcast_shapes(*shapes)  # type: ignore[arg-type]
    if shape == output.shape:
        return [replace(equation, operands=operands)]
    small = walk.new(shape, output.dtype)
    first = replace(equation, output=small, operands=operands)
    return [first, replace(equation, function=np.broadcast_to, operands=[small], parameters={"shape": output.shape})]


def _reshaped(equation: Equation, walk: Walk) -> Any:
    """A number, repeated, in another shape: it is repeated in that one."""
    source = walk.defined_by(equation.operands[0], np.broadcast_to)
    if source is None or shape_of_operand(source.operands[0]) != ():
        return None
    shape = {"shape": equation.output.shape}
    return [replace(equation, function=np.broadcast_to, operands=[source.operands[0]], parameters=shape)]


def _sum_of_repeated(equation: Equation, walk: Walk) -> Any:
    """The sum over all axes of one number, repeated."""
    source = walk.defined_by(equation.operands[0], np.broadcast_to)
    if source is None or equation.parameters.get("axis") is not None or set(equation.parameters) - {"axis", "keepdims"}:
        return None
    x, repeated, output = source.operands[0], equation.operands[0], equation.output
    if shape_of_operand(x) != () or output.shape != () or getattr(x, "dtype", None) != output.dtype:
        return None
    return [replace(equation, function=np.multiply, operands=[x, math.prod(repeated.shape)], parameters={})]
