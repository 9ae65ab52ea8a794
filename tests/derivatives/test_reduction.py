"""Reductions, products and statistics: every kind of axis, ``where``, ``initial``, ``ddof`` and ``keepdims``."""

import math

import numpy as np
import pytest
from derivatives.draws import APART, AXES, MASK, calling, holding
from hypothesis import given, settings
from hypothesis import strategies as draw
from referee import Case, check, existing

from autograd import Tensor, grad
from autograd.errors import ArgumentError, LostGradientError
from autograd.rules import TABLE

X = np.random.default_rng(3).uniform(0.5, 2, (2, 3, 4))
Z = X[0] + 1j * X[1]

REDUCTIONS = [np.sum, np.mean, np.prod, np.var, np.std, np.max, np.amax, np.min, np.amin, np.ptp, np.median]
CUMULATIVE = existing("cumulative_sum", "cumulative_prod")  # since NumPy 2.1


def cases_over_axes():
    for function in REDUCTIONS:
        for options in AXES:
            if options.get("axis") == () and function in (np.var, np.std, np.median):
                continue  # the spread of single numbers is constant
            yield calling(function, APART, **options)
        yield calling(function, X[:, ::-2, 1:].T, axis=1)
        yield (
            calling(function, X[:1, :1, :1], axis=-1)
            if function not in (np.std, np.var, np.ptp)
            else calling(function, X[:1])
        )
    for function in (np.sum, np.mean, np.prod, np.max):
        yield calling(function, np.array(1.5))
        yield calling(function, 1.5)
        yield calling(function, np.ones((0, 3)), axis=1)
    yield calling(np.sum, np.ones((0, 3)), axis=0)
    yield calling(np.prod, np.ones((0, 3)), axis=0)


CASES: list[Case] = [
    *cases_over_axes(),
    *(calling(f, APART, axis=1, where=MASK) for f in (np.sum, np.mean, np.prod, np.var, np.std)),
    *(
        calling(f, APART, where=MASK, initial=i)
        for f, i in ((np.max, -1.0), (np.min, 99.0), (np.prod, 2.0), (np.sum, 1.0))
    ),
    *(calling(f, X, axis=(0, 2), ddof=1) for f in (np.var, np.std)),
    *(calling(f, X, axis=1, correction=0.5, keepdims=True) for f in (np.var, np.std)),
    calling(np.sum, X, dtype=np.longdouble),
    *(calling(f, Z, axis=1) for f in (np.sum, np.mean, np.prod, np.var, np.std, np.cumsum, np.cumprod)),
    *(calling(f, X, **o) for f in (np.cumsum, np.cumprod) for o in ({}, {"axis": 0}, {"axis": -2})),
    *(calling(f, x, axis=0) for f in (np.cumsum, np.cumprod) for x in (np.ones((0, 2)), np.ones((1, 2)), X[::-1, 1].T)),
    *(calling(f, 1.5) for f in (np.cumsum, np.cumprod)),
    *(calling(f, X, axis=1, include_initial=i) for f in CUMULATIVE for i in (False, True)),
    *(calling(f, X[0, 0]) for f in CUMULATIVE),
    calling(np.prod, np.array([[0.0, 2, 3], [0, 0, 4], [1, 2, 3]]), axis=1),
    calling(np.prod, np.zeros(3)),
    calling(np.cumprod, np.array([[2.0, 0, 3, 0, 5], [0, 1, 2, 3, 4]]), axis=1),
    calling(np.average, X, axis=1),
    calling(np.average, X),
    calling(np.average, X, axis=[0, 2]),
    calling(np.average, Z, axis=0),
    Case(np.average, lambda x: np.average(x, axis=0, weights=[1, 2], returned=True)[0], (X[:2],)),
    Case(np.average, lambda w: np.average(np.arange(3, dtype=np.int8), weights=w, returned=True), (X[0, :3, 0],)),
    calling(np.median, APART[0], axis=[0, 1]),
    Case(np.average, lambda x, w: np.average(x, axis=1, weights=w), (X, X[0, :, 0])),
    Case(np.average, lambda x, w: np.average(x, axis=(2, 0), weights=w, keepdims=True), (X, X[:, 1].T)),
    Case(np.average, lambda x, w: np.average(x, weights=w, returned=True), (X, X[::-1])),
    Case(np.average, lambda x, w: np.average(x, axis=2, weights=w, returned=True), (X, X[0, 0])),
    Case(np.average, lambda x: np.average(x, axis=0, returned=True)[0], (X,)),
    *(holding(f) for f in (np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin, np.nanvar, np.nanstd)),
    *(holding(f, axis=1, keepdims=True) for f in (np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin)),
    *(holding(f, axis=-1, ddof=1) for f in (np.nanvar, np.nanstd)),
    *(holding(f, where=np.arange(3)[:, None] != 1) for f in (np.nanmean, np.nanvar, np.nanstd)),
    *(holding(f, correction=0.5) for f in (np.nanvar, np.nanstd)),
    *(holding(f, axis=1, mean=np.zeros((1, 4))) for f in (np.nanvar, np.nanstd)),
    *(holding(f, axis=1) for f in (np.nancumsum, np.nancumprod)),
]


@pytest.mark.parametrize("function", [np.sum, np.mean, np.prod, np.var, np.std, np.max])
def test_any_axes_and_keywords(function):
    @settings(max_examples=15, deadline=None, derandomize=True)
    @given(draw.sets(draw.integers(0, 2), min_size=1), draw.lists(draw.booleans(), min_size=4, max_size=4))
    def holds(axes, choices):
        negative, keepdims, transposed, masked = choices
        axis = tuple(i - 3 if negative else i for i in sorted(axes))
        x = np.random.default_rng(6).permutation(36).reshape(3, 4, 3) / 8 + 0.5
        mask = x != 2.5  # one entry is left out
        x, mask = (x.T, mask.T) if transposed else (x, mask)
        options = {"where": mask} if masked and function is not np.max else {}
        check(lambda x: function(x, axis=axis, keepdims=keepdims, **options), (x,))

    holds()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.longdouble, np.complex64])
@pytest.mark.parametrize("function", [*REDUCTIONS, np.cumsum, np.cumprod, np.nanmean, np.nanstd, np.average])
def test_dtypes_are_kept(function, dtype):
    x = (APART[0] / 4 + 0.5).astype(dtype)
    if function in (np.median, np.nanstd) and x.dtype.kind == "c":
        return
    g = grad(lambda x: np.sum(np.real(function(x, axis=0))))(x)
    assert g.dtype == dtype
    wanted = grad(lambda x: np.sum(np.real(function(x, axis=0))))(x.astype(complex if g.dtype.kind == "c" else float))
    np.testing.assert_allclose(g, wanted, rtol=100 * np.finfo(dtype).eps + 1e-13, atol=20 * np.finfo(dtype).eps)


#: Reductions of nothing, or of too little: NumPy warns and gives NaN, or what it starts from.
NOTHING = [
    (np.median, (0,), {}),
    (np.median, (2, 0, 3), {"axis": (1, 2), "keepdims": True}),
    (np.nanmedian, (0,), {"keepdims": True}),
    (np.nanmedian, (2, 0), {"axis": 1}),
    *((f, (0, 3), {"axis": 0}) for f in (np.std, np.var, np.mean, np.nanstd, np.nanvar, np.nanmean, np.nansum)),
    *((f, (0,), {"keepdims": True}) for f in (np.std, np.var, np.nanstd, np.nanvar)),
    *((f, (2, 1), {"axis": 1, "ddof": 2}) for f in (np.nanstd, np.nanvar)),
    *((f, (), {"ddof": 1}) for f in (np.nanstd, np.nanvar)),
    *((f, s, {"initial": 1.5}) for f in (np.max, np.min, np.nanmax, np.nanmin) for s in ((0, 3), (2,))),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore:The output of:UserWarning")
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize(("function", "shape", "options"), NOTHING)
def test_reductions_of_too_little_give_what_numpy_gives(function, shape, options, dtype):
    x, seen = np.ones(shape, dtype), []

    def total(x):
        seen.append(function(x, **options))
        return np.sum(seen[0])

    gradient = grad(total)(x)
    assert gradient.shape == shape and gradient.dtype == dtype
    value = seen[0].numpy() if isinstance(seen[0], Tensor) else np.asarray(seen[0])
    np.testing.assert_array_equal(value, np.asarray(function(x, **options)), strict=True)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.complex64])
def test_the_sum_of_weights_has_the_dtype_of_the_average(dtype):
    x = np.ones((2, 3), dtype)
    for weights in (None, np.ones((2, 3), np.float32), np.ones((2, 3), np.int8)):
        expected = np.average(x, axis=0, weights=weights, returned=True)
        found = np.average(Tensor(x), axis=0, weights=weights, returned=True)
        assert [part.dtype for part in found] == [part.dtype for part in expected]


def test_float16_counts_do_not_overflow():
    n = 100_000
    x = np.ones(n, np.float16)
    x[0] = 2
    np.testing.assert_array_equal(grad(np.mean)(x), np.full(n, np.float16(1 / n)))
    assert grad(np.max)(np.ones(n, np.float16))[0] == np.float16(1 / n)
    mask = np.arange(n) >= 0
    np.testing.assert_array_equal(grad(lambda x: np.mean(x, where=mask))(x), np.full(n, np.float16(1 / n)))


# -------------------------------------------------------------------------------------------------- exact corner values

ROWS = [
    # call, x, gradient
    (np.prod, [0.0, 2, 3], [6, 0, 0]),
    (np.prod, [0.0, 0, 3], [0, 0, 0]),
    (np.prod, [1e300, 1e300, 1e-300], [1, 1, math.inf]),
    (lambda x: np.sum(np.cumprod(x)), [2.0, 0, 3], [1, 2 + 6, 0]),
    (np.std, [1.0, 1, 1], [0, 0, 0]),
    (np.std, [0.1, 0.1, 0.1], [0, 0, 0]),
    (np.var, [1.0, 1, 1], [0, 0, 0]),
    (np.nanstd, [2.0, math.nan, 2.0], [0, 0, 0]),
    (np.max, [1.0, 3, 3], [0, 0.5, 0.5]),
    (np.min, [2.0, 2, 2, 2], [0.25] * 4),
    (lambda x: np.max(x, initial=3.0), [1.0, 3, 3], [0, 0, 0]),
    (lambda x: np.max(x, initial=5.0), [1.0, 3, 3], [0, 0, 0]),
    (np.max, [-math.inf, -math.inf], [0.5, 0.5]),
    (np.max, [1.0, math.nan], [math.nan, math.nan]),
    (np.ptp, [1.0, 3, 2], [-1, 1, 0]),
    (np.ptp, [2.0, 2], [0, 0]),
    (np.median, [5.0, 1, 3], [0, 0, 1]),
    (np.median, [5.0, 1, 3, 2], [0, 0, 0.5, 0.5]),
    (np.nansum, [1.0, math.nan], [1, 0]),
    (np.nanmax, [1.0, math.nan, 2.0], [0, 0, 1]),
    (lambda x: np.sum(x, where=[True, False]), [1.0, math.inf], [1, 0]),
]


@pytest.mark.parametrize(("call", "x", "wanted"), ROWS)
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_gradient_at_corners(call, x, wanted):
    np.testing.assert_array_equal(grad(call)(np.array(x)), wanted)


@pytest.mark.parametrize("function", [np.std, np.var, np.max, np.ptp])
def test_second_derivatives_of_constant_rows_are_finite(function):
    x = np.full(3, 0.1)
    second = grad(lambda x: np.sum(grad(function)(x) * np.array([1.0, 2, 3])) + 0 * x[0])(x)
    wanted = (np.eye(3) - 1 / 3) @ [1, 2, 3] * 2 / 3 if function is np.var else np.zeros(3)
    np.testing.assert_allclose(second, wanted, atol=1e-15)


def test_product_with_zeros_to_third_order():
    def contract(fun, weights):
        return lambda x: np.sum(grad(fun)(x) * weights)

    x, (a, b, c) = np.zeros(3), np.eye(3)
    third = grad(contract(contract(np.prod, a), b))(x)
    np.testing.assert_array_equal(third, c)


# --------------------------------------------------------------------------------------------------------- slope zero


@pytest.mark.parametrize(
    "function", [np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.all, np.any, np.count_nonzero]
)
def test_searches_give_plain_values(function):
    assert type(TABLE[function]).__name__ == "Row" and TABLE[function].constant
    np.testing.assert_array_equal(function(Tensor(X), axis=1), function(X, axis=1))
    assert not isinstance(function(Tensor(X)), Tensor)


def test_errors_name_the_cure():
    with pytest.raises(ArgumentError, match=r"weights of shape \(2,\).*must have the shape \(3,\)"):
        np.average(Tensor(X), axis=1, weights=np.ones(2))
    with pytest.raises(ArgumentError, match="Say which axis"):
        np.average(Tensor(X), weights=np.ones(2))
    for function in (np.quantile, np.nanpercentile):
        with pytest.raises(ArgumentError, match="no derivative of a quantile with weights"):
            function(Tensor(X), 0.5, weights=np.ones(X.shape), method="inverted_cdf")
    for function in (np.median, np.sum):
        with pytest.raises(LostGradientError, match="out="):
            function(Tensor(X), axis=0, out=np.zeros((3, 4)))
