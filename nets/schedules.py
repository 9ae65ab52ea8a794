"""Schedules: the learning rate as a function of the number of updates made so far, ``schedule(count) -> rate``.

Every optimiser takes a number or a schedule. A schedule is any function of the count, with whatever Python in it (a
compiled step calls it as it is); these are the usual ones.

>>> schedule = warm_up(cosine(0.1, steps=100), steps=10)
>>> [round(float(schedule(count)), 4) for count in (0, 5, 10, 60, 110)]
[0.01, 0.06, 0.1, 0.05, 0.0]
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nets.errors import OptionError

__all__ = ["Schedule", "as_schedule", "constant", "cosine", "exponential", "one_cycle", "step", "warm_up"]

#: ``schedule(count) -> rate``
Schedule = Callable[[Any], Any]


def as_schedule(learning_rate: float | Schedule) -> Schedule:
    """Return ``learning_rate`` as a schedule: a number is a constant one.

    Raises `OptionError` for a negative number or anything else.

    >>> as_schedule(0.1)(1000), as_schedule(lambda count: 1 / (1 + count))(3)
    (0.1, 0.25)
    """
    if callable(learning_rate):
        return learning_rate
    if not isinstance(learning_rate, (int, float, np.number)) or not learning_rate >= 0:
        raise OptionError(
            f"learning_rate is a number >= 0 or a function of the count of updates, not {learning_rate!r}."
        )
    return constant(float(learning_rate))


def constant(rate: float) -> Schedule:
    """Return the schedule that is always ``rate``.

    >>> constant(0.1)(1000)
    0.1
    """
    return lambda count: rate


def step(rate: float, *, every: int, factor: float = 0.1) -> Schedule:
    """Return rate · factor^⌊count / every⌋.

    >>> schedule = step(1.0, every=10, factor=0.5)
    >>> float(schedule(9)), float(schedule(10)), float(schedule(20))
    (1.0, 0.5, 0.25)
    """
    _positive(every=every)
    return lambda count: rate * factor ** np.floor(count / every)


def exponential(rate: float, *, decay: float, every: int = 1) -> Schedule:
    """Return rate · decay^(count / every).

    >>> float(exponential(1.0, decay=0.5, every=10)(20))
    0.25
    """
    _positive(every=every)
    return lambda count: rate * decay ** (count / every)


def cosine(rate: float, *, steps: int, floor: float = 0.0) -> Schedule:
    """Return floor + (rate - floor) · (1 + cos(π · count / steps)) / 2, and ``floor`` after ``steps``.

    Loshchilov & Hutter, "SGDR: Stochastic gradient descent with warm restarts", 2017, without restarts.

    >>> [round(float(cosine(1.0, steps=4)(count)), 2) for count in range(6)]
    [1.0, 0.85, 0.5, 0.15, 0.0, 0.0]
    """
    _positive(steps=steps)
    return lambda count: _anneal(rate, floor, np.minimum(count / steps, 1))


def warm_up(after: float | Schedule, *, steps: int) -> Schedule:
    """Return a linear rise over ``steps`` updates to where the schedule ``after`` starts, and then that schedule.

    The first update already moves: the rate at count 0 is 1/steps of the full one.

    >>> [float(warm_up(1.0, steps=4)(count)) for count in range(6)]
    [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    _positive(steps=steps)
    later = as_schedule(after)
    return lambda count: np.minimum((count + 1) / steps, 1) * later(np.maximum(count - steps, 0))


def one_cycle(
    peak: float, *, steps: int, rise: float = 0.3, start_divisor: float = 25.0, end_divisor: float = 1e4
) -> Schedule:
    """Return peak/start_divisor rising to ``peak`` over the share ``rise`` of ``steps``, then falling to almost 0.

    Both ways are half cosines; the end is peak / start_divisor / end_divisor, at count ``steps - 1``.
    Smith & Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018.

    >>> schedule = one_cycle(1.0, steps=10)
    >>> [round(float(schedule(count)), 2) for count in (0, 2, 9)]
    [0.04, 1.0, 0.0]
    """
    _positive(steps=steps)
    if not 0 < rise < 1:
        raise OptionError(f"rise is the share of the steps on the way up, between 0 and 1, not {rise}.")
    start, end = peak / start_divisor, peak / start_divisor / end_divisor
    top = max(rise * steps - 1, 1e-9)
    fall = max(steps - 1 - top, 1e-9)

    def schedule(count: Any) -> Any:
        up = _anneal(start, peak, np.clip(count / top, 0, 1))
        down = _anneal(peak, end, np.clip((count - top) / fall, 0, 1))
        return np.where(count <= top, up, down)

    return schedule


def _anneal(start: float, end: float, progress: Any) -> Any:
    """Half a cosine from ``start`` to ``end`` while ``progress`` goes from 0 to 1."""
    return end + (start - end) * (1 + np.cos(math.pi * progress)) / 2


def _positive(**options: float) -> None:
    for name, value in options.items():
        if not value > 0:
            raise OptionError(f"{name} must be more than 0, not {value}.")
