"""What the result of an equation can be written into: a given array, or the place of an operand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.blocks import Chain
from autograd.compiler.passes.rewriting import number_of, shape_of_operand
from autograd.compiler.storage import is_elementwise, writes_out
from autograd.derivatives.indexing import picks_once, scatter
from autograd.functions import relu, sigmoid
from autograd.program import Equation, Variable, leaves_of

__all__ = [
    "REDUCTIONS",
    "fits",
    "has_exact_mean",
    "is_blending",
    "is_choice",
    "is_masking",
    "is_plain_reduction",
    "is_plain_scatter",
    "is_plain_sigmoid",
    "takeovers",
    "takes_out",
]

REDUCTIONS: dict[Callable[..., Any], np.ufunc] = {
    np.sum: np.add, np.prod: np.multiply, np.max: np.maximum, np.min: np.minimum, np.amax: np.maximum,
    np.amin: np.minimum, np.all: np.logical_and, np.any: np.logical_or,
}  # fmt: skip
#: Masks of fewer entries than this are not worth the views that `is_masking` needs.
MASKED = 1 << 10


def takes_out(equation: Equation) -> bool:
    """Whether the result of an equation can be written into an array that it is given."""
    output, function = equation.output, equation.function
    if type(function) is Chain:
        return True
    if type(output) is not Variable or output.weak or output.shape == ():
        return False
    if function in REDUCTIONS:
        return is_plain_reduction(equation)
    if function is np.mean:
        return has_exact_mean(equation)
    if writes_out(function) or is_plain_scatter(equation):
        return True
    if equation.parameters:
        return False
    if function in (np.dot, np.matmul):
        return all(len(shape_of_operand(x) or ()) == 2 for x in equation.operands)
    return is_elementwise(function) or function is relu or is_choice(equation) or is_plain_sigmoid(equation)


def takeovers(equation: Equation, free: list[Variable]) -> dict[Variable, Variable]:
    """Return which of the operands ``free``, that nobody else reads, gives its place to the result.

    The equation is one that `takes_out`.
    """
    output, function = equation.output, equation.function
    if free and (is_elementwise(function) or function in (relu, sigmoid) or is_masking(equation)):
        return next(({output: v} for v in free if (v.shape, v.dtype) == (output.shape, output.dtype)), {})
    return {}


def is_choice(equation: Equation) -> bool:
    """Whether an equation is ``where(mask, x, y)``."""
    if equation.function is not np.where or len(equation.operands) != 3:
        return False
    dtype = getattr(equation.operands[0], "dtype", None)
    return dtype is not None and dtype.kind == "b"


def is_masking(equation: Equation) -> bool:
    """Whether an equation is ``where(mask, x, 0)``, and large enough to be computed as bits of x · mask.

    The product of the bits, taken as integers, with 0 or 1 is exact where that of the floats is not (inf · 0). It needs
    no branch, and so is several times faster when the mask follows no pattern.
    """
    if not is_choice(equation):
        return False
    x, zero, output = equation.operands[1], number_of(equation.operands[2]), equation.output
    if type(x) is not Variable or x.weak or zero != 0 or math.copysign(1, zero) < 0:
        return False
    large = math.prod(output.shape) >= MASKED
    return large and (x.shape, x.dtype) == (output.shape, output.dtype) and x.dtype.char in "fd"


def is_blending(equation: Equation) -> bool:
    """Whether an equation is ``where(mask, x, y)``, and large enough to be computed as bits of y + (x - y) · mask.

    In integers, which wrap around, that is exact; and again there is no branch.
    """
    if not is_choice(equation) or math.prod(equation.output.shape) < MASKED:
        return False
    dtype = equation.output.dtype
    strong = [type(x) is Variable and not x.weak and x.dtype == dtype for x in equation.operands[1:]]
    numbers = [fits(x, dtype) for x in equation.operands[1:]]
    return dtype.char in "fd" and any(strong) and all(a or b for a, b in zip(strong, numbers, strict=True))


def fits(number: Any, dtype: np.dtype[Any]) -> bool:
    """Whether a constant is a number that an array of floats of ``dtype`` holds without overflow."""
    if type(number) not in (int, float) and not (isinstance(number, np.generic) and number.dtype == dtype):
        return False
    return dtype.kind == "f" and (not math.isfinite(number) or abs(number) <= np.finfo(dtype).max)


def is_plain_scatter(equation: Equation) -> bool:
    """Whether an equation is ``scatter(x, index)`` for an index that is known, and names no entry twice."""
    return equation.function is scatter and picks_once(equation.operands[1]) and set(equation.parameters) == {"shape"}


def is_plain_sigmoid(equation: Equation) -> bool:
    """Whether an equation is the sigmoid of an array of the dtype of the result."""
    return (
        equation.function is sigmoid
        and type(equation.operands[0]) is Variable
        and not equation.operands[0].weak
        and equation.operands[0].dtype == equation.output.dtype
    )


def is_plain_reduction(equation: Equation) -> bool:
    """A reduction over constant axes without ``where``, ``initial`` or ``dtype``."""
    (x, *others) = equation.operands
    axis = equation.parameters.get("axis")
    return (
        not others
        and type(x) is Variable
        and not x.weak
        and x.dtype.kind in ("b" if equation.function in (np.all, np.any) else "biufc")
        and set(equation.parameters) <= {"axis", "keepdims"}
        and (axis is None or type(axis) in (int, tuple))
        and not leaves_of(equation.parameters)
    )


def has_exact_mean(equation: Equation) -> bool:
    """Whether the mean is the sum over n in the same precision: not of integers, nor of float16."""
    x = equation.operands[0]
    exact = type(x) is Variable and x.dtype.char in "fdFD" and x.dtype == equation.output.dtype
    return exact and is_plain_reduction(equation) and int(np.prod(x.shape)) > 0
