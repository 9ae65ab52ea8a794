"""How operands, calls and outputs are written in Python.

Operators where Python has one (``a + b``, ``x[0]``, ``x.T``), the name in NumPy otherwise. What has no spelling — an
array, a function of the user — is bound to a name in the namespace that the source runs in.
"""

from __future__ import annotations

import functools
import math
import operator
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from autograd.compiler.emit.names import Names, identifier
from autograd.compiler.emit.results import Dtype, Number
from autograd.program import Equation, Variable, name_of_function, row_of
from autograd.rules import Row
from autograd.transforms.ordering import after
from autograd.trees import container_of

__all__ = ["BINARY", "UNARY", "Speller"]

#: Functions that Python has an operator for.
BINARY: dict[Callable[..., Any], str] = {
    np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/", np.power: "**", np.matmul: "@",
    np.remainder: "%", np.floor_divide: "//", np.bitwise_and: "&", np.bitwise_or: "|", np.bitwise_xor: "^",
    np.greater: ">", np.less: "<", np.greater_equal: ">=", np.less_equal: "<=", np.equal: "==", np.not_equal: "!=",
}  # fmt: skip
UNARY: dict[Callable[..., Any], str] = {np.negative: "-", np.positive: "+", np.invert: "~"}


NEGATIVE = re.compile(r"\(-(np\.inf|[\d.]+(e[-+]?\d+)?)\)")


class Speller:
    """Writes parts of one program down, and collects the objects that the source refers to.

    ``names`` has the names of its variables; ``bound`` maps names to objects.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.bound: dict[str, Any] = {}
        self._name_by_id: dict[int, str] = {}

    def bind(self, value: Any, wish: str) -> str:
        """Return the name under which the source finds ``value``."""
        if id(value) not in self._name_by_id:
            name = self._name_by_id[id(value)] = self.names.new(identifier(wish))
            self.bound[name] = value  # keeps it alive, so that its id stays its own
        return self._name_by_id[id(value)]

    def operand(self, operand: Any) -> str:
        """An operand: a variable's name, a literal, a tree of operands."""
        if type(operand) is Variable:
            return self.names.of[operand]
        if container_of(operand) is not None and operand is not None:
            return self.tree(operand)
        return self.constant(operand)

    def tree(self, tree: Any) -> str:
        """A tuple, list or dict of operands; containers of other kinds are built by their own type."""
        if type(tree) is dict:
            return f"{{{', '.join(f'{self.operand(key)}: {self.operand(value)}' for key, value in tree.items())}}}"
        container: Any = container_of(tree)
        keys = list(container.keys(tree))
        parts = [self.operand(container.get(tree, key)) for key in keys]
        if type(tree) in (tuple, list):
            inside = ", ".join(parts)
            return f"[{inside}]" if type(tree) is list else f"({inside},)" if len(parts) == 1 else f"({inside})"
        if hasattr(tree, "_fields"):
            return f"{self.bind(type(tree), type(tree).__name__)}({', '.join(parts)})"
        build = self.bind(functools.partial(container.build, tuple(keys)), f"make_{type(tree).__name__}")
        return f"{build}([{', '.join(parts)}])"

    def constant(self, value: Any) -> str:
        """A constant: a literal where it has one; or a result of a type of its own (see `results`)."""
        kind = type(value)
        if kind is Number:
            return f"{self.operand(value.operand)}[()]"
        if kind is Dtype:
            return f"np.dtype({value.operand.str!r})"
        if value is None or value is Ellipsis or kind in (bool, str, bytes, range):
            return "..." if value is Ellipsis else repr(value)
        if kind in (int, float, complex):
            return self.number(value)
        if kind is slice:
            return f"slice({', '.join(self.operand(part) for part in (value.start, value.stop, value.step))})"
        if isinstance(value, (np.ndarray, np.generic)):
            return self.array(value)
        if isinstance(value, np.dtype) and value.isnative and hasattr(np, value.name):
            return f"np.{value.name}"
        if isinstance(value, np.dtype) and value.kind in "biufc":
            return f"np.dtype({value.str!r})"
        if kind is type and value in (bool, int, float, complex):
            return str(value.__name__)
        return self.function(value) if callable(value) else self.bind(value, kind.__name__)

    def number(self, value: Any) -> str:
        """A Python number; those without a literal are found in NumPy."""
        if type(value) is complex and not (math.isfinite(value.real) and math.isfinite(value.imag)):
            return f"complex({self.number(value.real)}, {self.number(value.imag)})"
        if type(value) is float and not math.isfinite(value):
            return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "(-np.inf)"
        text = repr(value)
        return f"({text})" if text.startswith("-") else text

    def array(self, value: Any) -> str:
        """An array or NumPy number: an object of the namespace."""
        return self.bind(value, "constant")

    def function(self, function: Callable[..., Any]) -> str:
        """A function: its name in NumPy, else an object of the namespace."""
        return numpy_name(function) or self.bind(function, name_of_function(function))

    # ------------------------------------------------------------------------------------------------------- equations

    def silenced(self, equation: Equation, lines: list[str]) -> list[str]:
        """The lines of an equation under the `np.errstate` that it was recorded under."""
        if not equation.errors:
            return lines
        told = ", ".join(f"{kind}={answer!r}" for kind, answer in equation.errors)
        return [f"with {self.function(np.errstate)}({told}):", *(f"    {line}" for line in lines)]

    def expression(self, equation: Equation) -> str:
        """The right-hand side of an equation."""
        function, operands = equation.function, equation.operands
        if function is after:
            return self.operand(operands[0])
        if not equation.parameters and _operators_fit(equation):
            if function in BINARY and len(operands) == 2:
                return f"{self.operand(operands[0])} {BINARY[function]} {self.operand(operands[1])}"
            if function in UNARY and len(operands) == 1:
                return f"{UNARY[function]}{self.operand(operands[0])}"
            if function is operator.getitem:
                return f"{self.operand(operands[0])}[{self.index(operands[1])}]"
            if function is np.transpose and (len(operands) == 1 or operands[1] is None):
                return f"{self.operand(operands[0])}{'' if equation.output.weak else '.T'}"  # no number has a .T
        return self.call(self.function(function), equation)

    def call(self, name: str, equation: Equation) -> str:
        """A call with operands and parameters where the function takes them."""
        row = row_of(equation.function)
        named = {key: self.operand(value) for key, value in equation.parameters.items()}
        if not isinstance(row, Row) or (row.plain and not row.by_position):
            leading = [self.operand(operand) for operand in equation.operands]
        else:
            leading, named = self._placed(row, equation.operands, named)
        leading = [alone(text) for text in leading]
        return f"{name}({', '.join([*leading, *(f'{key}={alone(text)}' for key, text in named.items())])})"

    def _placed(self, row: Row, operands: list[Any], named: dict[str, str]) -> tuple[list[str], dict[str, str]]:
        """Where a row puts operands and parameters; asks `Row.call` itself, with texts in the place of values."""
        if row.star is not None:
            return [self.operand(operand) for operand in operands[0]], named
        asked = Row.call(_Asking(row), [self.operand(operand) for operand in operands], named)  # type: ignore[arg-type]
        return list(asked[0]), asked[1]

    def index(self, index: Any) -> str:
        """What stands between brackets: ``:, 0``."""
        if type(index) is tuple and index:
            return ", ".join(self._index_part(part) for part in index) + ("," if len(index) == 1 else "")
        return self._index_part(index)

    def _index_part(self, part: Any) -> str:
        if type(part) is not slice:
            return self.operand(part)
        start, stop, step = ("" if end is None else self.operand(end) for end in (part.start, part.stop, part.step))
        return f"{start}:{stop}" + (f":{step}" if step else "")

    def target(self, output: Any) -> str:
        """The left-hand side of an equation: a name, or a nesting of names."""
        if type(output) is Variable:
            return self.names.of[output]
        container: Any = container_of(output)
        parts = [self.target(container.get(output, key)) for key in container.keys(output)]
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def alone(text: str) -> str:
    """A negative number without its brackets, for a place where nothing stands beside it.

    >>> alone("(-1)"), alone("(-1, 2)"), alone("(-x)")
    ('-1', '(-1, 2)', '(-x)')
    """
    return text[1:-1] if NEGATIVE.fullmatch(text) else text


def _operators_fit(equation: Equation) -> bool:
    """Whether an operator gives a Python number where that is wanted, and NumPy's answer where it is not.

    Python itself answers when all operands are Python numbers, and also for a Python complex and a float64: a
    float64 is a Python float as well.
    """
    if type(equation.output) is Variable and equation.output.weak:
        return True
    kinds = [_kind(operand) for operand in equation.operands]
    numbers = type(equation.output) is Variable and equation.output.shape == ()
    return "numpy" in kinds and not (numbers and "complex" in kinds)


def _kind(operand: Any) -> str:
    if type(operand) is Variable:
        return "numpy" if not operand.weak else "complex" if operand.dtype.kind == "c" else "python"
    return "numpy" if isinstance(operand, (np.ndarray, np.generic)) else type(operand).__name__


class _Asking:
    """A row whose function returns what it is called with."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    def function(self, *args: Any, **kwargs: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return args, kwargs


@functools.lru_cache(maxsize=4096)
def numpy_name(function: Callable[..., Any]) -> str | None:
    """``np.tanh``, ``np.linalg.inv``: where NumPy keeps a function, or None.

    >>> numpy_name(np.linalg.inv), numpy_name(len)
    ('np.linalg.inv', None)
    """
    name = getattr(function, "__name__", "")
    modules: list[tuple[str, ModuleType]] = [("np", np), ("np.linalg", np.linalg), ("np.fft", np.fft)]
    for path, module in modules:
        if getattr(module, name, None) is function:
            return f"{path}.{name}"
    for path, module in modules:
        for name, found in vars(module).items():
            if found is function:
                return f"{path}.{name}"
    return None
