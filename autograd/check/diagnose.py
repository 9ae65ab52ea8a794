"""A diagnosis in words: which of the usual mistakes makes the difference between two gradients?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from autograd.check.problem import Problem, Vector

#: So many entries of a leaf are measured for a diagnosis.
SAMPLE = 64

Measure = Callable[[int], float]


def diagnose(problem: Problem, gradient: Vector, place: int, measure: Measure) -> str:
    """Return the mistake that explains the entries around ``place``, or "" when none fits.

    ``measure(place)`` is the numeric value of one entry.
    """
    leaf = problem.leaf_of(place)
    places = sample(problem, leaf, place)
    numeric = np.array([measure(p) for p in places])
    analytic = gradient[places]
    if not np.all(np.isfinite(numeric)):
        return ""
    if len(places) == 1 and not problem.shapes[leaf]:
        return _scalar(problem, analytic, numeric)
    return (
        _dropped(analytic, numeric)
        or _transposed(problem, gradient, leaf, places, numeric)
        or _other_argument(problem, gradient, leaf, places, numeric)
        or _ratio(problem, analytic, numeric)
        or _one_entry(analytic, numeric)
        or _offset(problem, places - problem.starts[leaf], numeric - analytic)
        or _nearly(analytic, numeric)
    )


def sample(problem: Problem, leaf: int, place: int) -> Vector:
    """Flat places of one leaf, evenly spread, ``place`` among them."""
    start, end = problem.starts[leaf], problem.ends[leaf]
    spread = np.unique(np.linspace(start, end - 1, min(SAMPLE, end - start)).astype(int))
    return np.unique(np.append(spread, place))


def close(a: Vector, b: Vector) -> bool:
    """Whether two gradients are equal for the purpose of a diagnosis: within 0.01 % of the largest entry."""
    size = max(float(np.max(np.abs(a))), float(np.max(np.abs(b))))
    return bool(np.all(np.abs(a - b) <= 1e-4 * size))


def _scalar(problem: Problem, analytic: Vector, numeric: Vector) -> str:
    return _dropped(analytic, numeric) or _ratio(problem, analytic, numeric)


def _dropped(analytic: Vector, numeric: Vector) -> str:
    if np.any(analytic != 0) or not np.any(numeric != 0):
        return ""
    return (
        "the gradient is zero where the slope is not: the way from this argument to the output is not recorded "
        "(a plain value such as .item() or .numpy(), stop_gradient, or a rule that is missing)"
    )


def _ratio(problem: Problem, analytic: Vector, numeric: Vector) -> str:
    if not np.any(numeric != 0):
        return ""
    used = np.abs(numeric) > 1e-6 * np.max(np.abs(numeric))
    ratios = analytic[used] / numeric[used]
    ratio = float(np.median(ratios))
    rest = float(np.max(np.abs(analytic - ratio * numeric)))
    if not close(analytic, ratio * numeric) or rest > 0.01 * float(np.max(np.abs(analytic - numeric))):
        return ""
    if math.isclose(ratio, -1, rel_tol=1e-4):
        return "wrong sign: the gradient is the negative of the slope"
    for factor, words in ((2, "twice"), (0.5, "half"), (-2, "minus twice"), (-0.5, "minus half")):
        if math.isclose(ratio, factor, rel_tol=1e-4):
            return f"a factor 2: the gradient is {words} the slope"
    counts = {int(n) for shape in problem.shapes for n in (*shape, math.prod(shape)) if n > 2}
    for n in sorted(counts):
        if math.isclose(ratio, n, rel_tol=1e-4):
            return f"missing 1/n: the gradient is {n} times the slope, and {n} is the length of an axis or array"
        if math.isclose(ratio, 1 / n, rel_tol=1e-4):
            return f"1/n too much: the gradient is the slope divided by {n}, the length of an axis or array"
    return f"a constant factor: the gradient is {ratio:.6g} times the slope in every entry"


def _transposed(problem: Problem, gradient: Vector, leaf: int, places: Vector, numeric: Vector) -> str:
    shape = problem.shapes[leaf]
    if len(shape) != 2 or shape[0] != shape[1] or problem.complex[leaf]:
        return ""
    start, end = problem.starts[leaf], problem.ends[leaf]
    mirrored = gradient[start:end].reshape(shape).T.ravel()
    if close(mirrored[places - start], numeric) and not close(gradient[places], numeric):
        return "transposed: entry [i, j] of the gradient is the slope in entry [j, i]"
    return ""


def _other_argument(problem: Problem, gradient: Vector, leaf: int, places: Vector, numeric: Vector) -> str:
    for other, shape in enumerate(problem.shapes):
        if other == leaf or shape != problem.shapes[leaf]:
            continue
        there = gradient[problem.starts[other] + places - problem.starts[leaf]]
        if close(there, numeric) and not close(gradient[places], numeric):
            mine, theirs = problem.paths[leaf], problem.paths[other]
            return f"exchanged: the slope in {mine} was returned as the gradient of {theirs}"
    return ""


def _one_entry(analytic: Vector, numeric: Vector) -> str:
    size = np.max(np.abs(numeric))
    off = np.abs(analytic - numeric) > 1e-9 * size
    if len(numeric) > 3 and np.count_nonzero(off) == 1:
        return f"this entry alone is off, among {len(numeric)} that were looked at"
    return ""


def _offset(problem: Problem, places: Vector, gaps: Vector) -> str:
    """A constant that is missing, in the slope itself or per weight of an elementwise output."""
    weights = [np.ravel(w) for w in problem.weights if np.size(w) == problem.size]
    for per in [np.ones(problem.size), *weights]:
        missing = gaps / per[places]
        if len(gaps) > 1 and np.ptp(missing) <= 1e-6 * np.max(np.abs(missing)):
            return f"a dropped term: every entry lacks the same {missing[0]:.6g}"
    return ""


def _nearly(analytic: Vector, numeric: Vector) -> str:
    """Entries that are off by little and by no rule: so is the derivative of what an iteration only approaches."""
    size = float(np.max(np.abs(numeric)))
    off = float(np.max(np.abs(analytic - numeric))) / size if size else math.inf
    if not off < 1e-2:
        return ""
    rtol = 10.0 ** math.ceil(math.log10(2 * off))
    return (
        f"every entry is within {off:.1g} of the largest: if the function is itself approximate, such as an iteration "
        f"that stops early, let it go on, or allow for it with check_gradients(…, rtol={rtol:.0e})"
    )
