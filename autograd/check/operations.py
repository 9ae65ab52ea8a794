"""The operation that is to blame: every recorded call is checked by itself, in the order it ran."""

from __future__ import annotations

import linecache
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.check import engine
from autograd.check.directions import natural_steps, unit
from autograd.check.finding import Finding
from autograd.check.oracle import Line
from autograd.check.problem import OUTSIDE, Problem, Vector, is_floating
from autograd.errors import AutogradError
from autograd.graph import Traced
from autograd.places import Place, caller_frame, defined_at, place_of
from autograd.recording import GradientTrace
from autograd.rules import Row
from autograd.shapes import stretched_axes
from autograd.tensor import Tensor
from autograd.trees import flatten, leaves_with_paths, rebuild

#: An entry with more copies than this is not looked at: every copy would be measured.
COPIES = 64

#: Calls that drop a part of what was computed.
CHOICES = ("where", "select", "choose", "piecewise")


@dataclass(frozen=True)
class Call:
    """One recorded call: its row, the plain values of its operands, which of their leaves were traced, and where."""

    row: Row
    operands: list[Any]
    traced: list[bool]
    parameters: dict[str, Any]
    place: Place | None

    @property
    def source(self) -> str:
        """The user's line, with its text where it is known."""
        return "" if self.place is None else _written(self.place)

    def rule_of(self, path: str) -> str:
        """The line at which the rule for the operand that ``path`` starts with begins; "" for rules of the library."""
        rule = next((rule for name, rule in self.row.rules.items() if re.match(rf"{name}\b", path)), None)
        place = defined_at(rule)
        return "" if place is None else _written(place)

    @property
    def name(self) -> str:
        """What the user calls the function."""
        return self.row.name

    def problem(self, seed: int) -> Problem | None:
        """The question whether this call alone is differentiated rightly; None when no floats go in."""
        leaves, structure = flatten(self.operands)
        places = [i for i, on in enumerate(self.traced) if on and is_floating(leaves[i])]
        if not places:
            return None

        def function(*inputs: Any) -> Any:
            filled = list(leaves)
            for place, leaf in zip(places, inputs, strict=True):
                filled[place] = leaf
            return self.row.call(rebuild(structure, filled), self.parameters)

        paths = [path for i, (path, _) in enumerate(self._named()) if i in places]
        return Problem(function, [leaves[i] for i in places], paths, self.name, seed)

    def _named(self) -> list[tuple[str, Any]]:
        """The leaves of the operands, called as the row of the table calls them."""
        names = zip(self.row.operands, self.operands, strict=False)
        return [pair for name, operand in names for pair in leaves_with_paths(operand, name)]


def _written(place: Place) -> str:
    text = linecache.getline(place.file, place.line).strip()
    return f"{place}: {text}" if text else str(place)


class _Watched(Tensor):
    """A tensor of a witness."""

    __slots__ = ()


class _Witness(GradientTrace):
    """A gradient trace that also remembers the values of every call and the user's line."""

    __slots__ = ("calls",)

    def __init__(self) -> None:
        super().__init__(_Watched)
        self.calls: list[Call] = []

    def record(self, row: Row, operands: Any, parameters: dict[str, Any]) -> Any:
        leaves, structure = flatten(list(operands))
        mine = [isinstance(leaf, Traced) and leaf.recording is self for leaf in leaves]
        values = [leaf.value if own else leaf for leaf, own in zip(leaves, mine, strict=True)]
        self.calls.append(Call(row, rebuild(structure, values), mine, dict(parameters), user_place()))
        return super().record(row, operands, parameters)

    def learn(self, *call: Any) -> None:
        """Calls of this trace never go a short road, which leads past `record`."""


def recorded_calls(problem: Problem, as_given: bool = False) -> list[Call]:
    """Every call that ``problem`` makes on a differentiated value, in the order of time, in float64 or ``as_given``."""
    trace = _Witness()
    with engine.quiet():
        problem.function(*[trace.leaf(leaf) for leaf in (problem.given if as_given else problem.leaves)])
    if trace.guard:
        trace.guard.release()
    return trace.calls


def first_wrong(problem: Problem, is_wrong: Callable[[Problem], bool], as_given: bool = False) -> Call | None:
    """Return the first recorded call whose own derivative ``is_wrong``, or None when each is right by itself."""
    for call in recorded_calls(problem, as_given):
        if call.row.constant:
            continue
        try:
            local = call.problem(problem.seed)
            if local is not None and is_wrong(local):
                return call
        except (AutogradError, *OUTSIDE):
            continue  # a call that cannot be repeated by itself cannot be blamed
    return None


def chooses(problem: Problem) -> bool:
    """Whether the function chooses between results by a mask: it selects, or multiplies by zeros."""
    calls = recorded_calls(problem)
    return any(
        call.row.name in CHOICES
        or (call.row.name == "multiply" and any(np.any(np.equal(x, 0)) for x in call.operands if is_floating(x)))
        for call in calls
    )


def user_place() -> Place | None:
    """The user's line that runs now."""
    frame = caller_frame()
    return None if frame is None else place_of(frame)


def broadcast_fault(call: Call, finding: Finding) -> str:
    """The diagnosis of an operand that was stretched to the output's shape, and its gradient not summed back.

    The operand is stretched beforehand, so that every copy of the entry gets a slope of its own: the gradient should
    be their sum. It is blamed for being one of them, or their mean.
    """
    problem = finding.problem
    if finding.place is None:
        return ""
    leaf = problem.leaf_of(finding.place)
    shape, out = problem.shapes[leaf], np.shape(call.row.call(call.operands, call.parameters))
    if problem.complex[leaf] or shape == out or not _stretches(shape, out):
        return ""
    if math.prod(out) > COPIES * math.prod(shape):
        return ""
    slopes = _slopes_of_copies(problem, finding.place, out)
    axes = stretched_axes(shape, out)
    which = f"axis {axes[0]}" if len(axes) == 1 else f"axes {axes}"
    fact = f"{problem.paths[leaf]} of shape {shape} is stretched to {out}"
    if np.any(np.isclose(slopes, finding.analytic, rtol=1e-4, atol=0)):
        return f"a missing sum over a broadcast axis: {fact}, so its gradient is the sum over {which}, not one of them"
    if np.isclose(np.mean(slopes), finding.analytic, rtol=1e-4, atol=0):
        return f"a mean where the sum belongs: {fact}, so its gradient is the sum over {which}, not the mean"
    return ""


def _slopes_of_copies(problem: Problem, place: int, out: tuple[int, ...]) -> Vector:
    """The slope in each copy of the entry ``place``, when its leaf is stretched to ``out`` beforehand."""
    leaf = problem.leaf_of(place)
    leaves = [np.broadcast_to(x, out) if k == leaf else x for k, x in enumerate(problem.leaves)]
    stretched = Problem(problem.function, leaves, problem.paths, problem.name, problem.seed)
    marks = np.zeros(problem.shapes[leaf])
    marks[problem.index_of(place)] = 1.0
    copies = np.flatnonzero(np.broadcast_to(marks, out)) + stretched.starts[leaf]
    return np.array([_slope(stretched, int(copy)) for copy in copies])


def _stretches(shape: tuple[int, ...], out: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, out) == out
    except ValueError:
        return False


def _slope(problem: Problem, place: int) -> float:
    line = Line(problem, unit(problem, place, natural_steps(problem)[place]), np.zeros(problem.size))
    return line.central(line.exponent, 3).value / float(line.direction[place])
