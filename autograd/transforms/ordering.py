"""Order by decree: a value that is not there before others are known.

A program that is compiled keeps one of two equal equations, and puts them in an order of its own. Where something is
to be computed twice, and late, it is computed from ``after(x, known)``: this is x, but no pass knows that.

Reference: ``optimization_barrier`` in StableHLO, by which `jax.checkpoint` does the same.
"""

from __future__ import annotations

from typing import Any

from autograd.graph import Traced
from autograd.recording import wrap
from autograd.rules import linear

__all__ = ["after", "postponed"]


@linear(trees=("known",), x=lambda g: g, known=None)
def after(x: Any, known: list[Any]) -> Any:
    """Return ``x``; in a program, once the values ``known`` have been computed."""
    return x


def postponed(x: Any, known: list[Any]) -> Any:
    """Return ``x``, in whose program nothing is computed from it before ``known``.

    Recordings of other kinds take no notice: the value has its node, as it had before.

    >>> import numpy as np
    >>> from autograd import trace
    >>> trace(lambda x, y: np.exp(postponed(x, [y])), 1.0, 2.0)
    program <lambda>
        input v0: float  # x
        input v1: float  # y
        v2: float = after(v0, [v1])  # line 1
        v3: float64 = exp(v2)  # line 1
        return v3
    """
    base = _in_program(x)
    return x if base is None else _with_base(x, after(base, [y for y in map(_in_program, known) if y is not None]))


def _in_program(x: Any) -> Any:
    """What ``x`` is in the program that is being written, without the recordings above; None for what is in none."""
    while isinstance(x, Traced) and not x.recording.takes_all:
        x = x.value
    return x if isinstance(x, Traced) else None


def _with_base(x: Any, base: Any) -> Any:
    """``x`` with ``base`` as its value in the program."""
    return base if x.recording.takes_all else wrap(_with_base(x.value, base), x.node, x.recording, type(x))
