"""`Report`: the verdict with its evidence, as data and as a table for people."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.check.finding import RIGHT
from autograd.check.problem import Problem, Vector
from autograd.drawing import draw
from autograd.errors import ArgumentError

#: A report is no wider, so that it fits a terminal of 80 columns, also behind the margin of a test's output.
WIDTH = 72


@dataclass(frozen=True, repr=False)
class Report:
    """What a check found. ``bool(report)`` is True when the gradient is right; it shows itself as a table.

    ``analytic`` is the engine's derivative and ``numeric`` the measured one, known to ``error``: those of the entry
    ``index`` of the argument ``path`` when one entry is to blame, else the slopes along a random direction. At a kink
    ``slopes`` holds the one-sided slopes.

    >>> from autograd import check_gradients
    >>> report = check_gradients(lambda x: x * x, 3.0)
    >>> bool(report), report.verdict, report.order
    (True, 'right', 1)
    """

    verdict: str
    reason: str
    function: str
    arguments: tuple[str, ...]
    path: str | None = None
    index: tuple[int, ...] | None = None
    analytic: float = np.nan
    numeric: float = np.nan
    slopes: tuple[float, float] | None = None
    oracle: str = ""
    error: float = np.nan
    tolerance: float = np.nan
    diagnosis: str = ""
    operation: str = ""
    source: str = ""
    rule: str = ""
    mode: str = "reverse"
    order: int = 1
    seed: int = 0
    evaluations: int = 0
    sweeps: int = 0
    problem: Problem | None = field(default=None, compare=False)
    direction: Vector | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return self.verdict == RIGHT

    @property
    def place(self) -> str:
        """The entry to blame, as Python would reach it: ``params['w'][3, 2]``; "" for no single entry."""
        if self.path is None:
            return ""
        return f"{self.path}[{', '.join(map(str, self.index))}]" if self.index else self.path

    def __repr__(self) -> str:
        title = f"Gradient check of {self.function}: {self.verdict.upper() if self.verdict != RIGHT else self.verdict}"
        rows = [(name, text) for name, text in self._rows() if text]
        width = max(len(name) for name, _ in rows)
        return "\n".join([title, *(_row(f"  {name:<{width}}  ", text) for name, text in rows)])

    def _rows(self) -> list[tuple[str, str]]:
        return [
            ("reason", self.reason),
            ("where", self.place),
            ("arguments", "" if self.place else ", ".join(self.arguments)),
            *self._numbers(),
            ("diagnosis", self.diagnosis),
            ("operation", self.operation),
            ("source", self.source),
            ("rule", self.rule),
            ("checked", f"{self.mode} mode, order {self.order}"),
            ("cost", f"{self.evaluations} evaluations, {self.sweeps} sweep{'s'[: self.sweeps != 1]}, seed {self.seed}"),
        ]

    def _numbers(self) -> list[tuple[str, str]]:
        if np.isnan(self.analytic) and np.isnan(self.numeric):
            return []
        along = "" if self.place else " (slope along a random direction)"
        numeric = f"{self.numeric:.12g}"
        if self.slopes is not None:
            numeric = f"between {self.slopes[0]:.12g} and {self.slopes[1]:.12g}"
        error = f", error {self.error:.1g}" if np.isfinite(self.error) and self.error else ""
        return [
            ("analytic", f"{self.analytic:.12g}{along}"),
            ("numeric", f"{numeric} ({self.oracle}{error})"),
            ("difference", self._difference()),
            ("tolerance", f"{self.tolerance:.1g}" if np.isfinite(self.tolerance) else ""),
        ]

    def _difference(self) -> str:
        gap = self.analytic - self.numeric
        if not np.isfinite(gap) or self.slopes is not None:
            return ""
        share = f" ({abs(gap / self.numeric):.3g} times the numeric value)" if self.numeric and self.place else ""
        return f"{gap:.3g}{share}"

    def draw(self, **options: Any) -> Any:
        """Return a picture of the function, as `autograd.drawing` makes it, with the operation to blame in red."""
        if self.problem is None:
            raise ArgumentError("This report was not made by a check, so there is nothing to draw.")
        fun, args = self.problem.call
        picture = draw(fun, *args, **options)
        for box in picture.diagram.boxes:
            if self.operation and box.operation == self.operation and str(box.place) == self.source.split(": ")[0]:
                box.blame = f"wrong derivative: {self.diagnosis or self.reason}"
                break
        return picture

    def curve(self) -> tuple[Vector, Vector, Vector]:
        """Return steps t, and how far central differences and the complex step are from ``analytic`` at each.

        A right gradient gives the well-known V: truncation falls with t², rounding rises with 1/t. Under a wrong one
        the curve levels off at the size of the mistake. The complex step has no V; nan where it does not run.
        """
        if self.problem is None or self.direction is None:
            raise ArgumentError("This report has no curve: the function had no finite gradient to compare with.")
        steps = 2.0 ** -np.arange(0, 41, 2.0)
        central = [
            (self.problem.along(t, self.direction) - self.problem.along(-t, self.direction)) / (2 * t) for t in steps
        ]
        exact = self.problem.complex_step(self.direction)
        return steps, np.abs(np.array(central) - self.analytic), np.full(len(steps), abs(exact - self.analytic))

    def plot(self, axes: Any = None) -> Any:
        """Draw the error-against-step `curve` and return the axes. Needs matplotlib (the extra ``plot``)."""
        if axes is None:
            try:
                from matplotlib.figure import Figure
            except ImportError as error:
                raise ImportError("report.plot() needs matplotlib: pip install matplotlib") from error
            axes = Figure(figsize=(6, 4), layout="constrained").subplots()
        steps, central, exact = self.curve()
        axes.loglog(steps, np.maximum(central, 1e-300), "o-", color="#0072b2", label="central differences")
        if np.all(np.isfinite(exact)):
            axes.loglog(steps, np.maximum(exact, 1e-300), "--", color="#d55e00", label="complex step")
        if np.isfinite(self.tolerance):
            axes.axhline(self.tolerance, color="#777777", linewidth=1, label="tolerance")
        floor = min([x for x in (*central, *exact, self.tolerance) if np.isfinite(x) and x > 0], default=1e-16)
        axes.set_ylim(bottom=floor / 10)
        axes.set(xlabel="step", ylabel="|numeric - analytic|", title=f"{self.function}: {self.verdict}")
        axes.legend()
        return axes


def _row(label: str, text: str) -> str:
    """A label with its text beside it; long texts go on below."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_long_words=False,
        break_on_hyphens=False,
    )
