"""Functions whose calls are recorded once and then repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.program import Variable, substitute
from autograd.tracing import trace
from autograd.trees import flatten

__all__ = ["const_graph"]


def const_graph(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
    """Return ``fun`` with ``args`` and ``kwargs`` filled in, traced at its first call and replayed at every later one.

    The calls of the first time are repeated: Python's branches are not taken anew. Calls that depend on the filled-in
    arguments alone are made once.

    >>> calls = []
    >>> def f(x, scale):
    ...     calls.append(x)
    ...     return x * scale
    >>> doubled = const_graph(f, scale=2.0)
    >>> float(doubled(1.0)), float(doubled(3.0)), len(calls)
    (2.0, 6.0, 1)
    """
    programs: dict[int, Any] = {}

    def replayed(*rest: Any) -> Any:
        if len(rest) in programs:
            return programs[len(rest)](*rest)
        program = programs[len(rest)] = trace(lambda *rest: fun(*args, *rest, **kwargs), *rest)
        value = substitute(
            program.outputs, {v: program.values[v.index] for v in flatten(program.outputs)[0] if type(v) is Variable}
        )
        program.values.clear()
        return value

    return replayed
