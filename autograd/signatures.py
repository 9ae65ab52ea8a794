"""The arguments that functions take: their names, which of them go by position or by keyword, and their defaults.

Functions written in C, those of NumPy before 2.4 among them, keep their arguments to themselves; here they are. What
Python knows is read off the function itself: `inspect.signature` would be most of the time that importing this library
takes.

>>> str(signature_of(np.dot))
'(a, b, out=None)'
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, NamedTuple

import numpy as np

EMPTY = inspect.Parameter.empty
POSITIONAL_ONLY = inspect.Parameter.POSITIONAL_ONLY
POSITIONAL_OR_KEYWORD = inspect.Parameter.POSITIONAL_OR_KEYWORD
VAR_POSITIONAL = inspect.Parameter.VAR_POSITIONAL
KEYWORD_ONLY = inspect.Parameter.KEYWORD_ONLY
VAR_KEYWORD = inspect.Parameter.VAR_KEYWORD


class Argument(NamedTuple):
    """One argument of a function, as an `inspect.Parameter` describes it."""

    name: str
    kind: Any
    default: Any = EMPTY


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The signature of ``function``, also where NumPy keeps it to itself."""
    return inspect.Signature([inspect.Parameter(name, kind, default=d) for name, kind, d in arguments_of(function)])


def arguments_of(function: Callable[..., Any]) -> list[Argument]:
    """The arguments of ``function``, in order.

    >>> [argument.name for argument in arguments_of(np.add)][:4]
    ['x1', 'x2', 'out', 'where']
    """
    if isinstance(function, np.ufunc):
        return _arguments_of_ufunc(function.nin, function.signature is not None)
    try:
        bound = type(function) is MethodType  # it shows what a decorator has wrapped, which still takes self
        written = function if bound else inspect.unwrap(function, stop=_has_signature)
        if type(written) is FunctionType and not _has_signature(written):
            return _written_in_python(written)
        if type(written) is BuiltinFunctionType and written.__name__ in UNSIGNED:
            return _parsed(UNSIGNED[written.__name__])
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # it is written in C, and keeps its arguments to itself
        return _parsed(UNSIGNED.get(getattr(function, "__name__", ""), "*operands, **parameters"))
    return [Argument(p.name, p.kind, p.default) for p in parameters]


def _has_signature(function: Any) -> bool:
    return hasattr(function, "__signature__")


def argument_names(rule: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the arguments of ``rule``.

    >>> argument_names(lambda g, out: g * out)
    ('g', 'out')
    """
    return tuple([argument.name for argument in arguments_of(rule)])


def _written_in_python(function: FunctionType) -> list[Argument]:
    code, defaults = function.__code__, function.__defaults__ or ()
    names, count, stop = code.co_varnames, code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    any_number, any_keyword = code.co_flags & inspect.CO_VARARGS, code.co_flags & inspect.CO_VARKEYWORDS
    by_position = code.co_posonlyargcount
    kinds = [POSITIONAL_ONLY] * by_position + [POSITIONAL_OR_KEYWORD] * (count - by_position)
    arguments = list(map(Argument, names, kinds, (EMPTY,) * (count - len(defaults)) + defaults))
    if any_number:
        arguments.append(Argument(names[stop], VAR_POSITIONAL))
    of_keywords = function.__kwdefaults__ or {}
    arguments += [Argument(name, KEYWORD_ONLY, of_keywords.get(name, EMPTY)) for name in names[count:stop]]
    if any_keyword:
        arguments.append(Argument(names[stop + bool(any_number)], VAR_KEYWORD))
    return arguments


@functools.cache
def _arguments_of_ufunc(operands: int, generalized: bool) -> list[Argument]:
    names = "x" if operands == 1 else ", ".join(f"x{i + 1}" for i in range(operands))
    extra = ", axes=None, axis=None, keepdims=False" if generalized else ""
    keywords = f"out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True, signature=None{extra}"
    return _parsed(f"{names}, /, {keywords}")


#: The arguments of functions written in C, as the NumPy reference gives them.
UNSIGNED = {
    "arange": "start, stop=None, step=None, dtype=None",
    "bincount": "x, weights=None, minlength=0",
    "can_cast": "from_, to, casting='safe'",
    "concatenate": "arrays, axis=0, out=None, *, dtype=None, casting='same_kind'",
    "copyto": "dst, src, casting='same_kind', where=True",
    "dot": "a, b, out=None",
    "empty_like": "prototype, dtype=None, order='K', subok=True, shape=None",
    "getitem": "a, b, /",
    "inner": "a, b, /",
    "lexsort": "keys, axis=-1",
    "may_share_memory": "a, b, /, max_work=0",
    "putmask": "a, mask, values",
    "shares_memory": "a, b, /, max_work=-1",
    "vdot": "a, b, /",
    "where": "condition, x=None, y=None, /",
}


@functools.cache
def _parsed(arguments: str) -> list[Argument]:
    scope: dict[str, Any] = {}
    exec(f"def f({arguments}): pass", scope)
    return _written_in_python(scope["f"])
