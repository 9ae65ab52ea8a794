"""Errors that NumPy raises while a compiled function runs: told with the call, its shapes, and the user's line.

Every compiled source keeps, under `EQUATIONS` in its namespace, which equation each of its lines belongs to. Nobody
looks there unless a line fails.
"""

from __future__ import annotations

import traceback

from autograd.errors import explain
from autograd.program import Equation, row_of
from autograd.rules import Row
from autograd.unregistered import Unregistered

__all__ = ["EQUATIONS", "located"]

EQUATIONS = "__equations__"
BEGINNING = "Raised in a compiled function"


def located(error: Exception) -> Exception:
    """Return an error of NumPy as one that names the call; with a note that says where the user wrote it.

    An error that no compiled line has raised is returned as it is.

    >>> import numpy as np
    >>> from autograd import jit
    >>> pick = jit(lambda x, i: x[i] * 2)
    >>> try:
    ...     pick(np.ones(3), np.array([5]))
    ... except IndexError as error:
    ...     print(error)  # doctest: +ELLIPSIS
    getitem(x: (3,) float64, index: (1,) int64) is not defined: index 5 is out of bounds for axis 0 with size 3. ...
    """
    if any(note.startswith(BEGINNING) for note in getattr(error, "__notes__", ())):
        return error  # of a compiled function that a function of the user called
    equation = _equation_of(error)
    if equation is None:
        return error
    row = row_of(equation.function)
    explained = explain(error, row if isinstance(row, Row) else Unregistered(equation.function), equation.operands)
    if equation.place is not None:
        file, line, function = equation.place
        by = f", by the derivative of the call of {equation.rule}" if equation.rule else ""
        explained.add_note(f"{BEGINNING}{by} at {file}:{line} in {function}.")
    return explained


def _equation_of(error: Exception) -> Equation | None:
    """The equation of the innermost compiled line that ``error`` went through."""
    found = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if EQUATIONS in frame.f_globals:
            found = frame.f_globals[EQUATIONS].get(line, found)
    return found
