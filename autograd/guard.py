"""Arrays that belong to the user must not change between recording and the sweep.

A rule often keeps an array that the user still holds: a constant, or an argument of the function itself. If it were
overwritten before the sweep, the gradient would be wrong without a word. So a kept array that the user can write to

- is copied when it is small, or was used with a tensor made by hand (whose recording has no end): the gradient
  is that of the values which were used;
- is made read-only otherwise, together with the array that it is a view of, until the recording ends: writing
  into it raises, and `Guard.explain` says why.

Not covered: a second view of a large array, made before the recording, stays writeable.

A compiled program holds arrays of the user by reference, so that it sees what is written into them between calls:
while it is traced, no copy may take the place of such an array (`by_reference`).
"""

from __future__ import annotations

from _thread import RLock  # threading is written on top of it, and takes a while to import
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

#: Copying this many bytes costs no more than locking an array.
COPIED_BYTES = 1 << 15

_BY_REFERENCE: ContextVar[bool] = ContextVar("by reference", default=False)


@contextmanager
def by_reference() -> Iterator[None]:
    """Let recordings of this thread keep arrays themselves, not copies, as long as the block runs."""
    token = _BY_REFERENCE.set(True)
    try:
        yield
    finally:
        _BY_REFERENCE.reset(token)


def keeps_references() -> bool:
    """Whether the block of `by_reference` runs."""
    return _BY_REFERENCE.get()


def copied(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A copy of ``array``, or the array itself where recordings keep arrays `by_reference`."""
    return array if _BY_REFERENCE.get() else array.copy()


class Guard(list[Any]):
    """The arrays that one recording has made read-only, to be released when it ends."""

    __slots__ = ()

    def lock(self, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return ``array`` itself, made read-only together with the memory that it is a view of."""
        owner: Any = array
        while isinstance(owner, np.ndarray):
            if LOCKS.acquire(owner):
                self.append(owner)
            owner = owner.base
        return array

    def release(self) -> None:
        """Make writeable again what this recording alone had made read-only."""
        if self:
            LOCKS.release(self)

    def explain(self, error: Exception) -> None:
        """Add the cure to NumPy's error when ``error`` came from writing into an array that is locked here."""
        if self and "read-only" in str(error):
            error.add_note(
                f"autograd: an array of more than {COPIED_BYTES:,} bytes that the backward pass needs is read-only "
                "while the function is recorded, since changing it would make the gradient wrong. "
                "Write into a copy (array.copy()) instead."
            )

    def __del__(self) -> None:
        self.release()


class _Locks:
    """How many recordings, in all threads, rely on each locked array."""

    def __init__(self) -> None:
        self.mutex = RLock()  # re-entrant: a Guard may be freed while another is at work
        self.holds: dict[int, tuple[np.ndarray[Any, Any], int]] = {}

    def acquire(self, array: np.ndarray[Any, Any]) -> bool:
        """Make ``array`` read-only; False when it is so by its owner's wish."""
        with self.mutex:
            _, count = self.holds.get(id(array), (array, 0))
            if count == 0 and not array.flags.writeable:
                return False
            array.flags.writeable = False
            self.holds[id(array)] = array, count + 1
            return True

    def release(self, locked: list[np.ndarray[Any, Any]]) -> None:
        with self.mutex:
            while locked:
                array = locked.pop()
                self.holds[id(array)] = array, self.holds[id(array)][1] - 1
            idle = [array for array, count in self.holds.values() if count == 0]
            for array in sorted(idle, key=lambda array: array.base is not None):  # owners before their views
                self._unlock(array)

    def _unlock(self, array: np.ndarray[Any, Any]) -> None:
        try:
            array.flags.writeable = True
        except ValueError:
            return  # its owner is still locked by another recording, whose release will try again
        del self.holds[id(array)]


LOCKS = _Locks()
