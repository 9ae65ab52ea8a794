"""Facts about an array: its shape, its dtype, its memory. They depend on what it is, not on what it holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.graph import Traced
from autograd.rules import composition, constant
from autograd.shapes import reduced_count

# --------------------------------------------------------------------------------------------------------------- shapes

composition(np.shape)(lambda a: a.shape)
composition(np.ndim) (lambda a: a.ndim)
composition(np.size) (lambda a, axis=None: reduced_count(a.shape, axis))

# --------------------------------------------------------------------------------------------------------------- dtypes

composition(np.iscomplexobj)(lambda x: x.dtype.kind == "c")
composition(np.isrealobj)   (lambda x: x.dtype.kind != "c")
composition(np.common_type) (lambda *arrays: np.common_type(*(np.empty(0, x.dtype) for x in arrays)))
constant(np.min_scalar_type)


@composition(np.result_type)
def result_type(*arrays_and_dtypes: Any) -> Any:
    """The dtype of a result of these operands."""
    return np.result_type(*map(kind_of, arrays_and_dtypes))


def kind_of(x: Any) -> Any:
    """What decides about the dtype of a result: the dtype of ``x``, or a Python number if it is one (weak)."""
    while isinstance(x, Traced):
        x = x.value
    if type(x) in (int, float, complex):
        return type(x)(0)
    return x if isinstance(x, type) else getattr(x, "dtype", x)


@composition(np.can_cast)
def can_cast(from_: Any, to: Any, casting: str = "safe") -> bool:
    """Whether the dtype of an array may become another."""
    return np.can_cast(from_.dtype, to, casting)  # type: ignore[arg-type]


# --------------------------------------------------------------------------------------------------------------- memory

constant(np.may_share_memory, np.shares_memory)
