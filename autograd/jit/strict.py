"""The trace of a compiled function: it refuses whatever would make the program right for one value alone.

A Python branch, ``int()``, ``.item()`` or a shape that depends on values raises a `BranchError` that names the line
and the cure.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autograd.errors import BranchError
from autograd.graph import Traced
from autograd.guard import by_reference
from autograd.jit.signature import is_input, unfixed
from autograd.places import caller_frame, place_of
from autograd.program import Program
from autograd.tensor import Tensor
from autograd.tracing import ProgramTrace, trace_with
from autograd.trees import flatten

__all__ = ["StrictTrace", "trace_strictly"]

#: Functions whose result has a shape that depends on the values of their operands.
SHAPED_BY_VALUES = {
    np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.unique_all, np.unique_counts, np.unique_inverse,
    np.unique_values, np.compress, np.extract, np.trim_zeros, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
    np.bincount,
}  # fmt: skip

BRANCH = (
    "Choose with np.where(condition, x, y), or name the argument in static_argnames: each value then gets a program."
)
SHAPE = "Keep all entries and mask them: np.where(mask, x, 0), or np.sum(x, where=mask)."
VALUE = "Return the value from the compiled function and read it outside, or name the argument in static_argnames."


class StrictTensor(Tensor):
    """A tensor of a program that will run with other values: its own value must not leave the trace."""

    __slots__ = ()

    def numpy(self) -> NoReturn:
        """Refused: the value would be part of the program."""
        raise refusal("Reading the value", VALUE)

    def __repr__(self) -> str:
        return f"Tensor({self.dtype}{list(self.shape)}, an input or a result of a compiled function)"


class StrictTrace(ProgramTrace):
    """A program trace without branches, and without values."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(StrictTensor, follow=False, keep=False)

    def is_input(self, leaf: Any) -> bool:
        """Arrays and numbers are inputs; bools, strings, functions and `Fixed` arguments belong to the program."""
        return is_input(leaf)

    def decide(self, value: Any, what: str) -> NoReturn:
        """Refuse a branch, and say where it is."""
        raise refusal(what, BRANCH)

    def record(self, row: Any, operands: Any, parameters: dict[str, Any]) -> Any:
        """Write the call down, unless its shape depends on values."""
        if row.function in SHAPED_BY_VALUES or (row.function is np.where and len(operands) == 1):
            raise refusal(f"np.{row.name}, whose shape depends on values,", SHAPE)
        if row.function is operator.getitem and _is_mask(operands[1]):
            raise refusal("x[mask], whose shape depends on the values of the mask,", SHAPE)
        if row.function is np.repeat and isinstance(parameters.get("repeats"), Traced):
            raise refusal("np.repeat with traced repeats, whose shape depends on them,", SHAPE)
        return super().record(row, operands, parameters)


def _is_mask(index: Any) -> bool:
    return any(isinstance(part, Traced) and part.dtype.kind == "b" for part in flatten(index)[0])


def refusal(what: str, cure: str) -> BranchError:
    """The error for a step that depends on values which the next call will not have."""
    frame = caller_frame()
    where = f" at {place.file}:{place.line} in {place.function}" if frame and (place := place_of(frame)) else ""
    return BranchError(f"{what}{where} would make the program right for this one value alone. {cure}")


def trace_strictly(fun: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Program:
    """Return the program of ``fun`` at arguments whose static parts are `Fixed`.

    Raises `BranchError` where the program would depend on a value.
    """

    @functools.wraps(fun)
    def released(*args: Any, **kwargs: Any) -> Any:
        return fun(*map(unfixed, args), **{name: unfixed(value) for name, value in kwargs.items()})

    with by_reference():
        return trace_with(StrictTrace(), released, args, kwargs)


def holds_traced(program: Program) -> bool:
    """Whether a value of another recording is among the constants of ``program``: taken from a closure."""
    constants = [(e.operands, e.parameters) for e in program.equations]
    return any(isinstance(leaf, Traced) for leaf in flatten([constants, program.outputs])[0])
