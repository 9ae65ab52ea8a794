"""Names for people: what a user calls a function and its arguments, and how a derivative introduces itself."""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

__all__ = ["argument_name", "name_of", "returns"]


def name_of(fun: Callable[..., Any]) -> str:
    """What a user calls ``fun``."""
    return getattr(fun, "__name__", type(fun).__name__)


def argument_name(fun: Callable[..., Any], position: int) -> str:
    """The name of a positional argument of ``fun``, as its definition has it.

    >>> argument_name(lambda x, *rest: x, 0), argument_name(lambda x, *rest: x, 2)
    ('x', 'rest[1]')
    """
    try:
        parameters = list(inspect.signature(fun).parameters.values())
    except (ValueError, TypeError):
        return f"argument {position}"
    for place, parameter in enumerate(parameters):
        if parameter.kind == parameter.VAR_POSITIONAL and place <= position:
            return f"{parameter.name}[{position - place}]"
    return parameters[position].name if position < len(parameters) else f"argument {position}"


def returns(fun: Callable[..., Any], operator: str, argnum: Any, what: str) -> Callable[..., Any]:
    """Name a derivative after ``fun``, keep the signature, and put a line above the docstring that says ``what`` it is.

    >>> def cube(x):
    ...     "Return x³."
    ...     return x**3
    >>> slope = returns(cube, "slope", 0, "the slope")(lambda *args: None)
    >>> slope.__name__
    'slope_of_cube_wrt_argnum_0'
    >>> print(inspect.getdoc(slope))
    slope of function cube with respect to argument number 0: returns the slope.
    <BLANKLINE>
    Return x³.
    """

    def decorate(derived: Callable[..., Any]) -> Callable[..., Any]:
        functools.update_wrapper(derived, fun)  # passes over what a callable object lacks
        name = name_of(fun)
        derived.__name__ = f"{operator}_of_{name}_wrt_argnum_{argnum}"
        line = f"    {operator} of function {name} with respect to argument number {argnum}: returns {what}."
        below = inspect.cleandoc(getattr(fun, "__doc__", None) or "")
        derived.__doc__ = "\n\n".join([line, textwrap.indent(below, "    ")]) if below else line
        return derived

    return decorate
