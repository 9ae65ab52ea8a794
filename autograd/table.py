"""The table of derivatives as text: a reader browses it like a book.

    Exponentials, logarithms and hyperbolic functions.
        np.exp    x    g * out    keeps out
        np.log    x    g / x      keeps x

Each line says ∂L/∂operand in terms of g = ∂L/∂out, and what the backward pass keeps for it. The formulas are the rules
themselves: they are read from the source of the lambda when the text is asked for.
"""

from __future__ import annotations

import ast
import functools
import inspect
import linecache
import operator
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ArgumentError
from autograd.rules import TABLE, Composition, Row

__all__ = ["registered", "require_row", "table", "table_text"]

Line = tuple[str, str, str, str]


def table(*functions: Callable[..., Any]) -> None:
    """Print the table of derivatives of all that can be called, or the lines of ``functions`` alone.

    Raises `ArgumentError` for a function without a row.

    >>> import numpy as np
    >>> table(np.tanh, np.divide)
    Arithmetic: sums, products, quotients, remainders, and the parts of a complex number that are ufuncs.
        np.divide    x    g / y           keeps y
        np.divide    y    -g * out / y    keeps out, y
    <BLANKLINE>
    Exponentials, logarithms and hyperbolic functions.
        np.tanh    x    g * (1 - out * out)    keeps out
    """
    print(table_text(*functions))


def table_text(*functions: Callable[..., Any]) -> str:
    """Return the table of derivatives as text, chapter by chapter, or the lines of ``functions`` alone.

    What only the library itself calls is left out, unless it is asked for.
    """
    chapters: dict[str, list[Line]] = {}
    constants = []
    for function in functions or filter(is_public, TABLE):
        row = require_row(function)
        if isinstance(row, Row) and row.constant:
            constants.append(name_of(row.function))
        else:
            chapters.setdefault(chapter_of(row), []).extend(lines_of(row))
    parts = [f"{title}\n{aligned(lines)}" for title, lines in sorted(chapters.items())]
    if constants:
        names = textwrap.fill(", ".join(sorted(constants)), 112, initial_indent="    ", subsequent_indent="    ")
        parts.append(f"Slope zero wherever there is one.\n{names}")
    return "\n\n".join(parts)


def is_public(function: Callable[..., Any]) -> bool:
    """Whether ``function`` is there to be called: functions of NumPy, of the user, and public names of this library."""
    module, name = getattr(function, "__module__", None) or "", getattr(function, "__name__", "")
    if not module.startswith("autograd."):
        return name in getattr(sys.modules.get(module), "__all__", (name,))
    return name in sys.modules["autograd"].__all__ or name in getattr(sys.modules[module], "__all__", ())


def registered(function: Callable[..., Any]) -> Row | Composition | None:
    """The row of ``function``, which may be wrapped so that it records itself; None when it has none."""
    return TABLE.get(function) or TABLE.get(getattr(function, "__wrapped__", None))  # type: ignore[arg-type]


def require_row(function: Callable[..., Any]) -> Row | Composition:
    """Return the row of ``function``, which may be wrapped so that it records itself.

    Raises `ArgumentError` when it has none.

    >>> import numpy as np
    >>> require_row(np.tanh).operands
    ('x',)
    """
    row = registered(function)
    if row is None:
        name = getattr(function, "__name__", function)
        cure = f"Register it: derivative({name}, x=…)." if callable(function) else "Pass the function itself: np.sin."
        raise ArgumentError(f"{name} has no rules in the table of derivatives. {cure}")
    return row


def name_of(function: Callable[..., Any]) -> str:
    """What a reader calls ``function``: ``np.exp``, ``np.linalg.inv``, ``softmax``, SciPy's ``erf``."""
    name = getattr(function, "__name__", repr(function))
    module = getattr(function, "__module__", None) or ("numpy" if getattr(np, name, None) is function else "")
    if function is operator.getitem:
        return "operator.getitem"
    return f"np{module[5:]}.{name}" if module == "numpy" or module.startswith("numpy.") else name


def chapter_of(row: Row | Composition) -> str:
    """The title of the module that a row is written in."""
    written = row.body if isinstance(row, Composition) else next(rule for rule in row.rules.values() if rule)
    module = sys.modules.get(inspect.unwrap(written).__module__)
    return ((module.__doc__ if module else None) or "Rules of your own.").strip().splitlines()[0]


def lines_of(row: Row | Composition) -> list[Line]:
    """Function, operand, formula, what it keeps: one line for each operand that has a derivative."""
    name = name_of(row.function)
    if isinstance(row, Composition):
        return [(name, "", first_line(row.body), "in terms of others")]
    return [
        (name, operand, formula(rule), f"keeps {', '.join(kept_by(rule, row.operands)) or 'nothing'}")
        for operand, rule in row.rules.items()
        if rule is not None
    ]


def first_line(function: Callable[..., Any]) -> str:
    """The first line of a docstring; of a lambda, its formula."""
    return (function.__doc__ or formula(function)).strip().splitlines()[0]


def kept_by(rule: Callable[..., Any], operands: tuple[str, ...]) -> list[str]:
    """The names in a rule that hold arrays: operands and the output, not shapes, facts and parameters of the call."""
    return [name for name in inspect.signature(rule).parameters if name == "out" or name in operands]


def formula(rule: Callable[..., Any]) -> str:
    """The text of a rule: the expression of a lambda, the call of a named function."""
    rule = inspect.unwrap(rule)
    names = ", ".join(inspect.signature(rule).parameters)
    if rule.__name__ != "<lambda>":
        return f"{rule.__name__}({names})"
    code = rule.__code__
    spans = {(line, end, column, end_column) for line, end, column, end_column in code.co_positions()}
    for node in lambdas(code.co_filename):
        body = node.body
        if (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset) in spans:
            text = ast.get_source_segment("".join(linecache.getlines(code.co_filename)), body) or ""
            return " ".join(text.split())
    return f"a function of {names}"  # typed at a prompt: there is no source to read


@functools.lru_cache(maxsize=32)
def lambdas(path: str) -> list[ast.Lambda]:
    """Every lambda in a source file."""
    tree = ast.parse("".join(linecache.getlines(path)))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]


def aligned(lines: list[Line]) -> str:
    """The lines with their columns one under the other."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "    " + "    ".join(cell.ljust(min(width, 72)) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
