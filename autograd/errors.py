"""Every error of the library: one family, each beside the builtin type that a NumPy user expects.

``except AutogradError`` catches them all; ``except ValueError`` catches a shape error as it would in NumPy.
A message states the fact, then the shapes, then the cure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

__all__ = [
    "AutogradError",
    "ArgumentError",
    "BranchError",
    "GradientCheckError",
    "GradientCheckWarning",
    "IndexingError",
    "LostGradientError",
    "MissingDerivativeError",
    "NoAttributeError",
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


class NoAttributeError(AutogradError, AttributeError):
    """An array has this attribute or method, and a tensor does not."""


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


def explain(error: Exception, row: Any, values: Sequence[Any]) -> Exception:
    """Return NumPy's complaint about a call as an error that names the call, its shapes and dtypes."""
    if isinstance(error, AutogradError):
        return error
    operands = ", ".join(f"{name}: {describe(value)}" for name, value in zip(row.operands, values, strict=False))
    name = getattr(row, "name", None) or row.function.__name__  # a composition has the name of its function
    call = f"{name}({operands}) is not defined:"
    misfit = getattr(row, "misfit", None)
    if misfit and isinstance(error, (ValueError, IndexError)) and (words := misfit(values)):
        return ShapeError(f"{call} {words[0]}. {words[1]}")
    said = re.sub(MISMATCH, r"\1", " ".join(str(error).split()).rstrip("."))
    fact = f"{call} {said}."
    if isinstance(error, (TypeError, OverflowError)):  # also when no loop of a ufunc fits the dtypes
        return ArgumentError(f"{fact} Pass numbers and arrays of a dtype that {name} is defined for.")
    if isinstance(error, IndexError):  # also an axis out of bounds
        kinds = "arrays used as indices must" in str(error) or "are valid indices" in str(error)
        return IndexingError(f"{fact} {INDEX_KINDS if kinds else INDEX_RANGE}")
    if type(error) is ValueError:
        return ShapeError(f"{fact} {_cure(name, str(error))}")
    error.add_note(fact)  # LinAlgError, an error of the user
    return error


def with_article(kind: type, *, capital: bool = False) -> str:
    """The name of a type with its article; ``capital`` to begin a sentence.

    >>> with_article(str), with_article(int), with_article(float, capital=True)
    ('a str', 'an int', 'A float')
    """
    vowel = kind.__name__.startswith(("a", "e", "i", "o", "A", "E", "I", "O", "nd"))
    return f"{'A' if capital else 'a'}{'n' if vowel else ''} {kind.__name__}"


def _cure(name: str, fault: str) -> str:
    """What to do about an error of shapes."""
    known = next((cure for beginning, cure in CURES_OF.items() if fault.startswith(beginning)), None)
    return known or CURES.get(name, "Make the operands fit, for example with reshape, [:, None] or .T.")


#: What NumPy says about matmul, of which only the lengths are for people.
MISMATCH = r".*mismatch in its core dimension.*\((size \d+ is different from \d+)\)"

INDEX_RANGE = "Along an axis of length n, indices go from 0 to n - 1, or from -n to -1."
INDEX_KINDS = "Index with ints and masks: t[i.astype(int)] for whole numbers in floats, t[x > 0] for a condition."

#: What helps with the errors of some functions, and with errors that begin in some way.
CURES = {
    "pad": "Give a number, a pair (before, after), or such a pair for each axis.",
    "einsum": "Write a letter for each axis and a comma between arrays: np.einsum('ij,jk->ik', x, y).",
}
CURES_OF = {"zero-size array to reduction": "Of no entries there is none; give a value to begin with: initial=0."}


def describe(value: Any) -> str:
    """Return ``shape dtype`` of an array, such facts about each part of a short list, or the type of anything else."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{value.shape} {value.dtype}"
    if type(value) in (list, tuple) and 0 < len(value) <= 6:
        parts = ", ".join(repr(part) if isinstance(part, (str, int)) else describe(part) for part in value)
        return f"[{parts}]" if type(value) is list else f"({parts})"
    return "None" if value is None else type(value).__name__
