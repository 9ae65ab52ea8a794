"""The gradient in the dtypes that the user gave: float16 and float32 are compared with the gradient in float64."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from autograd.check.directions import own_steps
from autograd.check.finding import RIGHT, UNCLEAR, WRONG, Finding
from autograd.check.oracle import Estimate
from autograd.check.problem import Problem, Vector, precision, spread_signs

#: The oracle of a gradient in low precision.
IN_FLOAT64 = "the gradient in float64"


def judge_as_given(problem: Problem, finding: Finding) -> Finding:
    """Return ``finding``, or what is worse about the gradient in low precision.

    Rounding inside a function is nobody's fault, so a leaf may be off by √ε of its largest entry, and by more when
    moving x by one unit in its last place moves the gradient as much.
    """
    low = [k for k, leaf in enumerate(problem.given) if precision(leaf) > 1e-15]
    if finding.verdict != RIGHT or not low or finding.gradient is None or finding.problem is not problem:
        return finding
    gradients, vector = problem.gradient_as_given()
    for k in low:
        leaf, gradient = problem.given[k], gradients[k]
        if gradient.dtype != leaf.dtype:
            reason = f"the gradient of {problem.paths[k]} is {gradient.dtype}, but the argument is {leaf.dtype}"
            return replace(finding, verdict=WRONG, reason=reason, place=int(problem.starts[k]))
        doubt = _compare(problem, finding, vector, k)
        if doubt is not None:
            return doubt
    return finding


def _compare(problem: Problem, finding: Finding, vector: Vector, k: int) -> Finding | None:
    assert finding.gradient is not None
    span = slice(problem.starts[k], problem.ends[k])
    expected, actual = finding.gradient[span], vector[span]
    info = np.finfo(problem.given[k].dtype)
    gaps = np.abs(actual - expected)
    tolerance = math.sqrt(info.eps) * float(np.max(np.abs(expected), initial=0.0)) + 4 * float(info.smallest_normal)
    if np.all(gaps <= tolerance):
        return None
    worst = int(np.argmax(np.where(np.isfinite(gaps), gaps, np.inf)))
    moved = _moved_by_rounding(problem, float(info.eps))[span]
    value = float(expected[worst])
    unclear = not np.isfinite(actual[worst]) or gaps[worst] <= 16 * np.max(np.abs(moved - actual))
    verdict = UNCLEAR if unclear else WRONG
    why = "rounding or overflow swamps it" if unclear else "more than rounding explains"
    return replace(
        finding,
        verdict=verdict,
        reason=f"the gradient is right in float64, but off in {info.dtype}: {why}",
        place=int(problem.starts[k]) + worst,
        analytic=float(actual[worst]),
        estimate=Estimate(value, value, 0.0, IN_FLOAT64),
        tolerance=tolerance,
    )


def _moved_by_rounding(problem: Problem, eps: float) -> Vector:
    signs = spread_signs(np.random.default_rng([problem.seed, 3]), (problem.size,))
    return problem.gradient_as_given(2 * eps, own_steps(problem) * signs)[1]
