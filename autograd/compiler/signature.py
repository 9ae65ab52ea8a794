"""What a compiled program is right for: the signature of a call.

Two calls share a program when their arguments are trees of one structure, with leaves that agree: arrays in shape
and dtype, NumPy numbers in dtype, Python numbers in type (they are weak, see NEP 50), and everything else — strings,
functions, None, bools, and whatever `static_argnames` names — in value.

>>> import numpy as np
>>> read_call((np.ones((2, 3)), 0.1), {}, Static()).key == read_call((np.zeros((2, 3)), 0.2), {}, Static()).key
True
>>> read_call((np.ones((2, 3)), 1), {}, Static()).key == read_call((np.ones((2, 3)), 0.1), {}, Static()).key
False
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from numbers import Number
from typing import Any, NamedTuple

import numpy as np

from autograd.errors import ArgumentError, with_article
from autograd.graph import Traced
from autograd.operands import is_dialect
from autograd.trees import flatten, leaves_with_paths

__all__ = ["Call", "Fixed", "Static", "exactly", "is_input", "read_call", "static_arguments"]

NUMBERS = (int, float, complex)


class Fixed:
    """A whole argument that is static: one leaf, whatever it contains."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


@dataclass(frozen=True)
class Static:
    """Which arguments of a function are static, by position and by name."""

    positions: frozenset[int] = field(default_factory=frozenset)
    names: frozenset[str] = field(default_factory=frozenset)


class Call(NamedTuple):
    """One call as the compiler sees it: static arguments `Fixed`, the leaves that are inputs, the key of its program.

    ``traced`` says that an argument belongs to another recording.
    """

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    inputs: list[Any]
    key: Hashable
    traced: bool


def is_input(leaf: Any) -> bool:
    """Whether ``leaf`` is an input of the program: arrays and numbers are; bools, strings and functions are static."""
    if isinstance(leaf, (np.ndarray, np.generic)):
        return leaf.dtype.kind in "biufc"
    return type(leaf) in NUMBERS


def static_arguments(fun: Callable[..., Any], argnames: Any, argnums: Any) -> Static:
    """Return both spellings of the static arguments, so that each may be passed by position or by name.

    Raises `ArgumentError` for an argument that ``fun`` does not have.
    """
    names = (argnames,) if isinstance(argnames, str) else tuple(argnames)
    numbers = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    try:
        parameters = list(inspect.signature(fun).parameters.values())
    except (TypeError, ValueError):
        return Static(frozenset(numbers), frozenset(names))
    known = [p.name for p in parameters]
    by_position = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    kinds = {p.kind for p in parameters}
    missing = [n for n in names if n not in known and inspect.Parameter.VAR_KEYWORD not in kinds]
    missing += [n for n in numbers if n >= len(by_position) and inspect.Parameter.VAR_POSITIONAL not in kinds]
    if missing:
        raise ArgumentError(
            f"{getattr(fun, '__name__', fun)} has no argument {missing[0]!r} that could be static; "
            f"it has {', '.join(known)}. Name one of these."
        )
    numbers = tuple(n % len(by_position) if n < 0 else n for n in numbers)
    positions = {*numbers, *(by_position.index(name) for name in names if name in by_position)}
    return Static(frozenset(positions), frozenset({*names, *(by_position[n] for n in numbers if n < len(by_position))}))


def read_call(args: tuple[Any, ...], kwargs: dict[str, Any], static: Static) -> Call:
    """Return the arguments with static ones `Fixed`, and the key under which their program is kept.

    Raises `ArgumentError` for a static value that is not hashable, and for arrays whose operators mean something else.
    """
    args = tuple(Fixed(arg) if i in static.positions else arg for i, arg in enumerate(args))
    kwargs = {name: Fixed(value) if name in static.names else value for name, value in kwargs.items()}
    leaves, structure = flatten((args, kwargs), "(args, kwargs)")
    if any(isinstance(leaf, Traced) for leaf in leaves):
        return Call(args, kwargs, [], None, True)
    key = (structure, tuple([_key_of(leaf) for leaf in leaves]))
    try:
        hash(key)
    except TypeError as error:
        raise _not_hashable(args, kwargs) from error
    return Call(args, kwargs, [leaf for leaf in leaves if is_input(leaf)], key, False)


def _key_of(leaf: Any) -> Any:
    """What two leaves must agree in to share a program."""
    kind = type(leaf)
    if kind is np.ndarray:
        if leaf.dtype.kind not in "biufc":
            raise ArgumentError(f"An array of dtype {leaf.dtype} holds no numbers. Take it from a closure instead.")
        return leaf.shape, leaf.dtype
    if kind in NUMBERS:
        return kind
    if kind is Fixed:
        return Fixed, exactly(leaf.value)
    if isinstance(leaf, np.generic) and leaf.dtype.kind in "biufc":
        return kind
    if is_dialect(kind):
        raise ArgumentError(
            f"{with_article(kind, capital=True)} gives operators a meaning of its own. Pass np.asarray(x)."
        )
    if isinstance(leaf, np.ndarray):
        return kind, leaf.shape, leaf.dtype
    return kind, leaf


def exactly(value: Any) -> Any:
    """What a static value is known by: Python takes 1, 1.0 and True, or 0.0 and -0.0, for equal, and no program does.

    >>> exactly((2, "relu")) == exactly((2, "relu")), exactly((2, "relu")) == exactly((2.0, "relu"))
    (True, False)
    """
    return type(value), value, tuple([repr(leaf) for leaf in flatten(value)[0] if isinstance(leaf, Number)])


def _not_hashable(args: tuple[Any, ...], kwargs: dict[str, Any]) -> ArgumentError:
    for path, leaf in [*leaves_with_paths(args, "args"), *leaves_with_paths(kwargs, "kwargs")]:
        value = leaf.value if isinstance(leaf, Fixed) else leaf
        try:
            hash(_key_of(leaf))
        except TypeError:
            why = "it is static" if value is not leaf else "it is no array or number, so it belongs to the program"
            return ArgumentError(
                f"{path} is {with_article(type(value))}: {why}, but two calls cannot be compared by it, since it is "
                f"not hashable. Pass a tuple, or use a closure."
            )
    raise AssertionError("unreachable: called for arguments that are not hashable")


def unfixed(argument: Any) -> Any:
    """Return an argument of a `Call` as it was passed."""
    return argument.value if type(argument) is Fixed else argument
