"""Derivatives of functions whose output entries depend on one input entry each, and of holomorphic functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, OutputError
from autograd.recording import dtype_of
from autograd.transforms.decorating import ArgNum, transform
from autograd.transforms.naming import name_of, returns
from autograd.transforms.vjp import Recorded

__all__ = ["elementwise_grad", "holomorphic_grad"]


@transform
def elementwise_grad(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that computes ∂(Σᵢ funᵢ)/∂x: the slopes fun'(x), if output i depends on input i alone.

    With ``has_aux``, ``fun`` returns ``(output, aux)`` and the result is ``(slopes, aux)``.
    Raises `OutputError` when the output is complex; see `holomorphic_grad`.

    >>> elementwise_grad(np.tanh)(np.array([0.0, 1000.0]))
    array([1., 0.])
    """

    @returns(fun, "elementwise_grad", argnum, "the slope of each entry")
    def slopes(*args: Any, **kwargs: Any) -> Any:
        recorded = Recorded(fun, argnum, has_aux, args, kwargs)
        if any(dtype_of(leaf).kind == "c" for leaf in recorded.leaves):
            raise OutputError(f"elementwise_grad of {name_of(fun)} needs a real output. Use holomorphic_grad.")
        return (_from_ones(recorded), recorded.aux) if has_aux else _from_ones(recorded)

    return slopes


@transform
def holomorphic_grad(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that computes the complex derivative fun'(z) of a holomorphic ``fun``.

    Its argument must be complex, and ``fun`` must satisfy the Cauchy-Riemann equations; that is not checked.
    With ``has_aux``, ``fun`` returns ``(output, aux)`` and the result is ``(derivative, aux)``.
    Raises `ArgumentError` when the argument is real.

    >>> holomorphic_grad(lambda z: z**2)(1 + 2j).item()
    (2+4j)
    """

    @returns(fun, "holomorphic_grad", argnum, "the complex derivative")
    def slope(*args: Any, **kwargs: Any) -> Any:
        recorded = Recorded(fun, argnum, has_aux, args, kwargs)
        if not all(tensor.dtype.kind == "c" for tensor in recorded.inputs.tensors):
            raise ArgumentError(
                f"holomorphic_grad of {name_of(fun)} needs a complex argument. Pass np.complex128(x), or use grad."
            )
        return (_from_ones(recorded), recorded.aux) if has_aux else _from_ones(recorded)

    return slope


def _from_ones(recorded: Recorded) -> Any:
    ones = [np.ones(np.shape(leaf), dtype_of(leaf)) for leaf in recorded.leaves]
    return recorded.inputs.collect(recorded.sweep(ones))
