"""The source that runs: a program as a list of NumPy calls that write into buffers.

What is faster than in the readable source, and gives the same numbers:

- results that do not leave the program are written into buffers (``add(a, b, buffer_0)``), planned by liveness;
- a ufunc's own ``reduce`` stands for ``np.sum``, ``np.max`` …, and a method of an array for ``np.reshape`` …, without
  their Python wrappers;
- numbers are computed with Python's operators, which do not go through a ufunc, and those that meet an array are
  arrays without axes, which a ufunc takes over as they are;
- `sigmoid` is four calls, of which one runs in a context where overflow is silent;
- a large ``where(mask, x, 0)`` is a product, see `writing.is_masking` and `is_blending`;
- functions of this library and of the user are called without the wrapper that records them, and with ``out=`` where
  they take that.

The source defines ``run(inputs…)``, which returns what the function returns: fresh arrays, aliases of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd.compiler.blocks import Chain
from autograd.compiler.buffers import Place, Plan, Pool, nbytes
from autograd.compiler.emit.methods import method
from autograd.compiler.emit.names import Names
from autograd.compiler.emit.results import Boxed, Copied, fresh_results, own
from autograd.compiler.emit.spelling import BINARY, UNARY, Speller
from autograd.compiler.passes.rewriting import shape_of_operand
from autograd.compiler.storage import Storage, is_elementwise, unrecorded, writes_out
from autograd.compiler.writing import (
    REDUCTIONS,
    fits,
    has_exact_mean,
    is_blending,
    is_choice,
    is_masking,
    is_plain_reduction,
    is_plain_scatter,
    is_plain_sigmoid,
    takeovers,
    takes_out,
)
from autograd.functions import relu
from autograd.program import Equation, Program, Variable, name_of_function, weakened

__all__ = ["Running"]

REDUCES = {ufunc: ufunc.reduce for ufunc in REDUCTIONS.values()}  # bound once
#: Ufuncs that convert a Python number to the dtype of the other operand.
CONVERTING = {
    np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum, np.greater, np.greater_equal,
    np.less, np.less_equal, np.equal, np.not_equal, np.arctan2, np.hypot, np.logaddexp,
}  # fmt: skip
BITS = {4: np.dtype(np.int32), 8: np.dtype(np.int64)}
#: Intermediate results from this size on are forgotten as soon as nobody reads them any more.
LARGE = 1 << 16


class Running(Speller):
    """Writes one program down as it runs.

    ``block(chain, given)`` writes chains down, see `compile`. ``given`` are inputs whose memory may be written into.
    """

    def __init__(
        self, program: Program, block: Callable[..., Any] | None = None, given: Iterable[Variable] = ()
    ) -> None:
        super().__init__(Names(["np", "run", "context", "make", "take", "put", "buffers", "own"]))
        self.program = program
        self.names.name_all(program)
        self.block = block
        self.blocked: dict[Chain, Any] = {}
        self.typed: dict[tuple[str, np.dtype[Any]], str] = {}
        self.conversions: list[str] = []
        self.equation_at: dict[int, Equation] = {}  # by line of the source
        self.storage = Storage(program, given)
        self.plan = Plan(program, self.storage, takes_out, self._takeovers, given)
        self.reserved = self._reserved()
        self.buffers = {place: self.names.new(f"buffer_{i}") for i, place in enumerate(self.plan.buffers)}
        self.pool = Pool(self.plan.buffers)
        self.bound |= {"np": np, "take": self.pool.take, "put": self.pool.put, "make": self.pool.new}
        self.pooled = bool(self.buffers) or any(map(is_plain_sigmoid, program.equations))

    def _takeovers(self, equation: Equation, free: list[Variable]) -> dict[Variable, Variable]:
        chain = equation.function
        if type(chain) is not Chain:
            return takeovers(equation, free)
        blocked = self.blocked[chain] = self.block(chain, [v for v in free if v.shape == chain.shape])  # type: ignore[misc]
        return dict(blocked.takes_over)

    def _reserved(self) -> dict[Chain, list[Place]]:
        """The buffers that chains work in."""
        return {
            equation.function: [self.plan.reserve(kind, i) for kind in self.blocked[equation.function].scratch]
            for i, equation in enumerate(self.program.equations)
            if type(equation.function) is Chain
        }

    def source(self) -> str:
        """The whole source."""
        lines = [f"def run({', '.join(self.names.of[variable] for variable in self.program.inputs)}):"]
        lines += self.taken()
        forgotten = self._forgotten()
        for i, equation in enumerate(self.program.equations):
            written = self.silenced(equation, self.lines(equation))
            self.add(lines, equation, [f"    {line}" for line in [*self.conversions, *written]])
            self.conversions.clear()
            lines += [f"    {name} = None" for name in forgotten.get(i, [])]
        result = self.operand(fresh_results(self.program))
        if self.pooled:
            lines += [f"    result = {result}", "    put(buffers)", "    return result"]
        else:
            lines += [f"    return {result}"]
        return "\n".join(lines) + "\n"

    def add(self, lines: list[str], equation: Equation, written: list[str]) -> None:
        """Append the lines of an equation to the source, and remember that they are its own."""
        self.equation_at |= dict.fromkeys(range(len(lines) + 1, len(lines) + len(written) + 1), equation)
        lines += written

    def taken(self) -> list[str]:
        """The lines that take a set of buffers."""
        if not self.pooled:
            return []
        names = ", ".join(["context", *self.buffers.values()]) + ("" if self.buffers else ",")
        return ["    try:", "        buffers = take()", "    except IndexError:", "        buffers = make()",
                f"    {names} = buffers"]  # fmt: skip

    def constant(self, value: Any) -> str:
        """A constant, or a result that is returned in a form of its own."""
        if type(value) is Copied:
            return f"{self.bind(own, 'own')}({self.operand(value.operand)})"
        if type(value) is Boxed:
            return f"{self.function(np.array)}({self.operand(value.operand)})"
        return super().constant(value)

    def function(self, function: Callable[..., Any]) -> str:
        """Every function is an object of the namespace; one that records is found without its wrapper."""
        return self.bind(unrecorded(function) or function, name_of_function(function))

    def number(self, value: Any) -> str:
        """Numbers without a literal are objects of the namespace."""
        text = super().number(value)
        return self.bind(value, "constant") if "np." in text else text

    def _forgotten(self) -> dict[int, list[str]]:
        """After which equation which names are dropped: of large values that lie in no buffer and are not returned."""
        dropped = set(filter(self._is_dropped, self.storage.last_use))
        if not dropped:
            return {}
        last = {v: i for i, equation in enumerate(self.program.equations) for v in equation.reads}
        names: dict[int, list[str]] = {}
        for variable in sorted(last, key=lambda variable: variable.index):
            if variable in dropped or not dropped.isdisjoint(self.storage.shared[variable]):
                names.setdefault(last[variable], []).append(self.names.of[variable])
        return names

    def _is_dropped(self, variable: Variable) -> bool:
        """Whether the memory of a variable is large and free before the program ends."""
        if nbytes((variable.shape, variable.dtype)) < LARGE:
            return False
        place = self.plan.place.get(variable)
        kept = variable if place is None or place.holder is None else place.holder
        ends = kept not in self.storage.escaping and self.storage.last_use[kept] < len(self.program.equations)
        return ends and (place is None or place.fresh)

    def lines(self, equation: Equation) -> list[str]:
        """The statements of one equation."""
        output = equation.output
        if type(equation.function) is Chain:
            return self._writing(equation)
        if type(output) is not Variable:
            return [f"{self.target(output)} = {self.expression(equation)}"]
        name = self.names.of[output]
        if output.weak:
            return [f"{name} = {self.weak(equation)}"]
        out = self.out_of(output)
        if is_masking(equation):
            return self._masking(equation, name, out)
        if is_blending(equation):
            return self._blending(equation, name, out)
        if is_plain_scatter(equation):
            index = self.index(equation.operands[1])
            begin = [f"{out}.fill(0)", f"{name} = {out}"] if out else [f"{name} = {self._new(output, np.zeros)}"]
            return [*begin, f"{name}[{index}] = {self.operand(equation.operands[0])}"]
        if out is not None and is_choice(equation):
            mask, *choices = equation.operands
            condition, (x, y) = self.operand(mask), (self._typed(choice, output.dtype) for choice in choices)
            copyto = self.function(np.copyto)
            return [f"{copyto}({out}, {y})", f"{copyto}({out}, {x}, where={condition})", f"{name} = {out}"]
        if is_plain_sigmoid(equation):
            return self._sigmoid(equation, name, out)
        return [f"{name} = {self.value(equation, out)}"]

    def out_of(self, output: Variable) -> str | None:
        """The array that a result is written into: that of an operand, or a buffer. None for one in a new array."""
        operand = self.plan.taken.get(output)
        if operand is not None:
            return self.names.of[operand]
        place = self.plan.place.get(output)
        return None if place is None else self.buffers.get(place)

    def _new(self, output: Variable, make: Callable[..., Any] = np.empty) -> str:
        """An expression for a new array for a result."""
        return f"{self.function(make)}({output.shape!r}, {self.bind(output.dtype, output.dtype.name)})"

    def _writing(self, equation: Equation) -> list[str]:
        """A call that writes its results into arrays that it is given: those of operands, buffers, or new ones."""
        blocked = self.blocked[equation.function]  # type: ignore[index]
        lines = [f"{self.names.of[v]} = {self.out_of(v) or self._new(v)}" for v in equation.outputs]
        names = [self.operand(v) for v in [*equation.operands, *blocked.allocated]]
        names += [self.buffers[place] for place in self.reserved[equation.function]]  # type: ignore[index]
        return [*lines, f"{self.bind(blocked.compiled(), 'chain')}({', '.join(names)})"]

    def _masking(self, equation: Equation, name: str, out: str | None) -> list[str]:
        """where(mask, x, 0) as the product of the bits of x, taken as an integer, and 0 or 1."""
        mask, x, _ = equation.operands
        lines = [] if out else [f"{name} = {self._new(equation.output)}"]
        bits = self.bind(BITS[x.dtype.itemsize], f"bits_{x.dtype.itemsize}")
        into = out or name
        operands = f"{self.operand(x)}.view({bits}), {self.operand(mask)}, {into}.view({bits})"
        return [*lines, f"{self.function(np.multiply)}({operands})", *([f"{name} = {out}"] if out else [])]

    def _blending(self, equation: Equation, name: str, out: str | None) -> list[str]:
        """where(mask, x, y) as y + (x - y) · mask, of the bits taken as integers."""
        mask, *choices = equation.operands
        output = equation.output
        bits = self.bind(BITS[output.dtype.itemsize], f"bits_{output.dtype.itemsize}")
        x, y = (f"{self._typed(choice, output.dtype)}.view({bits})" for choice in choices)
        into = self.names.new("blended")
        return [
            f"{name} = {out or self._new(output)}",
            f"{into} = {name}.view({bits})",
            f"{self.function(np.subtract)}({x}, {y}, {into})",
            f"{self.function(np.multiply)}({into}, {self.operand(mask)}, {into})",
            f"{self.function(np.add)}({into}, {y}, {into})",
        ]

    def _sigmoid(self, equation: Equation, name: str, out: str | None) -> list[str]:
        """1 / (1 + exp(-x)), with an overflow of exp silent."""
        negative, exp, add, reciprocal = map(self.function, (np.negative, np.exp, np.add, np.reciprocal))
        (x,) = equation.operands
        first = f"{name} = {negative}({self.operand(x)}{f', {out}' if out else ''})"
        if equation.output.shape == ():
            return [first, f"{name} = 1.0 / (1.0 + context({exp}, {name}))"]
        return [
            first,
            f"context({exp}, {name}, {name})",
            f"{add}({name}, {self._typed(1, equation.output.dtype)}, {name})",
            f"{reciprocal}({name}, {name})",
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
        if function is np.mean and has_exact_mean(equation):
            return self._mean(equation, out)
        if function in REDUCTIONS and is_plain_reduction(equation):
            return self._reduction(equation, out)
        if is_elementwise(function) and not equation.parameters and len(equation.outputs) == 1:
            if equation.output.shape == () and function in BINARY and _are_numbers(equation):
                return super().expression(equation)
            operands = self._operands(equation)
            if out is not None:
                operands.append(f"out={out}" if function in (np.maximum, np.minimum) else out)
            return f"{self.function(function)}({', '.join(operands)})"
        if out is not None and writes_out(function):
            return f"{self.call(self.function(function), equation)[:-1]}, out={out})"
        if out is not None:  # a product of matrices
            operands = [self.operand(operand) for operand in equation.operands]
            return f"{self.function(function)}({', '.join([*operands, out])})"
        found = method(equation)
        if found is not None:
            return f"{self.operand(equation.operands[0])}.{found[0]}({', '.join(map(self.operand, found[1]))})"
        return super().expression(equation)

    def _operands(self, equation: Equation) -> list[str]:
        """The operands of a ufunc; a Python number beside an array of floats becomes one of its dtype (NEP 50).

        A ufunc would do the same, in about the time of a small array's arithmetic.
        """
        dtypes = {x.dtype for x in equation.operands if isinstance(x, np.ndarray) or _is_strong(x)}
        if len(dtypes) != 1 or equation.output.shape == () or equation.function not in CONVERTING:
            return [self.operand(operand) for operand in equation.operands]
        (dtype,) = dtypes
        return [self._typed(operand, dtype) for operand in equation.operands]

    def _typed(self, operand: Any, dtype: np.dtype[Any]) -> str:
        """An operand; a number as an array without axes, a constant one bound, a traced one converted once."""
        text = self.operand(operand)
        if type(operand) is Variable:
            is_number = operand.weak and operand.dtype.kind in "if"
        else:
            is_number = fits(operand, dtype)
        if not is_number or dtype.kind != "f":
            return text
        key = (text, dtype)
        if key not in self.typed:
            wish = f"{text}_{dtype.name}" if type(operand) is Variable else "number"
            if type(operand) is Variable:
                self.typed[key] = self.names.new(wish)
                array = f"{self.function(np.array)}({text}, {self.bind(dtype, dtype.name)})"
                self.conversions.append(f"{self.typed[key]} = {array}")
            else:
                self.typed[key] = self.bind(np.array(operand, dtype), wish)
        return self.typed[key]

    def _reduction(self, equation: Equation, out: str | None) -> str:
        ufunc = REDUCTIONS[equation.function]
        reduce = self.bind(REDUCES[ufunc], f"{ufunc.__name__}_reduce")
        axis, keepdims = (equation.parameters.get(name) for name in ("axis", "keepdims"))
        axis = axis[0] if type(axis) is tuple and len(axis) == 1 else axis  # found faster
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


def _are_numbers(equation: Equation) -> bool:
    """Whether the operands of an elementwise function are numbers, of which one at least is NumPy's."""
    kinds = [(shape_of_operand(x), type(x) is Variable and not x.weak) for x in equation.operands]
    return all(shape == () for shape, _ in kinds) and any(strong for _, strong in kinds)


def _is_strong(operand: Any) -> bool:
    return type(operand) is Variable and not operand.weak
