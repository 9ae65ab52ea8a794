"""``autograd.tracer``: traces whose nodes are of a class of your own, and the question whether a value is traced.

>>> class Depth(Node):
...     def __init__(self, value, fun, args, kwargs, parent_argnums, parents):
...         self.depth = 1 + max(parent.depth for parent in parents)
...     def initialize_root(self):
...         self.depth = 0
>>> value, node = trace(Depth.new_root(), lambda x: x * x + 1, 3.0)
>>> float(value), node.depth
(10.0, 2)
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from autograd.errors import explain
from autograd.graph import OBJECTS, Traced
from autograd.recording import Recording, next_level, wrap
from autograd.rules import Row
from autograd.tensor import Tensor
from autograd.trees import flatten, map_tree, rebuild

from .boxes import getval, isbox
from .primitives import Primitive, notrace_primitive, primitive

__all__ = ["Box", "Node", "Primitive", "getval", "isbox", "notrace_primitive", "primitive", "trace"]


class Box(Tensor):
    """A traced object of a type of the user. A subclass says how it looks, and `register` for which type it is."""

    @property
    def _value(self) -> Any:
        return self.value

    @classmethod
    def register(cls, value_type: type) -> None:
        """Let instances of ``value_type`` be traced by this class."""
        OBJECTS[value_type] = cls


class Node:
    """One recorded call. A subclass says what it keeps, and what an input starts with (`initialize_root`)."""

    __slots__ = ()

    def __init__(
        self, value: Any, fun: Callable[..., Any], args: Any, kwargs: Any, parent_argnums: Any, parents: Any
    ) -> None:
        raise NotImplementedError(f"{type(self).__name__}.__init__ says what a node keeps of a call.")

    def initialize_root(self, *args: Any, **kwargs: Any) -> None:
        """Say what the node of an input keeps."""
        raise NotImplementedError(f"{type(self).__name__}.initialize_root says what the node of an input keeps.")

    @classmethod
    def new_root(cls, *args: Any, **kwargs: Any) -> Any:
        """Return a node for an input."""
        root = cls.__new__(cls)
        root.initialize_root(*args, **kwargs)
        return root


def trace(start_node: Node, fun: Callable[..., Any], x: Any) -> tuple[Any, Any]:
    """Return ``fun(x)`` and the node of it, of the class of ``start_node``; None when it does not depend on x."""
    recording = _NodeTrace()
    end = fun(map_tree(lambda leaf: wrap(leaf, start_node, recording), x))
    if isinstance(end, Traced) and end.recording is recording:
        return end.value, end.node
    warnings.warn("Output seems independent of input.", stacklevel=2)
    return end, None


class _Value(Tensor):
    """A tensor whose ``node`` is one of the user's class."""

    __slots__ = ()


class _NodeTrace(Recording):
    """A recording that makes a node of the user's class for every call."""

    kind = _Value

    def __init__(self) -> None:
        self.level = next_level()

    def record(self, row: Row, operands: Any, parameters: dict[str, Any]) -> Any:
        leaves, structure = flatten(list(operands))
        parents = [leaf.node for leaf in leaves if self.holds(leaf)]
        values = rebuild(structure, [leaf.value if self.holds(leaf) else leaf for leaf in leaves])
        argnums = [i for i, operand in enumerate(operands) for leaf in flatten(operand)[0] if self.holds(leaf)]
        try:
            out = row.call(values, parameters)
        except Exception as error:
            raise explain(error, row, values) from error
        node = type(parents[0])(out, row.function, tuple(values), parameters, tuple(argnums), parents)
        return map_tree(lambda part: wrap(part, node, self), out)

    def holds(self, value: Any) -> bool:
        """Whether this recording traces ``value``."""
        return isinstance(value, Traced) and value.recording is self

    def decide(self, value: Any, what: str) -> Any:
        return value
