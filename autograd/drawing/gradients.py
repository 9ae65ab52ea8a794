"""Gradients for a picture: every intermediate's, and what flows back along every single use.

The program is differentiated equation by equation, from the last to the first: ``pulled back`` along one call is a
vector-Jacobian product of that call alone, computed by the engine's own rules. Their sum over the uses of a variable,
in the order in which the sweep adds them, is its gradient.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.drawing.numbers import as_plain
from autograd.errors import ArgumentError
from autograd.graph import new_leaf
from autograd.program import Equation, Program, Variable, apply
from autograd.recording import GradientTrace, wrap
from autograd.sweep import not_scalar, sweep
from autograd.tensor import Tensor
from autograd.transforms.gradient import one_like
from autograd.trees import flatten, map_tree


@dataclass(slots=True)
class Flow:
    """The gradient of each variable, and per equation (by place) of each use, in the order of `Equation.uses`."""

    variables: dict[Variable, Any] = field(default_factory=dict)
    uses: dict[int, list[Any]] = field(default_factory=dict)


def flow_back(program: Program) -> Flow:
    """Return the gradients of the scalar output of ``program`` at the values of its trace.

    Raises `OutputError` when the output is not a scalar, `MissingDerivativeError` where a call has no rule.
    """
    output, seed = _seed(program)
    flow = Flow({output: seed})
    for place in range(len(program.equations) - 1, -1, -1):
        equation = program.equations[place]
        arrived = [flow.variables.get(variable) for variable in equation.outputs]
        if all(g is None for g in arrived):
            continue
        found = pull(equation, program.values, arrived)
        flow.uses[place] = found
        for (_, variable), g in zip(equation.uses(), found, strict=True):
            if g is not None:
                before = flow.variables.get(variable)
                flow.variables[variable] = g if before is None else before + g
    return flow


def _seed(program: Program) -> tuple[Variable, Any]:
    leaves = [leaf for leaf in flatten(program.outputs)[0] if type(leaf) is Variable]
    if len(leaves) != 1:
        raise ArgumentError(
            f"{program.name} returns {len(leaves)} values that depend on its inputs; a picture with gradients needs "
            f"one scalar. Return the loss alone, or draw without gradients."
        )
    value = program.values[leaves[0].index]
    if np.size(value) != 1:
        raise not_scalar(f"draw(…, gradients=True) of {program.name}", np.shape(value))
    return leaves[0], one_like(np.asarray(as_plain(value), np.result_type(as_plain(value), np.float16)))[()]


def pull(equation: Equation, values: list[Any], arrived: list[Any]) -> list[Any]:
    """Return what flows back along each use in ``equation`` when ``arrived`` reaches its outputs."""
    recording = GradientTrace(Tensor)
    uses: list[Any] = []

    def leaf_of(operand: Any) -> Any:
        if type(operand) is not Variable:
            return operand
        node = new_leaf(operand.shape, operand.dtype)
        uses.append(node)
        value = values[operand.index]
        return value if operand.dtype.kind == "b" else wrap(value, node, recording)  # integers stay integers: indices

    operands = [map_tree(leaf_of, operand) for operand in equation.operands]
    parameters = map_tree(lambda leaf: values[leaf.index] if type(leaf) is Variable else leaf, equation.parameters)
    out = apply(equation.function, operands, parameters)
    found: dict[Any, Any] = {}
    for part, g in zip(flatten(out)[0], arrived, strict=True):
        if isinstance(part, Tensor) and part.recording is recording and g is not None:
            for node, gradient in sweep(part.node, g, uses).items():
                found[node] = gradient if node not in found else found[node] + gradient
    if recording.guard:
        recording.guard.release()
    in_parameters = len(list(equation.uses())) - len(uses)
    return [found.get(node) for node in uses] + [None] * in_parameters
