"""Questions about traced values."""

from __future__ import annotations

from typing import Any

from autograd.graph import Traced

__all__ = ["getval", "isbox"]


def isbox(value: Any) -> bool:
    """Whether ``value`` is traced."""
    return isinstance(value, Traced)


def getval(value: Any) -> Any:
    """Return the plain value under all traces."""
    while isinstance(value, Traced):
        value = value.value
    return value
