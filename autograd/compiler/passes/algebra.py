"""Algebra: identities that hold to within rounding.

    x · 1, x / 1, x + 0, x - 0, x¹         x
    x · x, x²                              square(x)
    x^½, x⁻¹                               sqrt(x), reciprocal(x)
    -(-x)                                  x
    -(x - y), -(c · x)                     y - x, (-c) · x
    x - (-y), x + (-y)                     x + y, x - y
    square(-x)                             square(x)
    c · (d · x), (c · x) / d               (c d) · x, (c / d) · x
    -1 · x                                 -x
    sum(c · x), mean(c · x)                c · sum(x), c · mean(x): one number is scaled in the place of many
    reshape(reshape(x))                    reshape(x)
    stop_gradient(x)                       x

c and d are constant numbers. None of these changes a dtype: each is taken only where x has that of the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.compiler.passes.rewriting import Walk, number_of, rewriting
from autograd.program import Equation, Variable
from autograd.transforms.stop import stopped

__all__ = ["simplify_algebra"]

#: The smallest and largest size of a factor that two are multiplied into: far from where products lose precision.
SAFE = (1e-6, 1e6)


@rewriting
def simplify_algebra(equation: Equation, walk: Walk) -> Any:
    """Take one of the identities above."""
    identity = IDENTITIES.get(equation.function)
    if identity is None or type(equation.output) is not Variable or equation.output.weak:
        return None
    return identity(equation, walk)


def _as(equation: Equation, function: Callable[..., Any], *operands: Any) -> list[Equation]:
    return [replace(equation, function=function, operands=list(operands), parameters={})]


def _is_inexact(operand: Any, output: Variable) -> bool:
    """Whether ``operand`` is a variable of floats, of the dtype of the result: a Python number changes none of it."""
    if type(operand) is not Variable or operand.weak:
        return False
    return operand.dtype == output.dtype and output.dtype.kind in "fc"


def _factor(operand: Any, walk: Walk) -> tuple[Any, Any] | None:
    """``(c, x)`` when ``operand`` is c · x or -x."""
    scaled = walk.defined_by(operand, np.multiply, np.negative)
    if scaled is None or scaled.parameters or scaled.output.weak:
        return None
    if scaled.function is np.negative:
        return (-1, scaled.operands[0]) if _is_inexact(scaled.operands[0], scaled.output) else None
    found = _number_and_variable(scaled)
    return found if found and _is_inexact(found[1], scaled.output) else None


def _number_and_variable(equation: Equation) -> tuple[Any, Any] | None:
    """The constant and the other operand of an equation with one of each."""
    x, y = equation.operands
    c, d = number_of(x), number_of(y)
    if (c is None) == (d is None):
        return None
    return (c, y) if d is None else (d, x)


def _multiply(equation: Equation, walk: Walk) -> Any:
    x, y = equation.operands
    output = equation.output
    if x is y and type(x) is Variable and x.dtype.kind != "b":  # the square of bools is an integer
        return _as(equation, np.square, x)
    found = _number_and_variable(equation)
    if found is None:
        return None
    c, x = found
    if c == 1 and walk.may_stand_for(x, output):
        return x
    if not _is_inexact(x, output):
        return None
    if c == -1:
        return _as(equation, np.negative, x)
    return _scaled(equation, c, x, walk)


def _scaled(equation: Equation, c: Any, x: Variable, walk: Walk) -> Any:
    """c · (d · x) as (c d) · x."""
    inner = _factor(x, walk)
    if inner is None or not _is_safe(c, inner[0], c * inner[0]):
        return None
    return _as(equation, np.multiply, c * inner[0], inner[1])


def _is_safe(*factors: Any) -> bool:
    return all(SAFE[0] <= abs(factor) <= SAFE[1] for factor in factors)


def _divide(equation: Equation, walk: Walk) -> Any:
    x, y = equation.operands
    d = number_of(y)
    if d is None or not _is_inexact(x, equation.output):
        return None
    if d == 1 and walk.may_stand_for(x, equation.output):
        return x
    inner = _factor(x, walk)
    if inner is None or d == 0 or not _is_safe(inner[0], d, inner[0] / d):
        return None
    return _as(equation, np.multiply, inner[0] / d, inner[1])


def _add(equation: Equation, walk: Walk) -> Any:
    x, y = equation.operands
    found = _number_and_variable(equation)
    if found is not None:
        return found[1] if found[0] == 0 and walk.may_stand_for(found[1], equation.output) else None
    for kept, operand in ((x, y), (y, x)):
        negated = _negated(operand, walk)
        if negated is not None:
            return _as(equation, np.subtract, kept, negated)
    return None


def _subtract(equation: Equation, walk: Walk) -> Any:
    x, y = equation.operands
    if number_of(y) == 0 and walk.may_stand_for(x, equation.output):
        return x
    negated = _negated(y, walk)
    return None if negated is None else _as(equation, np.add, x, negated)


def _negated(operand: Any, walk: Walk) -> Any:
    """What ``operand`` is the negative of."""
    inner = walk.defined_by(operand, np.negative)
    return inner.operands[0] if inner is not None and _is_inexact(inner.operands[0], inner.output) else None


def _negative(equation: Equation, walk: Walk) -> Any:
    (x,) = equation.operands
    if not _is_inexact(x, equation.output):
        return None
    twice = _negated(x, walk)
    if twice is not None:
        return twice if walk.may_stand_for(twice, equation.output) else None
    difference = walk.defined_by(x, np.subtract)
    if difference is not None and not difference.parameters:
        return _as(equation, np.subtract, *reversed(difference.operands))
    inner = _factor(x, walk)
    return None if inner is None else _as(equation, np.multiply, -inner[0], inner[1])


def _square(equation: Equation, walk: Walk) -> Any:
    negated = _negated(equation.operands[0], walk)
    return None if negated is None else _as(equation, np.square, negated)


POWERS = {2: np.square, 0.5: np.sqrt, -1: np.reciprocal}


def _power(equation: Equation, walk: Walk) -> Any:
    x, y = equation.operands
    n = number_of(y)
    if n is None or not _is_inexact(x, equation.output):
        return None
    if n == 1 and walk.may_stand_for(x, equation.output):
        return x
    return _as(equation, POWERS[n], x) if n in POWERS and (n != 0.5 or x.dtype.kind == "f") else None


def _linear_reduction(equation: Equation, walk: Walk) -> Any:
    x = equation.operands[0]
    inner = _factor(x, walk) if type(x) is Variable and walk.uses[x] == 1 else None
    if inner is None or x.dtype != equation.output.dtype or "where" in equation.parameters:
        return None
    if x.dtype.itemsize < 4:  # a sum of halves may overflow where the sum of their fractions does not
        return None
    if set(equation.parameters) - {"axis", "keepdims"} or inner[1].shape != x.shape or not _is_safe(inner[0]):
        return None
    small = walk.new(equation.output.shape, equation.output.dtype)
    first = replace(equation, output=small, operands=[inner[1]])
    return [first, *_as(equation, np.multiply, inner[0], small)]


def _reshape(equation: Equation, walk: Walk) -> Any:
    x = equation.operands[0]
    if walk.may_stand_for(x, equation.output):
        return x
    inner = walk.defined_by(x, np.reshape)
    if inner is None or "order" in {**inner.parameters, **equation.parameters} or len(equation.operands) > 2:
        return None
    if walk.returns_number(equation.output):  # of an array, reshape makes an array without axes; of a number, a number
        return None
    name = "shape" if "shape" in equation.parameters else "newshape"  # as NumPy 2.0 has it
    return [replace(equation, operands=[inner.operands[0]], parameters={name: equation.output.shape})]


IDENTITIES: dict[Callable[..., Any], Callable[[Equation, Walk], Any]] = {
    np.multiply: lambda e, walk: None if e.parameters else _multiply(e, walk),
    np.divide: lambda e, walk: None if e.parameters else _divide(e, walk),
    np.add: lambda e, walk: None if e.parameters else _add(e, walk),
    np.subtract: lambda e, walk: None if e.parameters else _subtract(e, walk),
    np.negative: lambda e, walk: None if e.parameters else _negative(e, walk),
    np.square: lambda e, walk: None if e.parameters else _square(e, walk),
    np.power: lambda e, walk: None if e.parameters else _power(e, walk),
    np.sum: _linear_reduction,
    np.mean: _linear_reduction,
    np.reshape: _reshape,
    stopped: lambda e, walk: e.operands[0] if walk.may_stand_for(e.operands[0], e.output) else None,
}
