"""Forward mode: a recording in which every value carries its tangent, read from the same table of derivatives.

Let x move along a tangent ẋ. Then out = f(x) moves along ∂f·ẋ, and a row of the table tells how to get it:

- an elementwise function multiplies entry by entry, and so does its rule: ``rule(x_dot)`` is the tangent, summed over
  the operands. (The rule of f: ℝ → ℂ or ℂ → ℝ gives it up to the part that the output cannot have; `fit` drops that.)
- a linear function moves as itself: ``f(x_dot)``.
- for any other, the rule is the transposed Jacobian, g ↦ Jᵀg. It is linear in g, so it is recorded on a cotangent of
  zeros, and a sweep through that recording transposes it once more: ẋ ↦ Jẋ.
  (J. Townsend, "A new trick for calculating Jacobian vector products", 2017.)

So there is no second table. A trace of this kind keeps nothing but the tangents that are still in use.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.errors import ArgumentError, RuleError, explain, with_article
from autograd.graph import Bundle, Traced
from autograd.recording import GradientTrace, Recording, as_number, dtype_of, next_level, wrap
from autograd.rules import Plan, Row
from autograd.shapes import fit
from autograd.sweep import explain_rule, no_numbers, sweep, wrong_shape
from autograd.tensor import Tensor
from autograd.trees import LEAF, flatten, rebuild

__all__ = ["TangentTrace"]


class TangentTensor(Tensor):
    """A tensor whose ``node`` is its tangent."""

    __slots__ = ()


class TangentTrace(Recording):
    """A recording that pushes tangents forward."""

    __slots__ = ("level",)

    kind = TangentTensor

    def __init__(self) -> None:
        self.level = next_level()

    def leaf(self, value: Any, tangent: Any = None) -> Any:
        """Return ``value`` as an input that moves along ``tangent``; `ArgumentError` when it holds no numbers."""
        number = as_number(value)
        if number is None:
            raise ArgumentError(
                f"{with_article(type(value), capital=True)} cannot be differentiated. Pass numbers and arrays."
            )
        return wrap(number, tangent, self)

    def record(self, row: Row, operands: Any, parameters: dict[str, Any]) -> Any:
        """Call the function on the values, and push the tangents of the operands forward to its output."""
        moving = [_unwrap(operand, self) for operand in operands]
        values = [value for value, _ in moving]
        tangents = [tangent for _, tangent in moving]
        try:
            out = row.call(values, parameters)
        except Exception as error:
            raise explain(error, row, values) from error
        plan = row.plan(sum(1 << i for i, tangent in enumerate(tangents) if tangent is not None))
        if plan is None:
            return out
        outs, structure = flatten(out)
        if row.push is not None:
            dots = _pushed(row, tangents, out, values, parameters)
        elif row.linear and not row.elementwise:
            dots = flatten(_push_linear(row, values, tangents, parameters))[0]
        else:
            kept = plan.keep(values, out, parameters, _as_it_is)
            wanted = [tangents[row.operands.index(operand)] for operand in plan.operands]
            if row.elementwise and structure is LEAF:
                dots = [_push_elementwise(plan, kept, wanted, np.shape(out))]
            else:
                dots = _push_transposed(plan, kept, wanted, outs)
        return rebuild(structure, [self._moving(part, dot) for part, dot in zip(outs, dots, strict=True)])

    def _moving(self, out: Any, dot: Any) -> Any:
        """``out`` with its tangent; as it is when it takes values that cannot move (integers, bools)."""
        dtype = dtype_of(out)
        dot = dot if hasattr(dot, "dtype") else np.asarray(dot)  # functions may give Python numbers
        return wrap(out, fit(dot, np.shape(out), dtype), self) if dtype.kind in "fc" else out

    def decide(self, value: Any, what: str) -> Any:
        """Return the value that Python wants to branch on: the derivative is that of the branch taken."""
        return value


def _unwrap(operand: Any, trace: TangentTrace) -> tuple[Any, Any]:
    """An operand's value and its tangent, None when it stands still (for a tree: a list, one entry per leaf)."""
    leaves, structure = flatten(operand)
    moving = [isinstance(leaf, Traced) and leaf.recording is trace for leaf in leaves]
    if not any(moving):
        return operand, None
    tangents = [leaf.node if moves else None for leaf, moves in zip(leaves, moving, strict=True)]
    values = [leaf.value if moves else leaf for leaf, moves in zip(leaves, moving, strict=True)]
    return rebuild(structure, values), tangents[0] if structure is LEAF else tangents


def _as_it_is(constant: Any) -> Any:
    return constant  # used at once: there is no later write to be safe from


def _pushed(row: Row, tangents: list[Any], out: Any, values: list[Any], parameters: dict[str, Any]) -> list[Any]:
    """The tangents that a row gives by itself, each of the shape of its output."""
    assert row.push is not None
    dots, structure = flatten(row.push(tangents, out, values, parameters))
    outs, expected = flatten(out)
    shapes, right = list(map(np.shape, dots)), list(map(np.shape, outs))
    if structure != expected or shapes != right:
        raise RuleError(
            f"The tangent of {row.name} has shape {', '.join(map(str, shapes))} where the output has shape "
            f"{', '.join(map(str, right))}. A rule of forward mode returns ∂out · ẋ, a tree like the output."
        )
    return dots


def _push_elementwise(plan: Plan, kept: tuple[Any, ...], tangents: list[Any], shape: tuple[int, ...]) -> Any:
    """Σ rule(ẋ) over the operands: what multiplies a cotangent entry by entry multiplies a tangent alike."""
    total: Any = None
    for place, tangent in enumerate(tangents):
        if tangent.shape != shape:
            tangent = np.broadcast_to(tangent, shape)
        part = _pull(plan, tangent, kept)[place]
        total = part if total is None else total + part
    return total


def _push_linear(row: Row, values: list[Any], tangents: list[Any], parameters: dict[str, Any]) -> Any:
    """f(ẋ): operands that stand still have the tangent 0, and those without a rule (an index) stay as they are."""
    dots = []
    for operand, value, tangent in zip(row.operands, values, tangents, strict=False):
        if row.rules[operand] is None:
            dots.append(value)
        elif isinstance(tangent, list) or (tangent is None and row.operands.index(operand) in row.trees):
            leaves, structure = flatten(value)
            parts = tangent if tangent is not None else [None] * len(leaves)
            dots.append(rebuild(structure, [_or_zero(v, t) for v, t in zip(leaves, parts, strict=True)]))
        else:
            dots.append(_or_zero(value, tangent))
    return row.call(dots, {name: value for name, value in parameters.items() if name != "initial"})


def _or_zero(value: Any, tangent: Any) -> Any:
    return tangent if tangent is not None or value is None else np.zeros(np.shape(value), dtype_of(value))


def _push_transposed(plan: Plan, kept: tuple[Any, ...], tangents: list[Any], outs: list[Any]) -> list[Any]:
    """Jẋ for each output, by transposing the rule g ↦ Jᵀg."""
    trace = GradientTrace(Tensor)
    with np.errstate(all="ignore"):  # the rule is only recorded here: the numbers are zeros
        cotangents = [trace.leaf(np.zeros(np.shape(out), dtype_of(out))) for out in outs]
        pulled = _pull(plan, cotangents[0] if len(outs) == 1 else Bundle(cotangents), kept)
        triples = [(place, *pair) for place, pull in enumerate(pulled) for pair in _pairs(pull, tangents[place])]
    nodes = [cotangent.node for cotangent in cotangents]
    dots: list[Any] = [None] * len(outs)
    for place, pull, tangent in triples:
        if np.shape(pull) != tangent.shape and not plan.row.elementwise:  # whose broadcasting is undone below
            raise wrong_shape(plan, place, np.shape(pull), tangent.shape)
        pull = pull if hasattr(pull, "dtype") else np.asarray(pull)
        if pull.dtype.kind not in "biufc":
            raise no_numbers(plan, place, pull.dtype)
        pull = fit(pull, tangent.shape, tangent.dtype)
        if isinstance(pull, Traced) and pull.recording is trace:
            found = sweep(pull.node, tangent, nodes)
            for i, node in enumerate(nodes):
                if node in found:
                    dots[i] = found[node] if dots[i] is None else dots[i] + found[node]
    return [_or_zero(out, dot) for out, dot in zip(outs, dots, strict=True)]


def _pull(plan: Plan, g: Any, kept: tuple[Any, ...]) -> Any:
    try:
        return plan.pull(g, kept)
    except Exception as error:
        raise explain_rule(error, plan, g) from error


def _pairs(pull: Any, tangent: Any) -> list[tuple[Any, Any]]:
    """What a rule pulled back with the tangent of the same operand; for a tree of operands, leaf by leaf."""
    if not isinstance(tangent, list):
        return [] if pull is None else [(pull, tangent)]
    parts = [(p, t) for p, t in zip(pull, tangent, strict=True) if p is not None and t is not None]
    return [(p() if callable(p) else p, t) for p, t in parts]
