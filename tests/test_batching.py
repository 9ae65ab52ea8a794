"""A batched call equals the calls of its parts, for every rule, and for functions without a rule."""

import operator

import numpy as np
import pytest

from autograd import batching, hessian, hessian_vector_product, jacobian, make_jvp
from autograd.batching import RULES, BatchTrace
from autograd.derivatives.indexing import scatter
from autograd.errors import LostGradientError
from autograd.rules import TABLE, Row

RNG = np.random.default_rng(5)
SIZE = 3


def array(*shape):
    return RNG.standard_normal(shape)


# A call, and the shapes of its operands; each choice of batched operands is tried.
CALLS = [
    (np.multiply, [(2, 3), (3,)]),
    (np.multiply, [(3,), (2, 3)]),
    (np.add, [(), (2,)]),
    (np.tanh, [(2, 2)]),
    (lambda c, x, y: np.where(c > 0, x, y), [(2, 1), (3,), ()]),
    (lambda x: np.real(x) + np.copy(x), [(2,)]),
    (lambda x: np.astype(x, np.float32), [(2,)]),
    (np.sum, [(2, 3)]),
    (lambda x: np.sum(x, axis=0), [(2, 3)]),
    (lambda x: np.mean(x, axis=(-1, 0), keepdims=True), [(2, 3, 2)]),
    (np.sum, [()]),
    (lambda x: np.sum(x, axis=0, initial=2.0), [(2, 3)]),
    (lambda x: np.max(x, axis=1), [(2, 3)]),
    (lambda x: np.argmax(x, axis=0), [(2, 3)]),
    (np.argmax, [(2, 3)]),
    (lambda x: np.reshape(x, (3, -1)), [(2, 3)]),
    (np.ravel, [(2, 3)]),
    (np.squeeze, [(1, 3, 1)]),
    (lambda x: np.squeeze(x, axis=0), [(1, 3, 1)]),
    (lambda x: np.expand_dims(x, 0), [(2,)]),
    (lambda x: np.reshape(x, (3, 2), order="F"), [(2, 3)]),
    (np.transpose, [(2, 3, 4)]),
    (lambda x: np.transpose(x, (2, 0, 1)), [(2, 3, 4)]),
    (lambda x: np.swapaxes(x, 0, -1), [(2, 3, 4)]),
    (lambda x: np.broadcast_to(x, (4, 2, 3)), [(2, 1)]),
    (lambda x: np.broadcast_to(x, 4), [()]),
    (lambda x, y: np.concatenate([x, y], axis=0), [(1, 2), (3, 2)]),
    (lambda x, y: np.concatenate([x, y], axis=-1), [(2, 1), (2, 2)]),
    (lambda x, y: np.concatenate([x, y], axis=None), [(2, 1), (2, 2)]),
    (lambda x: x[1:, 0], [(3, 2)]),
    (lambda x: x[..., None], [(3, 2)]),
    (lambda x: x[[0, 0, 2]], [(3, 2)]),
    (lambda x: x[np.array([True, False, True])], [(3, 2)]),
    (lambda x: x[[0, 1], :, [0, 1]], [(3, 2, 2)]),
    (lambda x: x[[0, 1], [0, 1]], [(3, 2, 2)]),
    (lambda x: x[:, [0, 1], 0], [(3, 2, 2)]),
    (lambda x: x[0, :, [0, 1]], [(3, 2, 2)]),
    (lambda x: x[None, 0, ..., 1], [(3, 2, 2)]),
    (lambda x: x[[[True, False], [False, True]]], [(2, 2)]),
    (lambda x: scatter(x, ([0, 1, 1], [1, 0, 0]), (2, 2)), [(3,)]),
    (lambda x: scatter(x, (slice(1, 3),), (4, 2)), [(2, 2)]),
    (lambda x: scatter(x, np.array([1, 1, 0]), (4,)), [(3,)]),
    (lambda x, y: np.stack([x, y]), [(1, 2), (1, 2)]),
    (lambda x, y: np.stack([x, y, x], axis=-1), [(1, 2), (1, 2)]),
    (lambda x, y: np.stack([x, y], axis=1), [(1, 2), (1, 2)]),
    (lambda x: np.split(x, 2, axis=1)[1], [(3, 4)]),
    (lambda x: np.array_split(x, 2)[0], [(3, 4)]),
    (lambda x: np.take(x, [0, 0, 2]), [(3, 4)]),
    (lambda x: np.take(x, [[0, 0], [1, 2]], axis=-1), [(3, 4)]),
    (lambda x: np.take_along_axis(x, np.array([[0, 3, 3]] * 3), axis=1), [(3, 4)]),
    (lambda x: np.take_along_axis(x, np.argsort(x, axis=0), axis=0), [(3, 4)]),
    (lambda x: np.take_along_axis(x, np.array([3, 5]), axis=None), [(3, 4)]),
    *((lambda x, f=f, a=a: f(x, axis=a), [(3, 4)]) for f in (np.cumsum, np.cumprod, np.sort, np.argmin, np.flip)
      for a in (None, 0, -1)),
    (lambda x: np.argmax(x, keepdims=True), [(3, 4)]),
    (lambda x: np.repeat(x, 2), [(3, 4)]),
    (lambda x: np.repeat(x, [1, 0, 2], axis=0), [(3, 4)]),
    (lambda x: np.flip(x, axis=(0, 1)), [(3, 4, 2)]),
    (lambda x: np.roll(x, 2), [(3, 4)]),
    (lambda x: np.roll(x, (1, 2), axis=(0, -1)), [(3, 4)]),
    (lambda x: np.roll(x, -1, axis=1), [(3, 4)]),
    (lambda x: np.diagonal(x, 1), [(3, 4)]),
    (lambda x: np.diagonal(x, axis1=-1, axis2=0), [(3, 4, 2)]),
    *((lambda x, f=f, a=a: np.abs(f(x + 0.5j if f is not np.fft.rfft else x, axis=a)), [(3, 4)])
      for f in (np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft) for a in (0, -1)),
    *((lambda *operands, text=text: np.einsum(text, *operands), shapes) for text, shapes in (
        ("ij,j->i", [(2, 3), (3,)]), ("ij,jk", [(2, 3), (3, 4)]), ("ii->i", [(3, 3)]), ("ij->", [(2, 3)]),
        ("...j,kj->k...", [(4, 2, 3), (5, 3)]), ("i,i,i", [(3,), (3,), (3,)]), ("aj,jb->ab", [(1, 3), (3, 2)]),
        ("ij,ij->j", [(1, 3), (2, 3)]))),
    (lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [2, 0]), [(2, 3), (3, 4)]),
    *((lambda a, b: np.linalg.solve(a + 5 * np.eye(3), b), shapes) for shapes in (
        [(3, 3), (3,)], [(3, 3), (3, 2)], [(2, 3, 3), (3, 2)], [(3, 3), (2, 3, 1)], [(2, 3, 3), (2, 3, 1)],
        [(2, 3, 3), (3,)])),
    *((np.matmul, shapes) for shapes in (
        [(2, 3), (3, 2)], [(3,), (3, 2)], [(2, 3), (3,)], [(3,), (3,)], [(4, 2, 3), (3, 2)], [(2, 3), (4, 3, 2)],
        [(3,), (4, 3, 2)], [(4, 2, 3), (3,)], [(4, 2, 3), (4, 3, 2)])),
    *((np.dot, shapes) for shapes in ([(2, 3), (3, 2)], [(3,), (3,)], [(), (2, 3)], [(2,), ()])),
]  # fmt: skip


def name_of(value):
    return getattr(value, "__name__", None) if callable(value) else str(value)


@pytest.mark.parametrize(("call", "shapes"), CALLS, ids=name_of)
def test_a_batch_equals_its_parts(call, shapes):
    for chosen in range(1, 1 << len(shapes)):
        trace = BatchTrace(SIZE)
        parts = [array(SIZE, *s) if chosen >> i & 1 else array(*s) for i, s in enumerate(shapes)]
        operands = [trace.batch(part) if chosen >> i & 1 else part for i, part in enumerate(parts)]
        found = call(*operands)
        singles = [call(*(p[k] if chosen >> i & 1 else p for i, p in enumerate(parts))) for k in range(SIZE)]
        assert found.shape == np.shape(singles[0]) and found.value.dtype == singles[0].dtype
        np.testing.assert_allclose(found.value, np.stack(singles), rtol=1e-6, atol=1e-12)


def test_every_rule_is_for_a_function_that_is_recorded_as_one_call():
    recorded = {row.function for row in TABLE.values() if isinstance(row, Row)} | set(TABLE)
    assert set(RULES) <= recorded and operator.getitem in RULES


MATRIX = array(6, 6)


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: np.einsum("ij,jk,k->ik", x, MATRIX, x[0]),
        lambda x: np.linalg.solve(MATRIX + x @ x.T, x[0]) + np.linalg.solve(MATRIX, x)[1],
        lambda x: np.linalg.cholesky(x @ x.T + 9 * np.eye(6)),
        lambda x: np.stack([np.roll(x, 1), np.flip(x)]) * np.take(x, [0, 1, 1, 2, 3, 3], axis=1),
        lambda x: np.abs(np.fft.fft(x)) ** 2,
        lambda x: np.sort(x, axis=0) * np.max(x, axis=1) * np.trace(x),
        lambda x: sum(part[:, [0, 1], [1, 0]] for part in np.split(np.cumsum(np.stack([x, x]), axis=1), 2)),
    ],
)
def test_jacobians_and_hessians_need_no_loop(fun, monkeypatch):
    def loop(trace, row, *call):
        raise AssertionError(f"{row.name} was called for one array after the other")

    monkeypatch.setattr(batching, "_one_by_one", loop)
    x = array(6, 6)
    u = array(6, 6)
    slopes = jacobian(fun)(x)
    np.testing.assert_allclose(np.tensordot(slopes, u, 2), make_jvp(fun)(x)(u)[1], rtol=1e-9, atol=1e-9)
    scalar = lambda x: np.sum(fun(x) ** 2)  # noqa: E731
    curvatures = hessian(scalar)(x)
    expected = hessian_vector_product(scalar)(x, u)
    np.testing.assert_allclose(np.tensordot(curvatures, u, 2), expected, rtol=1e-8, atol=1e-8 * np.abs(expected).max())


def test_python_branches_need_agreement():
    trace = BatchTrace(2)
    assert trace.batch(np.array([1.0, 2.0])) > 0
    with pytest.raises(LostGradientError, match="differ"):
        bool(trace.batch(np.array([1.0, -2.0])) > 0)
