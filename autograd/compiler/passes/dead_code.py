"""Dead code: an equation whose outputs nobody reads is left out."""

from __future__ import annotations

from dataclasses import replace

from autograd.program import Program, leaves_of

__all__ = ["remove_dead_code"]


def remove_dead_code(program: Program) -> Program:
    """Return the program without equations that the outputs do not depend on.

    >>> import numpy as np
    >>> from autograd import trace
    >>> def f(x):
    ...     unused = np.sin(x)
    ...     return x * 2
    >>> len(remove_dead_code(trace(f, 1.0)).equations)
    1
    """
    needed = set(leaves_of(program.outputs))
    kept = []
    for equation in reversed(program.equations):
        if not needed.isdisjoint(equation.outputs):
            kept.append(equation)
            needed.update(equation.reads)
    return program if len(kept) == len(program.equations) else replace(program, equations=kept[::-1])
