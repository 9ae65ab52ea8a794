"""Constant folding: what does not depend on an input is computed once, when the program is made.

Only numbers are folded. An array may be written into between calls, and what a function of the user returns may differ
from call to call.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.compiler.passes.rewriting import Walk, number_of, rewriting
from autograd.compiler.storage import is_known
from autograd.program import Equation, Variable, apply
from autograd.transforms.gradient import unit

__all__ = ["fold_constants"]


@rewriting
def fold_constants(equation: Equation, walk: Walk) -> Any:
    """Replace an equation between constant numbers by its value."""
    output = equation.output
    if type(output) is not Variable or output.shape != () or not is_known(equation.function):
        return None
    if equation.function is unit:
        one = output.dtype.type(1)
        return one if walk.may_stand_for(one, output) else None
    if equation.parameters or any(number_of(operand) is None for operand in equation.operands):
        return None
    with np.errstate(all="ignore"):
        value = apply(equation.function, equation.operands, {})
    value = value.item() if output.weak and isinstance(value, np.generic) else value
    return value if number_of(value) is not None and walk.may_stand_for(value, output) else None
