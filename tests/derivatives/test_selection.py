"""The chapter on selection: orderings and choices."""

import inspect

import numpy as np
import pytest
from referee import Case

from autograd import Tensor, grad, make_vjp
from autograd.derivatives.selection import occurrences

rng = np.random.default_rng(4)
V, T = rng.normal(size=7), rng.normal(size=(2, 3, 4))
M = rng.permutation(12).reshape(3, 4) / 4.0 - 1.4  # far from ties and from the bounds below
STRIDED = rng.normal(size=(4, 6))[::-2, 1::2]
C = rng.normal(size=4) + 1j * rng.normal(size=4)
GAPPED = np.array([0.8, -0.5, 1.2, -2.0])  # far from the kink at 0
NAMES_BOUNDS = "min" in inspect.signature(np.clip).parameters  # since NumPy 2.1
GAPS = np.array([1.0, np.nan, np.inf, -2.0, -np.inf])

CASES = [
    *[Case(np.sort, lambda x, a=a: np.sort(x, axis=a), (x,), name=f"sort {a}")
      for x in (M, STRIDED) for a in (None, 0, -1)],
    Case(np.sort, lambda x: np.sort(x, kind="heapsort"), (V,), name="sort kind"),
    Case(np.sort, lambda x: np.sort(x, stable=True), (V,), name="sort stable"),
    Case(np.sort, np.sort, (C,), name="sort complex"),
    Case(np.sort, np.sort, (V[:1],)),
    Case(np.sort, np.sort, (V[:0],)),
    Case(np.partition, lambda x: np.partition(x, 3), (V,)),
    Case(np.partition, lambda x: np.partition(x, (0, -1), axis=1), (T,), name="partition axis"),
    Case(np.unique, lambda x: np.unique(np.concatenate([x, x])), (V,)),
    Case(np.unique, lambda x: np.unique(x, axis=1), (M,), name="unique axis"),
    Case(np.select, lambda x, y: np.select([x > 0.5, x > 0], [x * y, y * y], default=3.0), (M, STRIDED[0, :1])),
    Case(np.select, lambda x, d: np.select([x > 0], [x], d), (GAPPED, np.array(0.3)), name="select, traced default"),
    Case(np.clip, lambda x: np.clip(x, -0.5, 0.7), (M,)),
    Case(np.clip, lambda x: np.clip(x, None, 0.2), (M,), name="clip above"),
    *([Case(np.clip, lambda x: np.clip(x, min=0.2), (M,), name="clip min=")] if NAMES_BOUNDS else []),
    Case(np.clip, lambda x, low, high: np.clip(x, low, high), (M, M[0] - 0.4, np.array(0.5)),
         name="clip traced bounds"),
    Case(np.clip, lambda x: x.clip(-0.5, 0.7), (M,), name="clip method"),
    *[Case(np.nan_to_num, lambda x: np.nan_to_num(x), (x,)) for x in (M, C)],
]  # fmt: skip


def test_entries_that_are_no_numbers_have_slope_zero():
    x = GAPS.astype(np.float32)
    for options in ({}, {"nan": 7.0, "posinf": 8.0, "neginf": 9.0}):
        value = np.nan_to_num(Tensor(x), **options)
        np.testing.assert_array_equal(value.numpy(), np.nan_to_num(x, **options), strict=True)
    z = np.stack([GAPS, GAPS[::-1]], axis=-1).view(complex)
    np.testing.assert_array_equal(np.nan_to_num(Tensor(z)).numpy(), np.nan_to_num(z), strict=True)
    gradient = grad(lambda x: np.sum(np.nan_to_num(x, posinf=1.0, neginf=0.0) * np.arange(1.0, 6.0)))(GAPS)
    np.testing.assert_array_equal(gradient, [1.0, 0.0, 0.0, 4.0, 0.0])


def test_clip_has_slope_zero_at_constant_bounds():
    gradient = grad(lambda x: np.sum(np.clip(x, 0.0, 1.0) * 3.0))(np.array([-1.0, 0.0, 0.5, 1.0, 2.0]))
    np.testing.assert_array_equal(gradient, [0.0, 0.0, 3.0, 0.0, 0.0])


def test_tied_entries_keep_their_order():
    gradient = grad(lambda x: np.sum(np.sort(x) * np.array([1.0, 10.0, 100.0])))(np.array([2.0, 1.0, 2.0]))
    np.testing.assert_array_equal(gradient, [10.0, 1.0, 100.0])


def test_unique_gives_everything_that_is_asked_for():
    x = np.array([3.0, 1.0, 3.0])
    values, first, inverse, counts = np.unique(Tensor(x), True, True, True)
    np.testing.assert_array_equal(values.numpy(), [1.0, 3.0])
    for plain, again, expected in zip(
        (first, inverse, counts), occurrences(x, True, True, True)[1:], ([1, 0], [1, 0, 1], [1, 2]), strict=True
    ):
        np.testing.assert_array_equal(again, expected)
        assert isinstance(plain, np.ndarray)
        np.testing.assert_array_equal(plain, expected)
    np.testing.assert_array_equal(grad(lambda x: np.sum(np.unique(x) * np.array([5.0, 7.0])))(x), [7.0, 5.0, 0.0])


@pytest.mark.parametrize("call", [
    np.argsort, lambda x: np.argpartition(x, 1), lambda x: x.argsort(), lambda x: np.searchsorted(x, 2.5),
    lambda x: np.digitize(x, [1.5]), lambda x: np.lexsort((x, x)), lambda x: np.searchsorted([1.5], x),
    lambda x: x.argpartition(1), lambda x: x.searchsorted([2.5]),
])  # fmt: skip
def test_where_entries_stand_is_plain(call):
    x = np.array([1.0, 2.0, 3.0])
    found = call(Tensor(x))
    assert isinstance(found, (np.ndarray, np.integer))
    np.testing.assert_array_equal(found, call(x))


@pytest.mark.parametrize("function", [lambda x: np.sort(x, axis=None), lambda x: np.partition(x, 0, axis=None)])
def test_python_numbers_are_sorted_as_arrays(function):
    value, pull = make_vjp(function)(2.0)[::-1]
    np.testing.assert_array_equal(value, function(2.0), strict=True)
    assert pull(np.array([3.0])) == 3.0


def test_choices_have_the_dtype_of_all():
    y = np.array([0.5], np.float32)
    for call in (lambda y: np.select([y > 9], [y], 2.0), lambda y: np.choose([0], [2.0, y])):
        assert call(Tensor(y)).dtype == call(y).dtype == np.float32
    for call in (lambda y: np.select([y > 9], [y], [2.0]), lambda y: np.choose([0], [[2.0], y])):
        assert call(Tensor(y)).dtype == call(y).dtype == np.float64  # a list is an array
