"""Programs: a traced function as plain data, which can be printed, checked, evaluated, drawn and compiled.

    program  ::= inputs equations outputs
    inputs   ::= variable*                                        named by argument and tree path: params['hidden'].w
    equation ::= output "=" function operand* (name "=" operand)* scope place rule errors
    output   ::= variable | tree of variables                     a tree for functions with several outputs
    operand  ::= variable | constant | tree of operands           operands are positional, parameters have names
    outputs  ::= operand                                          the tree that the function returned

Variables are numbered in the order in which they are computed, and each is defined once, before it is used.
A constant is any other object; arrays are held by reference, not copied. ``rule`` names the function whose
derivative an equation belongs to, where it was recorded by the backward pass of `grad`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, ProgramError
from autograd.graph import Traced
from autograd.places import Place
from autograd.recording import record
from autograd.rules import TABLE, Composition, Row
from autograd.table import registered
from autograd.trees import container_of, flatten, leaves_with_paths, map_tree


class Variable:
    """One value of a program. ``weak`` ones are Python numbers, which do not widen the dtype of arrays (NEP 50).

    ``boxed`` ones are arrays without axes, where NumPy might also have given a number.
    """

    __slots__ = ("index", "shape", "dtype", "weak", "name", "boxed")

    def __init__(
        self,
        index: int,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
        weak: bool,
        name: str | None,
        boxed: bool = False,
    ) -> None:
        self.index = index
        self.shape = shape
        self.dtype = dtype
        self.weak = weak
        self.name = name
        self.boxed = boxed

    def __repr__(self) -> str:
        return f"v{self.index}"


@dataclass(slots=True)
class Equation:
    """One recorded call: ``output = function(*operands, **parameters)``. It is not changed; a pass makes another one.

    ``errors`` has what `np.errstate` was told around the call: ``(("divide", "ignore"), …)``.
    """

    output: Any
    function: Callable[..., Any]
    operands: list[Any]
    parameters: dict[str, Any]
    scope: tuple[str, ...] = ()
    place: Place | None = None
    rule: str | None = None
    errors: tuple[tuple[str, str], ...] = ()
    _reads: tuple[Variable, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def name(self) -> str:
        """What the function is called."""
        return name_of_function(self.function)

    @property
    def outputs(self) -> list[Variable]:
        """The variables that the equation defines."""
        return [self.output] if type(self.output) is Variable else flatten(self.output)[0]

    @property
    def reads(self) -> tuple[Variable, ...]:
        """The variables that the equation uses, each as often as it does: those of `uses`, without their roles."""
        if self._reads is None:  # they are asked for again and again
            found: list[Variable] = []
            for part in (*self.operands, *self.parameters.values()):
                if type(part) is Variable:
                    found.append(part)
                elif container_of(part) is not None:
                    found += leaves_of(part)
            self._reads = tuple(found)
        return self._reads

    def roles(self) -> list[tuple[str, Any]]:
        """The operands, each with what the table calls it."""
        row = row_of(self.function)
        names = row.operands if isinstance(row, Row) else ()
        return [(names[i] if i < len(names) else f"operand {i}", operand) for i, operand in enumerate(self.operands)]

    def uses(self) -> Iterator[tuple[str, Variable]]:
        """Each use of a variable with its role: the operand's name and path, ``x`` or ``arrays[1]``."""
        for role, operand in self.roles():
            if type(operand) is Variable:
                yield role, operand
            elif container_of(operand) is not None:
                yield from _variables(operand, role)
        if self.parameters:
            for name, value in self.parameters.items():
                yield from _variables(value, name)


def _variables(tree: Any, role: str) -> list[tuple[str, Variable]]:
    return [(path, leaf) for path, leaf in leaves_with_paths(tree, role) if type(leaf) is Variable]


@dataclass(slots=True)
class Program:
    """A function as a list of equations. Calling it evaluates it on other arguments of the same trees.

    ``arguments`` is the pair (args, kwargs) of the trace with variables in the place of arrays and numbers;
    ``values`` holds what each variable was in the trace, by index (empty when that was not asked for).
    """

    name: str
    arguments: tuple[tuple[Any, ...], dict[str, Any]]
    inputs: list[Variable]
    equations: list[Equation]
    outputs: Any
    values: list[Any] = field(default_factory=list)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Evaluate the program. Tensors among the arguments record, as in the function itself.

        Raises `ArgumentError` when the arguments are not trees like those of the trace.
        """
        given: dict[Variable, Any] = {}

        def match(expected: Any, actual: Any) -> None:
            if type(expected) is Variable:
                given[expected] = actual

        _map_arguments(match, self.arguments, (args, kwargs), self.name)
        return self.evaluate([given[variable] for variable in self.inputs])

    def evaluate(self, inputs: list[Any]) -> Any:
        """Evaluate the program on the leaves ``inputs``, in the order of ``self.inputs``."""
        return substitute(self.outputs, self._evaluated(inputs))

    def at(self, inputs: list[Any]) -> Program:
        """Return the program with the ``values`` that it computes from the leaves ``inputs``."""
        found = self._evaluated(inputs)
        values: list[Any] = [None] * (1 + max((variable.index for variable in found), default=-1))
        for variable, value in found.items():
            values[variable.index] = value
        return replace(self, values=values)

    def _evaluated(self, inputs: list[Any]) -> dict[Variable, Any]:
        values: dict[Variable, Any] = dict(zip(self.inputs, inputs, strict=True))
        for equation in self.equations:
            operands = [substitute(operand, values) for operand in equation.operands]
            with np.errstate(**dict(equation.errors)) if equation.errors else nullcontext():  # type: ignore[arg-type]
                out = apply(equation.function, operands, substitute(equation.parameters, values))
            bind(equation.output, out, values)
        return values

    def validate(self) -> Program:
        """Return the program itself; raise `ProgramError` when it breaks the grammar of this file."""
        defined: set[Variable] = set()

        def define(variable: Any, where: str) -> None:
            if type(variable) is not Variable:
                raise ProgramError(f"{where} defines {variable!r}, which is no variable.")
            if variable in defined:
                raise ProgramError(f"{where} defines {variable!r} a second time.")
            defined.add(variable)

        def check(variable: Variable, where: str) -> None:
            if variable not in defined:
                raise ProgramError(f"{where} uses {variable!r} before it is defined.")

        for variable in self.inputs:
            define(variable, "the list of inputs")
        for i, equation in enumerate(self.equations):
            where = f"equation {i} ({equation.name})"
            if not callable(equation.function) or not all(isinstance(name, str) for name in equation.parameters):
                raise ProgramError(f"{where} needs a function, and parameters with names.")
            for variable in equation.reads:
                check(variable, where)
            for variable in equation.outputs:
                define(variable, where)
        for _, variable in _variables(self.outputs, ""):
            check(variable, "the output")
        return self

    def __str__(self) -> str:
        lines = [f"program {self.name}"]
        lines += [f"    input {v!r}: {kind(v)}{f'  # {v.name}' if v.name else ''}" for v in self.inputs]
        scope: tuple[str, ...] = ()
        for equation in self.equations:
            if equation.scope != scope:
                scope = equation.scope
                lines.append(f"    # {' / '.join(scope) or 'outside'}")
            lines.append(f"    {_line(equation)}")
        return "\n".join([*lines, f"    return {show(self.outputs)}"])

    __repr__ = __str__


def _line(equation: Equation) -> str:
    arguments = [show(operand) for operand in equation.operands]
    arguments += [f"{name}={show(value)}" for name, value in equation.parameters.items()]
    text = (
        f"{show(equation.output)}: {', '.join(map(kind, equation.outputs))} = {equation.name}({', '.join(arguments)})"
    )
    notes = [v.name for v in equation.outputs if v.name]
    notes += [f"backward of {equation.rule}"] if equation.rule else []
    notes += [f"line {equation.place.line}"] if equation.place else []
    return f"{text}  # {', '.join(notes)}" if notes else text


def kind(variable: Variable) -> str:
    """``float64[4, 2]``; a weak number is ``float``."""
    if variable.weak:
        return {"i": "int", "f": "float", "c": "complex"}.get(variable.dtype.kind, str(variable.dtype))
    return f"{variable.dtype}{list(variable.shape) if variable.shape else ''}"


def show(operand: Any) -> str:
    """An operand in a line of print: a variable, a number in full, a larger constant by its dtype and shape."""
    if isinstance(operand, np.ndarray):
        text = np.array2string(operand, separator=", ") if operand.size <= 4 and operand.ndim < 2 else ""
        return text or f"constant {operand.dtype}{list(operand.shape)}"
    if isinstance(operand, (np.generic, bool, int, float, complex, str, slice, Variable, type(None), type(...))):
        return repr(operand)
    if isinstance(operand, dict):
        return f"{{{', '.join(f'{key!r}: {show(value)}' for key, value in operand.items())}}}"
    container = container_of(operand)
    if container is None:
        return getattr(operand, "__name__", None) or (
            str(operand) if isinstance(operand, np.dtype) else type(operand).__name__
        )
    inside = ", ".join(show(container.get(operand, key)) for key in container.keys(operand))
    return f"[{inside}]" if isinstance(operand, list) else f"({inside},)" if len(operand) == 1 else f"({inside})"


def name_of_function(function: Callable[..., Any]) -> str:
    """What ``function`` is called."""
    return str(getattr(function, "__name__", type(function).__name__))


def _map_arguments(match: Callable[..., Any], expected: Any, actual: Any, name: str) -> None:
    try:
        map_tree(match, list(expected), list(actual), name=f"{name}(…)")
    except ArgumentError as error:
        raise ArgumentError(f"The program {name} was traced with other trees of arguments: {error}") from error


# --------------------------------------------------------------------------------------------------------- evaluation


def substitute(operand: Any, values: dict[Variable, Any]) -> Any:
    """Return ``operand`` with the value of each variable in its place."""
    if type(operand) is Variable:
        return values[operand]
    if container_of(operand) is None or not operand:
        return operand
    return map_tree(lambda leaf: values[leaf] if type(leaf) is Variable else leaf, operand)


def bind(output: Any, out: Any, values: dict[Variable, Any]) -> None:
    """Give the variables of ``output`` their values: the leaves of ``out``, weak where the variable is weak."""
    if type(output) is Variable:
        values[output] = weakened(out) if output.weak else out
        return
    for variable, part in zip(flatten(output)[0], flatten(out)[0], strict=True):
        bind(variable, part, values)


def weakened(out: Any) -> Any:
    """Return a number as a Python number; traced ones stay traced."""
    if isinstance(out, Traced):
        weak = object.__new__(type(out))
        weak.value, weak.node, weak.recording = weakened(out.value), out.node, out.recording
        return weak
    return out.item() if hasattr(out, "item") else out


@functools.lru_cache(maxsize=1024)
def row_of(function: Callable[..., Any]) -> Any:
    """The row of the table of ``function``, or None; user primitives are recorded by the wrapper that users hold."""
    row = registered(function)
    return _row_behind(function) or row if isinstance(row, Composition) else row


@functools.lru_cache(maxsize=1024)
def _row_behind(function: Callable[..., Any]) -> Row | None:
    """The row that records the calls of ``function`` once a composition has put its arguments in order."""
    return next((row for row in TABLE.values() if isinstance(row, Row) and row.function is function), None)


def apply(function: Callable[..., Any], operands: list[Any], parameters: dict[str, Any]) -> Any:
    """Call ``function`` as an equation says; the highest recording among traced operands records it."""
    row = row_of(function)
    recording: Any = None
    for leaf in flatten([operands, parameters])[0]:
        if isinstance(leaf, Traced) and (recording is None or leaf.recording.level > recording.level):
            recording = leaf.recording
    if not isinstance(row, Row):
        return function(*operands, **parameters) if recording is None else record(function, tuple(operands), parameters)
    return row.call(operands, parameters) if recording is None else recording.record(row, operands, parameters)


def leaves_of(tree: Any) -> list[Variable]:
    """The variables in a tree of operands, from left to right."""
    if type(tree) is Variable:
        return [tree]
    if tree is None or container_of(tree) is None:
        return []
    return [leaf for leaf in flatten(tree)[0] if type(leaf) is Variable]
