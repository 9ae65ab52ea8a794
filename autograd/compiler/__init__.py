"""jit: the backward pass, written out as plain NumPy and run at hand-written speed."""

from autograd.compiler.compiled import jit

__all__ = ["jit"]
