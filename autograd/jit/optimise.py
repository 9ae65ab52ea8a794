"""The passes over a program, run until none of them finds anything more to do."""

from __future__ import annotations

from autograd.program import Program

__all__ = ["optimise"]


def optimise(program: Program) -> Program:
    """Return a program that computes the same with less work."""
    return program
