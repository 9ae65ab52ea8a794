"""Every error of the library: one family, each beside the builtin type that a NumPy user expects.

``except AutogradError`` catches them all; ``except ValueError`` catches a shape error as it would in NumPy.
A message states the fact, then the shapes, then the cure.
"""

from __future__ import annotations

__all__ = [
    "AutogradError",
    "ArgumentError",
    "BranchError",
    "GradientCheckError",
    "GradientCheckWarning",
    "IndexingError",
    "LostGradientError",
    "MissingDerivativeError",
    "OutputError",
    "ProgramError",
    "RenderError",
    "RuleError",
    "ShapeError",
]


class AutogradError(Exception):
    """The base of every error that this library raises."""


class ShapeError(AutogradError, ValueError):
    """The operands of a call do not fit together."""


class IndexingError(AutogradError, IndexError):
    """An index or an axis lies outside its array."""


class ArgumentError(AutogradError, TypeError):
    """An argument is of a kind that the call cannot use."""


class OutputError(AutogradError, TypeError):
    """The output of a function has no gradient of the kind that was asked for."""


class LostGradientError(AutogradError, TypeError):
    """The call would leave the recording, and the gradient would be lost without a word."""


class MissingDerivativeError(AutogradError, NotImplementedError, TypeError):
    """A function was recorded that has no row in the table of derivatives."""


class RuleError(AutogradError, ValueError):
    """A rule of the table of derivatives is wrong: its names, or the shape of what it returned."""


class BranchError(AutogradError, TypeError):
    """Python would branch on a value that is an input of a compiled program."""


class ProgramError(AutogradError, ValueError):
    """A program breaks its grammar."""


class RenderError(AutogradError, RuntimeError):
    """A drawing could not be rendered: no renderer works here, or it took too long."""


class GradientCheckError(AutogradError, AssertionError):
    """A gradient is wrong. ``report`` says where, by how much and, where one can tell, why."""

    def __init__(self, report: object) -> None:
        super().__init__(str(report))
        self.report = report


class GradientCheckWarning(UserWarning):
    """A gradient could not be judged: neither right nor wrong has been shown."""
