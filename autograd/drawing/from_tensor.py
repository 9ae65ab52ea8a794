"""From a tensor to a diagram: the graph that recording left behind.

A node keeps only what its rules have named, so values are shown where a rule has kept them: the output that ``tanh``
needs, the operands of a product. What nobody kept is drawn with its shape and dtype.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.drawing.diagram import CONSTANT, INPUT, OPERATION, Arrow, Box, Diagram
from autograd.errors import ArgumentError, with_article
from autograd.graph import Leaf, Node, topological_order
from autograd.recording import BUNDLE, PICK
from autograd.shapes import fit
from autograd.signatures import argument_names
from autograd.sweep import not_scalar, sweep
from autograd.tensor import Tensor

NUMERIC = (np.ndarray, np.generic, float, int)


def diagram_of_tensor(
    tensor: Tensor, *, gradients: bool = False, constants: bool = True, name: str | None = None
) -> Diagram:
    """Return the diagram of what ``tensor`` was computed from. Raises `OutputError` for gradients of a non-scalar."""
    order = [node for node in topological_order([tensor.node]) if node.plan is not BUNDLE]
    boxes = {node: _box(node, i) for i, node in enumerate(order)}
    boxes[tensor.node].value = tensor.value
    boxes[tensor.node].result = "result"
    diagram = Diagram(name or tensor.name or "tensor")
    for node in order:
        arrows = [Arrow(boxes[parent].id, boxes[node].id, role) for role, parent in _uses(node)]
        if node.plan is not None:
            arrows = _add_kept(diagram, node, boxes, constants, arrows)
        diagram.boxes.append(boxes[node])
        diagram.arrows += arrows
    if gradients:
        _add_gradients(diagram, tensor, order, boxes)
    return diagram


def _box(node: Node, i: int) -> Box:
    if isinstance(node, Leaf):
        box = Box(f"n{i}", INPUT, name=node.name or f"leaf {i}")
    elif node.plan is PICK:
        box = Box(f"n{i}", OPERATION, f"output {node.kept[0]}")
    else:
        box = Box(f"n{i}", OPERATION, node.plan.row.name if node.plan and node.plan.row else "")
    box.shape, box.dtype = node.shape, "" if node.dtype is None else str(node.dtype)
    return box


def _uses(node: Node) -> list[tuple[str, Node]]:
    """The operands of a call with their roles; those of a bundle are the entries of a sequence."""
    roles = node.plan.operands if node.plan is not None and node.plan.operands else [""] * len(node.parents)
    uses: list[tuple[str, Node]] = []
    for role, parent in zip(roles, node.parents, strict=True):
        if parent.plan is BUNDLE:
            uses += [(f"{role}[{place}]", part) for place, part in zip(parent.kept, parent.parents, strict=True)]
        else:
            uses.append((role, parent))
    return uses


def _add_kept(
    diagram: Diagram, node: Node, boxes: dict[Node, Box], constants: bool, arrows: list[Arrow]
) -> list[Arrow]:
    """Find values among what the node kept: its own, its operands', and constants, which become boxes.

    Return ``arrows`` and those of the constants in the order of the operands.
    """
    plan = node.plan
    if plan is None or plan.row is None:
        return arrows
    rules = [rule for operand in plan.operands if (rule := plan.row.rules[operand]) is not None]
    names = dict.fromkeys(name for rule in rules for name in argument_names(rule)[1:])
    parents = dict(zip(plan.operands, node.parents, strict=True))
    for name, value in zip(names, node.kept, strict=True):
        if name == "out":
            boxes[node].value = value
        elif name in parents and parents[name] in boxes:
            boxes[parents[name]].value = value
        elif constants and name in plan.row.operands and name not in parents and isinstance(value, NUMERIC):
            dtype = str(np.asarray(value).dtype)
            box = Box(f"{boxes[node].id}_{name}", CONSTANT, shape=np.shape(value), dtype=dtype, value=value)
            diagram.boxes.append(box)
            arrows.append(Arrow(box.id, boxes[node].id, name))
    places = {name: place for place, name in enumerate(plan.row.operands)}
    return sorted(arrows, key=lambda arrow: places.get(arrow.role.partition("[")[0], len(places)))


class _Everything:
    def __contains__(self, node: Any) -> bool:
        return True


def _add_gradients(diagram: Diagram, tensor: Tensor, order: list[Node], boxes: dict[Node, Box]) -> None:
    if tensor.size != 1:
        raise not_scalar("draw(…, gradients=True) of a tensor", tensor.shape)
    found = sweep(tensor.node, np.ones(tensor.shape, tensor.dtype)[()], _Everything(), useful=_Everything())
    flows: dict[tuple[str, str, str], Any] = {}
    for node in order:
        boxes[node].gradient = found.get(node) if node.shape is not None else None
        if node in found and node.plan is not None and node.plan.row is not None:
            contributions = node.plan.pull(found[node], node.kept)
            for role, parent, g in zip(node.plan.operands, node.parents, contributions, strict=True):
                if parent.shape is not None and g is not None:
                    assert parent.dtype is not None
                    flows[boxes[parent].id, boxes[node].id, role] = fit(np.asarray(g), parent.shape, parent.dtype)
    for arrow in diagram.arrows:
        arrow.gradient = flows.get((arrow.source, arrow.target, arrow.role))


def is_tensor(fun: Any, args: tuple[Any, ...]) -> bool:
    """Whether ``draw`` was given a tensor. Raises `ArgumentError` when it is neither that nor a function."""
    if isinstance(fun, Tensor):
        if args:
            raise ArgumentError("draw(tensor) takes no further arguments: the tensor knows what it was computed from.")
        return True
    if not callable(fun):
        raise ArgumentError(
            f"draw takes a function with its arguments, or a tensor; this is {with_article(type(fun))}."
        )
    return False
