"""Scopes: names for groups of calls. Drawings show them as boxes, compiled source as comments.

>>> with scope("hidden"):
...     current_scope()
('hidden',)
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar, Token
from typing import Any

_path: ContextVar[tuple[str, ...]] = ContextVar("scope", default=())


def current_scope() -> tuple[str, ...]:
    """Return the names of the scopes that are open, the outermost first."""
    return _path.get()


class scope:  # noqa: N801 (used like a keyword, as contextlib's own managers are)
    """Name the calls of a block, or of every call of a function: ``with scope("hidden"):`` or ``@scope("hidden")``.

    Scopes nest. They are per thread (and per asyncio task), and cost nothing where nobody traces.

    >>> @scope("outer")
    ... def f():
    ...     with scope("inner"):
    ...         return current_scope()
    >>> f()
    ('outer', 'inner')
    """

    __slots__ = ("name", "tokens")

    def __init__(self, name: str) -> None:
        self.name = str(name)
        self.tokens: list[Token[tuple[str, ...]]] = []

    def __enter__(self) -> scope:
        self.tokens.append(_path.set((*_path.get(), self.name)))
        return self

    def __exit__(self, *error: Any) -> None:
        _path.reset(self.tokens.pop())

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function`` with every call of it inside this scope."""

        @functools.wraps(function)
        def scoped(*args: Any, **kwargs: Any) -> Any:
            with scope(self.name):
                return function(*args, **kwargs)

        return scoped
