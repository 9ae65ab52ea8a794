"""jit: the backward pass, written out as plain NumPy and run at hand-written speed."""

from autograd.jit.compiled import jit

__all__ = ["jit"]
