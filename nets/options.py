"""Checks of the numbers that users give as options: each says what the number is for, and what it may be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nets.errors import OptionError

__all__ = ["number_from", "whole_number"]


def whole_number(value: Any, what: str, least: int = 1) -> None:
    """Raise `OptionError` unless ``value`` is a whole number of at least ``least``.

    >>> whole_number(2.5, "batch_size")
    Traceback (most recent call last):
        ...
    nets.errors.OptionError: batch_size is a whole number of at least 1, not 2.5.
    """
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < least:
        raise OptionError(f"{what} is a whole number of at least {least}, not {value!r}.")


def number_from(value: Any, what: str, least: float = 0, below: float = math.inf) -> None:
    """Raise `OptionError` unless ``value`` is a number with ``least`` ≤ value < ``below``.

    >>> number_from(1.5, "b1", 0, 1)
    Traceback (most recent call last):
        ...
    nets.errors.OptionError: b1 is a number of at least 0 and below 1, not 1.5.
    """
    if not isinstance(value, (int, float, np.number)) or isinstance(value, bool) or not least <= value < below:
        end = f" and below {below}" if below < math.inf else ""
        raise OptionError(f"{what} is a number of at least {least}{end}, not {value!r}.")
