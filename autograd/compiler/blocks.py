"""Chains: runs of elementwise equations over large arrays, to be computed block by block.

A block is small enough for the processor's cache, so that an intermediate result is read while it is still there, and
only the results that somebody else reads go to memory. For Adam's update of a million parameters, thirteen passes over
8 MB become one.

`fuse_chains` makes one equation of each chain; its function is a `Chain`, a program of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd.compiler.passes.rewriting import shape_of_operand
from autograd.compiler.storage import is_elementwise
from autograd.functions import relu
from autograd.program import Equation, Program, Variable, leaves_of

__all__ = ["Chain", "fuse_chains"]

#: Entries of a block, and of the smallest array that is worth cutting up.
BLOCK = 1 << 15
SMALLEST = 4 * BLOCK

Shape = tuple[int, ...]


@dataclass(eq=False)
class Chain:
    """A program whose results are computed in blocks of ``rows`` along the first axis of ``shape``."""

    program: Program
    shape: Shape
    rows: int
    fresh = True  # see `storage`

    def __post_init__(self) -> None:
        self.__name__ = "chain"  # what programs show

    def __call__(self, *inputs: Any) -> Any:
        """Evaluate the chain in one piece."""
        return self.program.evaluate(list(inputs))


def fuse_chains(program: Program) -> Program:
    """Return ``program`` with its chains as one equation each; the program itself if it has none.

    >>> import numpy as np
    >>> from autograd import trace
    >>> long = trace(lambda x: np.sum(np.exp(x) * 2 + 1), np.ones(200_000))
    >>> [equation.name for equation in fuse_chains(long).equations]
    ['chain', 'sum']
    """
    if not any(map(is_link, program.equations)):
        return program
    fuser = _Fuser(program)
    for equation in program.equations:
        fuser.add(equation)
    return fuser.finished()


def is_link(equation: Equation) -> bool:
    """Whether an equation can be computed block by block: entry i of each operand, or all of a small one."""
    output = equation.output
    if type(output) is not Variable or output.weak or equation.parameters or equation.errors:
        return False
    if not (is_elementwise(equation.function) or equation.function is relu) or math.prod(output.shape) < SMALLEST:
        return False
    shapes = [shape_of_operand(operand) for operand in equation.operands]
    return _rows(output.shape) < output.shape[0] and all(
        shape is not None and (shape == output.shape or is_whole(shape, output.shape)) for shape in shapes
    )


def is_whole(shape: Shape, full: Shape) -> bool:
    """Whether an operand of ``shape`` is the same for each block of a result of shape ``full``."""
    return len(shape) < len(full) or shape[0] == 1


def _rows(shape: Shape) -> int:
    return max(1, BLOCK // max(1, math.prod(shape[1:])))


def _families(links: list[Equation], shape: Shape) -> list[list[Equation]]:
    """Part equations that read no array of ``shape`` in common: together they would only fill the cache."""
    families: list[tuple[set[Variable], list[Equation]]] = []
    for link in links:
        arrays = {v for v in link.reads if v.shape == shape} | set(link.outputs)
        members = [link]
        for family in [family for family in families if not arrays.isdisjoint(family[0])]:
            families.remove(family)
            arrays |= family[0]
            members = [*family[1], *members]
        families.append((arrays, members))
    return [members for _, members in families]


class _Fuser:
    """Collects one open chain for each shape; an equation that reads from a chain, and cannot join it, closes it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.equations: list[Equation] = []
        self.open: dict[Shape, list[Equation]] = {}
        self.chain_of: dict[Variable, Shape] = {}
        self.readers: dict[Variable, list[Equation]] = {}
        self.returned = set(leaves_of(program.outputs))
        for equation in program.equations:
            for variable in equation.reads:
                self.readers.setdefault(variable, []).append(equation)

    def add(self, equation: Equation) -> None:
        """Take the next equation: into a chain, or before all chains that are open, since it reads from none."""
        own = equation.output.shape if is_link(equation) else None
        for variable in equation.reads:
            shape = self.chain_of.get(variable)
            if shape is not None and shape != own:
                self._close(shape)
        if own is None:
            self.equations.append(equation)
        else:
            self.open.setdefault(own, []).append(equation)
            self.chain_of[equation.output] = own

    def finished(self) -> Program:
        """Close what is open, and return the new program."""
        for shape in list(self.open):
            self._close(shape)
        p = self.program
        return Program(p.name, p.arguments, p.inputs, self.equations, p.outputs, p.values)

    def _close(self, shape: Shape) -> None:
        links = self.open.pop(shape)
        for link in links:
            del self.chain_of[link.output]
        for related in _families(links, shape):
            self.equations += related if len(related) == 1 else [self._fused(related, shape)]

    def _fused(self, links: list[Equation], shape: Shape) -> Equation:
        inside = set(map(id, links))
        made = {link.output for link in links}
        read = dict.fromkeys(v for link in links for v in link.reads if v not in made)
        outputs = tuple(
            link.output
            for link in links
            if link.output in self.returned or any(id(r) not in inside for r in self.readers.get(link.output, ()))
        )
        first = links[0]
        captured: dict[int, tuple[Variable, Any]] = {}
        links = [replace(link, operands=[_as_input(x, captured) for x in link.operands]) for link in links]
        inputs = [*read, *(variable for variable, _ in captured.values())]
        chain = Chain(Program("chain", ((), {}), inputs, links, outputs), shape, _rows(shape))
        operands = [*read, *(array for _, array in captured.values())]
        return Equation(outputs, chain, operands, {}, first.scope, first.place, first.rule)


def _as_input(operand: Any, captured: dict[int, tuple[Variable, Any]]) -> Any:
    """An operand of a link; a constant array as an input of the chain, since it is cut into blocks as well."""
    if not isinstance(operand, np.ndarray) or operand.ndim == 0:
        return operand
    variable = Variable(-1 - len(captured), operand.shape, operand.dtype, False, "captured")
    return captured.setdefault(id(operand), (variable, operand))[0]
