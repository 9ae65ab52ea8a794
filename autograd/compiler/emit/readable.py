"""The source that people read: a module that imports NumPy and defines the function, one line for each equation.

Values have the names that the user gave them, scopes are comments, and so is the function whose derivative begins.
Functions of the user that were registered with a derivative are imported from where they are defined; those that
cannot be, such as a lambda, are arguments of the emitted function.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.compiler.emit.helpers import DEFINITIONS, EXPRESSIONS
from autograd.compiler.emit.names import TAKEN, Names, identifier, wish
from autograd.compiler.emit.results import Boxed, typed_results
from autograd.compiler.emit.spelling import BINARY, UNARY, Speller, alone, numpy_name
from autograd.derivatives.conversion import to_floats, to_integers
from autograd.program import Equation, Program, Variable, name_of_function
from autograd.transforms.ordering import after
from autograd.trees import container_of, leaves_with_paths

__all__ = ["emit_readable"]

#: A captured array of more entries than this is an argument of the emitted function rather than a literal.
LITERAL = 10_000
#: What makes a Python number of a result; some functions return one by themselves in some versions of NumPy.
WEAK = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex"}


def emit_readable(program: Program) -> str:
    """Return ``program`` as the text of a module that defines one function of the arguments of the original."""
    return Readable(program).source()


class Readable(Speller):
    """Writes one program down as a person would."""

    def __init__(self, program: Program) -> None:
        super().__init__(Names(TAKEN))
        self.program = program
        self.function_name = self.names.new(identifier(program.name if program.name != "<lambda>" else "function"))
        self.definitions: dict[str, str] = {}
        self.large: dict[str, Any] = {}
        self.arguments, self.unpacking = self._name_arguments()
        for equation in program.equations:
            if _is_renaming(equation):
                self.names.of[equation.output] = self.names.of[equation.operands[0]]
                continue
            for variable in equation.outputs:
                self.names.of[variable] = self.names.new(wish(variable))

    def source(self) -> str:
        """The whole source."""
        body = [*self.unpacking, *self._equations(), f"return {self.operand(typed_results(self.program))}"]
        keywords = [f"{name}" for name in self.large]
        starred = ["*"] if keywords and "*" not in self.arguments else []
        head = f"def {self.function_name}({', '.join([*self.arguments, *starred, *keywords])}):"
        parts = ["import numpy as np\n", *(text.strip("\n") + "\n" for text in self.definitions.values())]
        return "\n\n".join([*parts, "\n".join([head, *(f"    {line}".rstrip() for line in body)]) + "\n"])

    def _name_arguments(self) -> tuple[list[str], list[str]]:
        """The parameters of the function, and the lines that take trees apart."""
        args, kwargs = self.program.arguments
        parameters, lines = [], []
        used = {variable for equation in self.program.equations for variable in equation.reads}
        used |= {leaf for _, leaf in leaves_with_paths(self.program.outputs) if type(leaf) is Variable}
        by_position = [self.names.new(_argument_name(arg, i)) for i, arg in enumerate(args)]
        for name in kwargs:
            self.names.taken.add(name)
        parameters = [*by_position, *(["*", *kwargs] if kwargs else [])]
        for name, argument in [*zip(by_position, args, strict=True), *kwargs.items()]:
            for path, leaf in leaves_with_paths(argument, name):
                if type(leaf) is Variable and path == name:
                    self.names.of[leaf] = name
                elif type(leaf) is Variable and leaf in used:
                    self.names.of[leaf] = self.names.new(identifier(path))
                    lines.append(f"{self.names.of[leaf]} = {path}")
        return parameters, lines

    def _equations(self) -> list[str]:
        lines: list[str] = []
        heading, opened = "", [""]
        for equation in self.program.equations:
            new = _heading(equation)
            if new != heading:
                heading = new
                if new != "# ":
                    lines.append(new)
            if _is_renaming(equation):
                continue
            written = self.silenced(equation, [f"{self.target(equation.output)} = {self.expression(equation)}"])
            lines += written[1:] if lines[-1:] and lines[-1].startswith("    ") and written[0] in opened else written
            opened = written[:1]
        return lines

    def expression(self, equation: Equation) -> str:
        """The right-hand side of an equation, in NumPy's words."""
        function, operands = equation.function, equation.operands
        weak = type(equation.output) is Variable and equation.output.weak
        if weak and function not in BINARY and function not in UNARY:
            return f"{WEAK[equation.output.dtype.kind]}({super().expression(equation)})"
        if function in (to_floats, to_integers):
            text = self.operand(operands[0])
            strong = type(operands[0]) is Variable and not operands[0].weak
            return f"{text if strong else f'np.asarray({text})'}.astype({self.operand(equation.parameters['dtype'])})"
        if function in EXPRESSIONS:
            return EXPRESSIONS[function].format(x=self.operand(operands[0]))
        return super().expression(equation)

    def tree(self, tree: Any) -> str:
        """A tree of operands; one of a class of the user is built by that class."""
        if type(tree) in (tuple, list, dict):
            return super().tree(tree)
        container: Any = container_of(tree)
        keys = list(container.keys(tree))
        parts = [self.operand(container.get(tree, key)) for key in keys]
        if isinstance(tree, dict):
            inside = f"{{{', '.join(f'{key!r}: {part}' for key, part in zip(keys, parts, strict=True))}}}"
        elif isinstance(tree, (tuple, list)) and not hasattr(tree, "_fields"):
            inside = f"[{', '.join(parts)}]"
        else:
            inside = ", ".join(f"{key}={part}" for key, part in zip(keys, parts, strict=True))
        return f"{self.function(type(tree))}({inside})"

    def function(self, function: Callable[..., Any]) -> str:
        """A function or class of NumPy by its name there, one of this library by its definition, any other imported."""
        if numpy_name(function):
            return str(numpy_name(function))
        own = name_of_function(function)
        name = self.bind(function, own)
        if name in self.definitions or name in self.large:
            return name
        if function not in DEFINITIONS and not hasattr(sys.modules.get(function.__module__), own):
            self.large[name] = function  # a lambda, or made inside a function: nobody can import it
        else:
            plain = f"from {function.__module__} import {own}{'' if name == own else f' as {name}'}"
            self.definitions[name] = DEFINITIONS.get(function, plain)
        return name

    def constant(self, value: Any) -> str:
        """A constant, or a result that is returned in a form of its own."""
        if type(value) is Boxed:
            return f"np.asarray({self.operand(value.operand)})"
        return super().constant(value)

    def array(self, value: Any) -> str:
        """A number is written where it is used, an array above the function; a large one is an argument."""
        if isinstance(value, np.generic):
            return f"np.{type(value).__name__}({alone(self.number(value.item()))})"
        name = self.bind(value, "constant")
        if value.size > 3 and value.dtype == int and np.array_equal(value, np.arange(value.size)):
            self.definitions.setdefault(name, f"{name} = np.arange({value.size})")
        elif value.size > LITERAL:
            self.large[name] = value
        else:
            entries = repr(value.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
            dtype = value.dtype.name if value.dtype.isnative else value.dtype.str
            text = f"np.array({entries}, dtype={dtype!r})"
            self.definitions.setdefault(name, f"{name} = {text if value.size else f'{text}.reshape({value.shape})'}")
        return name


def _heading(equation: Equation) -> str:
    """The comment above an equation, and above those that follow with the same one."""
    scope = " / ".join(equation.scope)
    if _is_renaming(equation):
        return f"# {f'{scope}: ' if scope else ''}computed again"
    return f"# {f'{scope}: ' if scope else ''}backward of {equation.rule}" if equation.rule else f"# {scope}"


def _is_renaming(equation: Equation) -> bool:
    """Whether an equation only says when a variable is read: the order of the lines says so as well."""
    return equation.function is after and type(equation.operands[0]) is Variable


def _argument_name(argument: Any, position: int) -> str:
    """What the user calls an argument: the first word of the path of an input in it."""
    for _, leaf in leaves_with_paths(argument):
        if type(leaf) is Variable and leaf.name:
            return identifier(leaf.name.split("[")[0].split(".")[0])
    return f"argument_{position}"
