"""Functions that have no row in the table of derivatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import MissingDerivativeError
from autograd.graph import Traced
from autograd.trees import flatten


class Unregistered:
    """What stands for the row of a function that has none, in a recording that takes all calls."""

    __slots__ = ("function", "name")

    trees: frozenset[int] = frozenset()
    operands: tuple[str, ...] = ()

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = _name_of(function)

    def call(self, operands: Any, parameters: dict[str, Any]) -> Any:
        """Call the function."""
        return self.function(*operands, **parameters)


def no_row(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> MissingDerivativeError:
    """The error for a call with traced arguments that would need a row."""
    name = _name_of(function)
    places = [f"argument {i}" for i, a in enumerate(args) if traced_leaves(a)]
    places += [f"argument {key!r}" for key, a in kwargs.items() if traced_leaves(a)]
    foreign = isinstance(function, np.ufunc) and getattr(np, name, None) is not function
    return MissingDerivativeError(
        f"{name} has no row in the table of derivatives, and {' and '.join(places)} would need one. "
        f"{'Those of SciPy come with `import autograd.scipy.special`. ' if foreign else ''}"
        f"Register it, derivative({name}, x=lambda g, x: …) or constant({name}), "
        f"or call it on the plain value t.numpy() if no gradient has to pass."
    )


def _name_of(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", None) or str(function)


def traced_leaves(tree: Any) -> list[Traced]:
    """The leaves of ``tree`` that are traced."""
    return [leaf for leaf in flatten(tree)[0] if isinstance(leaf, Traced)]
