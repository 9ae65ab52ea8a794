"""`numpy.einsum`, in all its spellings: ellipses, sublists, repeated letters, axes of length 1, no output given.

It is linear in each operand, so the gradient of one is an einsum of g and the other operands.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.derivatives.misfits import Misfit, einsum_misfit
from autograd.errors import ShapeError
from autograd.rules import TABLE, derivative

derivative(np.einsum, trees=("operands",),
           operands=lambda g, operands, optimize: einsum_gradients(g, operands, optimize))

# -------------------------------------------------------------------------------------------------------- long rules

#: The labels of axes, in the order in which NumPy sorts them.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Contraction(NamedTuple):
    """A call of einsum in one spelling: the arrays, a letter for each of their axes, and the letters of the output."""

    arrays: list[Any]
    inputs: list[str]
    output: str


def einsum_gradients(g: Any, operands: Sequence[Any], optimize: Any) -> list[Any]:
    """One entry per operand, each a function that computes the gradient when it is wanted; 0 for the subscripts."""
    misfit = misfit_of(operands)
    if misfit:  # NumPy reads a diagonal of axes that are not equally long, one of them empty, beyond the array
        raise ShapeError(f"einsum is not defined: {misfit[0]}. {misfit[1]}")
    call = parse(operands)
    later = [_later(call, place, g, bool(optimize)) for place in range(len(call.arrays))]
    if isinstance(operands[0], str):
        return [0, *(_spread_over(operand, part) for operand, part in zip(operands[1:], later, strict=True))]
    gradients: list[Any] = []
    for place, part in enumerate(later):
        gradients += [_spread_over(operands[2 * place], part), _placeholders(operands[2 * place + 1])]
    return gradients + [_placeholders(sublist) for sublist in operands[2 * len(later) :]]


def _later(call: Contraction, place: int, g: Any, optimize: bool) -> Callable[[], Any]:
    return lambda: einsum_gradient(call, place, g, optimize)


def _placeholders(sublist: Any) -> list[int]:
    return [0] * len(sublist)


def _spread_over(operand: Any, gradient: Callable[[], Any]) -> Any:
    """The gradient of a nested list of numbers as a list of the same nesting."""
    if not isinstance(operand, (list, tuple)):
        return gradient
    return [_spread_over(part, lambda i=i: gradient()[i]) for i, part in enumerate(operand)]  # type: ignore[misc]


def einsum_gradient(call: Contraction, place: int, g: Any, optimize: bool) -> Any:
    """∂L/∂operand = einsum(g, the other operands → the letters of the operand), with three corrections.

    A letter that only this operand has was summed: its gradient is the same all along that axis. An axis of length 1
    under a letter of length n was stretched: its gradient is a sum. A repeated letter read a diagonal: its gradient
    is zero off the diagonal.
    """
    letters, shape = call.inputs[place], np.shape(call.arrays[place])
    lengths = dict(zip(letters, shape, strict=True))
    others = [i for i in range(len(call.arrays)) if i != place]
    arrays = [g, *(call.arrays[i] for i in others)]
    inputs = [call.output, *(call.inputs[i] for i in others)]
    full = _lengths(inputs, arrays)
    unique = "".join(dict.fromkeys(letters))
    kept = "".join(k for k in unique if k in full and (lengths[k] == full[k] or full[k] == 1))
    product = np.einsum(f"{','.join(inputs)}->{kept}", *arrays, optimize=optimize)
    product = np.reshape(product, [full[k] if k in kept else 1 for k in unique])
    product = np.broadcast_to(product, [lengths[k] for k in unique])
    return product if unique == letters else _on_diagonals(product, letters, shape)


def _lengths(inputs: list[str], arrays: list[Any]) -> dict[str, int]:
    """The length of each letter: that of the longest axis it stands for, as axes of length 1 are stretched."""
    full: dict[str, int] = {}
    for letters, array in zip(inputs, arrays, strict=True):
        for letter, length in zip(letters, np.shape(array), strict=True):
            full[letter] = length if full.get(letter, 1) == 1 else full[letter]
    return full


def _on_diagonals(x: Any, letters: str, shape: tuple[int, ...]) -> Any:
    """Return the array with axes ``letters`` that holds ``x`` where repeated letters agree, and 0 elsewhere."""
    first = [letters.index(letter) == axis for axis, letter in enumerate(letters)]
    spread = np.reshape(x, [n if is_first else 1 for n, is_first in zip(shape, first, strict=True)])
    mask = np.ones((), bool)
    for axis, letter in enumerate(letters):
        if not first[axis]:
            mask = mask & _equal_indices(letters.index(letter), axis, shape)
    return np.where(mask, spread, 0)


def _equal_indices(axis: int, other: int, shape: tuple[int, ...]) -> Any:
    """The mask of entries whose indices along two axes are the same, to be broadcast to ``shape``."""
    return np.reshape(np.eye(shape[axis], dtype=bool), [n if i in (axis, other) else 1 for i, n in enumerate(shape)])


# ------------------------------------------------------------------------------------------------------ one spelling


def parse(operands: Sequence[Any]) -> Contraction:
    """Bring a call of einsum into one spelling: every axis has a letter, ellipses are written out.

    >>> parse(("...j,j", np.ones((2, 3)), np.ones(3)))[1:]
    (['Aj', 'j'], 'A')
    """
    arrays, terms, output = _terms(operands)
    hidden = [np.ndim(array) - len(term.replace("...", "")) for array, term in zip(arrays, terms, strict=True)]
    spare = [letter for letter in LETTERS if not any(letter in term for term in terms)]
    dots = "".join(spare[: max((n for n, term in zip(hidden, terms, strict=True) if "..." in term), default=0)])
    inputs = [term.replace("...", dots[len(dots) - n :]) for n, term in zip(hidden, terms, strict=True)]
    return Contraction(arrays, inputs, _implicit(terms, dots) if output is None else output.replace("...", dots))


def _terms(operands: Sequence[Any]) -> tuple[list[Any], list[str], str | None]:
    """The arrays of a call, the letters of each, and those of the output if it is given."""
    if isinstance(operands[0], str):
        return list(operands[1:]), *_split(operands[0])
    arrays = list(operands[: len(operands) // 2 * 2 : 2])
    terms = [_spell(sublist) for sublist in operands[1 : 2 * len(arrays) : 2]]
    return arrays, terms, _spell(operands[-1]) if len(operands) % 2 else None


def misfit_of(operands: Sequence[Any]) -> Misfit:
    """What does not fit in a call of einsum, in words; None where the subscripts themselves make no sense."""
    try:
        return einsum_misfit(*_terms(operands))
    except (TypeError, ValueError, IndexError, AttributeError):  # NumPy's own sentence says it better
        return None


TABLE[np.einsum].misfit = lambda values: misfit_of(values[0])


def _split(subscripts: str) -> tuple[list[str], str | None]:
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    return left.split(","), right if arrow else None


def _spell(sublist: Any) -> str:
    """A sublist as letters, in the order of the numbers, as NumPy has it: an implied output is sorted by them."""
    return "".join("..." if label is Ellipsis else LETTERS[label] for label in sublist)


def _implicit(terms: list[str], dots: str) -> str:
    """The output when none is given: the axes of the ellipsis, then the letters that appear once, sorted."""
    letters = "".join(terms).replace(".", "")
    return dots + "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
