"""Choices: functions that pass one of their operands on. Ties are shared as `autograd.derivatives` says."""

from typing import Any

import numpy as np

from autograd.rules import derivative

# fmt: off

# ---------------------------------------------------------------------------------------------- the larger, the smaller

derivative(np.maximum, x=lambda g, x, y, y_traced: share(g, np.greater(x, y), x, y, y_traced),
                       y=lambda g, x, y, x_traced: share(g, np.greater(y, x), y, x, x_traced))
derivative(np.minimum, x=lambda g, x, y, y_traced: share(g, np.less(x, y), x, y, y_traced),
                       y=lambda g, x, y, x_traced: share(g, np.less(y, x), y, x, x_traced))

# ------------------------------------------------------------------------------- the same, where a NaN is no competitor

derivative(np.fmax, x=lambda g, x, y, y_traced: share(g, beats(np.greater(x, y), y), x, y, y_traced),
                    y=lambda g, x, y, x_traced: share(g, beats(np.greater(y, x), x), y, x, x_traced))
derivative(np.fmin, x=lambda g, x, y, y_traced: share(g, beats(np.less(x, y), y), x, y, y_traced),
                    y=lambda g, x, y, x_traced: share(g, beats(np.less(y, x), x), y, x, x_traced))

# --------------------------------------------------------------------------------------------------- one side of a step

derivative(np.heaviside, x=None, y=lambda g, x: np.where(np.equal(x, 0), g, 0))
derivative(np.where, condition=None,
           x=lambda g, condition: np.where(condition, g, 0), y=lambda g, condition: np.where(condition, 0, g))

# fmt: on

# ---------------------------------------------------------------------------------------------------------- long rules


def share(g: Any, chosen: Any, x: Any, rival: Any, rival_traced: bool) -> Any:
    """What x gets of ``g``: all where it is ``chosen``, at a tie half, and nothing against a constant 0."""
    if rival_traced:
        return np.where(chosen, g, np.where(np.equal(x, rival), g / 2, 0))
    if type(rival) in (int, float) and rival == 0:
        return np.where(chosen, g, 0)
    tied = np.logical_and(np.equal(x, rival), np.not_equal(rival, 0))
    return np.where(chosen, g, np.where(tied, g / 2, 0))


def beats(ahead: Any, rival: Any) -> Any:
    """Where an operand that is ``ahead`` wins, or its rival is not a number."""
    return np.logical_or(ahead, np.isnan(rival))
