"""Products: what multiplies vectors and matrices and sums over an axis they share.

All but three are linear in each operand alone, so the rule of one operand is a product of g with the other. `vdot`,
`vecdot` and `vecmat` conjugate their first operand: with ⟨g, dz⟩ = Re Σ g dz, the pairing of this library, a
conjugated operand x̄ that would get the gradient h gets h̄.

References: M. B. Giles, "An extended collection of matrix derivative results for forward and reverse mode AD", 2008.
"""

from typing import Any

import numpy as np

from autograd.derivatives.matrices import conj, transpose
from autograd.derivatives.misfits import product_misfit
from autograd.errors import ArgumentError
from autograd.rules import TABLE, composition, derivative
from autograd.shapes import unbroadcast

Shape = tuple[int, ...]

# fmt: off
# ------------------------------------------------------------------------------------------- along the last axes

derivative(np.matmul,    x=lambda g, x_shape, y, axes: matmul_left(g, x_shape, y, axes),
                         y=lambda g, x, y_shape, axes: matmul_right(g, x, y_shape, axes))
derivative(np.vecdot,    x=lambda g, x_shape, y, axes, axis, keepdims:
                             vecdot_left(g, x_shape, y, axes, axis, keepdims),
                         y=lambda g, x, y_shape, axes, axis, keepdims:
                             vecdot_right(g, x, y_shape, axes, axis, keepdims))
if hasattr(np, "matvec"):  # NumPy 2.2
    derivative(np.matvec, x=lambda g, x_shape, y, axes: matvec_left(g, x_shape, y, axes),
                          y=lambda g, x, y_shape, axes: matvec_right(g, x, y_shape, axes))
    derivative(np.vecmat, x=lambda g, x_shape, y, axes: vecmat_left(g, x_shape, y, axes),
                          y=lambda g, x, y_shape, axes: vecmat_right(g, x, y_shape, axes))

# ------------------------------------------------------------------------------- over axes that NumPy chose long ago

derivative(np.dot,       x=lambda g, x_shape, y: dot_left(g, x_shape, y),
                         y=lambda g, x, y_shape: dot_right(g, x, y_shape))
derivative(np.vdot,      x=lambda g, x_shape, y: np.reshape(conj(g * np.ravel(y)), x_shape),
                         y=lambda g, x, y_shape: np.reshape(g * conj(np.ravel(x)), y_shape))
derivative(np.inner,     x=lambda g, x_shape, y: inner_left(g, x_shape, y),
                         y=lambda g, x, y_shape: inner_right(g, x, y_shape))
derivative(np.outer,     x=lambda g, x_shape, y: np.reshape(np.dot(g, np.ravel(y)), x_shape),
                         y=lambda g, x, y_shape: np.reshape(np.dot(np.ravel(x), g), y_shape))
derivative(np.tensordot, x=lambda g, x_shape, y, axes: tensordot_left(g, x_shape, y, axes),
                         y=lambda g, x, y_shape, axes: tensordot_right(g, x, y_shape, axes))
derivative(np.kron,      x=lambda g, x_shape, y: kron_left(g, x_shape, y),
                         y=lambda g, x, y_shape: kron_right(g, x, y_shape))
derivative(np.cross,     x=lambda g, x_shape, y, axisa, axisb, axisc, axis:
                             cross_left(g, x_shape, y, cross_axes(axisa, axisb, axisc, axis)),
                         y=lambda g, x, y_shape, axisa, axisb, axisc, axis:
                             -cross_left(g, y_shape, x, cross_axes(axisb, axisa, axisc, axis)))

# ------------------------------------------------------------------------------------ the same under np.linalg's names

composition(np.linalg.matmul)   (lambda x1, x2, /: np.matmul(x1, x2))
composition(np.linalg.vecdot)   (lambda x1, x2, /, *, axis=-1: np.vecdot(x1, x2, axis=axis))  # type: ignore[call-overload]
composition(np.linalg.outer)    (lambda x1, x2, /: np.outer(x1, x2))
composition(np.linalg.tensordot)(lambda x1, x2, /, *, axes=2: np.tensordot(x1, x2, axes=axes))
composition(np.linalg.cross)    (lambda x1, x2, /, *, axis=-1: np.cross(x1, x2, axis=axis))
# fmt: on

# ------------------------------------------------------------------------------------------------- what does not fit

TABLE[np.matmul].misfit = product_misfit("matmul", summed=(-1, -2), least=(1, 1))
TABLE[np.dot].misfit = product_misfit("dot", summed=(-1, -2), least=(0, 0))
TABLE[np.inner].misfit = product_misfit("inner", summed=(-1, -1), least=(0, 0))
if hasattr(np, "matvec"):
    TABLE[np.matvec].misfit = product_misfit("matvec", summed=(-1, -1), least=(2, 1))
    TABLE[np.vecmat].misfit = product_misfit("vecmat", summed=(-1, -2), least=(1, 2))

# -------------------------------------------------------------------------------------------------------- long rules


def column(x: Any) -> Any:
    """Vectors as columns: (…, n) becomes (…, n, 1)."""
    return np.expand_dims(x, -1)


def row(x: Any) -> Any:
    """Vectors as rows: (…, n) becomes (…, 1, n)."""
    return np.expand_dims(x, -2)


def matmul_left(g: Any, x_shape: Shape, y: Any, axes: Any = None) -> Any:
    """z = x y, so ∂L/∂x = g yᵀ, for stacks summed over the axes along which x was repeated."""
    _refuse(axes)
    if len(x_shape) == y.ndim == 2:
        return np.dot(g, y.T)  # on matrices faster than matmul
    if y.ndim == 1:
        return unbroadcast(column(g) * y, x_shape)
    if len(x_shape) == 1 and y.ndim == 2:
        return np.dot(y, g)
    if len(x_shape) == 1:
        return unbroadcast(np.matmul(y, column(g))[..., 0], x_shape)
    return unbroadcast(np.matmul(g, transpose(y)), x_shape)


def matmul_right(g: Any, x: Any, y_shape: Shape, axes: Any = None) -> Any:
    """z = x y, so ∂L/∂y = xᵀ g, for stacks summed over the axes along which y was repeated."""
    _refuse(axes)
    if x.ndim == 2 and len(y_shape) <= 2:
        return np.dot(x.T, g)
    if len(y_shape) == 1:
        return g * x if x.ndim == 1 else unbroadcast(np.matmul(transpose(x), column(g))[..., 0], y_shape)
    if x.ndim == 1:
        return unbroadcast(column(x) * row(g), y_shape)
    return unbroadcast(np.matmul(transpose(x), g), y_shape)


def matvec_left(g: Any, x_shape: Shape, y: Any, axes: Any) -> Any:
    """z = x y with vectors y, so ∂L/∂x = g yᵀ."""
    _refuse(axes)
    return unbroadcast(column(g) * row(y), x_shape)


def matvec_right(g: Any, x: Any, y_shape: Shape, axes: Any) -> Any:
    """z = x y with vectors y, so ∂L/∂y = xᵀ g."""
    _refuse(axes)
    return unbroadcast(np.matmul(transpose(x), column(g))[..., 0], y_shape)


def vecmat_left(g: Any, x_shape: Shape, y: Any, axes: Any) -> Any:
    """z = xᴴ y with vectors x, so ∂L/∂x = conj(y g)."""
    _refuse(axes)
    return unbroadcast(conj(np.matmul(y, column(g))[..., 0]), x_shape)


def vecmat_right(g: Any, x: Any, y_shape: Shape, axes: Any) -> Any:
    """z = xᴴ y with vectors x, so ∂L/∂y = x̄ gᵀ."""
    _refuse(axes)
    return unbroadcast(conj(column(x)) * row(g), y_shape)


def vecdot_left(g: Any, x_shape: Shape, y: Any, axes: Any, axis: int | None, keepdims: bool) -> Any:
    """z = Σ x̄ y along an axis of each, so ∂L/∂x = conj(g y)."""
    _refuse(axes)
    return conj(_vecdot_other(g, x_shape, y, axis, keepdims))


def vecdot_right(g: Any, x: Any, y_shape: Shape, axes: Any, axis: int | None, keepdims: bool) -> Any:
    """z = Σ x̄ y along an axis of each, so ∂L/∂y = g x̄."""
    _refuse(axes)
    return _vecdot_other(g, y_shape, conj(x), axis, keepdims)


def _vecdot_other(g: Any, shape: Shape, other: Any, axis: int | None, keepdims: bool) -> Any:
    """g · other with the summed axis at its place in an operand of ``shape``, whatever the number of axes of each."""
    axis = -1 if axis is None else axis
    g = np.moveaxis(g, axis, -1) if keepdims else column(g)
    product = g * np.moveaxis(other, axis, -1)
    return np.moveaxis(unbroadcast(product, _last(shape, axis)), -1, axis)


def _refuse(axes: Any) -> None:
    """The products know the last axes only; ``axes=`` would pass them by."""
    if axes is not None:
        raise ArgumentError(
            f"A product of matrices with axes={axes} has no derivative. Bring the axes of each operand to the end "
            f"with np.moveaxis, and leave axes= away."
        )


def _last(shape: Shape, axis: int) -> Shape:
    """``shape`` with an axis moved to the end."""
    axis %= len(shape)
    return (*shape[:axis], *shape[axis + 1 :], shape[axis])


def dot_left(g: Any, x_shape: Shape, y: Any) -> Any:
    """``dot`` sums over the last axis of x and the last but one of y; the other axes of y follow those of x in g."""
    ndim = np.ndim(y)
    if x_shape == () or ndim == 0:
        return unbroadcast(g * y, x_shape)
    if len(x_shape) <= 2 and ndim <= 2:
        return matmul_left(g, x_shape, y)
    kept = ndim - 1
    summed = max(ndim - 2, 0)
    y_axes = [i for i in range(ndim) if i != summed]
    return np.tensordot(g, y, (list(range(g.ndim - kept, g.ndim)), y_axes))


def dot_right(g: Any, x: Any, y_shape: Shape) -> Any:
    """The mirror image of `dot_left`: the summed axis comes out first and moves to its place in y."""
    ndim = np.ndim(x)
    if ndim == 0 or y_shape == ():
        return unbroadcast(g * x, y_shape)
    if ndim <= 2 and len(y_shape) <= 2:
        return matmul_right(g, x, y_shape)
    others = list(range(ndim - 1))
    return np.moveaxis(np.tensordot(x, g, (others, others)), 0, max(len(y_shape) - 2, 0))


def inner_left(g: Any, x_shape: Shape, y: Any) -> Any:
    """``inner`` sums over the last axes; g has the other axes of x, then those of y."""
    if x_shape == () or np.ndim(y) == 0:
        return unbroadcast(g * y, x_shape)
    return np.tensordot(g, y, np.ndim(y) - 1)


def inner_right(g: Any, x: Any, y_shape: Shape) -> Any:
    """``inner`` sums over the last axes; g has the other axes of x, then those of y."""
    if y_shape == () or np.ndim(x) == 0:
        return unbroadcast(g * x, y_shape)
    others = list(range(np.ndim(x) - 1))
    return np.tensordot(g, x, (others, others))


def summed_axes(axes: Any, x_ndim: int, y_ndim: int) -> tuple[list[int], list[int]]:
    """The ``axes`` argument of `numpy.tensordot` as two lists of axes counted from 0."""
    if not np.iterable(axes):
        count = int(axes)
        return list(range(x_ndim - count, x_ndim)), list(range(count))
    of_x, of_y = (part if isinstance(part, (tuple, list, np.ndarray)) else (part,) for part in axes)
    return [int(i) % x_ndim for i in of_x], [int(i) % y_ndim for i in of_y]


def tensordot_left(g: Any, x_shape: Shape, y: Any, axes: Any) -> Any:
    """Sum g with y over the free axes of y. The axes of x are left: its free ones, then those it summed over."""
    x_summed, y_summed = summed_axes(axes, len(x_shape), np.ndim(y))
    y_free = [i for i in range(np.ndim(y)) if i not in y_summed]
    x_free = [i for i in range(len(x_shape)) if i not in x_summed]
    product = np.tensordot(g, y, (list(range(len(x_free), len(x_free) + len(y_free))), y_free))
    order = np.argsort(y_summed)  # the summed axes come out in the order they have in y
    return np.transpose(product, np.argsort(x_free + [x_summed[i] for i in order]))


def tensordot_right(g: Any, x: Any, y_shape: Shape, axes: Any) -> Any:
    """The mirror image of `tensordot_left`: the axes that y summed over come out first, in the order they have in x."""
    x_summed, y_summed = summed_axes(axes, np.ndim(x), len(y_shape))
    x_free = [i for i in range(np.ndim(x)) if i not in x_summed]
    y_free = [i for i in range(len(y_shape)) if i not in y_summed]
    product = np.tensordot(x, g, (x_free, list(range(len(x_free)))))
    order = np.argsort(x_summed)
    return np.transpose(product, np.argsort([y_summed[i] for i in order] + y_free))


def kron_left(g: Any, x_shape: Shape, y: Any) -> Any:
    """z[i·n + j] = x[i] y[j] along every axis: split each axis of g in two, and sum over j with weights y."""
    ndim = g.ndim
    x_long, y_long = _padded(x_shape, ndim), _padded(np.shape(y), ndim)
    blocks = np.reshape(g, [n for pair in zip(x_long, y_long, strict=True) for n in pair])
    product = np.tensordot(blocks, np.reshape(y, y_long), (list(range(1, 2 * ndim, 2)), list(range(ndim))))
    return np.reshape(product, x_shape)


def kron_right(g: Any, x: Any, y_shape: Shape) -> Any:
    """The mirror image of `kron_left`: sum over i with weights x."""
    ndim = g.ndim
    x_long, y_long = _padded(np.shape(x), ndim), _padded(y_shape, ndim)
    blocks = np.reshape(g, [n for pair in zip(x_long, y_long, strict=True) for n in pair])
    product = np.tensordot(np.reshape(x, x_long), blocks, (list(range(ndim)), list(range(0, 2 * ndim, 2))))
    return np.reshape(product, y_shape)


def _padded(shape: Shape, ndim: int) -> Shape:
    return (1,) * (ndim - len(shape)) + tuple(shape)


def cross_axes(axisx: int, axisy: int, axisc: int, axis: int | None) -> tuple[int, int, int]:
    """The axes of the operand, the other operand and the product along which `numpy.cross` finds its vectors."""
    return (axisx, axisy, axisc) if axis is None else (axis, axis, axis)


def cross_left(g: Any, x_shape: Shape, y: Any, axes: tuple[int, int, int]) -> Any:
    """z = x × y, so ⟨g, dx × y⟩ = ⟨y × g, dx⟩. Vectors of the plane have a third component 0."""
    axisx, axisy, axisc = axes
    planar = x_shape[axisx] == np.shape(y)[axisy] == 2
    g = column(g) * np.array([0, 0, 1]) if planar else np.moveaxis(g, axisc, -1)
    product = np.cross(_in_space(np.moveaxis(y, axisy, -1)), g)[..., : x_shape[axisx]]
    return np.moveaxis(unbroadcast(product, _last(x_shape, axisx)), -1, axisx)


def _in_space(x: Any) -> Any:
    """Vectors along the last axis, those of the plane with a third component 0."""
    return x if np.shape(x)[-1] == 3 else np.concatenate([x, np.zeros_like(x[..., :1])], axis=-1)
