"""Gradients of functions with one output: `grad`, `value_and_grad`, and their elementwise and holomorphic kin."""

from __future__ import annotations

import math
import operator
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, LostGradientError, OutputError, with_article
from autograd.graph import Traced
from autograd.guard import keeps_references
from autograd.recording import GradientTrace, as_number, dtype_of
from autograd.rules import constant
from autograd.sweep import distinct, not_real, not_scalar, sweep
from autograd.tensor import Tensor
from autograd.transforms.decorating import ArgNum, transform
from autograd.transforms.naming import argument_name, name_of, returns
from autograd.trees import CONTAINERS, LEAF, Structure, container_of, flatten, leaves_with_paths, rebuild


@transform
def grad(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """
    Returns a function which computes ∇fun, the gradient of the scalar ``fun`` in its argument number ``argnum``.

    The argument may be any tree; its gradient is a tree of plain arrays of the same shapes and dtypes (integers count
    as float64). ``argnum=(0, 2)`` gives a tuple of gradients. With ``has_aux``, ``fun`` returns ``(scalar, aux)`` and
    the result is ``(gradient, aux)``.

    Raises `OutputError` when the output is not a real scalar, `ArgumentError` when an argument holds no numbers.

    >>> float(grad(lambda x: x**2)(3))
    6.0
    """

    @returns(fun, "grad", argnum, "the gradient")
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, found = _value_and_grad(fun, argnum, has_aux, args, kwargs)
        return (found, value[1]) if has_aux else found

    return gradient


@transform
def value_and_grad(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that computes ``(fun(*args), ∇fun(*args))`` with one evaluation; see `grad`.

    With ``has_aux`` the result is ``((value, aux), gradient)``.

    >>> value, gradient = value_and_grad(lambda x: x**2)(3.0)
    >>> float(value), float(gradient)
    (9.0, 6.0)
    """

    @returns(fun, "value_and_grad", argnum, "the value and the gradient")
    def value_and_gradient(*args: Any, **kwargs: Any) -> Any:
        return _value_and_grad(fun, argnum, has_aux, args, kwargs)

    return value_and_gradient


def _value_and_grad(
    fun: Callable[..., Any], argnum: ArgNum, has_aux: bool, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, Any]:
    trace = GradientTrace(Tensor)
    inputs = Inputs(trace, fun, argnum, args)
    try:
        output = fun(*inputs.args, **kwargs)
        aux = None
        if has_aux:
            output, aux = split_aux(fun, output)
        value, node = _scalar(fun, output, trace)
        found = {} if node is None else sweep(node, one_like(value), inputs.nodes, free=True)
        gradient = inputs.collect(found)
    except (ValueError, TypeError) as error:
        explain_exit(error, trace)
        raise
    finally:
        trace.ended = True
        if trace.guard:
            trace.guard.release()
    return ((value, plain(aux, trace)) if has_aux else value), gradient


def explain_exit(error: Exception, trace: Any) -> None:
    """Say what is wrong when an error of NumPy or Python came from a way out of the recording that has no hook.

    NumPy itself only says that it cannot set an array element with a sequence, or that an iterator cannot write back;
    Python, that it takes no object of the type of our tensors.
    """
    if type(error) is TypeError and re.search(rf"\b{trace.kind.__name__}\b(?!\.)|^Iterator operand is", str(error)):
        raise LostGradientError(
            f"A tensor was given to what takes plain arrays and numbers alone: {error}. Use functions of NumPy, which "
            f"record themselves, or give it the plain value, t.numpy() or t.item(), where no gradient has to pass."
        ) from error
    if isinstance(error.__cause__, LostGradientError):
        raise LostGradientError(
            "A traced value was assigned to an element of a plain array (a[i] = t), which would lose its gradient. "
            "Collect the values in a list and join them: np.stack(values), or make a new array: index_update(a, i, t)."
        ) from error
    if isinstance(error, ValueError) and getattr(trace, "guard", None):
        trace.guard.explain(error)


def one_like(value: Any) -> Any:
    """The seed of a sweep from a scalar: ∂L/∂L = 1, in its dtype (and its shape, which may be (1, 1)).

    Where arrays are kept by reference, the seed is recorded too: else a rule would multiply it with an array of the
    user here and now, and what is written into that array later would not be seen.
    """
    return unit(value) if isinstance(value, Traced) and keeps_references() else unit.__wrapped__(value)


@constant
def unit(value: Any) -> Any:
    """1 for each entry of ``value``."""
    if type(value) is float:
        return np.float64(1)
    one = value.dtype.type(1)
    return one if value.shape == () else np.full(value.shape, one)


node_of = operator.attrgetter("node")


class Inputs:
    """The differentiated arguments of one call, as leaves of its trace."""

    __slots__ = ("trace", "args", "argnum", "tensors", "nodes", "structures")

    def __init__(self, trace: Any, fun: Callable[..., Any], argnum: ArgNum, args: tuple[Any, ...]) -> None:
        self.trace = trace
        self.args = list(args)
        self.argnum = argnum
        self.tensors: list[Tensor] = []
        self.nodes: list[Any] = []
        self.structures: list[Structure] = []
        for position in (argnum,) if isinstance(argnum, int) else argnum:
            if not -len(args) <= position < len(args):
                raise ArgumentError(
                    f"{name_of(fun)} was called with {len(args)} positional argument{'s'[: len(args) != 1]}, so there "
                    f"is no argument {position} to differentiate. Pass it by position, or change argnum."
                )
            if self.args[position] is not args[position]:
                raise ArgumentError(f"argnum={argnum} names the argument {position} of {name_of(fun)} twice.")
            try:
                self._trace(position)
            except ArgumentError as error:
                raise _not_a_number(fun, args, position) from error

    def _trace(self, position: int) -> None:
        argument = self.args[position]
        alone = CONTAINERS[type(argument)] is None  # an array or a number, as most arguments: no tree to walk
        leaves, structure = ([argument], LEAF) if alone else flatten(argument)
        tensors = list(map(self.trace.leaf, leaves))
        self.args[position] = tensors[0] if alone else rebuild(structure, tensors)
        self.structures.append(structure)
        self.tensors += tensors
        self.nodes += map(node_of, tensors)

    def collect(self, found: dict[Any, Any], *, alive: bool = False) -> Any:
        """The gradients as trees like the arguments; zeros where none arrived. See `distinct` for ``alive``."""
        gradients = distinct(found, self.nodes, guard=self.trace.guard, alive=alive)
        if not isinstance(self.argnum, int):
            leaves = iter(gradients)
            return tuple([rebuild(structure, leaves) for structure in self.structures])
        structure = self.structures[0]
        return gradients[0] if structure is LEAF else rebuild(structure, gradients)


def _not_a_number(fun: Callable[..., Any], args: tuple[Any, ...], position: int) -> ArgumentError:
    for path, leaf in leaves_with_paths(args[position], argument_name(fun, position)):
        if as_number(leaf) is None:
            what = f"an array of dtype {leaf.dtype}" if type(leaf) is np.ndarray else with_article(type(leaf))
            what = "an int that no float is large enough for" if type(leaf) is int else what
            cure = (
                "Keep only numbers and arrays in a differentiated argument; pass the rest separately. "
                "A container of your own takes part after register_tree."
            )
            if hasattr(leaf, "__array__") and not isinstance(leaf, (np.ndarray, np.generic)):  # a Series of pandas
                cure = f"Pass its numbers as an array: np.asarray({path})."
            return ArgumentError(
                f"{path} is {what}, and {name_of(fun)} cannot be differentiated with respect to it. {cure}"
            )
    raise AssertionError("unreachable: called for a tree with a leaf that is no number")


def _scalar(fun: Callable[..., Any], output: Any, trace: GradientTrace) -> tuple[Any, Any]:
    """Return the value and the node of an output that must be one real number; the node is None for a constant."""
    if not isinstance(output, Traced) or output.recording is not trace:
        if isinstance(output, Traced) and output.recording.level > trace.level:
            raise _escaped(fun)
        value = as_number(output)
        if value is None or math.prod(np.shape(value)) != 1 or isinstance(output, (bool, np.bool_)):
            raise _bad_output(fun, output)
        if dtype_of(value).kind == "c":
            raise not_real(f"grad of {name_of(fun)}", dtype_of(value))
        warnings.warn(
            f"The output of {name_of(fun)} does not depend on the differentiated argument; its gradient is zero.",
            stacklevel=4,
        )
        return output, None
    value, node = output.value, output.node
    if isinstance(value, Traced) and getattr(value.recording, "ended", False):
        raise _escaped(fun)
    if node.shape != () and np.size(value) != 1:
        raise not_scalar(f"grad of {name_of(fun)}", output.shape)
    if node.dtype.kind == "c":
        raise not_real(f"grad of {name_of(fun)}", node.dtype)
    return (np.float64(value) if type(value) is float else value), node


def _escaped(fun: Callable[..., Any]) -> LostGradientError:
    return LostGradientError(
        f"The output of {name_of(fun)} depends on a tensor of another call that has ended: it was stored while a "
        f"function was differentiated, and used afterwards. Let that function return it (has_aux=True)."
    )


def _bad_output(fun: Callable[..., Any], output: Any) -> OutputError:
    what = f"grad of {name_of(fun)}"
    if as_number(output) is not None and np.shape(output) != ():
        return not_scalar(what, np.shape(output))
    if output is None:
        return OutputError(f"{what} needs a scalar output, but it returned None. Is a return missing?")
    kind = f"an array of dtype {output.dtype}" if isinstance(output, np.ndarray) else with_article(type(output))
    cure = "Return one number"
    if container_of(output) is not None:
        cure += "; with has_aux=True, (number, anything else). For several outputs use jacobian"
    return OutputError(f"{what} needs a scalar output, but it returned {kind}. {cure}.")


def split_aux(fun: Callable[..., Any], output: Any) -> tuple[Any, Any]:
    """Return the output and the aux of a function that was differentiated with ``has_aux``."""
    if not isinstance(output, tuple) or len(output) != 2:
        what = "one tensor" if isinstance(output, Traced) else with_article(type(output))
        what = f"{len(output)} values" if isinstance(output, tuple) else what
        raise OutputError(f"With has_aux=True, {name_of(fun)} must return (output, aux), a pair, and not {what}.")
    return output


def plain(tree: Any, trace: Any) -> Any:
    """Return ``tree`` with the tensors of ``trace`` replaced by their values."""
    leaves, structure = flatten(tree)
    return rebuild(
        structure,
        [_writeable(leaf.value) if isinstance(leaf, Traced) and leaf.recording is trace else leaf for leaf in leaves],
    )


def _writeable(value: Any) -> Any:
    """A view of an array that the recording has locked would stay read-only: hand out a copy."""
    view = type(value) is np.ndarray and value.base is not None
    return value.copy() if view and not value.flags.writeable else value
