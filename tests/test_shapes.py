"""Undoing broadcasting and reductions, against the definition: the transpose of stretching is summing."""

import numpy as np
import pytest

from autograd import grad
from autograd.shapes import fit, reduced_axes, reduced_count, reinsert, spread, unbroadcast

FLOAT = np.dtype(float)


def transpose_of_stretching(g, shape):
    """Σ over the entries of g that came from each entry of an array of ``shape``: by the definition, one by one."""
    out = np.zeros(shape)
    for wide, narrow in zip(
        np.ndindex(g.shape), np.broadcast_to(np.arange(out.size).reshape(shape), g.shape).flat, strict=True
    ):
        out.flat[narrow] += g[wide]
    return out


BROADCASTS = [
    ((), ()),
    ((), (3,)),
    ((), (2, 3)),
    ((1,), (3,)),
    ((3,), (2, 3)),
    ((1, 3), (2, 3)),
    ((2, 1), (2, 3)),
    ((1, 1), (2, 3)),
    ((1,), (2, 3)),
    ((2, 1, 4), (5, 2, 3, 4)),
    ((1, 1, 1), (2, 1, 3)),
    ((0,), (2, 0)),
    ((1, 0), (2, 0)),
    ((1,), (0,)),
    ((), (0, 2)),
]


@pytest.mark.parametrize(("shape", "wide"), BROADCASTS, ids=str)
def test_fit_sums_over_the_stretched_axes(shape, wide):
    g = np.random.default_rng(0).normal(size=wide)
    found = fit(g, shape, FLOAT)
    assert np.shape(found) == shape
    np.testing.assert_allclose(found, transpose_of_stretching(g, shape), rtol=0, atol=1e-14)


@pytest.mark.parametrize(("shape", "wide"), BROADCASTS, ids=str)
def test_every_elementwise_call_undoes_its_broadcasting(shape, wide):
    rng = np.random.default_rng(1)
    x, other, weights = rng.normal(size=shape), rng.normal(size=wide), rng.normal(size=wide)
    np.testing.assert_allclose(
        grad(lambda x: np.sum(x * other * weights))(x), transpose_of_stretching(other * weights, shape), atol=1e-14
    )
    np.testing.assert_allclose(
        grad(lambda x: np.sum((other - x) * weights))(x), -transpose_of_stretching(weights, shape), atol=1e-14
    )


def test_both_operands_may_be_stretched():
    column, row = np.arange(3.0)[:, None], np.arange(4.0)
    gx, gy = grad(lambda x, y: np.sum(x * y), (0, 1))(column, row)
    assert gx.tolist() == [[6.0]] * 3 and gy.tolist() == [3.0] * 4


def test_unbroadcast_stretches_a_gradient_that_is_too_small():
    assert unbroadcast(np.array([[1.0], [2.0]]), (2, 3)).tolist() == [[1.0] * 3, [2.0] * 3]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64, np.complex128])
def test_fit_gives_the_dtype_of_the_operand(dtype):
    assert fit(np.ones(3), (3,), np.dtype(dtype)).dtype == dtype
    assert fit(np.ones((2, 3)), (3,), np.dtype(dtype)).dtype == dtype
    assert fit(np.ones((2, 3), dtype), (3,), FLOAT).dtype == FLOAT


def test_fit_keeps_the_real_part_for_a_real_operand():
    assert fit(np.array([1 + 2j, 3 - 4j]), (2,), FLOAT).tolist() == [1.0, 3.0]
    assert fit(np.array([1 + 2j, 3 - 4j]), (), FLOAT) == 4.0


def test_fit_leaves_what_fits_alone():
    g = np.ones((2, 3))
    assert fit(g, (2, 3), FLOAT) is g


def test_fit_keeps_floats_for_integer_operands():
    assert fit(np.array([0.5]), (1,), np.dtype(int)).dtype == float


# -------------------------------------------------------------------------------------------------------- reductions

AXES = [
    ((2, 3), None),
    ((2, 3), 0),
    ((2, 3), 1),
    ((2, 3), -1),
    ((2, 3), (0, 1)),
    ((2, 3), ()),
    ((2, 3, 4), (0, 2)),
    ((2, 3, 4), (-1, 0)),
    ((2, 3, 4), 1),
    ((), None),
    ((), ()),
    ((0, 3), 0),
    ((3, 0), 0),
]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(("shape", "axis"), AXES, ids=str)
def test_spread_is_the_transpose_of_sum(shape, axis, keepdims):
    rng = np.random.default_rng(2)
    x = rng.normal(size=shape)
    out = np.sum(x, axis=axis, keepdims=keepdims)
    g = np.asarray(rng.normal(size=np.shape(out)))
    spreaded = spread(g, shape, axis, keepdims)
    assert spreaded.shape == shape
    assert np.sum(spreaded * x) == pytest.approx(np.sum(g * out), abs=1e-12)  # ⟨Aᵀg, x⟩ = ⟨g, Ax⟩


@pytest.mark.parametrize(("shape", "axis"), AXES, ids=str)
def test_reinsert_gives_what_keepdims_would_have_given(shape, axis):
    x = np.random.default_rng(3).normal(size=shape)
    kept = np.sum(x, axis=axis, keepdims=True)
    found = reinsert(np.asarray(np.sum(x, axis=axis)), shape, axis)
    assert np.array_equal(np.broadcast_to(found, np.broadcast_shapes(np.shape(found), kept.shape)), kept)


@pytest.mark.parametrize(("shape", "axis"), AXES, ids=str)
def test_reduced_count_is_the_sum_of_ones(shape, axis):
    total = np.sum(np.ones(shape), axis=axis)
    assert np.all(total == reduced_count(shape, axis))


def test_reduced_axes_counts_from_zero():
    assert reduced_axes(None, 3) == (0, 1, 2)
    assert reduced_axes(-1, 3) == (2,)
    assert reduced_axes((-3, np.int64(1)), 3) == (0, 1)


def test_spread_of_a_numpy_scalar():
    assert spread(np.float32(2.0), (2, 2)).tolist() == [[2.0, 2.0]] * 2
    assert spread(np.float32(2.0), (2, 2)).dtype == np.float32
