"""The trace of a compiled function: it refuses whatever would make the program right for one value alone.

A Python branch, ``int()``, ``.item()`` or a shape that depends on values raises a `BranchError` that names the line
and the cure.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Callable, Iterator
from types import CellType, FunctionType
from typing import Any, NoReturn

import numpy as np

from autograd.compiler.captured import Captured
from autograd.compiler.refusals import ARRAY, CONVERSION, CURES, FLOAT, NUMBER, ORDER, SHAPE, VALUE, explained, refusal
from autograd.compiler.signature import is_input, unfixed
from autograd.errors import OutputError, with_article
from autograd.graph import Traced
from autograd.guard import by_reference
from autograd.program import Program, Variable, substitute
from autograd.tensor import Tensor
from autograd.tracing import ABOUT_KIND, ProgramTrace, is_array_like, trace_with
from autograd.trees import flatten, leaves_with_paths, rebuild
from autograd.unknown import Unknown

__all__ = ["StrictTrace", "trace_strictly"]

#: Functions whose result has a shape that depends on the values of their operands.
SHAPED_BY_VALUES = {
    np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.unique_all, np.unique_counts, np.unique_inverse,
    np.unique_values, np.compress, np.extract, np.trim_zeros, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
    np.bincount,
}  # fmt: skip

#: Parameters that decide the shape of the result.
SHAPES = frozenset({
    "shape", "newshape", "axis", "axes", "axis1", "axis2", "source", "destination", "start", "keepdims",
    "reps", "repeats", "num", "n", "k", "s", "size", "offset", "pad_width", "indices_or_sections", "ind",
})  # fmt: skip


#: Functions that put entries in the order in which they lie in memory, if they are told to.
RESHAPING = {np.ravel, np.reshape}


class StrictTensor(Tensor):
    """A tensor of a program that will run with other values: its own value must not leave the trace.

    One that was computed from captured arrays alone gives its value away as the array itself would: the program is
    then right as long as the decisions that were made on it are.
    """

    __slots__ = ()

    def numpy(self) -> Any:
        """Refused: the value would be part of the program."""
        if not self._is_captured():
            raise refusal("Reading the value", VALUE)
        return np.array(self.value)

    def __pow__(self, other: Any) -> Any:
        return super().__pow__(other) if _stays_an_int(self, other) else (self * 1.0) ** other

    def __rpow__(self, other: Any) -> Any:
        return super().__rpow__(other) if _stays_an_int(other, self) else (other * 1.0) ** self

    def _is_captured(self) -> bool:
        recording = self.recording
        return isinstance(recording, StrictTrace) and self.node in recording.captured

    def __bool__(self) -> bool:
        return bool(self.value) if self._is_captured() else super().__bool__()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if not self._is_captured():
            raise refusal("np.asarray, np.array, or indexing an array that is no input with traced integers,", ARRAY)
        return np.array(self.value, dtype, copy=copy)

    def tolist(self) -> Any:
        """Refused: the values would be part of the program."""
        return self.numpy().tolist()

    def __repr__(self) -> str:
        return f"Tensor({self.dtype}{list(self.shape)}, an input or a result of a compiled function)"


class StrictTrace(ProgramTrace):
    """A program trace without branches, and without values.

    ``captured`` has the variables that were computed from captured arrays alone, ``arrays`` the array of each of them
    that is one.
    """

    __slots__ = ("captured", "arrays")

    def __init__(self) -> None:
        super().__init__(StrictTensor, follow=False, keep=False)
        self.captured: set[Variable] = set()
        self.arrays: dict[Variable, Any] = {}

    def is_input(self, leaf: Any) -> bool:
        """Arrays and numbers are inputs; bools, strings, functions and `Fixed` arguments belong to the program."""
        return is_input(leaf)

    def capture(self, array: Any) -> Any:
        """Return a captured array as a tensor of this trace."""
        tensor = self.leaf(array)
        self.captured.add(tensor.node)
        self.arrays[tensor.node] = array
        return tensor

    def decide(self, value: Any, what: str) -> NoReturn:
        """Refuse a branch, and say where it is."""
        raise refusal(what, CURES.get(what, CONVERSION))

    def read(self, tensor: Any, what: str) -> Any:
        """Return the number that Python asks for when it was computed from captured arrays, or refuse."""
        return tensor.value if tensor.node in self.captured else super().read(tensor, what)

    def record(self, row: Any, operands: Any, parameters: dict[str, Any]) -> Any:
        """Write the call down, unless its shape depends on values."""
        if row.function in SHAPED_BY_VALUES or (row.function is np.where and len(operands) == 1):
            if not self._knows(operands, parameters):
                raise refusal(f"np.{row.name}, whose shape depends on values,", SHAPE)
            return row.call(*self._split_all([operands, parameters])[0])
        if parameters.get("order") in ("K", "A") and row.function in RESHAPING and np.ndim(operands[0]) > 1:
            raise refusal(
                f"np.{row.name} with order={parameters['order']!r}, which asks how an array lies in memory,", ORDER
            )
        if parameters or row.function is operator.getitem:
            operands, parameters = self._with_plain_shapes(row, operands, parameters)
        known = self._knows(operands, parameters)
        out = super().record(row, operands, parameters)
        if not known and row.function not in ABOUT_KIND and not _is_made_of_arrays(out):
            raise refusal(f"{row.name}, whose result is no array of numbers,", VALUE)
        if known:
            self.captured.update(self._mine(out))
        return out

    def _mine(self, tree: Any) -> list[Variable]:
        return [x.node for x in flatten(tree)[0] if isinstance(x, Traced) and x.recording is self]

    def _knows(self, *trees: Any) -> bool:
        """Whether all tensors of this trace among operands were computed from captured arrays alone."""
        return bool(self.captured) and self.captured.issuperset(self._mine(list(trees)))

    def _with_plain_shapes(self, row: Any, operands: Any, parameters: dict[str, Any]) -> tuple[Any, Any]:
        """What decides the shape of the result must not be an input; of what was captured, the value is taken."""

        def plain(tree: Any, what: str, cure: str) -> Any:
            if tree is None or type(tree) is int:
                return tree
            leaves, structure = flatten(tree)
            if not self._mine(leaves):
                return tree
            if not self._knows(leaves):
                raise refusal(what, cure)
            return rebuild(structure, [np.copy(x.value)[()] if isinstance(x, Traced) else x for x in leaves])

        operands = list(operands)
        if row.function is operator.getitem:
            operands[1] = _map_index(plain, operands[1])
        for name in SHAPES.intersection(parameters):
            what = f"np.{row.name} with a traced {name}, on which the shape of the result depends,"
            parameters = {**parameters, name: plain(parameters[name], what, NUMBER)}
        return operands, parameters


def _stays_an_int(base: Any, power: Any) -> bool:
    """Whether base**power is no int to the power of a negative int, which Python makes a float and NumPy refuses.

    Raises `BranchError` when that depends on a traced value.
    """
    base, number = (x.value if isinstance(x, StrictTensor) else x for x in (base, power))
    if type(base) not in (int, bool) or type(number) is not int or number >= 0:
        return True
    if isinstance(power, StrictTensor):
        raise refusal("An int to the power of a traced int, which is a float where that is negative,", FLOAT)
    return False


def _map_index(plain: Callable[[Any, str, str], Any], index: Any) -> Any:
    """Return an index with ``plain`` applied to the parts that decide its shape: masks, and the ends of slices."""
    if type(index) is tuple:
        return tuple(_map_index(plain, part) for part in index)
    if type(index) is slice:
        what = "x[i:j] with a traced i or j, on which the shape of the result depends,"
        return slice(*(plain(end, what, NUMBER) for end in (index.start, index.stop, index.step)))
    if isinstance(index, Traced) and index.dtype.kind == "b":
        return plain(index, "x[mask], whose shape depends on the values of the mask,", SHAPE)
    return index


def _is_made_of_arrays(out: Any) -> bool:
    """Whether all that a function returned can be traced: a text would stay as it is, an effect not come again."""
    return out is not None and all(map(is_array_like, flatten(out)[0]))


def trace_strictly(fun: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Program:
    """Return the program of ``fun`` at arguments whose static parts are `Fixed`.

    Raises `BranchError` where the program would depend on a value.
    """
    trace = StrictTrace()
    copy = Captured(trace.capture).copy(fun)
    if copy is not fun:
        try:
            return _referring(_traced(trace, copy, args, kwargs), trace.arrays)
        except Exception:  # something in it takes an array and no tensor: what was captured is then a constant
            pass
    return _traced(StrictTrace(), fun, args, kwargs)


def _traced(trace: StrictTrace, fun: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Program:
    @functools.wraps(fun)
    def released(*args: Any, **kwargs: Any) -> Any:
        return fun(*map(unfixed, args), **{name: unfixed(value) for name, value in kwargs.items()})

    with by_reference():
        try:
            program = trace_with(trace, released, args, kwargs)
        except Exception as error:
            raise explained(error) from None
    for path, leaf in leaves_with_paths(program.outputs, f"the result of {program.name}"):
        _check_result(path, leaf, trace)
    return program


def _check_result(path: str, leaf: Any, trace: StrictTrace) -> None:
    """Raise `OutputError` for a result that would hand traced values out, or could be used once only."""
    if isinstance(leaf, Unknown):
        leaf.refuse()
    if isinstance(leaf, Iterator):
        raise OutputError(
            f"{path} is {with_article(type(leaf))}, which can be walked through once, and a compiled function would "
            f"return the same one in every call. Return a list: list(…), [f(x) for x in …]."
        )
    if any(isinstance(part, Traced) and part.recording is trace for part in _parts(leaf)):
        raise OutputError(
            f"{path} is {with_article(type(leaf))} that holds a traced value, which is no number outside of the "
            f"compiled function. Return arrays and numbers, in tuples, lists and dicts, or register_tree its class."
        )


def _parts(leaf: Any) -> Iterator[Any]:
    """What lies in an object that is no tree: its attributes, its members, and what a function takes from elsewhere."""
    yield from getattr(leaf, "__dict__", {}).values()
    if type(leaf) in (set, frozenset):
        yield from leaf
    elif type(leaf) is FunctionType:
        yield from (cell.cell_contents for cell in leaf.__closure__ or () if cell != CellType())
        yield from (leaf.__globals__.get(name) for name in leaf.__code__.co_names)


def _referring(program: Program, arrays: dict[Variable, Any]) -> Program:
    """The program with captured arrays themselves, by reference, in the place of their variables."""
    values = _Arrays(arrays)
    equations = [
        dataclasses.replace(
            equation,
            operands=[substitute(operand, values) for operand in equation.operands],
            parameters=substitute(equation.parameters, values),
        )
        for equation in program.equations
    ]
    return dataclasses.replace(program, equations=equations, outputs=substitute(program.outputs, values))


class _Arrays(dict[Variable, Any]):
    """Arrays by variable; any other variable stands for itself."""

    def __missing__(self, variable: Variable) -> Variable:
        return variable


def holds_traced(program: Program) -> bool:
    """Whether a value of another recording is among the constants of ``program``: taken from a closure."""
    constants = (x for e in program.equations for x in (*e.operands, *e.parameters.values()) if type(x) is not Variable)
    return any(isinstance(leaf, Traced) for x in (*constants, program.outputs) for leaf in flatten(x)[0])
