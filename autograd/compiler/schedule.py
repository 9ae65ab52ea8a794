"""The order of equations: each result is used up as soon as possible, so that its memory is free for the next.

A program computes all gradients first and then all updates, as the user wrote it. In another order, in which each
parameter is updated as soon as its gradient is known and activations are forgotten on the way, fewer buffers do.

The order is found from its end, by a greedy search: of the equations whose readers are all placed, the one whose
operands take the least memory comes right before them. It is kept if the arena gets smaller by it. Arrays that the
program returns count as nothing: they are needed in any order.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from autograd.compiler.blocks import Chain
from autograd.compiler.buffers import Plan, arrange, nbytes
from autograd.compiler.storage import Storage, is_known
from autograd.compiler.writing import takeovers, takes_out
from autograd.program import Equation, Program, Variable

__all__ = ["shorten_lifetimes"]

#: An arena of so many bytes, or so many for each equation, is small enough.
SMALL = 1 << 16
SMALL_EACH = 1 << 10


def shorten_lifetimes(program: Program) -> Program:
    """Return the program with its equations in an order that needs less memory; the program itself if none is found.

    >>> import numpy as np
    >>> from autograd import trace
    >>> late = trace(lambda x: [np.sum(y) for y in [x + 1, x + 2, x + 3]], np.ones(10_000))
    >>> [equation.name for equation in shorten_lifetimes(late).equations]
    ['add', 'sum', 'add', 'sum', 'add', 'sum']
    """
    made = sum(nbytes((v.shape, v.dtype)) for equation in program.equations for v in equation.outputs)
    small = max(SMALL, SMALL_EACH * len(program.equations))
    if made <= small:
        return program
    plan = _plan(program)
    _, size = arrange(plan.buffers)
    if size <= small:
        return program
    ordered = replace(program, equations=_Search(program, plan).ordered())
    return ordered if arrange(_plan(ordered).buffers)[1] < size else program


def _plan(program: Program) -> Plan:
    return Plan(program, Storage(program), takes_out, _takeovers)


def _takeovers(equation: Equation, free: list[Variable]) -> dict[Variable, Variable]:
    """As in `writing`; a chain is taken to overwrite whatever operand nobody reads any more."""
    if type(equation.function) is not Chain:
        return takeovers(equation, free)
    taken: dict[Variable, Variable] = {}
    for output in equation.outputs:
        for v in free:
            if (v.shape, v.dtype) == (output.shape, output.dtype) and v not in taken.values():
                taken[output] = v
                break
    return taken


class _Search:
    """Lists equations from the last to the first; ``live`` is the memory that those listed so far read.

    Those whose readers are all listed wait in a heap, by growth. As memory becomes live, the growth of others that read
    it falls, and they are put there again; it never rises, since what makes a value comes after all that read it.
    """

    def __init__(self, program: Program, plan: Plan) -> None:
        self.equations = program.equations
        self.size = {v: nbytes(p.kind) for v, p in plan.place.items() if not p.fresh}
        shared = plan.storage.shared
        self.owners = [{owner for v in e.reads for owner in shared[v]} for e in self.equations]
        self.readers: dict[Variable, list[int]] = {}
        for i, owners in enumerate(self.owners):
            for owner in owners:
                self.readers.setdefault(owner, []).append(i)
        self.live: set[Variable] = set()
        self.heap: list[tuple[int, int]] = []
        self.waiting: set[int] = set()

    def ordered(self) -> list[Equation]:
        """The equations in their new order. Functions of the user stay where they are, and the rest on its side."""
        order: list[int] = []
        group: list[int] = []
        for i, equation in reversed(list(enumerate(self.equations))):
            if is_known(equation.function) or type(equation.function) is Chain:
                group.append(i)
            else:
                order += self._ordered(group)
                order.append(i)
                self._list(i)
                group = []
        order += self._ordered(group)
        return [self.equations[i] for i in reversed(order)]

    def _ordered(self, group: list[int]) -> list[int]:
        """Numbers of equations without one of the user between them, from the last to the first."""
        maker = {v: i for i in group for v in self.equations[i].outputs}
        makers = {i: {maker[v] for v in self.equations[i].reads if v in maker} for i in group}
        readers = Counter(j for found in makers.values() for j in found)
        self._offer(i for i in group if not readers[i])
        order: list[int] = []
        while self.heap:
            i = -heapq.heappop(self.heap)[1]
            if i not in self.waiting:
                continue
            self.waiting.remove(i)
            order.append(i)
            self._list(i)
            readers.subtract(makers[i])
            self._offer(j for j in makers[i] if not readers[j])
        return order

    def _offer(self, ready: Iterable[int]) -> None:
        for i in ready:
            self.waiting.add(i)
            heapq.heappush(self.heap, (self._growth(i), -i))

    def _growth(self, index: int) -> int:
        """The bytes of what an equation reads and nobody after it does, without those of what it makes."""
        read = sum(self.size.get(v, 0) for v in self.owners[index] - self.live)
        return read - sum(self.size.get(v, 0) for v in self.equations[index].outputs)

    def _list(self, index: int) -> None:
        begun = self.owners[index] - self.live
        self.live |= begun
        self.live.difference_update(self.equations[index].outputs)
        self._offer({i for owner in begun for i in self.readers[owner] if i in self.waiting})
