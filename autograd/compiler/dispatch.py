"""The entrance of a compiled program: check that a call fits it, and hand its leaves over, in a few comparisons.

The check is generated for one signature, since a general one would cost more than a small program:

    def enter(args, kwargs):
        if kwargs or len(args) != 2: return MISS
        a0, a1 = args
        if type(a0) is not ndarray or a0.shape != (2, 3) or a0.dtype is not float64: return MISS
        if type(a1) is not float: return MISS
        return run(a0, a1)

What it does not recognise goes the slow way, by the key of `signature`; it never accepts a call of another signature.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.signature import Call, Fixed, exactly, is_input
from autograd.trees import container_of, flatten

__all__ = ["MISS", "entrance"]

MISS = object()


def entrance(call: Call, run: Callable[..., Any]) -> Callable[[tuple[Any, ...], dict[str, Any]], Any]:
    """Return ``enter(args, kwargs)``: the result of ``run`` on the leaves, or `MISS` for a call of another kind."""
    writer = _Writer()
    writer.namespace |= {"MISS": MISS, "run": run, "ndarray": np.ndarray}
    writer.require(f"len(args) != {len(call.args)}" + ("" if call.kwargs else " or kwargs"))
    writer.unpack("args", list(call.args))
    if call.kwargs:
        names = tuple(call.kwargs)
        writer.require(f"tuple(kwargs) != {names!r}")
        parts = [writer.assign(f"kwargs[{name!r}]") for name in names]
        for part, value in zip(parts, call.kwargs.values(), strict=True):
            writer.check(part, value)
    source = "\n    ".join(["def enter(args, kwargs):", *writer.lines, f"return run({', '.join(writer.inputs)})"])
    exec(compile(source, "<autograd: entrance>", "exec"), writer.namespace)
    enter: Callable[..., Any] = writer.namespace["enter"]
    return enter


class _Writer:
    """Writes the checks down, and collects the names of the inputs."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.inputs: list[str] = []
        self.namespace: dict[str, Any] = {}
        self.count = 0

    def new(self) -> str:
        self.count += 1
        return f"a{self.count}"

    def bind(self, value: Any) -> str:
        name = f"c{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def require(self, otherwise: str) -> None:
        self.lines.append(f"if {otherwise}: return MISS")

    def assign(self, expression: str) -> str:
        name = self.new()
        self.lines.append(f"{name} = {expression}")
        return name

    def unpack(self, name: str, parts: list[Any]) -> None:
        """Give each entry of a tuple or list a name, and check it."""
        if not parts:
            return
        names = [self.new() for _ in parts]
        self.lines.append(f"{', '.join(names)}, = {name}")
        for part, value in zip(names, parts, strict=True):
            self.check(part, value)

    def check(self, name: str, value: Any) -> None:
        """Check that what is called ``name`` is of the kind of ``value``, and find the inputs in it."""
        if value is None:
            self.require(f"{name} is not None")
        elif container_of(value) is not None:
            self._check_container(name, value)
        elif is_input(value):
            self.inputs.append(name)
            kind = "ndarray" if type(value) is np.ndarray else self.bind(type(value))
            shaped = ""
            if isinstance(value, np.ndarray):
                shaped = f" or {name}.shape != {value.shape!r} or {name}.dtype is not {self.bind(value.dtype)}"
            self.require(f"type({name}) is not {kind}{shaped}")
        elif type(value) is Fixed:
            constant, known, exact = self.bind(value.value), self.bind(exactly(value.value)), self.bind(exactly)
            self.require(f"{name} is not {constant} and {exact}({name}) != {known}")
        else:
            constant, kind = self.bind(value), self.bind(type(value))
            self.require(f"{name} is not {constant} and (type({name}) is not {kind} or {name} != {constant})")

    def _check_container(self, name: str, value: Any) -> None:
        kind = type(value)
        self.require(f"type({name}) is not {self.bind(kind)}")
        if kind in (tuple, list) or (isinstance(value, tuple) and hasattr(value, "_fields")):
            self.require(f"len({name}) != {len(value)}")
            self.unpack(name, list(value))
        elif kind is dict and all(type(key) is str for key in value):
            self.require(f"tuple({name}) != {tuple(value)!r}")
            for key, entry in value.items():
                self.check(self.assign(f"{name}[{key!r}]"), entry)
        else:
            leaves, structure = flatten(value)
            taken = self.new()
            self.lines.append(f"{taken}, found = {self.bind(flatten)}({name})")
            self.require(f"found != {self.bind(structure)}")
            self.unpack(taken, leaves)
