"""The chapter on shapes: every function, its keyword arguments and its odd shapes."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from referee import Case

from autograd import AutogradError, Tensor, grad

rng = np.random.default_rng(0)
SCALAR, EMPTY, ONE = np.array(0.7), np.zeros((0, 3)), rng.normal(size=(1, 1))
V, M, T = rng.normal(size=4), rng.normal(size=(2, 3)), rng.normal(size=(2, 3, 4))
STRIDED = rng.normal(size=(6, 4))[::2, ::-1]  # not contiguous
COMPLEX = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))

CASES = [
    Case(np.reshape, lambda x: np.reshape(x, (3, 2)), (M,)),
    Case(np.reshape, lambda x: np.reshape(x, (-1, 2), order="F"), (M,), name="reshape F"),
    Case(np.reshape, lambda x: np.reshape(x, (2, -1)), (STRIDED,)),
    Case(np.reshape, lambda x: np.reshape(x, (1, 1)), (SCALAR,)),
    Case(np.reshape, lambda x: np.reshape(x, (3, 0)), (EMPTY,)),
    Case(np.reshape, lambda x: x.reshape(3, 2), (M,), name="method, sizes"),
    Case(np.reshape, lambda x: x.reshape((3, 2), order="F"), (M,), name="method, tuple, F"),
    Case(np.ravel, np.ravel, (T,)),
    Case(np.ravel, lambda x: np.ravel(x, "F"), (STRIDED,), name="ravel F"),
    Case(np.ravel, lambda x: x.flatten(), (M,), name="flatten"),
    Case(np.squeeze, np.squeeze, (ONE,)),
    Case(np.squeeze, lambda x: np.squeeze(x, axis=-1), (ONE,), name="squeeze axis"),
    Case(np.expand_dims, lambda x: np.expand_dims(x, (0, -1)), (M,)),
    Case(np.copy, np.copy, (STRIDED,)),
    Case(np.transpose, np.transpose, (T,)),
    Case(np.transpose, lambda x: np.transpose(x, (2, 0, 1)), (T,), name="transpose axes"),
    Case(np.transpose, lambda x: np.transpose(x, (-1, 0, 1)), (T,), name="transpose negative axes"),
    Case(np.transpose, lambda x: x.transpose(1, 2, 0), (T,), name="method, axes"),
    Case(np.transpose, lambda x: x.T, (V,), name="T of a vector"),
    Case(np.permute_dims, lambda x: np.permute_dims(x, (1, 0)), (M,)),
    Case(np.matrix_transpose, np.matrix_transpose, (T,)),
    Case(np.linalg.matrix_transpose, lambda x: np.linalg.matrix_transpose(x), (T,)),
    Case(np.matrix_transpose, lambda x: x.mT, (T,), name="mT"),
    Case(np.swapaxes, lambda x: np.swapaxes(x, 0, -1), (T,)),
    Case(np.moveaxis, lambda x: np.moveaxis(x, (0, 1), (-1, 0)), (T,)),
    Case(np.moveaxis, lambda x: np.moveaxis(x, 2, 0), (T,), name="moveaxis one"),
    *[Case(np.rollaxis, lambda x, a=a, s=s: np.rollaxis(x, a, s), (T,), name=f"rollaxis {a} {s}")
      for a, s in [(0, 0), (2, 0), (0, 3), (1, 2), (-1, 1), (2, -1)]],
    *[Case(sliding_window_view, lambda x, w=w, a=a: sliding_window_view(x, w, a), (T,), name=f"windows {w} along {a}")
      for w, a in [((1, 2, 3), None), (2, -1), ((2, 2), (1, 2)), ((3, 2), (-1, 0)), ((2, 2), (1, 1)), ((4,), (2,))]],
    Case(sliding_window_view, lambda x: sliding_window_view(x, 3), (V,), name="windows of a vector"),
    Case(sliding_window_view, lambda x: sliding_window_view(x, (1, 1)), (STRIDED,), name="windows of one"),
    Case(np.flip, np.flip, (T,)),
    Case(np.flip, lambda x: np.flip(x, axis=(0, -1)), (T,), name="flip axes"),
    Case(np.fliplr, np.fliplr, (M,)),
    Case(np.flipud, np.flipud, (STRIDED,)),
    Case(np.rot90, np.rot90, (M,)),
    Case(np.rot90, lambda x: np.rot90(x, 3, axes=(1, 2)), (T,), name="rot90 axes"),
    Case(np.roll, lambda x: np.roll(x, 2), (M,)),
    Case(np.roll, lambda x: np.roll(x, (1, -2), axis=(0, 1)), (M,), name="roll axes"),
    Case(np.roll, lambda x: np.roll(x, -1, axis=1), (EMPTY,), name="roll empty"),
    Case(np.broadcast_to, lambda x: np.broadcast_to(x, (2, 4)), (V,)),
    Case(np.broadcast_to, lambda x: np.broadcast_to(x, (2, 2)), (SCALAR,)),
    Case(np.broadcast_arrays, lambda x, y: np.broadcast_arrays(x, y), (M[:, :1], V)),
    Case(np.repeat, lambda x: np.repeat(x, 3), (M,)),
    Case(np.repeat, lambda x: np.repeat(x, 2, axis=1), (STRIDED,), name="repeat axis"),
    Case(np.repeat, lambda x: np.repeat(x, [2, 0, 1], axis=-1), (M,), name="repeat unequal"),
    Case(np.repeat, lambda x: np.repeat(x, [3], axis=0), (M,), name="repeat one-element list"),
    Case(np.repeat, lambda x: np.repeat(x, 0), (V,), name="repeat 0"),
    Case(np.repeat, lambda x: np.repeat(x, 2), (SCALAR,)),
    Case(np.repeat, lambda x: x.repeat(2, axis=0), (M,), name="method"),
    Case(np.tile, lambda x: np.tile(x, (2, 2)), (V,)),
    Case(np.tile, lambda x: np.tile(x, 2), (T,), name="tile fewer counts"),
    Case(np.tile, lambda x: np.tile(x, (3, 1, 2)), (M,), name="tile more counts"),
    Case(np.tile, lambda x: np.tile(x, 0), (V,), name="tile 0"),
    Case(np.tile, lambda x: np.tile(x, (2, 3)), (SCALAR,)),
    Case(np.resize, lambda x: np.resize(x, (3, 3)), (V,)),
    Case(np.resize, lambda x: np.resize(x, 2), (V,), name="resize shorter"),
    *[Case(f, f, (x,)) for f in (np.atleast_1d, np.atleast_2d, np.atleast_3d) for x in (SCALAR, V, M, T, V[:0])],
    Case(np.atleast_2d, lambda x, y: np.atleast_2d(x, y), (SCALAR, V)),
    Case(np.transpose, lambda x: np.transpose(x), (COMPLEX,), name="complex"),
]  # fmt: skip


@pytest.mark.parametrize("order", ["A", "K"])
def test_orders_that_depend_on_the_layout_in_memory_are_refused(order):
    with pytest.raises(AutogradError, match="order='C' or order='F'"):
        grad(lambda x: np.sum(np.ravel(x, order)))(M)


def test_a_raveled_gradient_owns_its_memory():
    x = rng.normal(size=(2, 2))
    g = grad(lambda x: np.sum(np.ravel(x)))(x)
    assert g.flags.owndata and g.flags.writeable and not np.shares_memory(g, x)


def test_nothing_resized_is_zeros():
    np.testing.assert_array_equal(np.resize(Tensor(V[:0]), (1, 2)), np.resize(V[:0], (1, 2)), strict=True)


@pytest.mark.parametrize("call", [
    lambda x: np.reshape(x, (5, 5)), lambda x: np.transpose(x, (0, 0)), lambda x: np.squeeze(x, 0),
    lambda x: np.broadcast_to(x, (7, 7)), lambda x: np.moveaxis(x, 5, 0), lambda x: np.repeat(x, [1, 2, 3], axis=0),
])  # fmt: skip
def test_errors_are_of_the_library(call):
    with pytest.raises(AutogradError):
        call(Tensor(M))


@pytest.mark.parametrize(("window", "axis"), [(5, None), (0, None), ((2, 2), None), ((2, 2), 0)])
def test_windows_that_do_not_fit(window, axis):
    with pytest.raises(AutogradError, match=r"window of shape .*shape \(4,\)"):
        sliding_window_view(Tensor(V), window, axis)
