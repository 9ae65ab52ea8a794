"""Buffers: memory for the results of a program, planned by liveness.

A result that does not leave the program is kept in a *buffer*, from the equation that writes it to the last one that
reads it. All buffers lie in one piece of memory, the arena, and two that are never needed together share its bytes.

An elementwise result takes the place of an operand of its shape and dtype that nobody reads any more. A place that
ends up with a result that leaves the program is no buffer: it is a new array in every call. In ``p - rate * g`` the
gradient ``g`` is computed into the array that is returned, and there is no other.
"""

from __future__ import annotations

import contextvars
import math
from bisect import bisect, insort
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.compiler.storage import Storage, is_fresh
from autograd.program import Equation, Program, Variable

__all__ = ["ALIGNMENT", "Kind", "Place", "Plan", "Pool", "arrange"]

#: Buffers start at multiples of a cache line.
ALIGNMENT = 64
FAR = np.iinfo(np.intp).max
#: More places than this are arranged in rows; in a row, one is needed at most so many equations after another.
MANY = 500
SOON = 32
#: What lies before and behind all places, at any time: where it begins and ends, and when.
EDGES = np.array([(0, FAR), (0, FAR), (-FAR, -FAR), (FAR, FAR)])

Kind = tuple[tuple[int, ...], np.dtype[Any]]


@dataclass(eq=False, slots=True)
class Place:
    """One array, which holds one result after the other, from equation ``start`` to ``end``.

    ``fresh`` places are new arrays in every call, the others are buffers.
    """

    kind: Kind
    start: int
    end: int
    fresh: bool
    holder: Variable | None
    nbytes: int = field(init=False)

    def __post_init__(self) -> None:
        self.nbytes = nbytes(self.kind)

    def meets(self, other: Place) -> bool:
        """Whether both are needed at one time."""
        return self.start <= other.end and other.start <= self.end


def nbytes(kind: Kind) -> int:
    """The bytes of an array of a shape and dtype."""
    return math.prod(kind[0]) * kind[1].itemsize


class Plan:
    """Which result is kept where: ``place[variable]``, and ``taken[variable]``, the operand whose place it takes.

    ``takes_out(equation)`` says whether a result can be written into a given array, ``takeovers(equation, operands)``
    which outputs of one that can take the place of which of these operands. ``given`` are inputs whose memory may be
    written into.
    """

    def __init__(
        self,
        program: Program,
        storage: Storage,
        takes_out: Callable[[Equation], bool],
        takeovers: Callable[[Equation, list[Variable]], dict[Variable, Variable]],
        given: Iterable[Variable] = (),
    ) -> None:
        self.storage = storage
        self.places: list[Place] = []
        self.place: dict[Variable, Place] = {}
        self.taken: dict[Variable, Variable] = {}
        for variable in given:
            self._new(variable, -1, fresh=True)
        for i, equation in enumerate(program.equations):
            writes = takes_out(equation)
            taken = takeovers(equation, self._free_operands(equation, i)) if writes else {}
            for output in equation.outputs:
                if output in taken:
                    self._take(output, taken[output])
                elif writes or _makes_an_array(equation):
                    self._new(output, i, fresh=not writes or output in storage.escaping)

    @property
    def buffers(self) -> list[Place]:
        """The places that are not new in every call."""
        return [place for place in self.places if not place.fresh]

    def reserve(self, kind: Kind, index: int) -> Place:
        """Return a buffer that is needed during one equation."""
        self.places.append(Place(kind, index, index, False, None))
        return self.places[-1]

    def _free_operands(self, equation: Equation, index: int) -> list[Variable]:
        """The operands whose place is free after this equation, and whose memory it reads under no other name.

        Those whose memory is no buffer come first: a result that leaves the program had better not turn one into that.
        """
        shared, last_use, escaping = self.storage.shared, self.storage.last_use, self.storage.escaping
        last = [v for v in equation.reads if last_use[v] == index and v in self.place and v not in escaping]
        free = [v for v in dict.fromkeys(last) if not any(v in shared[u] for u in equation.reads if u is not v)]
        return sorted(free, key=lambda v: not self.place[v].fresh)

    def _new(self, variable: Variable, index: int, fresh: bool) -> None:
        end = max(self.storage.last_use[variable], index)
        place = Place((variable.shape, variable.dtype), index, end, fresh, variable)
        self.places.append(place)
        self.place[variable] = place

    def _take(self, output: Variable, operand: Variable) -> None:
        place = self.place[output] = self.place[operand]
        self.taken[output] = operand
        place.holder, place.end = output, max(place.end, self.storage.last_use[output])
        place.fresh |= output in self.storage.escaping


def _makes_an_array(equation: Equation) -> bool:
    """Whether the result is an array that the function has just made."""
    output = equation.output
    if type(output) is not Variable or output.weak or output.shape == ():
        return False
    return is_fresh(equation.function, equation.parameters)


def arrange(places: list[Place]) -> tuple[list[int], int]:
    """Return where each place begins in the arena, and the size of the arena.

    The largest place goes first, and each as low as it fits. Those that lie somewhere already are kept in arrays,
    sorted by where they begin: for thousands of places, to look at them one by one would take too long. So many are
    taken in rows, see `_rows`.

    >>> kind = (100,), np.dtype(np.float64)
    >>> first, second, third = (Place(kind, i, i + 1, False, None) for i in range(3))
    >>> arrange([first, second, third])
    ([0, 832, 0], 1664)
    """
    offsets: dict[Place, int] = {}
    size = 0
    rows = [[place] for place in places] if len(places) <= MANY else _rows(places)
    lows, highs, starts, ends = lying = np.empty((4, len(rows) + 2), np.intp)
    lying[:, :2] = EDGES
    for n, row in enumerate(sorted(rows, key=lambda row: -row[0].nbytes), 2):
        start, end, nbytes = row[0].start, row[-1].end, row[0].nbytes
        meets = (starts[:n] <= end) & (ends[:n] >= start)
        low = _lowest_gap(lows[:n][meets], highs[:n][meets], nbytes)
        high = low + -(-nbytes // ALIGNMENT) * ALIGNMENT
        offsets |= dict.fromkeys(row, low)
        size = max(size, high)
        i = int(lows[:n].searchsorted(low, "right"))
        lying[:, i + 1 : n + 1] = lying[:, i:n]
        lying[:, i] = low, high, start, end
    return [offsets[place] for place in places], size


def _rows(places: list[Place]) -> list[list[Place]]:
    """Part places into rows of one size, each place needed soon after the one before it in its row: in its bytes."""
    rows: list[list[Place]] = []
    by_end: dict[int, list[tuple[int, int]]] = {}  # the ends and numbers of the rows of a size
    for place in sorted(places, key=lambda place: place.start):
        ends = by_end.setdefault(place.nbytes, [])
        last = bisect(ends, (place.start,)) - 1  # of those that end before
        if last >= 0 and ends[last][0] >= place.start - SOON:
            number = ends.pop(last)[1]
        else:
            number = len(rows)
            rows.append([])
        rows[number].append(place)
        insort(ends, (place.end, number))
    return rows


def _lowest_gap(lows: Any, highs: Any, size: int) -> int:
    """Where the first ``size`` bytes are that belong to none of the ranges from ``lows``, ascending, to ``highs``."""
    begins = np.maximum.accumulate(highs[:-1])
    return int(begins[(lows[1:] - begins >= size).argmax()])


class Pool:
    """Sets of buffers. A call takes one and puts it back, so calls of several threads, and nested ones, never share."""

    __slots__ = ("kinds", "offsets", "size", "sets", "take", "put")

    def __init__(self, places: list[Place]) -> None:
        self.kinds = [place.kind for place in places]
        self.offsets, self.size = arrange(places)
        self.sets: list[tuple[Any, ...]] = []
        self.take = self.sets.pop  # raises IndexError when all sets are in use
        self.put = self.sets.append

    def new(self) -> tuple[Any, ...]:
        """Return a new set: a context in which overflow is silent, and the buffers, which lie in an arena."""
        context = contextvars.Context()  # not a copy: what the first caller has set is not for later ones
        context.run(np.seterr, over="ignore")
        arena = np.empty(self.size + ALIGNMENT, np.uint8)
        start = -arena.ctypes.data % ALIGNMENT
        buffers = [
            np.ndarray(shape, dtype, arena, start + offset)
            for (shape, dtype), offset in zip(self.kinds, self.offsets, strict=True)
        ]
        return (context.run, *buffers)
