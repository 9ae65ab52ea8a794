"""What an array does by itself: ``x.reshape(…)`` in the place of NumPy's functions, which only call it in the end.

Between small arrays such a function takes longer than arithmetic: it asks every argument whether it wants to answer
in NumPy's place, and is written in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.derivatives.conversion import to_floats, to_integers
from autograd.program import Equation, Variable, leaves_of

__all__ = ["method"]

#: Functions that give the entries of an array, in their order, another shape.
RESHAPING: set[Callable[..., Any]] = {np.reshape, np.ravel, np.expand_dims, np.squeeze}
METHODS = {*RESHAPING, to_floats, to_integers, np.transpose, np.swapaxes}


def method(equation: Equation) -> tuple[str, list[Any]] | None:
    """Return the method, and its arguments, that do what an equation says to its first operand; None if there is none.

    >>> from autograd import trace
    >>> [equation] = trace(lambda x: np.expand_dims(x, -1), np.ones(3)).equations
    >>> method(equation)
    ('reshape', [(3, 1)])
    """
    output, function, settings = equation.output, equation.function, equation.parameters
    if function not in METHODS:
        return None
    x, *others = equation.operands
    if type(x) is not Variable or x.weak or not x.shape or leaves_of([others, settings]):
        return None
    if function in RESHAPING and settings.get("order", "C") == "C" and settings.get("copy") is None:
        return "reshape", [output.shape]
    if function in (to_floats, to_integers) and not others and settings.get("copy", True) is True:
        return "astype", [output.dtype]
    if function is np.transpose and not others and settings.get("axes") is not None:
        return "transpose", [settings["axes"]]
    if function is np.swapaxes and not others and set(settings) == {"axis1", "axis2"}:
        return "swapaxes", [settings["axis1"], settings["axis2"]]
    return None
