"""Why the operands of a product do not fit, in words: which axes should be equally long, how long they are, the cure.

A row of the table may have a ``misfit``, a function of the operands of a call that failed. It returns ``(fault,
cure)``, or None where it has nothing to say, and NumPy's own sentence stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Shape = tuple[int, ...]
Misfit = tuple[str, str] | None

EQUAL = "The sum runs along both, so they must be equally long"


def product_misfit(name: str, summed: tuple[int, int], least: tuple[int, int]) -> Callable[[Sequence[Any]], Misfit]:
    """The misfit of a product ``name(x, y)`` that sums along axis ``summed[0]`` of x and ``summed[1]`` of y.

    x has at least ``least[0]`` axes, y at least ``least[1]``. Of a vector, the sum runs along its one axis.

    >>> matmul = product_misfit("matmul", summed=(-1, -2), least=(1, 1))
    >>> fault, cure = matmul([np.ones((2, 3)), np.ones((2, 3))])
    >>> fault
    'the last axis of x has length 3, and the first axis of y length 2'
    >>> cure
    'The sum runs along both, so they must be equally long: x @ y.T or x.T @ y would fit.'
    """

    def misfit(values: Sequence[Any]) -> Misfit:
        shapes = x, y = [np.shape(value) for value in values]
        for operand, shape, count in zip("xy", shapes, least, strict=True):
            if len(shape) < count:
                return _too_few_axes(name, operand, shape, count)
        axes = [max(axis, -len(shape)) for axis, shape in zip(summed, shapes, strict=True)]
        lengths = [shape[axis] if shape else 1 for axis, shape in zip(axes, shapes, strict=True)]
        if lengths[0] != lengths[1] and x and y:
            ours, theirs = (f"the {_axis_name(a, len(shape))} axis of" for a, shape in zip(axes, shapes, strict=True))
            fault = f"{ours} x has length {lengths[0]}, and {theirs} y length {lengths[1]}"
            return fault, f"{EQUAL}: {_transposed(x, y)}."
        if name == "matmul" and min(len(x), len(y)) > 2:
            fault = f"the stacks of matrices, {x[:-2]} and {y[:-2]}, do not broadcast"
            return fault, "Two lengths of an axis must be equal, or one of them 1; insert an axis with x[:, None]."
        return None

    return misfit


def _too_few_axes(name: str, operand: str, shape: Shape, count: int) -> Misfit:
    if not shape:
        return f"{operand} is one number and has no axis to sum along", "Multiply by a number with x * y."
    return f"{operand} has {len(shape)} axis, and {name} takes {count} or more", "Write x @ y, or insert an axis."


def _axis_name(axis: int, ndim: int) -> str:
    if axis == -1:
        return "last" if ndim > 1 else "only"
    return "first" if ndim == 2 else "last but one"


def _transposed(x: Shape, y: Shape) -> str:
    """Which transposes of two matrices would fit."""
    fits = []
    if len(x) == len(y) == 2:
        fits += ["x @ y.T"] * (x[-1] == y[-1]) + ["x.T @ y"] * (x[0] == y[0]) + ["x.T @ y.T"] * (x[0] == y[1])
    elif len(x) == 2 and len(y) == 1:
        fits += ["x.T @ y"] * (x[0] == y[0])
    elif len(x) == 1 and len(y) == 2:
        fits += ["x @ y.T"] * (x[0] == y[1])
    return f"{' or '.join(fits)} would fit" if fits else "transpose or reshape one of them"


def einsum_misfit(arrays: Sequence[Any], terms: Sequence[str], output: str | None) -> Misfit:
    """The misfit of an einsum of ``arrays``, whose axes ``terms`` give letters to (and ``...`` to any number of them).

    >>> einsum_misfit([np.ones((2, 3)), np.ones(4)], ["ij", "j"], "i")[0]
    "the letter 'j' stands for the lengths 3 and 4 in 'ij' of shape (2, 3) and in 'j' of shape (4,)"
    """
    if len(terms) != len(arrays):
        fault = f"it has subscripts for a number of arrays, {len(terms)}, and is given another, {len(arrays)}"
        return fault, "Separate them by commas, one for each array."
    for array, term in zip(arrays, terms, strict=True):
        letters, axes = len(term.replace("...", "")), len(np.shape(array))
        if letters > axes or (letters < axes and "..." not in term):
            fault = f"{term!r} does not name the {axes} axes of its array, of shape {np.shape(array)}"
            return fault, "Give each axis a letter, and write ... for those that only broadcast."
    strangers = [letter for letter in (output or "").replace("...", "") if letter not in "".join(terms)]
    if strangers:
        return f"no array has the letter {strangers[0]!r} of the output {output!r}", "Take the letters of the operands."
    return _unequal_lengths(arrays, terms)


def _unequal_lengths(arrays: Sequence[Any], terms: Sequence[str]) -> Misfit:
    """The first letter that has two lengths. Length 1 is stretched, but not along a diagonal (``ii`` of (1, 3))."""
    known: dict[str, tuple[int, str]] = {}
    for array, term in zip(arrays, terms, strict=True):
        shape, here = np.shape(array), f"in {term!r} of shape {np.shape(array)}"
        front, _, back = term.partition("...")
        axes = [*shape[: len(front)], *shape[len(shape) - len(back) :]]
        for letter, length in zip(front + back, axes, strict=True):
            other, there = known.get(letter, (length, here))
            if other != length and (1 not in (other, length) or front.count(letter) + back.count(letter) > 1):
                where = here if there == here else f"{there} and {here}"
                fault = f"the letter {letter!r} stands for the lengths {other} and {length} {where}"
                return fault, "A letter stands for one length: write different letters, or change the arrays."
            known[letter] = (max(other, length), here) if 0 not in (other, length) else (0, here)
    return None
