"""Captured arrays: what a function takes from its closure, its defaults and its module is an input like any other.

A compiled function sees what is written into such an array between calls, and so must everything that is computed from
it alone: ``data * 2``, ``data > 0``, ``data[0]``. NumPy would compute these while the function is traced, once and for
all. So the function that is traced is a copy of the user's, in which tensors stand where the arrays were:

    captured = Captured(tensor_of)           tensor_of(array) is called once for each array
    captured.copy(fun)                       fun itself if it captures none

Followed are functions, partial functions and bound methods, the functions that *they* capture, and tuples, lists and
dicts. The attributes of other objects are not: an array there is seen when it meets a traced value, as it is.
"""

from __future__ import annotations

import dis
import functools
import sys
from collections.abc import Callable, Iterable
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from autograd.places import in_library
from autograd.rules import TABLE
from autograd.trees import explain_depth

__all__ = ["Captured"]

#: Containers with more entries than this are data of another kind.
LIMIT = 10_000
CONTAINERS = (tuple, list, dict)


class Captured:
    """Copies functions with ``tensor_of(array)`` in the place of each array that they capture: ``found`` in number."""

    def __init__(self, tensor_of: Callable[[Any], Any]) -> None:
        self.tensor_of = tensor_of
        self.copies: dict[int, Any] = {}
        self.globals: dict[int, dict[str, Any]] = {}
        self.alive: list[Any] = []  # what the ids in ``copies`` belong to
        self.waiting: list[tuple[FunctionType, FunctionType]] = []  # functions, with copies that are not filled yet
        self.found = 0

    def copy(self, fun: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``fun`` for tracing; it is ``fun`` itself when it captures no array."""
        copy: Callable[..., Any] = self._of(fun)
        while self.waiting:
            self._fill(*self.waiting.pop())
        return copy if self.found else fun

    def _of(self, value: Any) -> Any:
        """What stands for ``value`` in a copy."""
        if id(value) in self.copies:
            return self.copies[id(value)]
        kind = type(value)
        if kind is np.ndarray and value.dtype.kind in "biufc":
            self.found += 1
            return self._keep(value, self.tensor_of(value))
        if kind is FunctionType:
            return self._function(value)
        if kind is MethodType:
            return self._keep(value, MethodType(self._of(value.__func__), value.__self__))
        if kind is functools.partial:
            arguments = [self._of(x) for x in value.args], {name: self._of(x) for name, x in value.keywords.items()}
            return self._keep(value, functools.partial(self._of(value.func), *arguments[0], **arguments[1]))
        if kind in CONTAINERS and _holds_arrays(value):
            return self._keep(value, self._container(value))
        if hasattr(kind, "captured_copy"):
            return self._keep(value, value.captured_copy(self._of))
        return value

    def _keep(self, value: Any, copy: Any) -> Any:
        self.alive.append(value)
        self.copies[id(value)] = copy
        return copy

    def _container(self, value: Any) -> Any:
        if type(value) is dict:
            return {key: self._of(entry) for key, entry in value.items()}
        return type(value)(self._of(entry) for entry in value)

    def _function(self, fun: FunctionType) -> Any:
        if fun in TABLE or getattr(fun, "__wrapped__", None) in TABLE:
            return fun  # a primitive: what it captures is its own
        closure = tuple(CellType() if _is_copied_cell(cell) else cell for cell in fun.__closure__ or ())
        module = fun.__globals__
        if self._names(fun):
            module = self._module(module)
        copy = FunctionType(fun.__code__, module, fun.__name__, None, closure)
        copy.__dict__.update(fun.__dict__)
        copy.__qualname__, copy.__doc__, copy.__module__ = fun.__qualname__, fun.__doc__, fun.__module__
        self.waiting.append((fun, copy))
        return self._keep(fun, copy)

    def _module(self, names: dict[str, Any]) -> dict[str, Any]:
        """The copy of the names of a module that all copied functions of it share."""
        if id(names) not in self.globals:
            self.alive.append(names)
            self.globals[id(names)] = dict(names)
        return self.globals[id(names)]

    def _fill(self, fun: FunctionType, copy: FunctionType) -> None:
        """Give a copy what it captures."""
        copy.__defaults__ = self._named(fun.__defaults__, "defaults") if fun.__defaults__ else None
        copy.__kwdefaults__ = self._named(fun.__kwdefaults__, "defaults") if fun.__kwdefaults__ else None
        cells = zip(fun.__code__.co_freevars, copy.__closure__ or (), fun.__closure__ or (), strict=True)
        for name, cell, old in cells:
            if cell is not old:
                cell.cell_contents = self._named(old.cell_contents, name)
        for name in self._names(fun):
            copy.__globals__[name] = self._named(fun.__globals__[name], name)

    def _named(self, value: Any, name: str) -> Any:
        """What stands for the value of a variable; a tree that is too deep is told by its name."""
        try:
            return self._of(value)
        except RecursionError as error:
            raise explain_depth(error, value, name) from None

    def _names(self, fun: FunctionType) -> list[str]:
        """What ``fun`` reads from its module that may capture an array."""
        if not _is_of_user(fun):
            return []
        module = fun.__globals__
        return [name for name in _names_read(fun.__code__) if name in module and _is_copied(module[name])]


def _is_of_user(fun: FunctionType) -> bool:
    package = (fun.__module__ or "").partition(".")[0]
    return not in_library(fun.__code__.co_filename) and package not in sys.stdlib_module_names


@functools.lru_cache(maxsize=1024)
def _names_read(code: CodeType) -> frozenset[str]:
    """The names that ``code``, or a function defined in it, may look up in its module; none if it assigns to one."""
    inside = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    if any(step.opname in ("STORE_GLOBAL", "DELETE_GLOBAL") for step in dis.get_instructions(code)):
        return frozenset()
    return frozenset().union(code.co_names, *map(_names_read, inside))


def _is_copied(value: Any) -> bool:
    """Whether something else may stand for ``value`` in a copy."""
    kind = type(value)
    if kind in CONTAINERS:
        return _holds_arrays(value)
    return kind in (np.ndarray, FunctionType, MethodType, functools.partial) or hasattr(kind, "captured_copy")


def _is_copied_cell(cell: CellType) -> bool:
    try:
        return _is_copied(cell.cell_contents)
    except ValueError:  # the name has no value yet
        return False


def _holds_arrays(container: Any) -> bool:
    """Whether there is something to copy in a nesting of containers, which has no cycles and is not too large."""
    waiting: list[Iterable[Any]] = [container]
    count, holds = 0, False
    while waiting:
        inside = waiting.pop()
        for entry in inside.values() if type(inside) is dict else inside:
            count += 1
            if count > LIMIT:
                return False
            if type(entry) in CONTAINERS:
                waiting.append(entry)
            else:
                holds = holds or _is_copied(entry)
    return holds
