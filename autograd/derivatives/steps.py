"""Steps: functions with slope zero wherever they have one, and questions about a value.

In a gradient recording they give plain arrays, and Python's ``if`` works on them.
"""

from typing import Any

import numpy as np

from autograd.derivatives.arithmetic import direction
from autograd.rules import TABLE, Row, composition, constant

# ------------------------------------------------------------------------------------------------------------- rounding

constant(np.floor, np.ceil, np.rint, np.trunc, np.round, np.around, np.fix)
constant(np.floor_divide, np.signbit, np.spacing)


@composition(np.sign)
def sign(x: Any, /, **parameters: Any) -> Any:
    """x / |x|, and 0 at 0 (NumPy 2): of a real number a step; of a complex one it turns with the number."""
    if x.dtype.kind == "c":
        return np.conjugate(direction(x), **parameters)
    return x.recording.record(TABLE[sign], [x], parameters)


TABLE[sign] = Row(np.sign, {"x": None})

# ---------------------------------------------------------------------------------------------- comparisons and logic

constant(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal)
constant(np.logical_and, np.logical_or, np.logical_xor, np.logical_not)
constant(np.isfinite, np.isinf, np.isnan, np.isneginf, np.isposinf, np.isreal, np.iscomplex)
constant(np.isclose, np.allclose, np.array_equal, np.array_equiv, np.isin)

# -------------------------------------------------------------------------------------------------------- whole numbers

constant(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.bitwise_count)
constant(np.left_shift, np.right_shift, np.gcd, np.lcm)
