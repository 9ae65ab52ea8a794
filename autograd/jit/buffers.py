"""Buffers: memory for intermediate results, planned by liveness.

A result that does not leave the program is written into a buffer. A buffer is free again after the last equation that
reads it; an elementwise result may even take the place of an operand that is read for the last time.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.functions import relu, sigmoid
from autograd.jit.storage import Storage, is_elementwise
from autograd.program import Equation, Program, Variable

__all__ = ["Plan", "Pool"]

#: Functions of this library that may be computed in the place of their operand.
ENTRY_BY_ENTRY = {relu, sigmoid}

Kind = tuple[tuple[int, ...], np.dtype[Any]]


class Plan:
    """Which variable is kept in which buffer: ``place[variable]`` is an index into ``kinds``, its shape and dtype."""

    def __init__(self, program: Program, storage: Storage, takes_out: Callable[[Equation], bool]) -> None:
        self.storage = storage
        self.kinds: list[Kind] = []
        self.place: dict[Variable, int] = {}
        self._free: dict[Kind, list[int]] = {}
        self._holder: dict[int, Variable] = {}
        for i, equation in enumerate(program.equations):
            dying = self._dying(equation, i)
            if takes_out(equation):
                for output in equation.outputs:
                    if output not in storage.escaping:
                        self._place(equation, output, dying)
            for variable in dying:
                self._release(variable)
            for output in equation.outputs:
                if storage.last_use[output] == i:  # nobody reads it
                    self._release(output)

    def _dying(self, equation: Equation, index: int) -> list[Variable]:
        used = {owner for _, variable in equation.uses() for owner in self.storage.shared[variable]}
        return sorted((v for v in used if self.storage.last_use[v] == index), key=lambda v: v.index)

    def _place(self, equation: Equation, output: Variable, dying: list[Variable]) -> None:
        kind = (output.shape, output.dtype)
        if is_elementwise(equation.function) or equation.function in ENTRY_BY_ENTRY:
            for variable in dying:
                place = self.place.get(variable)
                if place is not None and self.kinds[place] == kind:
                    self._hold(output, place)
                    return
        free = self._free.get(kind)
        if not free:
            self.kinds.append(kind)
        self._hold(output, free.pop() if free else len(self.kinds) - 1)

    def _hold(self, variable: Variable, place: int) -> None:
        self.place[variable] = place
        self._holder[place] = variable

    def _release(self, variable: Variable) -> None:
        place = self.place.get(variable)
        if place is not None and self._holder[place] is variable:  # else another has taken its place
            self._free.setdefault(self.kinds[place], []).append(place)


class Pool:
    """Sets of buffers. A call takes one and puts it back, so calls of several threads, and nested ones, never share."""

    __slots__ = ("kinds", "sets", "take", "put")

    def __init__(self, kinds: list[Kind]) -> None:
        self.kinds = kinds
        self.sets: list[tuple[Any, ...]] = []
        self.take = self.sets.pop  # raises IndexError when all sets are in use
        self.put = self.sets.append

    def new(self) -> tuple[Any, ...]:
        """Return a new set: a context in which overflow is silent, and one array of each kind."""
        context = contextvars.copy_context()
        context.run(np.seterr, over="ignore")
        return (context.run, *[np.empty(shape, dtype) for shape, dtype in self.kinds])
