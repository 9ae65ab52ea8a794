"""The source that runs: a program as a list of NumPy calls that write into buffers.

What is faster than in the readable source, and gives the same numbers:

- results that do not leave the program are written into buffers (``add(a, b, buffer_0)``), planned by liveness;
- a ufunc's own ``reduce`` stands for ``np.sum``, ``np.max`` …, without their Python wrappers;
- numbers are computed with Python's operators, which do not go through a ufunc;
- `sigmoid` is four calls, of which one runs in a context where overflow is silent.

The source defines ``run(inputs…)``, which returns what the function returns: fresh arrays, aliases of nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.functions import relu, sigmoid
from autograd.jit.buffers import Plan, Pool
from autograd.jit.emit.names import Names
from autograd.jit.emit.results import Boxed, Copied, Dtype, Number, fresh_results, own
from autograd.jit.emit.spelling import BINARY, UNARY, Speller
from autograd.jit.storage import Storage, is_elementwise
from autograd.program import Equation, Program, Variable, leaves_of, name_of_function, weakened

__all__ = ["Running"]

REDUCTIONS: dict[Callable[..., Any], np.ufunc] = {
    np.sum: np.add, np.prod: np.multiply, np.max: np.maximum, np.min: np.minimum, np.amax: np.maximum,
    np.amin: np.minimum, np.all: np.logical_and, np.any: np.logical_or,
}  # fmt: skip
REDUCES = {ufunc: ufunc.reduce for ufunc in REDUCTIONS.values()}  # bound once
#: Intermediate results from this size on are forgotten as soon as nobody reads them any more.
LARGE = 1 << 16


class Running(Speller):
    """Writes one program down as it runs."""

    def __init__(self, program: Program) -> None:
        super().__init__(Names(["run", "context", "make", "take", "put", "buffers", "own"]))
        self.program = program
        self.names.name_all(program)
        self.storage = Storage(program)
        self.plan = Plan(program, self.storage, takes_out)
        self.pool = Pool(self.plan.kinds)
        self.bound |= {"np": np, "take": self.pool.take, "put": self.pool.put, "make": self.pool.new}
        self.buffers = [self.names.new(f"buffer_{i}") for i in range(len(self.plan.kinds))]
        self.pooled = bool(self.buffers) or any(_is_plain_sigmoid(equation) for equation in program.equations)

    def source(self) -> str:
        """The whole source."""
        lines = [f"def run({', '.join(self.names.of[variable] for variable in self.program.inputs)}):"]
        lines += self.taken()
        for i, equation in enumerate(self.program.equations):
            lines += [f"    {line}" for line in self.silenced(equation, self.lines(equation))]
            lines += [f"    {name} = None" for name in self._forgotten(equation, i)]
        result = self.operand(fresh_results(self.program))
        if self.pooled:
            lines += [f"    result = {result}", "    put(buffers)", "    return result"]
        else:
            lines += [f"    return {result}"]
        return "\n".join(lines) + "\n"

    def taken(self) -> list[str]:
        """The lines that take a set of buffers."""
        if not self.pooled:
            return []
        names = ", ".join(["context", *self.buffers]) + ("" if self.buffers else ",")
        return ["    try:", "        buffers = take()", "    except IndexError:", "        buffers = make()",
                f"    {names} = buffers"]  # fmt: skip

    def constant(self, value: Any) -> str:
        """A constant, or a result that is returned in a form of its own."""
        if type(value) is Copied:
            return f"{self.bind(own, 'own')}({self.operand(value.operand)})"
        if type(value) is Boxed:
            return f"{self.function(np.array)}({self.operand(value.operand)})"
        if type(value) is Dtype:
            return f"np.dtype({value.operand.str!r})"
        if type(value) is Number:
            return f"{self.operand(value.operand)}[()]"
        return super().constant(value)

    def function(self, function: Callable[..., Any]) -> str:
        """Every function is an object of the namespace."""
        return self.bind(function, name_of_function(function))

    def number(self, value: Any) -> str:
        """Numbers without a literal are objects of the namespace."""
        text = super().number(value)
        return self.bind(value, "constant") if "np." in text else text

    def _forgotten(self, equation: Equation, index: int) -> list[str]:
        """The names of large values, not in buffers, that this equation was the last to read."""
        dying = {v for _, v in equation.uses() if self.storage.last_use[v] == index and v not in self.storage.escaping}
        return [
            self.names.of[v]
            for v in sorted(dying, key=lambda v: v.index)
            if v not in self.plan.place and v.dtype.itemsize * int(np.prod(v.shape)) >= LARGE
        ]

    def lines(self, equation: Equation) -> list[str]:
        """The statements of one equation."""
        output = equation.output
        if _writes_outputs(equation):
            return self._writing(equation)
        if type(output) is not Variable:
            return [f"{self.target(output)} = {self.expression(equation)}"]
        name = self.names.of[output]
        if output.weak:
            return [f"{name} = {self.weak(equation)}"]
        out = self.out_of(output)
        if out is not None and equation.function is np.where:
            condition, x, y = (self.operand(operand) for operand in equation.operands)
            copyto = self.function(np.copyto)
            return [f"{copyto}({out}, {y})", f"{copyto}({out}, {x}, where={condition})", f"{name} = {out}"]
        if _is_plain_sigmoid(equation):
            return self._sigmoid(equation, name, out)
        return [f"{name} = {self.value(equation, out)}"]

    def out_of(self, output: Variable) -> str | None:
        """The buffer that a result is written into, if any."""
        place = self.plan.place.get(output)
        return None if place is None else self.buffers[place]

    def _writing(self, equation: Equation) -> list[str]:
        """A call that writes its results into arrays that it is given: buffers, or new ones."""
        lines, empty = [], self.function(np.empty)
        for v in equation.outputs:
            new = f"{empty}({v.shape!r}, {self.bind(v.dtype, v.dtype.name)})"
            lines.append(f"{self.names.of[v]} = {self.out_of(v) or new}")
        names = [self.names.of[v] for v in [*equation.operands, *equation.outputs]]
        return [*lines, f"{self.bind(equation.function.run, 'chain')}({', '.join(names)})"]  # type: ignore[attr-defined]

    def _sigmoid(self, equation: Equation, name: str, out: str | None) -> list[str]:
        """1 / (1 + exp(-x)), with an overflow of exp silent."""
        negative, exp, add, divide = map(self.function, (np.negative, np.exp, np.add, np.divide))
        (x,) = equation.operands
        first = f"{name} = {negative}({self.operand(x)}{f', {out}' if out else ''})"
        if equation.output.shape == ():
            return [first, f"{name} = 1.0 / (1.0 + context({exp}, {name}))"]
        return [
            first,
            f"context({exp}, {name}, {name})",
            f"{add}({name}, 1.0, {name})",
            f"{divide}(1.0, {name}, {name})",
        ]

    def weak(self, equation: Equation) -> str:
        """Arithmetic of Python numbers is Python's."""
        if equation.function in BINARY or equation.function in UNARY:
            return super().expression(equation)
        if equation.function is np.absolute:
            return f"abs({self.operand(equation.operands[0])})"
        return f"{self.bind(weakened, 'weakened')}({super().expression(equation)})"

    def value(self, equation: Equation, out: str | None) -> str:
        """An expression for the value of an equation, written into ``out`` if that is given."""
        function = equation.function
        if function is relu:
            equation = Equation(equation.output, np.maximum, [equation.operands[0], 0], {})
            function = np.maximum
        if function is np.mean and _has_exact_mean(equation):
            return self._mean(equation, out)
        if function in REDUCTIONS and _is_plain_reduction(equation):
            return self._reduction(equation, out)
        if is_elementwise(function) and not equation.parameters and len(equation.outputs) == 1:
            if equation.output.shape == () and function in BINARY and _are_numbers(equation):
                return super().expression(equation)
            operands = [self.operand(operand) for operand in equation.operands]
            if out is not None:
                operands.append(f"out={out}" if function in (np.maximum, np.minimum) else out)
            return f"{self.function(function)}({', '.join(operands)})"
        if out is not None:  # a product of matrices
            operands = [self.operand(operand) for operand in equation.operands]
            return f"{self.function(function)}({', '.join([*operands, out])})"
        return super().expression(equation)

    def _reduction(self, equation: Equation, out: str | None) -> str:
        ufunc = REDUCTIONS[equation.function]
        reduce = self.bind(REDUCES[ufunc], f"{ufunc.__name__}_reduce")
        axis, keepdims = (equation.parameters.get(name) for name in ("axis", "keepdims"))
        logical = equation.function in (np.all, np.any)
        settings = [self.operand(axis), "bool" if logical else "None", out or "None", str(bool(keepdims))]
        while settings[-1] in ("None", "False") and len(settings) > 1:
            settings.pop()
        return f"{reduce}({self.operand(equation.operands[0])}, {', '.join(settings)})"

    def _mean(self, equation: Equation, out: str | None) -> str:
        """The sum, divided by the number of entries that each mean is made of."""
        (x,) = equation.operands
        count = int(np.prod(x.shape)) // max(int(np.prod(equation.output.shape)), 1)
        total = self._reduction(Equation(equation.output, np.sum, [x], equation.parameters), out)
        if equation.output.shape == ():
            return f"{total} / {count}"
        return f"{self.function(np.divide)}({total}, {count}{f', {out}' if out else ''})"


def takes_out(equation: Equation) -> bool:
    """Whether the result of an equation can be written into a buffer."""
    output, function = equation.output, equation.function
    if _writes_outputs(equation):
        return True
    if type(output) is not Variable or output.weak or output.shape == ():
        return False
    if function in REDUCTIONS:
        return _is_plain_reduction(equation)
    if function is np.mean:
        return _has_exact_mean(equation)
    if equation.parameters:
        return False
    if function in (np.dot, np.matmul):
        return all(len(_shape(x)) == 2 for x in equation.operands)
    if function is np.where:
        return len(equation.operands) == 3 and _is_mask(equation.operands[0])
    return is_elementwise(function) or function is relu or _is_plain_sigmoid(equation)


def _writes_outputs(equation: Equation) -> bool:
    """Whether the function of an equation is a chain in blocks, see `compile`."""
    return getattr(equation.function, "writes_outputs", False) is True


def _is_mask(operand: Any) -> bool:
    dtype = getattr(operand, "dtype", None)
    return dtype is not None and dtype.kind == "b"


def _shape(operand: Any) -> tuple[int, ...]:
    return operand.shape if type(operand) is Variable else np.shape(operand)


def _is_plain_sigmoid(equation: Equation) -> bool:
    return (
        equation.function is sigmoid
        and type(equation.operands[0]) is Variable
        and not equation.operands[0].weak
        and equation.operands[0].dtype == equation.output.dtype
    )


def _is_plain_reduction(equation: Equation) -> bool:
    """A reduction over constant axes without ``where``, ``initial`` or ``dtype``."""
    (x, *others) = equation.operands
    axis = equation.parameters.get("axis")
    return (
        not others
        and type(x) is Variable
        and not x.weak
        and x.dtype.kind in ("b" if equation.function in (np.all, np.any) else "biufc")
        and set(equation.parameters) <= {"axis", "keepdims"}
        and (axis is None or type(axis) in (int, tuple))
        and not leaves_of(equation.parameters)
    )


def _has_exact_mean(equation: Equation) -> bool:
    """Whether the mean is the sum over n in the same precision: not of integers, nor of float16."""
    x = equation.operands[0]
    exact = type(x) is Variable and x.dtype.char in "fdFD" and x.dtype == equation.output.dtype
    return exact and _is_plain_reduction(equation) and int(np.prod(x.shape)) > 0


def _are_numbers(equation: Equation) -> bool:
    """Whether the operands of an elementwise function are numbers, of which one at least is NumPy's."""
    kinds = [(_shape(x), type(x) is Variable and not x.weak) for x in equation.operands]
    return all(shape == () for shape, _ in kinds) and any(strong for _, strong in kinds)
