"""From "something is wrong" to the entry that is: bisection over blocks of the flat space."""

from __future__ import annotations

from collections.abc import Callable

from autograd.check.directions import restricted
from autograd.check.problem import Vector

#: How far a block is off, in units of its tolerance: above 1 it is wrong.
Excess = Callable[[Vector], float]


def bisect(direction: Vector, excess: Excess) -> int | None:
    """Return the flat place of an entry that is off, or None when the blocks blame each other's sum.

    Of two halves the worse one is followed, so the number of measurements grows with the logarithm of the size.
    """
    start, end = 0, len(direction)
    while end - start > 1:
        middle = (start + end) // 2
        halves = [(start, middle), (middle, end)]
        sizes = [excess(restricted(direction, *half)) for half in halves]
        worse = 0 if sizes[0] >= sizes[1] else 1
        if not sizes[worse] > 1:
            return None
        start, end = halves[worse]
    return start
