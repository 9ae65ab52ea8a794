"""Tracing: run a function once and write down every call that depends on an input, as a `Program`.

Unlike a gradient trace, a program trace records *all* calls: comparisons, masks, ``argsort``, ``astype``, and functions
that have no row in the table of derivatives. `grad` inside a traced function records its backward pass into the same
program, since rules run on values.
"""

from __future__ import annotations

import sys
from bisect import bisect
from collections.abc import Callable, Iterable
from types import CodeType, FrameType
from typing import Any

import numpy as np

from autograd.errors import BranchError, explain
from autograd.graph import Traced, serials
from autograd.places import assigned_name, caller_frame, in_library, place_of
from autograd.program import Equation, Program, Variable, name_of_function
from autograd.recording import Recording, next_level, wrap
from autograd.scopes import current_scope
from autograd.sweep import sweep
from autograd.tensor import PYTHON_NUMBERS, Tensor
from autograd.transforms.naming import argument_name
from autograd.trees import container_of, flatten, leaves_with_paths, map_tree, rebuild

#: What these say about a value follows from its shape and dtype: they are answered, not recorded.
ABOUT_KIND = {np.iscomplexobj, np.isrealobj, np.result_type, np.can_cast, np.may_share_memory, np.common_type}

SWEEP: CodeType = sweep.__code__


class ProgramTensor(Tensor):
    """A tensor whose ``node`` is a variable of a program."""

    __slots__ = ()


class ProgramTrace(Recording):
    """A recording that keeps every call, as the equations of a program.

    ``follow`` lets Python branch on traced values: the program is then the path that was taken. Otherwise a branch is a
    `BranchError`. ``keep`` keeps the value of each variable.
    """

    __slots__ = (
        "kind", "level", "follow", "keep", "variables", "equations", "serials", "values", "last_call", "outside",
    )  # fmt: skip

    takes_all = True  # calls of functions without a row, and parameters that are traced

    def __init__(self, kind: type = ProgramTensor, *, follow: bool = True, keep: bool = True) -> None:
        self.kind = kind
        self.level = next_level()
        self.follow = follow
        self.keep = keep
        self.variables: list[Variable] = []
        self.equations: list[Equation] = []
        self.serials: list[int] = []
        self.values: list[Any] = []
        self.last_call: tuple[Any, ...] = ()
        self.outside: dict[str, Any] = np.geterr()  # type: ignore[assignment]

    def leaf(self, value: Any, name: str | None = None) -> Any:
        """Return ``value`` as an input of this trace."""
        return wrap(value, self._new_variable(value, name), self)

    def is_input(self, leaf: Any) -> bool:
        """Whether a leaf of the arguments becomes an input of the program; all others belong to the program."""
        return is_array_like(leaf)

    def record(self, row: Any, operands: Any, parameters: dict[str, Any]) -> Any:
        """Call the function on the values of this level's tensors, and write the equation down."""
        if getattr(row.function, "seen_through", False):
            return row.function.__wrapped__(*operands, **parameters)
        values, atoms = self._split_all(operands)
        if parameters:
            settings, kept = (dict(zip(parameters, all, strict=True)) for all in self._split_all(parameters.values()))
        else:
            settings = kept = {}
        try:
            out = row.call(values, settings)
        except Exception as error:
            raise explain(error, row, values) from error
        if row.function in ABOUT_KIND:
            return out
        return self._write(row.function, atoms, kept, out, sys._getframe(1))

    def decide(self, value: Any, what: str) -> Any:
        """Return the value that Python wants to branch on, or refuse."""
        if self.follow:
            return value
        frame = caller_frame()
        where = f" at {place_of(frame)}" if frame else ""
        raise BranchError(
            f"{what} of a traced value{where}: the program would be right for this value alone. Choose with "
            f"np.where(condition, x, y), or name the argument in static_argnames: each value then gets its own program."
        )

    def read(self, tensor: Any, what: str) -> Any:
        """Return the plain number that ``int()``, ``float()`` or an index asks for, or refuse."""
        return self.decide(tensor.value, what)

    def _split_all(self, operands: Iterable[Any]) -> tuple[list[Any], list[Any]]:
        values, atoms = [], []
        for operand in operands:
            value, atom = self._split(operand)
            values.append(value)
            atoms.append(atom)
        return values, atoms

    def _split(self, operand: Any) -> tuple[Any, Any]:
        """An operand as the value to call with, and as it is written in the equation."""
        if isinstance(operand, Traced):
            return (operand.value, self._variable(operand)) if operand.recording is self else (operand, operand)
        if container_of(operand) is None:
            return operand, operand
        leaves, structure = flatten(operand)
        if not any(isinstance(leaf, Traced) for leaf in leaves):
            return operand, rebuild(structure, leaves)  # the caller may write into his list
        values, atoms = self._split_all(leaves)
        return rebuild(structure, values), rebuild(structure, atoms)

    def _variable(self, tensor: Any) -> Variable:
        """The variable of a tensor; an operator on Python numbers made its result weak after it was recorded."""
        variable: Variable = tensor.node
        if type(tensor.value) in PYTHON_NUMBERS:
            variable.weak = True
        return variable

    def _new_variable(self, value: Any, name: str | None) -> Variable:
        try:
            shape, dtype, weak = value.shape, value.dtype, type(value) in PYTHON_NUMBERS
        except AttributeError:
            shape, dtype, weak = (), np.asarray(value).dtype, type(value) in PYTHON_NUMBERS
        boxed = not shape and isinstance(value, np.ndarray)
        variable = Variable(len(self.variables), shape, dtype, weak, name, boxed)
        self.variables.append(variable)
        if self.keep:
            self.values.append(value)
        return variable

    def _write(
        self, function: Callable[..., Any], operands: list[Any], parameters: dict[str, Any], out: Any, origin: FrameType
    ) -> Any:
        """Append an equation, and return ``out`` with its arrays and numbers as tensors of this trace."""
        rule, forward, frame = self._read_frames(origin)
        name = None if rule or frame is None else self._claim_name(frame)
        if is_array_like(out):
            output = self._new_variable(out, name)
            result = wrap(out, output, self)
        else:
            leaves, structure = flatten(out)
            if not leaves or not all(map(is_array_like, leaves)):
                return out
            wrapped = [wrap(part, self._new_variable(part, name), self) for part in leaves]
            output = rebuild(structure, [tensor.node for tensor in wrapped])
            result = rebuild(structure, wrapped)
        place = forward.place if forward else place_of(frame) if frame else None
        scope = forward.scope if forward else current_scope()
        if scope and scope[-1] == name_of_function(function):
            scope = scope[:-1]  # a composition that only puts its arguments in order is no group
        told: dict[str, Any] = np.geterr()  # type: ignore[assignment]
        errors = () if told == self.outside else tuple(sorted(told.items() - self.outside.items()))
        self.equations.append(Equation(output, function, operands, parameters, scope, place, rule, errors))
        self.serials.append(next(serials))
        return result

    def _claim_name(self, frame: FrameType) -> str | None:
        """The name of the result; when one call of the user makes several equations, the last of them has it."""
        name = assigned_name(frame)
        call = (frame, frame.f_lasti, len(self.variables))
        if name and self.last_call[:2] == call[:2] and self.last_call[2] == call[2] - 1:
            self.variables[-1].name = None
        self.last_call = call if name else ()
        return name

    def _read_frames(self, frame: FrameType | None) -> tuple[str | None, Equation | None, FrameType | None]:
        """Find out who called: a rule of a sweep (its name and the equation it belongs to), or the user's frame."""
        rule, forward = None, None
        while forward is None and frame is not None and in_library(frame.f_code.co_filename):
            if frame.f_code is SWEEP and rule is None:
                rule, forward = self._rule_at_work(frame.f_locals.get("node"))
            frame = frame.f_back
        return rule, forward, frame

    def _rule_at_work(self, node: Any) -> tuple[str | None, Equation | None]:
        """The name of the row whose rule a sweep is running, and the equation that its node was recorded with."""
        row = getattr(getattr(node, "plan", None), "row", None)
        if row is None:
            return "grad", None
        before = bisect(self.serials, node.serial) - 1  # a node is made right after its call was recorded here
        equation = self.equations[before] if before >= 0 else None
        return row.name, equation if equation is not None and equation.function is row.function else None

    def program(self, name: str, arguments: Any, inputs: list[Variable], output: Any) -> Program:
        """Return what was recorded as a program that returns ``output``."""
        self.last_call = ()  # it holds a frame
        outputs = map_tree(lambda leaf: self._split(leaf)[1], output)
        return Program(name, arguments, inputs, self.equations, outputs, self.values)


def is_array_like(value: Any) -> bool:
    """Whether ``value`` is an array or a number: what a variable can stand for."""
    if isinstance(value, (np.ndarray, np.generic)):
        return value.dtype.kind in "biufc"
    return isinstance(value, (Traced, bool, int, float, complex))


def trace(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Program:
    """Return ``fun`` as a program: the calls that it makes on ``args``, as equations.

    Every array and number among the arguments is an input, named by its argument and tree path; strings, functions
    and None belong to the program. Where Python branches on a traced value, the program is the branch taken.

    >>> program = trace(lambda x: 2 * x + 1, np.float64(3.0))
    >>> float(program(5.0))
    11.0
    """
    return trace_with(ProgramTrace(), fun, args, kwargs)


def trace_with(
    recording: ProgramTrace, fun: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Program:
    """Return ``fun`` as a program that ``recording`` writes; see `trace`."""
    inputs: list[Variable] = []

    def enter(tree: Any, name: str) -> Any:
        paths = iter(leaves_with_paths(tree, name))

        def leaf_of(leaf: Any) -> Any:
            path = next(paths)[0]
            if not recording.is_input(leaf):
                return leaf
            tensor = recording.leaf(leaf, path)
            inputs.append(tensor.node)
            return tensor

        return map_tree(leaf_of, tree)

    traced_args = tuple(enter(arg, argument_name(fun, i)) for i, arg in enumerate(args))
    traced_kwargs = {name: enter(value, name) for name, value in kwargs.items()}
    arguments = map_tree(lambda leaf: leaf.node if _mine(leaf, recording) else leaf, (traced_args, traced_kwargs))
    output = fun(*traced_args, **traced_kwargs)
    return recording.program(name_of_function(fun), arguments, inputs, output)


def _mine(leaf: Any, recording: ProgramTrace) -> bool:
    return isinstance(leaf, Traced) and leaf.recording is recording
