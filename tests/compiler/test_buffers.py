"""Buffers: two that are needed together never share bytes, and what is returned is computed in its own array."""

import numpy as np
import pytest
from compiler.same import assert_jit_is_eager, assert_same
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import grad, jit, relu, trace
from autograd.compiler.blocks import BLOCK
from autograd.compiler.buffers import ALIGNMENT, Place, Pool, arrange
from autograd.compiler.storage import Storage

places = st.builds(
    lambda size, start, length: Place(((size,), np.dtype(np.uint8)), start, start + length, False, None),
    st.integers(0, 300), st.integers(0, 9), st.integers(0, 4),
)  # fmt: skip


@settings(derandomize=True, deadline=None)
@given(st.lists(places, max_size=12))
def test_places_that_meet_share_no_bytes(places):
    offsets, size = arrange(places)
    assert all(offset % ALIGNMENT == 0 for offset in offsets)
    ranges = [range(offset, offset + place.nbytes) for offset, place in zip(offsets, places, strict=True)]
    assert all(bytes_.stop <= size for bytes_ in ranges)
    for i, place in enumerate(places):
        for j in range(i):
            if place.meets(places[j]):
                assert not set(ranges[i]) & set(ranges[j])


def test_a_set_of_buffers_is_one_aligned_piece_of_memory():
    kinds = [((3, 5), np.dtype(np.float32)), ((7,), np.dtype(bool)), ((0, 2), np.dtype(np.float64))]
    pool = Pool([Place(kind, i, i + 1, False, None) for i, kind in enumerate(kinds)])
    _, *buffers = pool.new()
    assert [(b.shape, b.dtype) for b in buffers] == kinds
    assert all(b.ctypes.data % ALIGNMENT == 0 for b in buffers)
    assert not np.shares_memory(buffers[0], buffers[1])
    assert not np.shares_memory(pool.new()[1], buffers[0])


def test_a_gradient_is_computed_into_the_array_that_is_returned():
    compiled = jit(lambda w, x, rate: w - rate * np.dot(x.T, x * 2))
    args = np.ones((30, 30)), np.ones((10, 30)), 0.1
    compiled(*args)
    run = compiled._compiled(args, {}).run
    assert run.pool.kinds == [((10, 30), np.dtype(np.float64))]
    assert "subtract(w, t6, t6)" in run.source


def test_operands_that_are_read_under_another_name_keep_their_place():
    x = np.arange(9.0).reshape(3, 3)
    assert_jit_is_eager(lambda x: np.add(y := x * 2, y.T) + y, x)
    assert_jit_is_eager(lambda x: (y := np.exp(x)) * y[0] + np.sum(y), x)
    assert_jit_is_eager(lambda x: ((y := x * 2) + 1, y.T, y - 3), x)


def test_large_views_are_returned_although_they_were_read_before():
    def f(x):
        view = np.cumsum(x, axis=0).T
        row = np.broadcast_to(np.cumsum(x[0]), x.shape)
        return view, np.sum(view, axis=0), row, np.sum(row * 2)

    assert_jit_is_eager(f, np.random.default_rng(0).normal(size=(300, 100)))


def test_a_chain_overwrites_what_nobody_else_reads_and_nothing_before_it_is_read():
    def f(x, row):
        a, b = np.cumsum(x, axis=0), np.cumsum(x * 2, axis=0)
        early = a * b
        return early + row, np.sqrt(np.abs(a)) - early, np.exp(-np.abs(b)) * a, np.sum(early, axis=0)

    x = np.random.default_rng(0).normal(size=(BLOCK // 4 + 5, 17))
    compiled = assert_jit_is_eager(f, x, x[:1])
    kept, before = compiled(x, x[:1]), x.copy()
    assert_same(f(x + 1, x[:1]), compiled(x + 1, x[:1]))
    assert_same(f(before, before[:1]), kept)
    assert_same(before, x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int32])
@pytest.mark.parametrize("size", [6, 3000])
def test_masking_is_exact_also_where_products_are_not(dtype, size):
    x = np.resize(np.array([1, -2, 0, 3, -4]), size).astype(dtype)
    if np.dtype(dtype).kind == "f":
        x[:4] = np.inf, -np.inf, np.nan, -0.0
    for mask in (np.arange(size) % 3 == 0, np.zeros(size, bool), np.arange(size) > 2):
        with np.errstate(invalid="ignore"):
            assert_jit_is_eager(lambda x, mask: np.where(mask, x, 0), x, mask)
            assert_jit_is_eager(lambda x, mask: np.where(mask, x * 2, 0) + x, x, mask)
            assert_jit_is_eager(lambda x, mask: np.where(mask, x, -0.0), x, mask)


def test_the_gradient_of_relu_is_zero_where_the_operand_is_nan():
    x = np.resize([1.0, np.nan, -1.0, 0.0, np.inf], 2000)
    assert_same(grad(lambda x: np.sum(relu(x) * 3))(x), jit(grad(lambda x: np.sum(relu(x) * 3)))(x))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int16, np.complex64])
def test_numbers_beside_arrays_keep_their_weakness(dtype):
    x = np.array([1, 2, 3], dtype)
    assert_jit_is_eager(lambda x, a, n: (x * a + 1, n - x, (1 / (x + n)) * np.float32(2), x > a, x**2.5), x, 0.1, 3)
    assert_jit_is_eager(lambda x: (x * np.float64(2), x + 1e-3, np.maximum(x, 1), 2**x), x)


def test_a_number_that_overflows_the_arrays_dtype_warns_as_in_numpy():
    x = np.ones(3, np.float32)
    for compiled in (jit(lambda x: x + 1e300), lambda x: jit(lambda x, a: x + a)(x, 1e300)):
        with pytest.warns(RuntimeWarning, match="overflow"):
            assert_same(np.full(3, np.inf, np.float32), compiled(x))


def test_thousands_of_places_share_no_bytes_and_take_few():
    rng = np.random.default_rng(0)
    starts, ends = np.sort(rng.integers(0, 3000, (2, 2000)), axis=0)
    lengths = rng.integers(1, 60, 2000)
    ends[::3] = starts[::3] + lengths[::3]  # long lives and short ones
    kinds = [((int(size),), np.dtype(np.float64)) for size in rng.choice([8, 16, 24, 64], 2000)]
    places = [Place(kind, int(a), int(b), False, None) for kind, a, b in zip(kinds, starts, ends, strict=True)]
    offsets, size = arrange(places)
    low, sizes = np.array(offsets), np.array([place.nbytes for place in places])
    meets = (starts[:, None] <= ends) & (starts <= ends[:, None]) & ~np.eye(2000, dtype=bool)
    overlaps = (low[:, None] < low + sizes) & (low < (low + sizes)[:, None])
    assert not np.any(meets & overlaps)
    needed = [np.sum(-(-sizes // ALIGNMENT) * ALIGNMENT, where=(starts <= i) & (i <= ends)) for i in starts]
    assert size <= 1.1 * max(needed)


def test_a_view_of_a_view_lies_in_the_memory_of_the_first_array():
    def f(x):
        view = y = np.exp(x)
        for _ in range(50):
            view = view[::-1]
        return np.sum(view * 2), np.sum(y + 1)

    x = np.linspace(-1, 1, 30)
    program = trace(f, x)
    storage = Storage(program)
    made = program.equations[0].output
    assert all(storage.shared[equation.output] == {made} for equation in program.equations[1:51])
    assert storage.last_use[made] == max(i for i, e in enumerate(program.equations) if e.name == "add")
    assert_jit_is_eager(f, x)
