"""Forward mode: the Jacobian-vector product, v ↦ ∂fun v."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.graph import Traced
from autograd.recording import dtype_of
from autograd.tangent import TangentTrace
from autograd.transforms.gradient import ArgNum, Inputs, check_argnum, plain
from autograd.transforms.naming import name_of, returns
from autograd.transforms.vectors import matched
from autograd.transforms.vjp import check_output
from autograd.trees import flatten, rebuild

__all__ = ["make_jvp", "push_forward"]


def make_jvp(fun: Callable[..., Any], argnum: ArgNum = 0) -> Callable[..., Any]:
    """Return the function that maps ``*args`` to a function ``v -> (value, jvp)``.

    jvp is ∂fun/∂argument · v, a tree like the output, for a tangent v, a tree like the argument. Nothing is kept for a
    backward pass: memory does not grow with the length of the computation.

    >>> import numpy as np
    >>> value, jvp = make_jvp(lambda x: x**2)(np.array([1.0, 2.0]))(np.array([1.0, 10.0]))
    >>> jvp
    array([ 2., 40.])
    """
    check_argnum(argnum)

    @returns(fun, "make_jvp", argnum, "a function v -> (value, jvp)")
    def at(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
        Inputs(TangentTrace(), fun, argnum, args)  # what is wrong with the arguments shows before a tangent comes
        argument = args[argnum] if isinstance(argnum, int) else tuple(args[position] for position in argnum)

        def jvp(v: Any) -> tuple[Any, Any]:
            return push_forward(fun, argnum, args, kwargs, matched(v, argument, "the tangent", "the argument"))

        jvp.__doc__ = f"Return the value of {name_of(fun)} and ∂{name_of(fun)} · v in argument {argnum}."
        return jvp

    return at


def push_forward(
    fun: Callable[..., Any], argnum: ArgNum, args: tuple[Any, ...], kwargs: dict[str, Any], tangents: list[Any]
) -> tuple[Any, Any]:
    """Return the value of ``fun`` and its tangent, given one tangent for each leaf of the differentiated arguments."""
    trace = TangentTrace()
    inputs = Inputs(trace, fun, argnum, args)
    for tensor, tangent in zip(inputs.tensors, tangents, strict=True):
        tensor.node = tangent
    output = fun(*inputs.args, **kwargs)
    check_output(fun, output)
    outputs, structure = flatten(output)
    moved = [
        out.node if isinstance(out, Traced) and out.recording is trace else np.zeros(np.shape(out), _float_of(out))
        for out in outputs
    ]
    return plain(output, trace), rebuild(structure, moved)


def _float_of(out: Any) -> np.dtype[Any]:
    dtype = dtype_of(out)
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)
