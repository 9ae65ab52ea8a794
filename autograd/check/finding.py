"""What a judgement is: a verdict with its evidence, and the settings that it was reached with."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd.check.oracle import COMPLEX_STEP, NOTHING, Estimate
from autograd.check.problem import Problem, Vector

RIGHT = "right"
WRONG = "wrong"
UNCLEAR = "cannot be judged"


@dataclass(frozen=True)
class Settings:
    """What the user asked for."""

    rtol: float | None = None
    atol: float | None = None
    directions: int | None = None
    mode: str = "both"
    redraws: int = 2

    def tolerance(self, estimate: Estimate, gross: float) -> float:
        """How far the engine may be from ``estimate``: rounding of Σ|gᵢuᵢ| and the oracle's own error."""
        if self.rtol is not None or self.atol is not None:
            return (self.rtol or 0.0) * gross + (self.atol or 0.0)
        return (1e-12 if estimate.oracle == COMPLEX_STEP else 1e-10) * gross + 4 * estimate.error


@dataclass(frozen=True)
class Finding:
    """A verdict with its evidence.

    ``place`` is the flat place of the entry that it is about, None when it is about the slope along ``direction``.
    """

    verdict: str
    reason: str
    problem: Problem
    gradient: Vector | None = None
    direction: Vector | None = None
    place: int | None = None
    analytic: float = math.nan
    estimate: Estimate = NOTHING
    tolerance: float = math.nan
    mode: str = "reverse"


def scaled(estimate: Estimate, step: float) -> Estimate:
    """The estimate of a slope along one entry, per unit of that entry."""
    return Estimate(estimate.low / step, estimate.high / step, estimate.error / step, estimate.oracle)
