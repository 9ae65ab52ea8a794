"""``autograd.builtins``: Python's containers, and questions of type that look through traces."""

from __future__ import annotations

import builtins
from typing import Any

from .boxes import getval

__all__ = ["dict", "isinstance", "list", "tuple", "type"]

tuple, list, dict = builtins.tuple, builtins.list, builtins.dict


def isinstance(value: Any, kinds: Any) -> bool:
    """Whether ``value``, or the plain value that is traced, is an instance of ``kinds``."""
    return builtins.isinstance(getval(value), kinds)


def type(value: Any) -> builtins.type:
    """The type of ``value``, or of the plain value that is traced."""
    return builtins.type(getval(value))
