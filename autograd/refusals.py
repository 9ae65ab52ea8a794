"""What a tensor refuses, and what to write instead: conversions, changes in place, attributes that only arrays have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autograd.errors import LostGradientError, NoAttributeError
from autograd.recording import lost


def reading(what: str, convert: Callable[[Any], Any]) -> Callable[..., Any]:
    """A conversion that leaves the recording, which may refuse it or hand out the plain value."""

    def method(self: Any) -> Any:
        return convert(self.recording.read(self, what))

    return method


def refused(what: str) -> Callable[..., NoReturn]:
    """A conversion that leaves recordings of every kind: what comes out has no gradient."""

    def method(self: Any, *args: Any) -> NoReturn:
        raise lost(self, what)

    method.__doc__ = "Refused: what comes out has no gradient."
    return method


def writing(what: str) -> Callable[..., Any]:
    """A change in place: refuse it and say what to write instead."""

    def method(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise LostGradientError(
            f"Tensors are immutable, so {what} (item assignment, a change in place) is not possible. "
            f"Build a new one: index_update(t, index, value), np.where(mask, value, t), np.stack of a list, np.sort(t)."
        )

    return method


def refuse_what_arrays_have(kind: type) -> None:
    """Give ``kind`` the public attributes of arrays that it lacks: to read one names the cure, and hasattr says no.

    A ``__getattr__`` would do it too, and slow down every attribute that there is.
    """
    for name in {*dir(np.ndarray)} - {*dir(kind)}:
        if not name.startswith("_"):
            setattr(kind, name, _absent(name))


def _absent(name: str) -> property:
    def refuse(self: Any) -> NoReturn:
        raise NoAttributeError(f"A tensor has no attribute {name!r}. A plain array does: t.numpy().{name}.", name=name)

    return property(refuse)
