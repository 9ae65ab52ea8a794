"""A batched call equals the calls of its parts, for every rule, and for functions without a rule."""

import operator

import numpy as np
import pytest

from autograd.batching import RULES, BatchTrace
from autograd.derivatives.indexing import scatter
from autograd.errors import LostGradientError

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
    (lambda x: scatter(x, (slice(1, 3),), (4, 2)), [(2, 2)]),
    (lambda x: scatter(x, np.array([1, 1, 0]), (4,)), [(3,)]),
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


def test_every_rule_is_for_a_function_that_arrays_dispatch():
    assert all(callable(function) for function in RULES) and operator.getitem in RULES


def test_python_branches_need_agreement():
    trace = BatchTrace(2)
    assert trace.batch(np.array([1.0, 2.0])) > 0
    with pytest.raises(LostGradientError, match="differ"):
        bool(trace.batch(np.array([1.0, -2.0])) > 0)
