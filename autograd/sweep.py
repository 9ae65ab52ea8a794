"""The reverse sweep: from the gradient of an output, its seed, to the gradients of what it was computed from."""

from __future__ import annotations

from collections.abc import Container, Iterable
from heapq import heappop, heappush, heappushpop
from typing import Any, NoReturn

import numpy as np
from numpy import ndarray  # on the road of every gradient, np.ndarray would be looked up each time

from autograd.errors import AutogradError, LostGradientError, OutputError, RuleError
from autograd.graph import Bundle, Node, Traced, topological_order
from autograd.guard import Guard
from autograd.places import defined_at
from autograd.rules import Plan
from autograd.shapes import fit, unbroadcast


def sweep(
    output: Node, seed: Any, wanted: Container[Node], *, useful: Container[Node] | None = None, free: bool = False
) -> dict[Node, Any]:
    """Return ∂⟨seed, output⟩/∂node for every ``wanted`` node that ``output`` depends on.

    Nodes are visited from the latest to the earliest, so a node is visited once, after all its gradient has arrived.
    ``useful`` restricts the visit to nodes `on_the_way`; in the graph of one transform all of them are.
    ``free`` drops what a node kept as soon as it is used; sweeping the graph again raises `LostGradientError`.
    """
    passed: dict[Node, Any] = {}
    waiting = {output: seed}
    later: list[tuple[int, Node]] = []  # a heap of the nodes that wait, but for the one to be visited next
    node = output if output.plan is not None else None
    while node is not None:
        g = waiting.pop(node)
        if useful is not None and node in wanted:
            passed[node] = g
        try:
            pull = node.plan.pull  # not plan.pull(…): Python would look for a method first
            contributions = pull(g, node.kept)
        except Exception as error:
            raise explain_rule(error, node.plan, g) from error
        following = None
        for parent, contribution in zip(node.parents, contributions):  # noqa: B905 - strict=True takes twice as long
            if useful is not None and parent not in useful:
                continue
            try:
                fits = contribution.shape == parent.shape and contribution.dtype is parent.dtype
            except AttributeError:  # None, or a Python number
                fits = False
            if not fits:
                contribution = _fit(contribution, parent, node)
                if contribution is None:
                    continue
            if parent in waiting:
                waiting[parent] = waiting[parent] + contribution  # in place, an array of the user could be changed
                continue
            waiting[parent] = contribution
            if parent.plan is not None:
                if following is not None:
                    heappush(later, (-following.serial, following))
                following = parent
        if free:
            node.plan, node.parents, node.kept = FREED, (), ()
        node = _next(following, later) if later else following
    return waiting | passed  # what still waits are the leaves


def _ended(g: Any, kept: tuple[Any, ...]) -> NoReturn:
    raise LostGradientError(
        "A tensor was computed inside a function that has been differentiated, and its recording has ended. Let that "
        "function return it (has_aux=True); for .backward(), make the inputs tensors by hand: Tensor(data)."
    )


#: The plan of nodes that a sweep has freed.
FREED = Plan(None, (), lambda *call: (), _ended)


def _next(following: Node | None, later: list[tuple[int, Node]]) -> Node:
    """The latest of the nodes that wait. In a chain of calls there is only one, and no heap is needed."""
    return heappop(later)[1] if following is None else heappushpop(later, (-following.serial, following))[1]


def on_the_way(output: Node, wanted: Container[Node]) -> set[Node]:
    """The nodes that lie on a path from a ``wanted`` node to ``output``."""
    useful: set[Node] = set()
    for node in topological_order([output]):
        if node in wanted or any(parent in useful for parent in node.parents):
            useful.add(node)
    return useful


def distinct(
    found: dict[Node, Any], nodes: Iterable[Node], *, guard: Guard | None = None, alive: bool = False
) -> list[Any]:
    """Return the gradients of ``nodes``, sharing no memory with each other or the user's arrays; zeros where none came.

    A rule may return an array that it was given. One of the user's is read-only here: a recording with a ``guard`` has
    locked it, and one without has kept copies alone. In a graph that stays ``alive`` any array may be used again, and
    all gradients are copied.
    """
    results = []
    for node in nodes:
        gradient = found.get(node)
        if type(gradient) is ndarray:
            if node.shape == ():
                gradient = gradient[()]
            elif alive or gradient.base is not None or (guard is not None and not gradient.flags.writeable):
                gradient = gradient.copy()
        elif gradient is None:
            gradient = zero_of(node)
        elif isinstance(gradient, Traced) and node.shape == () and _holds_array(gradient):
            gradient = gradient[()]  # type: ignore[index]  # a traced array has operators
        results.append(gradient)
    if len(set(map(id, results))) < len(results):  # x + y gives both the same array
        return [each.copy() if type(each) is ndarray else each for each in results]
    return results


def _holds_array(gradient: Any) -> bool:
    """Whether a traced gradient without axes is an array, where NumPy gives scalars."""
    while isinstance(gradient, Traced):
        gradient = gradient.value
    return type(gradient) is ndarray


def zero_of(node: Node) -> Any:
    """A gradient of zeros."""
    return np.zeros(node.shape or (), gradient_dtype(node.dtype))[()]


def gradient_dtype(dtype: np.dtype[Any] | None) -> np.dtype[Any]:
    """The dtype of a gradient or tangent of a value of ``dtype``: its own; float64 for integers, and for no array.

    >>> gradient_dtype(np.dtype(np.float32)), gradient_dtype(np.dtype(int))
    (dtype('float32'), dtype('float64'))
    """
    return dtype if dtype is not None and dtype.kind in "fc" else np.dtype(np.float64)


def seed_of(output: Traced, what: str) -> Any:
    """Return ∂output/∂output = 1 in the `gradient_dtype` of ``output``.

    Raises `OutputError`, saying ``what`` was asked for, when ``output`` is not a real scalar.
    """
    shape, dtype = output.node.shape, output.node.dtype
    if shape != ():
        raise not_scalar(what, shape)
    if dtype.kind == "c":
        raise not_real(what, dtype)
    return np.ones((), gradient_dtype(dtype))


def _fit(g: Any, parent: Node, node: Node) -> Any:
    """Give a contribution its operand's shape and dtype: undo broadcasting, or name the rule that is wrong."""
    row = node.plan.row
    if type(g) is ndarray and g.dtype is parent.dtype and row is not None and row.elementwise:
        return unbroadcast(g, parent.shape)  # type: ignore[arg-type]  # the usual case: where there is a dtype is a shape
    if g is None:
        if node.shape is not None:  # a call with several outputs may get no g
            raise returned_none(node.plan, list(node.parents).index(parent))
        return None
    if isinstance(g, Bundle):
        if parent.shape is None:
            if row is not None:
                _check_bundle(g, parent, node)
            return g
        g = _only_entry(g, node.plan)
    if parent.shape is None:
        return g  # an object: what its rule returns is its gradient
    g = g if hasattr(g, "dtype") else np.asarray(g)
    if g.dtype.kind not in "biufc":
        raise no_numbers(node.plan, list(node.parents).index(parent), g.dtype)
    if row is not None and not row.elementwise and g.shape != parent.shape:
        raise wrong_shape(node.plan, list(node.parents).index(parent), g.shape, parent.shape)
    return fit(g, parent.shape, parent.dtype)  # type: ignore[arg-type]  # where there is a shape, there is a dtype


def _check_bundle(g: Bundle, parent: Node, node: Node) -> None:
    """Raise `RuleError` unless each operand of a sequence has a gradient of its own shape."""
    for place, entry in zip(parent.kept, parent.parents, strict=True):
        part = g[place]
        if part is not None and not callable(part) and np.shape(part) != entry.shape:
            operand = f"{node.plan.operands[list(node.parents).index(parent)]}[{place}]"
            raise RuleError(
                f"The rule of {node.plan.row.name} for {operand}, whose shape is {entry.shape}, returned a gradient of "
                f"shape {np.shape(part)}. A rule for a sequence returns one gradient for each operand in it, in the "
                f"operand's own shape."
            )


def _only_entry(g: Bundle, plan: Plan) -> Any:
    """The gradient of an operand that may be a sequence, and was one array."""
    assert plan.row is not None
    if len(g) != 1:
        raise RuleError(
            f"The rule of {plan.row.name} for a sequence returned {len(g)} gradients, but the operand was one array. "
            f"Pass it as a sequence, list(t), to {plan.row.name}."
        )
    return g[0]


def not_scalar(what: str, shape: tuple[int, ...]) -> OutputError:
    """The error for an output that has no single gradient, with the three cures."""
    return OutputError(
        f"{what} needs a scalar output, but this one has shape {shape}. Reduce it with .sum() or .mean(), "
        f"take one element of it, or use jacobian (elementwise_grad, if entry i depends on entry i alone)."
    )


def not_real(what: str, dtype: np.dtype[Any]) -> OutputError:
    """The error for a complex output, which no gradient descends."""
    return OutputError(
        f"{what} needs a real scalar output, but this one is {dtype}. Take np.real, np.imag or np.abs of it, "
        f"or use holomorphic_grad."
    )


def wrong_shape(plan: Plan, place: int, shape: tuple[int, ...], expected: tuple[int, ...]) -> RuleError:
    """The error for a rule that returned a gradient of the wrong shape."""
    operand = plan.operands[place]
    return RuleError(
        f"The {_rule(plan, operand)} returned a gradient of shape {shape} where the operand has "
        f"shape {expected}. A rule returns ∂L/∂{operand}, in the operand's own shape."
    )


def no_numbers(plan: Plan, place: int, dtype: np.dtype[Any]) -> RuleError:
    """The error for a rule that returned something else than numbers."""
    operand = plan.operands[place]
    return RuleError(
        f"The {_rule(plan, operand)} returned an array of dtype {dtype}. "
        f"A rule returns ∂L/∂{operand}, an array of numbers."
    )


def returned_none(plan: Plan, place: int) -> RuleError:
    """The error for a rule that returned nothing, as if its operand did not matter."""
    operand = plan.operands[place]
    return RuleError(
        f"The {_rule(plan, operand)} returned None. It must return ∂L/∂{operand}; if there is "
        f"no derivative with respect to {operand}, register {operand}=None in place of a rule."
    )


def _rule(plan: Plan, operand: str) -> str:
    """What an error calls the rule for ``operand``, with the line of a rule that the user wrote."""
    assert plan.row is not None
    place = defined_at(plan.row.rules.get(operand))
    return f"rule of {plan.row.name} for {operand!r}{f' ({place})' if place else ''}"


def explain_rule(error: Exception, plan: Plan | None, g: Any) -> Exception:
    """Add to an error that a rule raised the name of the rule."""
    if isinstance(error, AutogradError) or plan is None or plan.row is None:
        return error
    error.add_note(
        f"autograd: raised by a rule of {plan.row.name} (for {' or '.join(plan.operands)}), "
        f"given a gradient of shape {np.shape(g)}."
    )
    return error
