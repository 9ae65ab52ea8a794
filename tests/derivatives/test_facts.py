"""Facts about an array are plain, whatever traces it."""

import numpy as np

from autograd import Tensor, grad

V, M = np.array([0.3, -1.2, 0.8]), np.ones((2, 3))
COVERED = (
    *(np.shape, np.ndim, np.size),
    *(np.iscomplexobj, np.isrealobj, np.common_type, np.result_type, np.can_cast),
)


def test_shapes_are_plain():
    def f(x):
        assert np.shape(x) == (2, 3) and np.ndim(x) == 2 and np.size(x) == 6 and np.size(x, 1) == 3
        return np.sum(x)

    np.testing.assert_array_equal(grad(f)(M), np.ones((2, 3)))


def test_dtypes_follow_numpys_promotion():
    single, double = Tensor(np.float32(1)), Tensor(1.0)
    assert np.result_type(single, double) == np.float64
    assert np.result_type(single, 2.0) == np.float32
    assert np.result_type(single, np.int8) == np.float32
    assert np.common_type(single, np.ones(2, int)) == np.float64
    assert np.can_cast(single, np.float64) and not np.can_cast(double, np.float32)
    weak = grad(lambda x: np.result_type(x, np.float32).itemsize * x)
    assert weak(3.0) == 4.0  # a Python number leaves float32 alone


def test_questions_are_answered_by_plain_bools():
    x, z = Tensor(V), Tensor(V * 1j)
    assert np.iscomplexobj(z) and not np.iscomplexobj(x) and np.isrealobj(x) and not np.isrealobj(z)
    assert not np.isscalar(x)
    assert np.allclose(x, V) and np.array_equal(x, V) and np.array_equiv(x, V[None])
    for answers in (np.isclose(x, V + 1), np.isin(x, V), np.isreal(x), np.iscomplex(z), np.isposinf(x)):
        assert type(answers) is np.ndarray and answers.dtype == bool
    assert not np.may_share_memory(x, V) and np.shares_memory(x, x)
