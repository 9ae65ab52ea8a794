"""Which values of a program share memory, and how long each piece of memory is needed.

A function is *fresh* when its result never shares memory with an operand. Of any other function (a transpose, a slice,
a function of the user) it is assumed that the result is a view of every operand. (Of `after`, it is the first.) A
function of the user that takes ``out=None``, as those of NumPy do, is fresh, and known: it writes its result there, and
keeps nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograd.derivatives.conversion import to_floats, to_integers
from autograd.derivatives.indexing import index_add, index_update, scatter
from autograd.functions import log_sigmoid, log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd.program import Program, Variable, leaves_of, row_of
from autograd.rules import TABLE, Row
from autograd.transforms.ordering import after

__all__ = ["Storage", "is_elementwise", "is_fresh", "is_known", "unrecorded", "writes_out"]

FRESH: set[Callable[..., Any]] = {
    np.sum, np.prod, np.max, np.min, np.mean, np.var, np.std, np.all, np.any, np.argmax, np.argmin, np.count_nonzero,
    np.cumsum, np.cumprod, np.dot, np.vdot, np.inner, np.outer, np.tensordot, np.kron, np.cross, np.trace,
    np.where, np.concatenate, np.stack, np.sort, np.argsort, np.copy, np.clip, np.repeat, np.tile, np.take,
    np.take_along_axis, np.roll, np.pad, np.zeros_like, np.ones_like, np.full_like, np.tril, np.triu,
    np.linalg.inv, np.linalg.solve, np.linalg.det, np.linalg.slogdet, np.linalg.cholesky, np.linalg.eigh,
    np.linalg.eig, np.linalg.svd, np.linalg.qr, np.searchsorted, np.convolve,
    index_add, index_update, scatter, log_sigmoid, log_softmax, logsumexp, relu, sigmoid, softmax, softplus,
}  # fmt: skip
CONVERSIONS = (to_floats, to_integers)


def is_elementwise(function: Callable[..., Any]) -> bool:
    """Whether entry i of the result depends on entry i of the operands alone."""
    return isinstance(function, np.ufunc) and function.signature is None


def is_fresh(function: Callable[..., Any], parameters: dict[str, Any]) -> bool:
    """Whether a result of ``function`` never shares memory with an operand."""
    if isinstance(function, np.ufunc) or function in FRESH or getattr(function, "fresh", False) is True:
        return True
    if writes_out(function):
        return True
    return function in CONVERSIONS and parameters.get("copy", True) is True


def is_known(function: Callable[..., Any]) -> bool:
    """Whether ``function`` is NumPy's or this library's, which keep no operand for later."""
    if isinstance(function, np.ufunc):
        return True
    module = getattr(function, "__module__", None) or ""
    return module.startswith(("numpy", "autograd", "_operator")) or writes_out(function)


@functools.lru_cache(maxsize=1024)
def writes_out(function: Callable[..., Any]) -> bool:
    """Whether ``function`` is one of the user, registered with a derivative, that takes ``out=None``."""
    return unrecorded(function) is not None and row_of(function).defaults.get("out", ...) is None


def unrecorded(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return the plain function behind one that records its calls: of this library or of the user. None for others."""
    plain: Any = getattr(function, "__wrapped__", None)
    row = TABLE.get(plain) if plain is not None else None
    return plain if isinstance(row, Row) and row.function is function else None


class Storage:
    """For each variable, the memory that it may lie in, and the last equation that reads it.

    ``shared[v]`` names memory by whose it is: an input's, or the result's of a fresh function. ``last_use`` of these
    counts what is read under other names. Index -1 stands for "before the first equation", ``len(equations)`` for
    "returned". ``escaping`` memory is read by someone who may keep it: it is never reused. Inputs are, unless they are
    ``given``.
    """

    def __init__(self, program: Program, given: Iterable[Variable] = ()) -> None:
        self.shared: dict[Variable, frozenset[Variable]] = {v: frozenset([v]) for v in program.inputs}
        self.last_use: dict[Variable, int] = dict.fromkeys(program.inputs, -1)
        self.escaping: set[Variable] = set(program.inputs).difference(given)
        for i, equation in enumerate(program.equations):
            for variable in equation.reads:
                self._read(variable, i)
            if not is_known(equation.function):
                self.escaping |= self._owners(equation.reads)
            viewed = leaves_of(equation.operands[0]) if equation.function is after else equation.reads
            owners = None if is_fresh(equation.function, equation.parameters) else self._owners(viewed)
            for variable in equation.outputs:
                self.shared[variable] = frozenset([variable]) if owners is None else owners
                self.last_use[variable] = i
        for variable in leaves_of(program.outputs):
            self._read(variable, len(program.equations))
            self.escaping.add(variable)

    def _owners(self, variables: Iterable[Variable]) -> frozenset[Variable]:
        """In whose memory variables lie."""
        return frozenset().union(*[self.shared[variable] for variable in variables])

    def _read(self, variable: Variable, index: int) -> None:
        self.last_use[variable] = index
        for owner in self.shared[variable]:
            self.last_use[owner] = index
