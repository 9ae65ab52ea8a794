"""Names in emitted source: what the user called a value, made into an identifier that nothing else has."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from autograd.program import Program, Variable

__all__ = ["Names", "identifier", "wish"]

TAKEN = ("np", "None", "True", "False", "bool", "int", "float", "complex", "range")


def identifier(text: str) -> str:
    """Return ``text`` as a Python identifier.

    >>> identifier("params['hidden'].W"), identifier("parameters[0]"), identifier("lambda")
    ('params_hidden_W', 'parameters_0', 'lambda_')
    """
    name = re.sub(r"\W+", "_", text).strip("_") or "x"
    name = f"_{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


def wish(variable: Variable) -> str:
    """What a variable would like to be called."""
    return identifier(variable.name) if variable.name else f"t{variable.index}"


class Names:
    """Gives out each name once: a second ``error`` is ``error_2``.

    >>> names = Names()
    >>> names.new("error"), names.new("error")
    ('error', 'error_2')
    """

    def __init__(self, taken: Iterable[str] = TAKEN) -> None:
        self.taken = set(taken)
        self.counts: dict[str, int] = {}
        self.of: dict[Variable, str] = {}

    def new(self, wish: str) -> str:
        """Return ``wish``, or the first of ``wish_2``, ``wish_3`` … that is free."""
        name, count = wish, self.counts.get(wish, 1)
        while name in self.taken:
            count += 1
            name = f"{wish}_{count}"
        self.counts[wish] = count
        self.taken.add(name)
        return name

    def name_all(self, program: Program) -> None:
        """Name every variable of ``program``: inputs by their path, results by what they were assigned to."""
        for variable in program.inputs:
            self.of[variable] = self.new(wish(variable))
        for equation in program.equations:
            for variable in equation.outputs:
                self.of[variable] = self.new(wish(variable))
