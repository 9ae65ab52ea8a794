"""The signatures of functions: which arguments a call takes, by position and by name.

NumPy before 2.4 keeps those of its ufuncs, and of its functions written in C, to itself; here they are.

>>> str(signature_of(np.dot))
'(a, b, out=None)'
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

VARIADIC = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS


def signature_of(function: Callable[..., Any]) -> inspect.Signature:
    """The signature of ``function``, also where NumPy before 2.4 keeps it to itself."""
    if isinstance(function, np.ufunc):
        operands = ["x"] if function.nin == 1 else [f"x{i + 1}" for i in range(function.nin)]
        keywords = "out=None, *, where=True, casting='same_kind', order='K', dtype=None, subok=True, signature=None"
        extra = "" if function.signature is None else ", axes=None, axis=None, keepdims=False"
        return _parse_signature(f"{', '.join(operands)}, /, {keywords}{extra}")
    try:
        return inspect.signature(function)
    except ValueError:
        return _parse_signature(UNSIGNED.get(getattr(function, "__name__", ""), "*operands, **parameters"))


def argument_names(rule: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the arguments of ``rule``.

    >>> argument_names(lambda g, out: g * out)
    ('g', 'out')
    """
    code = getattr(rule, "__code__", None)
    if code is None or code.co_flags & VARIADIC or hasattr(rule, "__wrapped__") or inspect.ismethod(rule):
        return tuple(inspect.signature(rule).parameters)
    # A tenth of the time of inspect, which would be most of the time that importing the table takes.
    return tuple(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def keyword_only_names(rule: Callable[..., Any]) -> tuple[str, ...]:
    """The names of the arguments that ``rule`` takes by keyword only."""
    code = getattr(rule, "__code__", None)
    if code is not None and not code.co_kwonlyargcount:
        return ()
    parameters = inspect.signature(rule).parameters.values()
    return tuple(parameter.name for parameter in parameters if parameter.kind == parameter.KEYWORD_ONLY)


#: The signatures of functions written in C, as the NumPy reference gives them.
UNSIGNED = {
    "arange": "start, stop=None, step=None, dtype=None",
    "bincount": "x, weights=None, minlength=0",
    "concatenate": "arrays, axis=0, out=None, *, dtype=None, casting='same_kind'",
    "dot": "a, b, out=None",
    "inner": "a, b, /",
    "vdot": "a, b, /",
    "where": "condition, x=None, y=None, /",
    "can_cast": "from_, to, casting='safe'",
    "copyto": "dst, src, casting='same_kind', where=True",
    "empty_like": "prototype, dtype=None, order='K', subok=True, shape=None",
    "may_share_memory": "a, b, /, max_work=0",
    "shares_memory": "a, b, /, max_work=-1",
    "lexsort": "keys, axis=-1",
    "putmask": "a, mask, values",
}


@functools.cache
def _parse_signature(text: str) -> inspect.Signature:
    scope: dict[str, Any] = {}
    exec(f"def f({text}): pass", scope)
    return inspect.signature(scope["f"])
