"""Functions that change an array in place: the recording cannot follow them, so each says what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autograd.errors import LostGradientError
from autograd.rules import composition

CURES: dict[Callable[..., Any], str] = {
    np.copyto: "np.where(mask, src, dst); instead of np.full_like(a, t), np.broadcast_to(t, a.shape)",
    np.putmask: "np.where(mask, values, a)",
    np.place: "np.where(mask, vals, arr)",
    np.put: "index_update(np.ravel(a), ind, v)",
    np.put_along_axis: "index_update(arr, index, values)",
    np.fill_diagonal: "index_update(a, np.diag_indices_from(a), val)",
}


def _refuse(function: Callable[..., Any], cure: str) -> Callable[..., NoReturn]:
    def body(*args: Any, **kwargs: Any) -> NoReturn:
        raise LostGradientError(
            f"{function.__name__} assigns into an array in place, and the recording cannot follow that. "
            f"Build a new array: {cure}."
        )

    return body


for _function, _cure in CURES.items():
    composition(_function)(_refuse(_function, _cure))
