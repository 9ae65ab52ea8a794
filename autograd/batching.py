"""Batching: a recording whose values hide a leading axis, so that many gradients travel through one sweep.

A Jacobian with m rows needs m sweeps from m unit vectors. Rules are NumPy calls, so one sweep can carry all m vectors
as an array of shape (m, *shape) — provided that each rule sees the shape it expects. A `Batched` value does that:
it looks like one vector, and every function that is called on it is called on all m:

- elementwise functions broadcast, with the batch axis kept in front;
- functions of the shape (reshape, transpose, sum, indexing, joining, matrix products) have a rule here, which adds the
  batch axis to their parameters;
- any other function is called m times and its results are stacked: slow, but right.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from autograd.derivatives.conversion import to_floats, to_integers
from autograd.derivatives.einsum import LETTERS, parse
from autograd.derivatives.indexing import scatter
from autograd.errors import LostGradientError
from autograd.graph import Traced
from autograd.recording import Recording, next_level, wrap
from autograd.rules import Row
from autograd.tensor import Tensor
from autograd.trees import flatten, map_tree, rebuild

__all__ = ["BatchTrace", "Batched"]

Parameters = dict[str, Any]


class Batched(Tensor):
    """Many arrays of one shape that look like one: ``value`` is (batch, *shape), everything else speaks of shape."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of each of the arrays."""
        return self.value.shape[1:]  # type: ignore[no-any-return]


class BatchTrace(Recording):
    """A recording of ``size`` calls at once."""

    __slots__ = ("kind", "level", "size")

    def __init__(self, size: int) -> None:
        self.kind = Batched
        self.level = next_level()
        self.size = size

    def batch(self, values: Any) -> Any:
        """Return ``values``, of shape (size, *shape), as one value of ``shape``."""
        return wrap(values, None, self)

    def holds(self, value: Any) -> bool:
        """Whether ``value`` is batched by this trace."""
        return isinstance(value, Traced) and value.recording is self

    def unbatch(self, value: Any) -> Any:
        """Return the array with its leading axis; a value that is the same for all is repeated along it."""
        return value.value if self.holds(value) else np.broadcast_to(value, (self.size, *np.shape(value)))

    def record(self, row: Row, operands: Any, parameters: Parameters) -> Any:
        """Call the function on all arrays of the batch: by its rule, or one after the other."""
        rule = RULES.get(row.function, _elementwise if row.elementwise else None)
        out = None if rule is None else rule(self, row, operands, parameters)
        return _one_by_one(self, row, operands, parameters) if out is None else map_tree(self.batch, out)

    def decide(self, value: Any, what: str) -> Any:
        """Return what Python wants to branch on, if all arrays of the batch agree."""
        if (value == value[:1]).all():
            return value[0]
        raise LostGradientError(f"{what} of a batch: its entries differ, so Python cannot follow one branch for all.")


def _one_by_one(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """The rule without knowledge: call the function for each array of the batch, and stack."""
    leaves, structure = flatten(list(operands))
    results = []
    for i in range(trace.size):
        chosen = [leaf.value[i] if trace.holds(leaf) else leaf for leaf in leaves]
        results.append(row.call(rebuild(structure, chosen), parameters))
    return map_tree(lambda *parts: trace.batch(np.stack(parts)), *results)


# A rule returns the outputs with their batch axis in front, or None when it does not know this form of the call.


def _elementwise(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Broadcasting aligns axes from the right: operands of fewer axes get axes of length 1 behind the batch axis."""
    if not parameters.keys() <= {"dtype", "casting", "order", "subok", "copy"}:
        return None
    return row.call(_aligned(trace, operands), parameters)


def _aligned(trace: BatchTrace, operands: Any) -> list[Any]:
    ndim = max(np.ndim(operand) for operand in operands)
    return [_with_axes(trace, operand, ndim) if trace.holds(operand) else operand for operand in operands]


def _with_axes(trace: BatchTrace, operand: Any, ndim: int) -> Any:
    missing = ndim - len(operand.shape)
    return operand.value if missing <= 0 else np.reshape(operand.value, (trace.size, *(1,) * missing, *operand.shape))


def _reduction(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Over an axis: axis 0 of each array is axis 1 of the batch, and all axes are all but the first."""
    (x,) = operands
    axis = parameters.get("axis")
    axes = range(len(x.shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if parameters.keys() - {"axis", "keepdims", "dtype"}:
        return None
    return row.call([x.value], {**parameters, "axis": tuple(_shifted(i) for i in axes)})


def _along_axis(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Along one axis: it moves up by one. ``axis=None`` goes through the entries in a row."""
    x, *others = operands
    axis = parameters.get("axis", row.defaults["axis"])
    if any(map(trace.holds, others)) or not trace.holds(x) or (axis is None and parameters.get("keepdims")):
        return None
    value = np.reshape(x.value, (trace.size, -1)) if axis is None else x.value
    return row.call([value, *others], {**parameters, "axis": 1 if axis is None else _shifted(axis)})


def _turning(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Along any axes, which move up by one; ``axis=None`` flips all, and rolls the entries in a row."""
    (x,) = operands
    axis = parameters.get("axis")
    if axis is not None:
        axes = axis if isinstance(axis, tuple) else (axis,)
        return row.call([x.value], {**parameters, "axis": tuple(map(_shifted, axes))})
    in_a_row = np.reshape(x.value, (trace.size, -1))
    return np.reshape(row.call([in_a_row], {**parameters, "axis": 1}), x.value.shape)


def _picking_along(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """``take_along_axis``: the same picks in each array."""
    x, indices = operands
    axis = parameters.get("axis", -1)
    if axis is None or trace.holds(indices):
        return None
    return row.call([x.value, np.expand_dims(indices, 0)], {"axis": _shifted(axis)})


def _diagonal(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Of the two axes, each moved up by one."""
    (x,) = operands
    axes = {name: _shifted(parameters.get(name, default)) for name, default in (("axis1", 0), ("axis2", 1))}
    return row.call([x.value], {**parameters, **axes})


def _shifted(axis: int) -> int:
    return axis if axis < 0 else axis + 1


def _reshaping(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Whatever shape the function gives to one array, give it to each."""
    (x,) = operands
    if parameters.get("order", "C") != "C":
        return None
    shape = row.call([np.broadcast_to(0, x.shape)], parameters).shape
    return np.reshape(x.value, (trace.size, *shape))


def _permutation(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """An array of shape (0, 1, 2, …) shows where the function puts each axis."""
    (x,) = operands
    order = row.call([np.empty(tuple(range(len(x.shape))))], parameters).shape
    return np.transpose(x.value, (0, *(axis + 1 for axis in order)))


def _stretching(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """``broadcast_to`` adds axes in front, so each array gets them first."""
    (x,) = operands
    shape = parameters["shape"]
    shape = shape if isinstance(shape, tuple) else (shape,)
    return np.broadcast_to(_with_axes(trace, x, len(shape)), (trace.size, *shape))


def _picking(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """``x[index]`` in each array is ``x[:, index]`` in the batch."""
    x, index = operands
    index = _batch_index(index)
    return None if index is None or not trace.holds(x) else x.value[index]


def _scattering(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """The transpose of `_picking`."""
    x, index = operands
    index = _batch_index(index)
    if index is None or not trace.holds(x):
        return None
    return scatter(x.value, index, (trace.size, *parameters["shape"]))


def _batch_index(index: Any) -> Any:
    """``index`` behind a full slice; None where NumPy would move the axes of several index arrays to the front."""
    parts = index if isinstance(index, tuple) else (index,)
    if any(isinstance(part, Traced) for part in parts):
        return None
    if any(isinstance(part, (list, np.ndarray)) for part in parts):
        basic = [part is None or part is Ellipsis or isinstance(part, slice) for part in parts]
        first, last = basic.index(False), len(basic) - basic[::-1].index(False)
        if any(basic[first:last]):
            return None
    return (slice(None), *parts)


def _joining(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Joining along an axis that has moved up by one."""
    axis = parameters.get("axis", 0)
    if axis is None:
        return None
    return row.call([[trace.unbatch(part) for part in operands[0]]], {**parameters, "axis": _shifted(axis)})


def _matrix_product(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """x @ y, with as few and as large products as the batch allows."""
    x, y = operands
    nx, ny = np.ndim(x), np.ndim(y)
    if row.function is np.dot and 0 in (nx, ny):
        return np.multiply(*_aligned(trace, operands))
    if parameters or (row.function is np.dot and max(nx, ny) > 2):
        return None
    if not trace.holds(y) and ny <= 2:
        return _rows_times(x.value, y)
    if not trace.holds(x) and nx <= 2 and ny == 1:
        return _rows_times(y.value, np.transpose(x))
    x = np.expand_dims(x, 0) if nx == 1 else x
    y = np.expand_dims(y, 1) if ny == 1 else y
    out = np.matmul(*_aligned(trace, (x, y)))
    out = out[..., 0] if ny == 1 else out
    return out if nx > 1 else out[..., 0] if ny == 1 else out[..., 0, :]


def _rows_times(x: Any, y: Any) -> Any:
    """x @ y for a stack x and a matrix or vector y, as one product of matrices."""
    rows = np.reshape(x, (prod(x.shape[:-1]), x.shape[-1]))
    return np.reshape(np.matmul(rows, y), (*x.shape[:-1], *y.shape[1:]))


def _contraction(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """``tensordot`` puts the free axes of x before those of y: the batch axis of y has to be moved to the front."""
    x, y = operands
    axes = parameters.get("axes", 2)
    if isinstance(axes, int):
        axes = (range(np.ndim(x) - axes, np.ndim(x)), range(axes))
    over_x, over_y = (tuple(side) if not isinstance(side, int) else (side,) for side in axes)
    if trace.holds(x) and trace.holds(y):
        return None
    if trace.holds(x):
        return np.tensordot(x.value, y, (tuple(map(_shifted, over_x)), over_y))
    out = np.tensordot(x, y.value, (over_x, tuple(map(_shifted, over_y))))
    return np.moveaxis(out, np.ndim(x) - len(over_x), 0)


def _summation(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """``einsum``: the batch axis gets a letter of its own."""
    call = parse(operands[0])
    batch = next(letter for letter in LETTERS if letter not in "".join([*call.inputs, call.output]))
    held = [trace.holds(array) for array in call.arrays]
    inputs = [batch + letters if ours else letters for letters, ours in zip(call.inputs, held, strict=True)]
    values = [array.value if ours else array for array, ours in zip(call.arrays, held, strict=True)]
    optimize = parameters.get("optimize") or len(values) > 1  # as products of matrices, where they are some
    return np.einsum(f"{','.join(inputs)}->{batch}{call.output}", *values, optimize=optimize)


def _solution(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """``solve``: many right-hand sides of one matrix are the columns of one; else, a stack of systems."""
    a, b = operands
    vectors = np.ndim(b) == 1
    if not trace.holds(a) and np.ndim(a) == 2 and np.ndim(b) <= 2:
        columns = np.moveaxis(b.value, 0, -1)
        found = np.linalg.solve(a, np.reshape(columns, (columns.shape[0], prod(columns.shape[1:]))))
        return np.moveaxis(np.reshape(found, columns.shape), -1, 0)
    found = np.linalg.solve(*_aligned(trace, (a, np.expand_dims(b, -1) if vectors else b)))
    return found[..., 0] if vectors else found


def _last_two_axes(trace: BatchTrace, row: Row, operands: Any, parameters: Parameters) -> Any:
    """Functions that treat leading axes as a stack already do what a batch needs."""
    (x,) = operands
    return row.call([x.value], parameters) if len(x.shape) >= 2 else None


Rule = Callable[[BatchTrace, Row, Any, Parameters], Any]

# fmt: off
RULES: dict[Callable[..., Any], Rule] = {
    **dict.fromkeys((np.where, np.real, np.imag, to_floats, to_integers, np.copy), _elementwise),
    **dict.fromkeys((np.sum, np.mean, np.prod, np.max, np.min, np.all, np.any), _reduction),
    **dict.fromkeys((np.cumsum, np.cumprod, np.sort, np.argsort, np.argmax, np.argmin, np.repeat), _along_axis),
    **dict.fromkeys((np.take, np.split, np.array_split, np.fft.fft, np.fft.ifft, np.fft.rfft), _along_axis),
    **dict.fromkeys((np.fft.irfft, np.fft.hfft, np.fft.ihfft), _along_axis),
    **dict.fromkeys((np.flip, np.roll), _turning),
    **dict.fromkeys((np.reshape, np.ravel, np.squeeze, np.expand_dims), _reshaping),
    **dict.fromkeys((np.transpose, np.swapaxes, np.moveaxis, np.rollaxis, np.matrix_transpose), _permutation),
    **dict.fromkeys((np.tril, np.triu, np.linalg.inv, np.linalg.det), _last_two_axes),
    **dict.fromkeys((np.matmul, np.dot), _matrix_product),
    **dict.fromkeys((np.concatenate, np.stack), _joining),
    np.broadcast_to: _stretching,
    np.take_along_axis: _picking_along,
    np.diagonal: _diagonal,
    np.tensordot: _contraction,
    np.einsum: _summation,
    np.linalg.solve: _solution,
    operator.getitem: _picking,
    scatter: _scattering,
}
# fmt: on
