"""Jacobians and Hessians: all first or second derivatives, many of them carried through one pass at a time.

A Jacobian with m rows and n columns is made of m pullbacks or n pushes, whichever are fewer. They travel together as
the leading axis of a batch (see `batching`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograd.batching import BatchTrace
from autograd.errors import ArgumentError, AutogradError
from autograd.recording import dtype_of
from autograd.tangent import TangentTrace
from autograd.transforms.decorating import ArgNum, transform
from autograd.transforms.gradient import Inputs, grad
from autograd.transforms.jvp import float_dtype, make_jvp, push_forward, separate
from autograd.transforms.naming import name_of, returns
from autograd.transforms.vjp import Recorded
from autograd.trees import Structure, flatten, rebuild

__all__ = ["hessian", "hessian_vector_product", "jacobian"]

#: A batch holds about this many numbers at the widest place: enough to be fast, few enough to stay in the cache.
BATCH_ENTRIES = 1 << 21


@transform
def jacobian(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that computes ∂funᵢ/∂xⱼ, of shape (*output.shape, *argument.shape).

    For trees, the result is a tree like the output that has, in the place of each leaf, a tree like the argument.
    With ``has_aux``, ``fun`` returns ``(output, aux)`` and the result is ``(jacobian, aux)``.

    >>> jacobian(lambda x: np.array([[1.0, 2.0], [3.0, 4.0]]) @ x)(np.array([1.0, 1.0]))
    array([[1., 2.],
           [3., 4.]])
    """

    @returns(fun, "jacobian", argnum, "the Jacobian")
    def all_slopes(*args: Any, **kwargs: Any) -> Any:
        recorded = Recorded(fun, argnum, has_aux, args, kwargs)
        if _columns_are_cheaper(recorded):
            found = _by_columns(fun, argnum, has_aux, args, kwargs, recorded.inputs)
        else:
            found = _by_rows(recorded)
        found = separate(found)
        return (found, recorded.aux) if has_aux else found

    return all_slopes


@transform
def hessian(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that computes ∂²fun/∂xᵢ∂xⱼ, of shape (*output.shape, *argument.shape, *argument.shape).

    The output is a number most often, whose Hessian is a matrix for a vector x. For a tree, the result is a tree of
    trees; ``argnum=(0, 1)`` counts as the tree ``(x, y)``. The first derivative is pushed forward along all directions
    at once. With ``has_aux``, ``fun`` returns ``(output, aux)`` and the result is ``(hessian, aux)``.
    Raises `ArgumentError` for complex arguments, whose second derivatives are not one matrix.

    >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    """
    first = jacobian(fun, argnum, has_aux)

    @returns(fun, "hessian", argnum, "the Hessian")
    def all_curvatures(*args: Any, **kwargs: Any) -> Any:
        inputs = Inputs(TangentTrace(), fun, argnum, args)
        if any(tensor.dtype.kind == "c" for tensor in inputs.tensors):
            raise ArgumentError(
                f"hessian of {name_of(fun)} needs real arguments. Differentiate in real and imaginary part, or, if the "
                f"function is holomorphic, use jacobian(holomorphic_grad({name_of(fun)}))."
            )
        if not inputs.tensors:
            return first(*args, **kwargs)  # a tree without leaves: so are its derivatives
        found = separate(_by_columns(first, argnum, has_aux, args, kwargs, inputs))
        return (found, fun(*args, **kwargs)[1]) if has_aux else found

    return all_curvatures


@transform
def hessian_vector_product(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function ``(*args, v) -> ∂²fun · v``, at the price of a few gradients: no Hessian is formed.

    v is a tree like the argument. With ``has_aux``, ``fun`` returns ``(scalar, aux)`` and the result is
    ``(product, aux)``.

    >>> hessian_vector_product(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]), np.array([1.0, 0.0]))
    array([10.,  6.])
    """
    push_gradient = make_jvp(grad(fun, argnum, has_aux), argnum, has_aux)

    @returns(fun, "hessian_vector_product", argnum, "the Hessian times a vector, the last argument")
    def product(*args: Any, **kwargs: Any) -> Any:
        if len(args) < 2:
            raise ArgumentError(
                f"hessian_vector_product of {name_of(fun)} takes the arguments of {name_of(fun)} and then the vector "
                f"v, but {len(args)} were given. Pass v last: a tree like the argument {argnum}."
            )
        _, moved, *aux = push_gradient(*args[:-1], **kwargs)(args[-1])
        return (moved, *aux) if has_aux else moved

    return product


def _columns_are_cheaper(recorded: Recorded) -> bool:
    """Whether to push the columns of the Jacobian rather than to pull its rows.

    A pullback to a real input drops the imaginary part, and a push from a complex one knows one direction only.
    """
    inputs, outputs = recorded.inputs.tensors, recorded.leaves
    n, m = _entries(inputs), _entries(outputs)
    if any(dtype_of(out).kind == "c" for out in outputs):
        return n < m or not all(x.dtype.kind == "c" for x in inputs)
    return 0 < n < m and not any(x.dtype.kind == "c" for x in inputs)


def _entries(leaves: list[Any]) -> int:
    return sum(int(np.size(leaf)) for leaf in leaves)


def _by_rows(recorded: Recorded) -> Any:
    """Pull unit cotangents back: one row of the Jacobian for each entry of the output."""
    inputs = recorded.inputs
    blocks = []
    for place, out in enumerate(recorded.leaves):

        def pull(g: Any, place: int = place) -> list[Any]:
            seeds = [None] * len(recorded.leaves)
            seeds[place] = g
            found = recorded.sweep(seeds)
            return [found.get(node) for node in inputs.nodes]

        rows = _along_units(pull, out, _entries(inputs.tensors), [(x.shape, float_dtype(x)) for x in inputs.tensors])
        row_blocks = [np.reshape(row, (*np.shape(out), *x.shape)) for row, x in zip(rows, inputs.tensors, strict=True)]
        blocks.append(_argument_tree(inputs, row_blocks))
    return rebuild(recorded.structure, blocks)


def _by_columns(
    fun: Callable[..., Any],
    argnum: ArgNum,
    has_aux: bool,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    inputs: Inputs,
) -> Any:
    """Push unit tangents forward: one column of the Jacobian for each entry of the argument."""
    shapes: list[tuple[tuple[int, ...], Any]] = []
    structure: Structure
    by_input = []
    for place, x in enumerate(inputs.tensors):

        def push(x_dot: Any, place: int = place) -> list[Any]:
            nonlocal structure
            tangents = [np.zeros(t.shape, float_dtype(t)) for t in inputs.tensors]
            tangents[place] = x_dot
            value, moved, _ = push_forward(fun, argnum, has_aux, args, kwargs, tangents)
            leaves, structure = flatten(value)
            shapes[:] = [(np.shape(leaf), float_dtype(leaf)) for leaf in leaves]
            return flatten(moved)[0]

        columns = _along_units(push, x, _entries(inputs.tensors), shapes)
        by_input.append([np.reshape(_axis_last(c), (*s, *x.shape)) for c, (s, _) in zip(columns, shapes, strict=True)])
    blocks = [_argument_tree(inputs, list(column_blocks)) for column_blocks in zip(*by_input, strict=True)]
    return rebuild(structure, blocks)


def _axis_last(columns: Any) -> Any:
    return np.transpose(columns, (*range(1, columns.ndim), 0))


def _argument_tree(inputs: Inputs, blocks: list[Any]) -> Any:
    """``blocks``, one per differentiated leaf, as a tree like the argument (a tuple of trees for several)."""
    leaves = iter(blocks)
    trees = [rebuild(structure, leaves) for structure in inputs.structures]
    return trees[0] if isinstance(inputs.argnum, int) else tuple(trees)


def _along_units(
    move: Callable[[Any], list[Any]], x: Any, width: int, shapes: list[tuple[tuple[int, ...], Any]]
) -> list[Any]:
    """Return ``move`` of every unit vector of the space of ``x``, stacked in front; ``shapes`` are those of one."""
    if np.size(x) == 0:  # no unit vector: one move of nothing tells the shapes
        move(np.zeros(np.shape(x), float_dtype(x)))
        return [np.zeros((0, *shape), dtype) for shape, dtype in shapes]
    chunks = [_move_batch(move, units, shapes) for units in _unit_batches(x, width)]
    return [np.concatenate(parts) if len(parts) > 1 else parts[0] for parts in zip(*chunks, strict=True)]


def _unit_batches(x: Any, width: int) -> Iterator[Any]:
    """The unit vectors of the space of ``x``, as arrays (batch, *x.shape)."""
    count = int(np.size(x))
    length = max(1, BATCH_ENTRIES // max(width, count, 1))
    for start in range(0, count, length):
        yield np.reshape(np.eye(min(length, count - start), count, start, float_dtype(x)), (-1, *np.shape(x)))


def _move_batch(move: Callable[[Any], list[Any]], units: Any, shapes: list[tuple[tuple[int, ...], Any]]) -> list[Any]:
    trace = BatchTrace(len(units))
    try:
        if len(units) != 1:
            moved = move(trace.batch(units))
            return [
                np.zeros((len(units), *shape), dtype) if part is None else trace.unbatch(part)
                for part, (shape, dtype) in zip(moved, shapes, strict=True)
            ]
    except (AutogradError, AttributeError, TypeError):
        pass  # a rule of the user may do what only plain arrays can: one unit after the other; a true error returns
    moved = list(zip(*(move(unit) for unit in units), strict=True))
    return [
        np.stack([np.zeros(*kind) if part is None else part for part in parts])
        for parts, kind in zip(moved, shapes, strict=True)
    ]
