"""The story of a computation: one frame per step, forward from the inputs, then backward from the result.

A frame says which box is at work, what it computes in a formula, and with which numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from autograd.drawing.diagram import CONSTANT, INPUT, Arrow, Box, Diagram, reference
from autograd.drawing.numbers import lines

Formulas = Callable[[Box], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Frame:
    """One step. ``rules`` has a line per operand: its name, the formula of what flows back to it, the numbers.

    >>> from autograd import draw
    >>> first, *_, last = draw(lambda x: x * x, 3.0, gradients=True).story()
    >>> first.phase, first.formula, last.phase
    ('forward', 'x is given', 'backward')
    """

    phase: str  # "forward" or "backward"
    box: str
    title: str
    formula: str
    numbers: tuple[str, ...] = ()
    rules: tuple[tuple[str, str, tuple[str, ...]], ...] = field(default=())

    def __str__(self) -> str:
        rows = [f"{self.phase:<8}  {self.formula}", *(f"{'':14}{row}" for row in self.numbers)]
        for operand, formula, numbers in self.rules:
            rows += [f"{'':10}{operand} is sent {formula}", *(f"{'':14}{row}" for row in numbers)]
        return "\n".join(rows)


class Story(list[Frame]):
    """The frames of a story. Printed, they are text to read from top to bottom.

    >>> from autograd import draw
    >>> print(draw(lambda x: x * x, 3.0, gradients=True).story())
    forward   x is given
                  3
    forward   v1 = multiply(x, x)
                  9
    backward  g = ∂L/∂v1 has arrived
                  1
              x is sent g * x
                  3
              x is sent g * x
                  3
    backward  ∂L/∂x is complete
                  6
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(map(str, self))


def frames_of(diagram: Diagram, formulas: Formulas) -> Story:
    """Return the frames of ``diagram``; ``formulas`` gives the rules of a box by the names of its operands."""
    boxes = {box.id: box for box in diagram.boxes}
    into = diagram.arrows_into()
    steps = [box for box in diagram.boxes if box.kind != CONSTANT]
    frames = Story(_forward(box, into[box.id], boxes) for box in steps)
    frames += [
        _backward(box, into[box.id], boxes, formulas(box)) for box in reversed(steps) if box.gradient is not None
    ]
    return frames


def _forward(box: Box, arrows: list[Arrow], boxes: dict[str, Box]) -> Frame:
    if box.kind == INPUT:
        formula = f"{box.title} is given"
    else:
        operands = [called(boxes[arrow.source]) for arrow in arrows] + ([box.detail] if box.detail else [])
        formula = f"{called(box)} = {box.operation}({', '.join(operands)})"
    return Frame("forward", box.id, box.title, formula, () if box.value is None else tuple(lines(box.value)))


def _backward(box: Box, arrows: list[Arrow], boxes: dict[str, Box], formulas: dict[str, str]) -> Frame:
    rules = tuple(
        (called(boxes[arrow.source]), formulas.get(arrow.role, "…"), tuple(lines(arrow.gradient)))
        for arrow in arrows
        if arrow.gradient is not None
    )
    formula = f"g = ∂L/∂{called(box)} has arrived" if rules else f"∂L/∂{called(box)} is complete"
    return Frame("backward", box.id, box.title, formula, tuple(lines(box.gradient)), rules)


def called(box: Box) -> str:
    """How a formula calls a value: by its name, or as every text refers to it."""
    return box.name or reference(box)
