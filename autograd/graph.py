"""The graph: a `Node` is one recorded call, a `Leaf` an input, a `Traced` value an array with its node.

Nodes point at the nodes they were computed from and never the other way, so a graph that nobody holds is freed
at once. A node does not hold the value it stands for: it holds only what its rules have named (see `rules`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

serials = itertools.count()  # next() of it is atomic in CPython: threads need no lock


class Node:
    """One recorded call.

    ``serial`` grows with time, so sorting by it *is* a topological order: whatever a call was computed from was
    recorded before it. ``parents`` are the nodes of the traced operands, ``kept`` what the rules of ``plan`` named.
    """

    __slots__ = ("serial", "plan", "parents", "kept", "shape", "dtype", "__weakref__")

    serial: int
    plan: Any
    parents: Sequence[Node]
    kept: tuple[Any, ...]
    shape: tuple[int, ...] | None
    dtype: np.dtype[Any] | None


def new_node(
    plan: Any,
    parents: Sequence[Node],
    kept: tuple[Any, ...],
    shape: tuple[int, ...] | None,
    dtype: np.dtype[Any] | None,
) -> Node:
    """Return the node of a call. (An ``__init__`` would triple the time that it takes; see `plans.CALL`.)"""
    node = Node()
    node.serial = next(serials)
    node.plan = plan
    node.parents = parents
    node.kept = kept
    node.shape = shape
    node.dtype = dtype
    return node


class Leaf(Node):
    """A node without a call: an input. A sweep may leave its ``gradient`` here."""

    __slots__ = ("name", "gradient")

    plan = None
    parents = kept = ()

    name: str | None
    gradient: Any


def new_leaf(shape: tuple[int, ...] | None, dtype: np.dtype[Any] | None, name: str | None = None) -> Leaf:
    """Return the node of an input."""
    node = Leaf()
    node.serial = next(serials)
    node.shape = shape
    node.dtype = dtype
    node.name = name
    node.gradient = None
    return node


class Bundle(list[Any]):
    """Several gradients that travel as one: those of a sequence of operands, or of the outputs of one call.

    An entry is None where no gradient arrived, or a function that computes the gradient if it is wanted. Its node has
    neither shape nor dtype; the bundle has a ``shape`` that equals none, so that the sweep looks at its entries.
    """

    shape = "bundle"
    dtype = None

    def __add__(self, other: list[Any]) -> Bundle:  # type: ignore[override]
        return Bundle(a if b is None else b if a is None else a + b for a, b in zip(self, other, strict=True))


class Traced:
    """A value with its node in a recording. The value may itself be traced, at a lower level."""

    __slots__ = ("value", "node", "recording", "__weakref__")

    value: Any
    node: Any
    recording: Any

    if TYPE_CHECKING:  # what type checkers need to know: to NumPy's functions, a traced value is an array

        @property
        def shape(self) -> Any: ...
        @property
        def dtype(self) -> Any: ...
        def __array__(self) -> np.ndarray[Any, Any]: ...
        def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any: ...


#: Types that are no arrays and yet differentiated as they are, each with the class of its traced instances. Their nodes
#: have neither shape nor dtype, and their gradients are added with ``+``.
OBJECTS: dict[type, type[Traced]] = {}


def topological_order(outputs: Iterable[Node]) -> list[Node]:
    """Every node that ``outputs`` depend on, each after all it was computed from (iterative: any depth)."""
    stack, reached = list(outputs), set()
    while stack:
        node = stack.pop()
        if node not in reached:
            reached.add(node)
            stack.extend(node.parents)
    return sorted(reached, key=lambda node: node.serial)
