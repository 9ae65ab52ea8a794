"""The compiled programs of one function, by signature."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, NamedTuple

__all__ = ["Cache", "CacheInfo", "Compiled"]

#: So many programs are kept for one function; the oldest goes first.
MAXSIZE = 256
#: So many entrances are tried, the latest first, before the signature of a call is worked out.
TRIED = 4


class CacheInfo(NamedTuple):
    """How often a program was found (``hits``) and made (``misses``), and how many are kept."""

    hits: int
    misses: int
    maxsize: int
    currsize: int


class Compiled(NamedTuple):
    """One program, ready to run: ``run`` takes its inputs, ``enter`` a whole call (see `dispatch`).

    ``traced`` is the program as it was recorded, ``program`` the optimised one.
    """

    traced: Any
    program: Any
    run: Callable[..., Any]
    enter: Callable[..., Any]


class Cache:
    """Compiled programs by key. Reading needs no lock: the list of entrances is replaced, never changed."""

    def __init__(self) -> None:
        self.programs: dict[Hashable, Compiled] = {}
        self.entrances: tuple[Callable[..., Any], ...] = ()
        self.hits = 0
        self.misses = 0
        self._writing = threading.Lock()

    def get(self, key: Hashable) -> Compiled | None:
        """The program for ``key``; its entrance is the first to be tried from now on."""
        found = self.programs.get(key)
        if found is not None:
            with self._writing:
                others = [enter for enter in self.entrances if enter is not found.enter]
                self.entrances = (found.enter, *others[: TRIED - 1])
        return found

    def put(self, key: Hashable, compiled: Compiled) -> Compiled:
        """Keep a program, unless another thread was faster; return the one that is kept."""
        with self._writing:
            kept = self.programs.setdefault(key, compiled)
            self.misses += kept is compiled
            while len(self.programs) > MAXSIZE:
                del self.programs[next(iter(self.programs))]
            alive = [p.enter for p in self.programs.values()]
            others = [enter for enter in self.entrances if enter is not kept.enter and enter in alive]
            self.entrances = (kept.enter, *others[: TRIED - 1])
        return kept

    def clear(self) -> None:
        """Forget every program."""
        with self._writing:
            self.programs = {}
            self.entrances = ()
            self.hits = self.misses = 0

    def info(self) -> CacheInfo:
        """What `functools.lru_cache` tells."""
        return CacheInfo(self.hits, self.misses, MAXSIZE, len(self.programs))
