"""The reverse sweep: from the gradient of an output to the gradients of what it was computed from."""

from __future__ import annotations

from collections.abc import Container
from heapq import heappop, heappush
from typing import Any

import numpy as np

from autograd.errors import AutogradError, RuleError
from autograd.graph import Node, topological_order
from autograd.shapes import fit


NUMBERS = (int, float, complex)


def sweep(
    output: Node, seed: Any, wanted: Container[Node], *, useful: Container[Node] | None = None, free: bool = False
) -> dict[Node, Any]:
    """Return ∂⟨seed, output⟩/∂node for every ``wanted`` node that ``output`` depends on.

    Nodes are visited from the latest to the earliest, so a node is visited once, after all its gradient has arrived.
    ``useful`` restricts the visit to nodes `on_the_way`; in the graph of one transform all of them are.
    ``free`` drops what a node kept as soon as it is used; the graph can then not be swept again.
    """
    gradients: dict[Node, Any] = {}
    waiting = {output: seed}
    latest = [(-output.serial, output)]
    while latest:
        node = heappop(latest)[1]
        g = waiting.pop(node)
        plan = node.plan
        if plan is None or (useful is not None and node in wanted):
            gradients[node] = g
            if plan is None:
                continue
        parents = node.parents
        try:
            contributions = plan.pull(g, node.kept)
        except Exception as error:
            raise _explain(error, node, g) from error
        if free:
            node.parents, node.kept = [], ()
        for i, parent in enumerate(parents):
            contribution = contributions[i]
            if contribution is None or (useful is not None and parent not in useful):
                continue
            if type(contribution) in NUMBERS or contribution.shape != parent.shape or contribution.dtype is not parent.dtype:
                contribution = _fit(contribution, parent, node, i)
            if parent in waiting:
                waiting[parent] = waiting[parent] + contribution
            else:
                waiting[parent] = contribution
                heappush(latest, (-parent.serial, parent))
    return gradients


def on_the_way(output: Node, wanted: Container[Node]) -> set[Node]:
    """The nodes that lie on a path from a ``wanted`` node to ``output``."""
    useful: set[Node] = set()
    for node in topological_order([output]):
        if node in wanted or any(parent in useful for parent in node.parents):
            useful.add(node)
    return useful


def _fit(g: Any, parent: Node, node: Node, place: int) -> Any:
    """Give a contribution its operand's shape and dtype: undo broadcasting, or name the rule that is wrong."""
    assert node.plan is not None
    row = node.plan.row
    g = g if hasattr(g, "dtype") else np.asarray(g)  # a rule may return a Python number
    if row is not None and not row.elementwise and np.shape(g) != parent.shape:
        raise RuleError(
            f"The rule of {row.name} for {node.plan.operands[place]!r} returned a gradient of shape {np.shape(g)} "
            f"where the operand has shape {parent.shape}. A rule returns ∂L/∂{node.plan.operands[place]}, "
            f"in the operand's own shape."
        )
    return fit(g, parent.shape, parent.dtype)


def _explain(error: Exception, node: Node, g: Any) -> Exception:
    if isinstance(error, AutogradError) or node.plan is None or node.plan.row is None:
        return error
    error.add_note(
        f"autograd: raised by a rule of {node.plan.row.name} (for {' or '.join(node.plan.operands)}), "
        f"given a gradient of shape {np.shape(g)}."
    )
    return error
