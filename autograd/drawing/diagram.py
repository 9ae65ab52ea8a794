"""Diagrams: what a picture shows, before anyone decides how it looks.

A `Diagram` is a list of boxes in the order of computation, and of arrows between them. Programs and tensors become
diagrams; collapsing turns one diagram into a smaller one; DOT, text, Mermaid, JSON and the story are written from it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograd.drawing.numbers import as_plain, number
from autograd.places import Place

INPUT, CONSTANT, OPERATION, BACKWARD, GROUP = "input", "constant", "operation", "backward", "group"


@dataclass(slots=True)
class Box:
    """One value of the computation: an input, a constant, the result of an operation, or a group of these.

    ``value`` and ``gradient`` are arrays, or None where they are not known. ``operation`` is the function, ``detail``
    its parameters, ``name`` what the user calls the value, ``result`` its path in the output of the function.

    >>> Box("v1", OPERATION, operation="multiply", name="area").title
    'area'
    """

    id: str
    kind: str
    operation: str = ""
    name: str = ""
    detail: str = ""
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    value: Any = None
    gradient: Any = None
    scope: tuple[str, ...] = ()
    place: Place | None = None
    rule: str = ""
    result: str = ""
    count: int = 1
    blame: str = ""

    @property
    def title(self) -> str:
        """What the box is called: the user's name for it, else the operation."""
        return self.name or self.operation


@dataclass(slots=True)
class Arrow:
    """One use of a value: ``source`` is the operand ``role`` of ``target``; ``gradient`` is what flows back.

    >>> Arrow("v0", "v1", role="x")
    Arrow(source='v0', target='v1', role='x', gradient=None)
    """

    source: str
    target: str
    role: str = ""
    gradient: Any = None


@dataclass(slots=True)
class Diagram:
    """Boxes in the order of computation, arrows between them, and a title.

    >>> square = Diagram("square", [Box("v0", INPUT, name="x"), Box("v1", OPERATION, "square")], [Arrow("v0", "v1")])
    >>> square.find("x").id, len(square.arrows_into()["v1"])
    ('v0', 1)
    """

    title: str
    boxes: list[Box] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)

    def box(self, id: str) -> Box:
        """Return the box with this id."""
        return next(box for box in self.boxes if box.id == id)

    def find(self, title: str) -> Box:
        """Return the first box that is called ``title``."""
        return next(box for box in self.boxes if title in (box.name, box.operation))

    def arrows_into(self) -> dict[str, list[Arrow]]:
        """For each box, the arrows of its operands."""
        into: dict[str, list[Arrow]] = {box.id: [] for box in self.boxes}
        for arrow in self.arrows:
            into[arrow.target].append(arrow)
        return into

    @property
    def has_gradients(self) -> bool:
        """Whether any gradient is known."""
        return any(box.gradient is not None for box in self.boxes)


def reference(box: Box) -> str:
    """How a call refers to an operand: by its id; to a constant in full when it is one number.

    >>> reference(Box("v1", OPERATION)), reference(Box("c1", CONSTANT, value=2.0))
    ('v1', '2')
    """
    if box.kind != CONSTANT:
        return box.id
    array = as_plain(box.value)
    return number(array.item()) if array.size == 1 else f"{box.dtype}{list(box.shape or ())}"


def common_scope(boxes: Iterable[Box]) -> tuple[str, ...]:
    """The scopes that all ``boxes`` share."""
    return functools.reduce(lambda shared, scope: shared[: shared_depth(shared, scope)], [box.scope for box in boxes])


def shared_depth(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many scopes two nestings share, from the outermost.

    >>> shared_depth(("net", "hidden"), ("net", "output"))
    1
    """
    differing = (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differing, min(len(one), len(other)))
