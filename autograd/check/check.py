"""`check_gradients`: prove that a gradient is right, in one line.

>>> import numpy as np
>>> from autograd import check_gradients
>>> check_gradients(lambda x: np.sum(np.tanh(x)), np.array([0.5, -1.0])).verdict
'right'
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.check import diagnose as words
from autograd.check.directions import natural_steps, unit
from autograd.check.finding import RIGHT, UNCLEAR, WRONG, Finding, Settings
from autograd.check.judge import judge
from autograd.check.operations import Call, broadcast_fault, chooses, first_wrong
from autograd.check.oracle import COMPLEX_STEP, Line, best
from autograd.check.precision import IN_FLOAT64, judge_as_given
from autograd.check.problem import Problem, pose
from autograd.check.report import Report
from autograd.errors import ArgumentError, GradientCheckError, GradientCheckWarning

UNTAKEN = (
    "the gradient of a branch that was not taken is not finite, and 0 times it is nan: choose the argument "
    "before the function, f(np.where(mask, x, 1)), not only its result, np.where(mask, f(x), 0)"
)

UNRECORDED = "every recorded operation is right by itself, so a part of the function is not recorded"

MODES = ("both", "reverse", "forward")


def check_gradients(
    fun: Callable[..., Any],
    *args: Any,
    argnum: int | tuple[int, ...] | None = None,
    order: int = 1,
    mode: str = "both",
    rtol: float | None = None,
    atol: float | None = None,
    directions: int | None = None,
    seed: int = 0,
    raise_error: bool = True,
) -> Report:
    """Check ∇fun at ``args`` against slopes measured without the engine, and return a `Report`.

    ``fun`` may take and return any trees; every argument that holds floats is checked, or those of ``argnum``.
    ``order=2`` checks the derivative of the derivative as well. ``mode`` is ``"reverse"``, ``"forward"``
    or ``"both"``.
    The tolerance follows from the oracle's own error and from Σ|gᵢuᵢ| along the direction u; ``rtol`` (of that sum)
    and ``atol`` replace it. ``directions`` is the number of random directions; the same ``seed`` gives the same
    report. A right gradient costs at most 8 evaluations of ``fun`` and 2 sweeps, whatever its size.

    Raises `GradientCheckError` (an AssertionError) when a gradient is wrong, unless ``raise_error`` is False; warns
    with `GradientCheckWarning` when it cannot be judged. Raises `ArgumentError` when there is nothing to check,
    `OutputError` when ``fun`` returns None.

    >>> import numpy as np
    >>> bool(check_gradients(lambda x: x**3, 2.0, order=2))
    True
    """
    __tracebackhide__ = True  # pytest shows the line of the test alone
    if mode not in MODES or order < 1:
        raise ArgumentError(
            f"mode is one of {', '.join(MODES)} and order is 1 or more, not mode={mode!r}, order={order}."
        )
    settings = Settings(rtol, atol, directions, mode)
    return answer(examine(pose(fun, args, argnum, seed), settings, order), raise_error)


def examine(problem: Problem, settings: Settings, order: int) -> Report:
    """The report on the derivatives of ``problem`` up to ``order``; the first that is not right ends the check."""
    name, seed, current = problem.name, problem.seed, 1
    while True:
        finding = judge_as_given(problem, judge(problem, settings))
        if finding.verdict != RIGHT or current == order:
            return _report(finding, name, current, seed)
        problem, current = problem.derived(), current + 1


def answer(report: Report, raise_error: bool) -> Report:
    """Return the report, raise it as an error, or warn with it."""
    __tracebackhide__ = True
    if report.verdict == WRONG and raise_error:
        raise GradientCheckError(report)
    if report.verdict == UNCLEAR and raise_error:
        warnings.warn(str(report), GradientCheckWarning, stacklevel=3)
    return report


def _report(finding: Finding, name: str, order: int, seed: int) -> Report:
    problem = finding.problem
    path = index = None
    if finding.place is not None:
        path, index = problem.paths[problem.leaf_of(finding.place)], problem.index_of(finding.place)
    estimate = finding.estimate
    diagnosis, call, rule = _blame(finding) if finding.verdict == WRONG else ("", None, "")
    return Report(
        verdict=finding.verdict,
        reason=finding.reason,
        function=name,
        arguments=tuple(
            f"{path} {shape}" if shape else path for path, shape in zip(problem.paths, problem.shapes, strict=True)
        ),
        path=path,
        index=index,
        analytic=float(finding.analytic),
        numeric=float(estimate.value),
        slopes=(float(estimate.low), float(estimate.high)) if estimate.is_kink else None,
        oracle=estimate.oracle,
        error=float(estimate.error),
        tolerance=float(finding.tolerance),
        diagnosis=diagnosis,
        operation=call.name if call else "",
        source=call.source if call else "",
        rule=rule,
        mode=finding.mode,
        order=order,
        seed=seed,
        evaluations=problem.cost.evaluations,
        sweeps=problem.cost.sweeps,
        problem=problem,
        direction=finding.direction if finding.place is None else unit(problem, finding.place, 1.0),
    )


def _blame(finding: Finding) -> tuple[str, Call | None, str]:
    """What kind of mistake it is, the recorded operation that makes it, and where the user wrote its rule."""
    local = Settings(mode=finding.mode, redraws=0)
    found: list[Finding] = []
    unbounded = not np.isfinite(finding.analytic)
    low = finding.estimate.oracle == IN_FLOAT64

    def is_wrong(problem: Problem) -> bool:
        found.append(judge_as_given(problem, judge(problem, local)) if low else judge(problem, local))
        return found[-1].verdict == WRONG or (unbounded and not _is_finite(found[-1]))

    call = first_wrong(finding.problem, is_wrong, as_given=low)
    diagnosis = _diagnosis(finding)
    if call is None:
        return "; ".join(filter(None, [diagnosis, UNRECORDED if found and not unbounded and not low else ""])), None, ""
    inner = found[-1]
    rule = call.rule_of(inner.problem.paths[inner.problem.leaf_of(inner.place or 0)])
    if unbounded:
        return diagnosis, call, rule
    return broadcast_fault(call, inner) or _diagnosis(inner) or diagnosis, call, rule


def _is_finite(finding: Finding) -> bool:
    gradient = finding.gradient
    return bool(np.isfinite(finding.problem.value)) and (gradient is None or bool(np.all(np.isfinite(gradient))))


def _diagnosis(finding: Finding) -> str:
    """The diagnosis of a gradient with a wrong entry."""
    if finding.place is None or finding.gradient is None:
        return ""
    problem, gradient = finding.problem, finding.gradient
    if finding.estimate.oracle == IN_FLOAT64:
        return words.diagnose(problem, problem.gradient_as_given()[1], finding.place, lambda place: gradient[place])
    if finding.mode != "reverse":
        return ""
    if not np.isfinite(finding.analytic):
        return UNTAKEN if chooses(problem.origin) else ""
    steps = natural_steps(problem)

    def measure(place: int) -> float:
        line = Line(problem, unit(problem, place, steps[place]), gradient)
        if finding.estimate.oracle == COMPLEX_STEP:
            return problem.complex_step(line.direction) / float(steps[place])
        return best([line.central(line.exponent + shift, 3) for shift in (0, 4)]).value / float(steps[place])

    return words.diagnose(problem, gradient, finding.place, measure)
