"""The verdict at one point: right, wrong, or cannot be judged here.

One random direction settles the ordinary case. Only when the engine and the oracle differ does the judge look closer:
is the function impure, is the difference rounding, which entry is it, is there a kink? "Wrong" is said of one entry,
and only when real differences at that entry exclude the engine's value. At a kink any value between the one-sided
slopes is accepted, and the question is asked again at a point nearby, where the kink is out of reach.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from autograd.check.directions import natural_steps, own_steps, random_direction, unit
from autograd.check.finding import RIGHT, UNCLEAR, WRONG, Finding, Settings, scaled
from autograd.check.localise import bisect
from autograd.check.operations import first_wrong
from autograd.check.oracle import COMPLEX_STEP, Estimate, Line, around, best, both_sides, measure
from autograd.check.problem import Problem, Vector, spread_signs
from autograd.errors import AutogradError

#: Why no oracle can see the slope.
ROUGH = "rounding noise in the function is as large as its slope"

#: A redrawn point is this share of the natural step away: farther than the first stencil reaches.
REDRAW = 2.0**-4

#: A slope below this share of the function is zero to working precision: 64 units in the last place.
VISIBLE = 0.1 * 64 * 2.0**-52

#: Differences of this share of the function that no real difference confirms are rounding in the function itself.
ROUNDING = 4096 * 2.0**-52

#: The evaluations that a right gradient may cost in the ordinary case.
AFFORDABLE = 8

#: So many points around a kink are asked for their slopes.
NEIGHBOURS = 24

#: Why no oracle can see the slope of a function that is nearly singular.
SHARP = "the function bends so sharply here that steps small enough to follow it are too imprecise"

#: So near a point, measured in natural steps, a smooth slope is still what it is there.
NEAR = 2.0**-20

#: With so many entries, a direction more would say little and cost much.
LARGE = 100_000


def judge(problem: Problem, settings: Settings) -> Finding:
    """Return the verdict on the gradient of ``problem`` at its point."""
    if not math.isfinite(problem.value):
        return Finding(UNCLEAR, "the output is not finite at this point", problem)
    recorded, gradient = problem.gradient()
    doubt = _other_value(problem, recorded)
    if doubt is not None:
        return replace(doubt, gradient=gradient)
    if not np.all(np.isfinite(gradient)):
        return _not_finite(problem, gradient)
    return _Judge(problem, gradient, settings).verdict()


def _other_value(problem: Problem, recorded: float) -> Finding | None:
    """A finding when the recorded value is not the plain one: an impure function, or a recording that differs."""
    if abs(recorded - problem.value) <= (1e-10 + 64 * problem.eps) * problem.scale:
        return None
    again = problem.along(0.0, np.zeros(problem.size))
    if again != problem.value:
        return _impure(problem, again)
    reason = f"the function returns {problem.value:.10g} on arrays, but {recorded:.10g} while it is recorded"
    return Finding(WRONG, reason, problem)


def _impure(problem: Problem, again: float) -> Finding:
    reason = (
        f"the function is random or keeps a state: two calls with the same arguments gave {problem.value:.10g} and "
        f"{again:.10g}. Seed it inside, or pass the random numbers as an argument"
    )
    return Finding(UNCLEAR, reason, problem)


def _not_finite(problem: Problem, gradient: Vector) -> Finding:
    """An infinite or undefined entry is wrong where differences find an ordinary slope."""
    place = int(np.flatnonzero(~np.isfinite(gradient))[0])
    step = natural_steps(problem)[place]
    estimate = both_sides(Line(problem, unit(problem, place, step), np.zeros(problem.size)))
    evidence: dict[str, Any] = {"gradient": gradient, "place": place, "analytic": float(gradient[place])}
    measured = scaled(estimate, step)
    if estimate.is_kink or not estimate.error <= 1e-3 * abs(estimate.value) + 1e-6 * problem.scale:
        reason = "the gradient is not finite here, and differences find no ordinary slope either"
        return Finding(UNCLEAR, reason, problem, estimate=measured, **evidence)
    reason = "the gradient is not finite where the function has an ordinary slope"
    return Finding(WRONG, reason, problem, estimate=measured, tolerance=4 * measured.error, **evidence)


class _Judge:
    """The judgement of a finite gradient."""

    def __init__(self, problem: Problem, gradient: Vector, settings: Settings) -> None:
        self.problem = problem
        self.gradient = gradient
        self.settings = settings
        self.rng = np.random.default_rng([problem.seed, 2])
        self.steps = natural_steps(problem)
        self.spent = problem.cost.evaluations - 1

    def finding(self, verdict: str, reason: str = "", **evidence: Any) -> Finding:
        evidence = {"direction": self.line.direction, **evidence}
        return Finding(verdict, reason, self.problem, self.gradient, **evidence)

    def verdict(self) -> Finding:
        finding = self.forward_alone() if self.settings.mode == "forward" else None
        if finding is not None:
            return finding
        finding = self.reverse()
        here = finding.problem is self.problem  # a point nearby has been judged in both modes already
        if finding.verdict == RIGHT and self.settings.mode != "reverse" and here:
            return self._forward_where_possible(finding)
        return finding

    # Reverse mode

    def reverse(self) -> Finding:
        """Judge the gradient along random directions, then, if need be, entry by entry."""
        finding: Finding | None = None
        self.line = Line(self.problem, self._direction(), self.gradient)
        estimate = self.measure(self.line, self.line.analytic)
        if not math.isfinite(estimate.error):
            self.steps = own_steps(self.problem)
            self.line = Line(self.problem, self._direction(), self.gradient)
            estimate = self.measure(self.line, self.line.analytic)
        for line, measured in self._all_directions(estimate):
            finding = self.compare(line, measured)
            if finding.verdict != RIGHT:
                break
        assert finding is not None
        return finding

    def compare(self, line: Line, estimate: Estimate) -> Finding:
        tolerance = self.settings.tolerance(estimate, line.gross)
        evidence: dict[str, Any] = {"analytic": line.analytic, "estimate": estimate, "tolerance": tolerance}
        evidence["direction"] = line.direction
        if not estimate.distance(line.analytic) <= tolerance:
            return self.suspect(line, estimate)
        if tolerance > 0.1 * line.gross > VISIBLE * self.problem.scale:
            return self.finding(UNCLEAR, ROUGH, **evidence)
        if self.settings.rtol is not None and estimate.error > tolerance:
            return self.finding(UNCLEAR, "no oracle is as precise as the tolerance that was asked for", **evidence)
        return self.finding(RIGHT, **evidence)

    def _all_directions(self, first: Estimate) -> Iterator[tuple[Line, Estimate]]:
        """The measured direction, then more: a second one is cheap where the complex step is valid."""
        yield self.line, first
        exact = first.oracle == COMPLEX_STEP
        cheap = exact and self.problem.cost.evaluations - self.spent < AFFORDABLE and self.problem.size < LARGE
        for _ in range(1, self.settings.directions or (2 if cheap else 1)):
            line = Line(self.problem, self._direction(), self.gradient)
            if exact:
                slope = self.problem.complex_step(line.direction)
                yield line, Estimate(slope, slope, first.error, COMPLEX_STEP)
            else:
                yield line, self.measure(line, line.analytic)

    def _direction(self) -> Vector:
        return random_direction(self.problem, self.steps, self.gradient, self.rng)

    def measure(self, line: Line, analytic: float) -> Estimate:
        def agrees(estimate: Estimate) -> bool:
            return estimate.distance(analytic) <= self.settings.tolerance(estimate, line.gross)

        return measure(line, agrees)

    # When the engine and the oracle differ

    def suspect(self, line: Line, estimate: Estimate) -> Finding:
        """Look closer: impure, out of the domain, rounding, or one entry that is off."""
        again = self.problem.along(0.0, line.direction)
        if again != self.problem.value:
            return _impure(self.problem, again)
        if self._is_rounding(line, estimate):
            gap = abs(line.analytic - estimate.value)
            reason = "as right as the condition of the function at this point allows"
            return self.finding(RIGHT, reason, analytic=line.analytic, estimate=estimate, tolerance=gap)
        place = bisect(line.direction, lambda block: self._excess(block, estimate))
        return self.unsettled(line, estimate) if place is None else self.entry(place, line, estimate)

    def _is_rounding(self, line: Line, estimate: Estimate) -> bool:
        """Whether moving x by a few units in its last place moves both slopes as far apart as they are.

        The complex step and the engine's gradient have rounding errors that nobody can see from outside, except so.
        """
        gap = abs(line.analytic - estimate.value)
        if estimate.oracle != COMPLEX_STEP or gap > 1e-6 * line.gross:
            return False
        nudge = 4 * np.finfo(float).eps * own_steps(self.problem) * spread_signs(self.rng, (self.problem.size,))
        there = self.problem.moved_to(1.0, nudge)
        moved = abs(there.complex_step(line.direction) - estimate.value)
        moved += abs(float(np.sum(there.gradient()[1] * line.direction)) - line.analytic)
        return gap <= 4 * moved

    def _excess(self, block: Vector, estimate: Estimate, answer: float | None = None) -> float:
        line = Line(self.problem, block, self.gradient)
        analytic = line.analytic if answer is None else answer
        measured = self._quick(line, analytic, estimate)
        tolerance = self.settings.tolerance(measured, line.gross)
        gap = measured.distance(analytic)
        return gap / tolerance if gap > 0 and tolerance > 0 else math.inf if gap > 0 else 0.0

    def _quick(self, line: Line, analytic: float, estimate: Estimate) -> Estimate:
        """The slope by the oracle that gave ``estimate``."""
        if estimate.oracle == COMPLEX_STEP:
            slope = self.problem.complex_step(line.direction)
            return Estimate(slope, slope, estimate.error, COMPLEX_STEP)
        return self.measure(line, analytic)

    def entry(self, place: int, whole: Line, estimate: Estimate) -> Finding:
        """Judge one entry by real differences: wrong, at a kink, or nothing that they can see."""
        line = Line(self.problem, unit(self.problem, place, self.steps[place]), self.gradient)
        real = both_sides(line)
        quick = self._quick(line, line.analytic, estimate)
        tolerance = self.settings.tolerance(real, line.gross)
        if real.is_kink and real.distance(line.analytic) > tolerance:
            real = self._around(line, real)
        elif real.distance(line.analytic) > max(tolerance, 1e-3 * line.gross, 8 * line.noise(NEAR / 64)):
            near = self._around(line, real, NEAR)  # of three entries that tie for the median, none moves it alone
            real = near if near.distance(line.analytic) <= tolerance else real
        if real.distance(line.analytic) > tolerance and real.error <= 0.1 * real.distance(line.analytic):
            rough = not real.is_kink and real.distance(line.analytic) <= line.roughness()
            if rough or line.bends_to(line.analytic, real):
                evidence = {"analytic": line.analytic, "estimate": real, "direction": line.direction}
                return self.finding(UNCLEAR, ROUGH if rough else SHARP, **evidence)
            sharp = quick if real.distance(quick.value) <= tolerance and not real.is_kink else real
            return self.wrong(place, line, sharp)
        if real.is_kink or not math.isfinite(real.error):
            return self.off_together() or self.redraw(whole, estimate, at_kink=True)
        if quick.oracle == COMPLEX_STEP and real.distance(quick.value) > tolerance:
            return self._without_complex_step()
        return self.unsettled(whole, estimate)

    def unsettled(self, line: Line, estimate: Estimate) -> Finding:
        """No entry is off by more than real differences can see: rounding of the function, or kinks in the stencil."""
        gap = abs(line.analytic - estimate.value)
        if gap <= ROUNDING * self.problem.scale:
            evidence = {"analytic": line.analytic, "estimate": estimate, "tolerance": gap}
            return self.finding(RIGHT, "right but for rounding in the function itself", **evidence)
        return self.redraw(line, estimate)

    def wrong(self, place: int, line: Line, estimate: Estimate, mode: str = "reverse") -> Finding:
        step = self.steps[place]
        measured = scaled(estimate, step)
        tolerance = self.settings.tolerance(estimate, line.gross) / step
        analytic = line.analytic / step
        reason = "the gradient is not the slope of the function"
        if estimate.is_kink and self._all_rules_right():
            return self.redraw(line, estimate)
        if estimate.is_kink:
            reason = "there is a kink here, and the gradient is not between the slopes around it"
        return self.finding(
            WRONG, reason, place=place, analytic=analytic, estimate=measured, tolerance=tolerance, mode=mode
        )

    def _without_complex_step(self) -> Finding:
        """Judge again by real differences alone: the complex step has turned out to be wrong at an entry."""
        line = Line(self.problem, self.line.direction, self.gradient)
        estimate = best([line.central(line.exponent + shift, 3) for shift in (0, 4, 8, -3)])
        finding = self.compare_real(line, estimate)
        return finding if finding is not None else self.redraw(line, estimate)

    def compare_real(self, line: Line, estimate: Estimate) -> Finding | None:
        tolerance = self.settings.tolerance(estimate, line.gross)
        if estimate.distance(line.analytic) <= tolerance:
            return self.finding(RIGHT, analytic=line.analytic, estimate=estimate, tolerance=tolerance)
        place = bisect(line.direction, lambda block: self._excess(block, estimate))
        return None if place is None else self.entry(place, line, estimate)

    # Kinks

    def _around(self, line: Line, kink: Estimate, reach: float = 2.0**-12) -> Estimate:
        signs = [spread_signs(self.rng, (self.problem.size,)) for _ in range(NEIGHBOURS)]
        return around(line, kink, [self.steps * sign for sign in signs], reach)

    def off_together(self) -> Finding | None:
        """A finding when the slopes of single entries are possible, but not all of them at once.

        Each of two entries that tie for a maximum may have the slope 1, but only one of them. Moved alike they stay
        tied, and the slope along that direction is the sum of theirs.
        """
        line = Line(self.problem, np.full(self.problem.size, np.min(self.steps)), self.gradient)
        estimate = self._around(line, both_sides(line))
        distance, tolerance = estimate.distance(line.analytic), self.settings.tolerance(estimate, line.gross)
        if not distance > max(tolerance, 10 * estimate.error, line.roughness()):
            return None
        if self._all_rules_right():
            return None
        evidence: dict[str, Any] = {"analytic": line.analytic, "estimate": estimate, "tolerance": tolerance}
        reason = "there is a kink here, and the slopes of the entries do not add up to that of all moved alike"
        return self.finding(WRONG, reason, direction=line.direction, **evidence)

    def _all_rules_right(self) -> bool:
        """Whether every call is right by itself: slopes chosen at kinks need not be the slope of what they make up.

        So it is where all inputs of a layer are 0. A lost gradient looks the same here, but not at a point nearby.
        """
        once = replace(self.settings, redraws=0)
        return self.settings.redraws > 0 and not first_wrong(
            self.problem, lambda call: judge(call, once).verdict == WRONG
        )

    def redraw(self, line: Line, estimate: Estimate, at_kink: bool = False) -> Finding:
        """Ask the same question at a point nearby."""
        kink = at_kink or line.has_kink(2.0**-line.exponent)
        why = "there is a kink at this point" if kink else "the oracles do not agree within their errors here"
        if self.settings.redraws == 0:
            evidence = {"analytic": line.analytic, "estimate": estimate}
            return self.finding(UNCLEAR, f"{why}, and at the points nearby", **evidence)
        signs = spread_signs(self.rng, (self.problem.size,))
        there = self.problem.moved_to(REDRAW, self.steps * signs)
        if not math.isfinite(there.value):
            there = self.problem.moved_to(REDRAW, own_steps(self.problem) * signs)
        if not math.isfinite(there.value):
            return self.finding(UNCLEAR, f"{why}, and nearby the output is not finite", analytic=line.analytic)
        there.seed += 1
        finding = judge(there, replace(self.settings, redraws=self.settings.redraws - 1))
        if finding.verdict == RIGHT:
            here = "the gradient lies between its slopes, and " if at_kink else "the gradient "
            return replace(finding, reason=f"{why}; {here}is right at a point nearby")
        if finding.verdict == WRONG:
            return replace(finding, reason=f"{why}; at a point nearby {finding.reason}")
        return replace(finding, problem=self.problem)

    # Forward mode

    def forward_alone(self) -> Finding | None:
        """The finding when the forward sweep is right by itself; None when a closer look is needed."""
        self.line = Line(self.problem, self._direction(), self.gradient)
        slope = self.problem.slope_forward(self.line.direction)
        estimate = self.measure(self.line, slope)
        tolerance = self.settings.tolerance(estimate, self.line.gross)
        if not estimate.distance(slope) <= tolerance or tolerance > 0.1 * self.line.gross:
            return None
        return self.finding(RIGHT, analytic=slope, estimate=estimate, tolerance=tolerance, mode="forward")

    def _forward_where_possible(self, finding: Finding) -> Finding:
        """Judge the forward mode too, unless nobody asked for it and a rule does not support it."""
        try:
            return self.forward(finding)
        except AutogradError as error:
            if self.settings.mode == "forward":
                raise
            skipped = f"the forward mode was not checked, since it raises {type(error).__name__}"
            return replace(finding, reason="; ".join(filter(None, [finding.reason, skipped])))

    def forward(self, finding: Finding) -> Finding:
        """Judge the forward sweep along the direction in which the gradient was right."""
        slope = self.problem.slope_forward(self.line.direction)
        tolerance = self.settings.tolerance(finding.estimate, self.line.gross)
        if abs(slope - self.line.analytic) <= 2 * tolerance:
            return replace(finding, mode="reverse and forward")

        def excess(block: Vector) -> float:
            expected = Line(self.problem, block, self.gradient)
            allowed = self.settings.tolerance(finding.estimate, expected.gross)
            return abs(self.problem.slope_forward(block) - expected.analytic) / max(allowed, 1e-300)

        place = bisect(self.line.direction, excess)
        reason = "the forward mode does not give the slope of the function, though the reverse mode does"
        if place is None:
            return self.finding(
                WRONG, reason, analytic=slope, estimate=finding.estimate, tolerance=tolerance, mode="forward"
            )
        step = self.steps[place]
        value = float(self.gradient[place])
        measured = Estimate(value, value, finding.estimate.error / step, "reverse mode, confirmed along a direction")
        analytic = self.problem.slope_forward(unit(self.problem, place, step)) / step
        return self.finding(
            WRONG, reason, place=place, analytic=analytic, estimate=measured, tolerance=tolerance / step, mode="forward"
        )
