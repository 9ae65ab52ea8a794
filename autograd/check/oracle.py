"""Slopes measured without the engine, each with its own error.

Three oracles measure the slope of φ(t) = L(x + t u) at t = 0:

- the *complex step* Im φ(ih)/h has no subtraction, so it is exact to rounding, also next to a kink. But it is silently
  wrong for abs, conj, norm, var and others, so it counts only where a real difference agrees;
- *Richardson*: central differences at steps t, t/2, t/4, extrapolated to t = 0 in powers of t²;
- *one-sided differences*, extrapolated in powers of t: at a kink they measure both slopes.

References: W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions", 1998;
L. F. Richardson, "The approximate arithmetical solution by finite differences …", 1911.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograd.check.problem import Problem, Vector

COMPLEX_STEP = "complex step"
RICHARDSON = "Richardson differences"
ONE_SIDED = "one-sided differences"


@dataclass(frozen=True)
class Estimate:
    """A measured slope: it lies in ``[low, high]``, give or take ``error``. At a kink, low < high."""

    low: float
    high: float
    error: float
    oracle: str

    @property
    def value(self) -> float:
        """The slope, or the middle of the two slopes at a kink."""
        return (self.low + self.high) / 2

    @property
    def is_kink(self) -> bool:
        """Whether the slopes on both sides differ."""
        return self.low < self.high

    def distance(self, slope: float) -> float:
        """How far ``slope`` lies outside of the interval; nan when either is not a number."""
        return max(self.low - slope, slope - self.high, 0.0) if math.isfinite(slope) else math.nan


NOTHING = Estimate(math.nan, math.nan, math.inf, RICHARDSON)


def best(estimates: Sequence[Estimate]) -> Estimate:
    """The estimate with the smallest error."""
    return min(estimates, key=lambda estimate: estimate.error, default=NOTHING)


class Line:
    """φ(t) = L(x + t·direction) with what is known about its rounding; values are measured once.

    ``gross`` is Σ|gᵢuᵢ|, the slope if nothing cancelled: the yardstick of every tolerance.
    """

    def __init__(self, problem: Problem, direction: Vector, gradient: Vector) -> None:
        self.problem = problem
        self.direction = direction
        products = gradient * direction
        self.analytic = float(np.sum(products))
        self.gross = float(np.sum(np.abs(products)))
        self.values = {0.0: problem.value}
        self.scale = problem.scale
        #: Coordinates are rounded to ``eps·|x|``: a share of the slope that grows as the step shrinks.
        self.blur = float(np.finfo(float).eps) * self.gross * _stretch(problem, direction)
        #: The step for which truncation (t⁶ of a Richardson table) and rounding (ε/t) of an ordinary function balance.
        self.exponent = round(-math.log2(problem.eps) / 6.5)

    def __call__(self, t: float) -> float:
        if t not in self.values:
            self.values[t] = self.problem.along(t, self.direction)
        return self.values[t]

    def noise(self, t: float) -> float:
        """The rounding error of a difference with step t."""
        return 2 * (self.problem.eps * self.scale + self.blur) / t

    def complex_step(self) -> Estimate:
        """The complex step, with the rounding error of an ordinary function."""
        slope = self.problem.complex_step(self.direction)
        t = 2.0 ** -(self.exponent + 1)
        bend = abs(self(t) + self(-t) - 2 * self(0.0)) / t**2  # rounding x moves the slope by ε·φ''
        error = 4 * float(np.finfo(float).eps) * (self.scale + (bend if math.isfinite(bend) else 0.0))
        return Estimate(slope, slope, error, COMPLEX_STEP) if math.isfinite(slope) else NOTHING

    def central(self, exponent: int, levels: int) -> Estimate:
        """Richardson's table for the steps that end with 2^-(exponent + 1)."""
        steps = [2.0 ** (levels - 2 - exponent - i) for i in range(levels)]
        slopes = [(self(t) - self(-t)) / (2 * t) for t in steps]
        return self._extrapolate(slopes, steps[-1], 4, RICHARDSON)

    def side(self, sign: int, exponent: int) -> Estimate:
        """The slope to the right (sign 1) or left (-1), from steps up to 2^-exponent."""
        steps = [2.0 ** -(exponent + i) for i in range(4)]
        slopes = [(self(sign * t) - self(0.0)) / (sign * t) for t in steps]
        estimate = self._extrapolate(slopes, steps[-1], 2, ONE_SIDED)
        return Estimate(estimate.low, estimate.high, estimate.error + 4 * self.noise(steps[-1]), ONE_SIDED)

    def _extrapolate(self, slopes: list[float], smallest: float, base: int, oracle: str) -> Estimate:
        """Neville's scheme for halved steps; the last correction it makes bounds the error of the result."""
        if not all(map(math.isfinite, slopes)):
            return NOTHING
        table, before = slopes, slopes[-1]
        for k in range(1, len(slopes)):
            before = table[-1]
            table = [(base**k * b - a) / (base**k - 1) for a, b in zip(table, table[1:], strict=False)]
        return Estimate(table[-1], table[-1], abs(table[-1] - before) + self.noise(smallest), oracle)

    def has_kink(self, t: float) -> bool:
        """Whether φ bends sharply within [-t, t].

        A parabola fitted to the stencil leaves a rest. On half the stencil a smooth φ leaves an eighth of it (its cubic
        term), a kink inside a half.
        """
        outer = self._rest_of_parabola(t)
        inner = self._rest_of_parabola(t / 2)
        floor = 8 * self.problem.eps * self.scale + 8 * self.blur
        return math.isfinite(outer) and inner > floor and inner > outer / 4

    def roughness(self) -> float:
        """The slope that rounding inside the function can fake or hide, which the size of φ does not always tell.

        A difference of large numbers, such as the loss of a saturated softmax, is rougher than its value: next to 0 it
        is no straight line. Where it does not move at all, its numbers are taken to be as large as x.
        """
        places = 2.0**-24 * np.arange(-4, 5)
        values = np.array([self(float(place)) for place in places])
        if not np.all(np.isfinite(values)):
            return 0.0
        line = np.vander(places * 2.0**24, 2)
        rest = float(np.max(np.abs(values - line @ np.linalg.lstsq(line, values, rcond=None)[0])))
        if np.ptp(values) == 0:
            rest = self.problem.eps * max(float(np.max(np.abs(x), initial=0.0)) for x in self.problem.leaves)
        return 8 * rest * 2.0**self.exponent

    def bends_to(self, slope: float, estimate: Estimate) -> bool:
        """Whether two steps that are much smaller than those of ``estimate`` find ``slope``, or nearly so.

        So it is beside a pole, as with a nearly singular matrix: wider steps lead past it, and see a jump. Noise grows
        16-fold from each of these steps to the next, so it does not meet ``slope`` twice.
        """
        close = estimate.distance(slope) / 4
        steps = [t for t in 2.0 ** -np.arange(self.exponent + 16, 49.0, 4) if self.noise(t) < close]
        near = [abs((self(t) - self(-t)) / (2 * t) - slope) < close for t in steps]
        return any(first and second for first, second in zip(near, near[1:], strict=False))

    def _rest_of_parabola(self, t: float) -> float:
        places = t * np.array([-1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0])
        values = np.array([self(float(place)) for place in places])
        if not np.all(np.isfinite(values)):
            return math.nan
        powers = np.vander(places / t, 3)
        rest = values - powers @ np.linalg.lstsq(powers, values, rcond=None)[0]
        return float(np.max(np.abs(rest)))


def _stretch(problem: Problem, direction: Vector) -> float:
    """The largest |x| / |step| of a leaf."""
    largest = 0.0
    for leaf, start, end in zip(problem.leaves, problem.starts, problem.ends, strict=True):
        step = float(np.max(np.abs(direction[start:end]), initial=0.0))
        if step > 0:
            largest = max(largest, float(np.max(np.abs(leaf))) / step)
    return largest


Judgement = Callable[[Estimate], bool]


def measure(line: Line, agrees: Judgement) -> Estimate:
    """Return the cheapest trustworthy estimate of the slope of ``line``: eight evaluations in the ordinary case.

    The complex step is taken at its word when a real difference confirms it, first at the usual step, later at
    smaller ones, where fewer kinks are inside. ``agrees`` says whether an estimate settles the question; Richardson
    differences stop as soon as they do.
    """
    first = line.exponent
    exact = line.complex_step()
    if confirmed(exact, line.central(first, 2), line, agrees) or fades(exact, line):
        return exact
    tried = [line.central(first, 3)]
    if precise(tried[0], line) and agrees(tried[0]):
        return tried[0]
    for exponent in (first + 4, first + 8, max(first - 3, 1)):
        if confirmed(exact, line.central(exponent, 2), line, agrees):
            return exact
        tried.append(line.central(exponent, 3))
        if precise(tried[-1], line) and agrees(tried[-1]):
            return tried[-1]
    return best(tried)


def confirmed(exact: Estimate, difference: Estimate, line: Line, agrees: Judgement) -> bool:
    """Whether a real difference agrees with the complex step, within what the difference can know.

    Where rounding hides the slope from every difference, only the engine can confirm the complex step.
    """
    if not difference.error <= 1e-3 * max(line.gross, abs(exact.low)):
        return math.isfinite(difference.error) and agrees(exact)
    return abs(exact.low - difference.low) <= 4 * difference.error + 1e-10 * line.gross


def fades(exact: Estimate, line: Line) -> bool:
    """Whether a small gap between the complex step and a difference fades as the step shrinks.

    The kinks of a large net do: fewer are inside. A term that the complex step has lost leaves the same gap.
    """
    gap = abs(exact.low - line.central(line.exponent, 2).low)
    if not gap <= 1e-2 * line.gross:
        return False
    t = 2.0 ** -(line.exponent + 4)
    return abs(exact.low - (line(t) - line(-t)) / (2 * t)) <= gap / 4 + line.noise(t)


def precise(estimate: Estimate, line: Line) -> bool:
    """Whether the error of an estimate is small beside the slope, or is mere rounding."""
    return estimate.error <= 1e-6 * line.gross + 4 * line.noise(2.0 ** -(line.exponent + 1))


def both_sides(line: Line) -> Estimate:
    """The slopes on both sides, by one-sided differences; where they agree, the more precise central one."""
    scales = [line.exponent + shift for shift in (0, 4, 8, 12)]
    right, left = (best([line.side(sign, exponent) for exponent in scales]) for sign in (1, -1))
    if not (math.isfinite(right.low) and math.isfinite(left.low)):  # at the edge of the domain there is one side only
        sign = 1 if math.isfinite(right.low) else -1
        return steady([line.side(sign, exponent) for exponent in scales])
    error = right.error + left.error
    if abs(right.low - left.low) > 4 * error:
        return Estimate(min(right.low, left.low), max(right.low, left.low), error, ONE_SIDED)
    if line.has_kink(2.0**-line.exponent):  # too small for the noise to tell the slopes apart
        return Estimate(min(right.low, left.low), max(right.low, left.low), error, ONE_SIDED)
    central = best([line.central(line.exponent + shift, 3) for shift in (0, 4, 8)])
    return central if abs(central.low - right.low) <= 4 * (central.error + error) else best([right, left])


def steady(estimates: Sequence[Estimate]) -> Estimate:
    """The best of one-sided estimates, unless two of them exclude each other: then the edge itself is singular."""
    found = best(estimates)
    others = [each for each in estimates if math.isfinite(each.low)]
    return found if all(abs(each.low - found.low) <= 4 * (each.error + found.error) for each in others) else NOTHING


def around(line: Line, kink: Estimate, shifts: Sequence[Vector], reach: float = 2.0**-12) -> Estimate:
    """The estimate at a kink, widened to the slopes at points nearby, ``reach`` times a shift away.

    Where more than two pieces meet, as in ``sort`` of three equal entries, the slopes to both sides are not all there
    are. What a gradient may be is the hull of its limits from nearby (F. H. Clarke, "Optimization and Nonsmooth
    Analysis", 1983); ``shifts`` sample it.
    """
    t = reach / 64
    slopes = [kink.low, kink.high]
    for shift in shifts:
        step = t * line.direction
        right, left = (line.problem.along(reach, shift + sign * step / reach) for sign in (1, -1))
        slopes.append((right - left) / (2 * t))
    found = [slope for slope in slopes if math.isfinite(slope)]
    slack = 1e-3 * (max(found) - min(found))  # the slope itself changes on the way to the points nearby
    return Estimate(min(found) - slack, max(found) + slack, kink.error, ONE_SIDED)
