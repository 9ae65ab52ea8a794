"""Places: where in the user's code a call was made, and what its result was called there.

A place is read from the interpreter's frames and bytecode while the call runs, never from source text, so it is known
in notebooks, in a console and in frozen programs alike.
"""

from __future__ import annotations

import dis
import functools
import inspect
import os
import sys
from types import CodeType, FrameType
from typing import Any, NamedTuple

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))

#: What the paths of code that is not the user's start with: this library, its pytest plugin beside it, and NumPy.
LIBRARIES = (
    HERE + os.sep,
    os.path.join(os.path.dirname(HERE), "pytest_autograd.py"),
    os.path.dirname(os.path.abspath(np.__file__)) + os.sep,
)


class Place(NamedTuple):
    """A line of the user's code: ``file``, ``line`` and the ``function`` it stands in."""

    file: str
    line: int
    function: str

    def __str__(self) -> str:
        return f"{os.path.basename(self.file)}:{self.line} in {self.function}"


@functools.cache
def in_library(file: str) -> bool:
    """Whether code in ``file`` belongs to this library or to NumPy rather than to the user."""
    return file.startswith(LIBRARIES) or file.startswith(("<autograd", "<__array_function__"))


def user_frame(frame: FrameType | None) -> FrameType | None:
    """The innermost frame of the user's code, from ``frame`` outwards."""
    while frame is not None and in_library(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def went_through_user(error: BaseException) -> bool:
    """Whether ``error`` came through code of the user, counted from where it is caught."""
    behind = error.__traceback__
    while behind is not None and in_library(behind.tb_frame.f_code.co_filename):
        behind = behind.tb_next
    return behind is not None


def caller_frame() -> FrameType | None:
    """The frame of the user's code that runs now."""
    return user_frame(sys._getframe(1))


def place_of(frame: FrameType) -> Place:
    """The line that ``frame`` is at."""
    code = frame.f_code
    return _place(code.co_filename, _read(code).lines[frame.f_lasti // 2], code.co_name)


_place = functools.lru_cache(maxsize=4096)(Place)


def defined_at(function: Any) -> Place | None:
    """The line at which a function of the user begins, its decorators included; None for one of a library, or in C."""
    code = getattr(inspect.unwrap(function), "__code__", None) if callable(function) else None
    if code is None or in_library(code.co_filename):
        return None
    return _place(code.co_filename, code.co_firstlineno, code.co_name)


def assigned_name(frame: FrameType | None) -> str | None:
    """The variable that the running call's result goes to: ``h`` in ``h = np.tanh(x)``, also through ``return``."""
    while frame is not None:
        name = _read(frame.f_code).names.get(frame.f_lasti)
        if name != RETURNED:
            return name
        frame = frame.f_back
        while frame is not None and frame.f_code.co_name == "scoped":  # the decorator of a scope is transparent
            frame = frame.f_back
        if frame is None or in_library(frame.f_code.co_filename):
            return None
    return None


RETURNED = "return"  # no variable can have this name


class _Code(NamedTuple):
    """What is remembered of one piece of code: the ``line`` of each instruction, and `_names_by_offset`."""

    code: CodeType  # held, so that its id stays its own
    lines: list[int]
    names: dict[int, str]


#: By the id of the code: its hash, like the line of a frame, would be worked out from all of a long function each time.
_met: dict[int, _Code] = {}


def _read(code: CodeType) -> _Code:
    """What there is to know about ``code``, read once."""
    found = _met.get(id(code))
    if found is None:
        if len(_met) >= 4096:
            _met.clear()
        lines = [position[0] or code.co_firstlineno for position in code.co_positions()]
        found = _met[id(code)] = _Code(code, lines, _names_by_offset(code))
    return found


def _names_by_offset(code: CodeType) -> dict[int, str]:
    """For each instruction whose result is stored at once: the name it is stored under, or `RETURNED`."""
    names: dict[int, str] = {}
    instructions = list(dis.get_instructions(code))
    for call, store in zip(instructions, instructions[1:], strict=False):
        if store.opname == "RETURN_VALUE":
            name: Any = RETURNED
        elif store.opname.startswith(("STORE_FAST", "STORE_NAME", "STORE_DEREF", "STORE_GLOBAL")):
            name = store.argval[0] if isinstance(store.argval, tuple) else store.argval
        else:
            continue
        names |= dict.fromkeys(range(call.offset, store.offset, 2), name)  # a call may stand at its inline cache
    return names
