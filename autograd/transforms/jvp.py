"""Forward mode: the Jacobian-vector product, v ↦ ∂fun v."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.graph import Traced
from autograd.recording import dtype_of
from autograd.sweep import gradient_dtype
from autograd.tangent import TangentTrace
from autograd.transforms.decorating import ArgNum, transform
from autograd.transforms.gradient import Inputs, explain_exit, plain, split_aux
from autograd.transforms.naming import name_of, returns
from autograd.transforms.vectors import matched
from autograd.transforms.vjp import check_output
from autograd.trees import flatten, rebuild

__all__ = ["make_jvp", "push_forward"]


@transform
def make_jvp(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that maps ``*args`` to a function ``v -> (value, jvp)``.

    jvp is ∂fun/∂argument · v, a tree like the output, for a tangent v, a tree like the argument. Nothing is kept for a
    backward pass: memory does not grow with the length of the computation. With ``has_aux``, ``fun`` returns
    ``(output, aux)`` and the result is ``(value, jvp, aux)``.

    >>> import numpy as np
    >>> value, jvp = make_jvp(lambda x: x**2)(np.array([1.0, 2.0]))(np.array([1.0, 10.0]))
    >>> jvp
    array([ 2., 40.])
    """

    @returns(fun, "make_jvp", argnum, "a function v -> (value, jvp)")
    def at(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
        Inputs(TangentTrace(), fun, argnum, args)  # what is wrong with the arguments shows before a tangent comes
        argument = args[argnum] if isinstance(argnum, int) else tuple(args[position] for position in argnum)

        def jvp(v: Any) -> tuple[Any, ...]:
            tangents = matched(v, argument, "the tangent", "the argument")
            value, moved, aux = push_forward(fun, argnum, has_aux, args, kwargs, tangents)
            moved = separate(moved)
            return (value, moved, aux) if has_aux else (value, moved)

        jvp.__doc__ = f"Return the value of {name_of(fun)} and ∂{name_of(fun)} · v in argument {argnum}."
        return jvp

    return at


def push_forward(
    fun: Callable[..., Any],
    argnum: ArgNum,
    has_aux: bool,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    tangents: list[Any],
) -> tuple[Any, Any, Any]:
    """Return the value of ``fun``, its tangent and its aux, given a tangent for each leaf of what is differentiated."""
    trace = TangentTrace()
    inputs = Inputs(trace, fun, argnum, args)
    for tensor, tangent in zip(inputs.tensors, tangents, strict=True):
        tensor.node = tangent
    try:
        output = fun(*inputs.args, **kwargs)
    except (ValueError, TypeError) as error:
        explain_exit(error, trace)
        raise
    output, aux = split_aux(fun, output) if has_aux else (output, None)
    check_output(fun, output)
    outputs, structure = flatten(output)
    moved = [
        out.node
        if isinstance(out, Traced) and out.recording is trace
        else np.zeros(np.shape(out), float_dtype(out))[()]
        for out in outputs
    ]
    return plain(output, trace), rebuild(structure, moved), plain(aux, trace)


def separate(tree: Any) -> Any:
    """Return ``tree`` with plain arrays that can be written to, each in memory of its own; without axes, as numbers."""
    leaves, structure = flatten(tree)
    owners = set()
    for i, leaf in enumerate(leaves):
        if type(leaf) is np.ndarray:
            leaf = leaf[()] if leaf.ndim == 0 else leaf
            if isinstance(leaf, np.ndarray) and (not leaf.flags.writeable or id(owner_of(leaf)) in owners):
                leaf = leaf.copy()
            owners.add(id(owner_of(leaf)))
            leaves[i] = leaf
        elif isinstance(leaf, Traced) and leaf.shape == ():
            leaves[i] = leaf[()]  # type: ignore[index]  # a traced array has operators
    return rebuild(structure, leaves)


def owner_of(array: Any) -> Any:
    """The array whose memory ``array`` is a view of: itself, if it is none."""
    while isinstance(array, np.ndarray) and array.base is not None:
        array = array.base
    return array


def float_dtype(leaf: Any) -> np.dtype[Any]:
    """The dtype of a tangent of ``leaf``: its own, and float64 for integers and bools.

    >>> float_dtype(np.float32(1)), float_dtype(3)
    (dtype('float32'), dtype('float64'))
    """
    return gradient_dtype(dtype_of(leaf))
