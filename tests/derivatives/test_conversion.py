"""The chapter on conversion: dtypes, and complex numbers by the convention ∂L/∂x - i ∂L/∂y."""

import numpy as np
import pytest
from referee import Case

from autograd import Tensor, grad
from autograd.derivatives.conversion import to_floats

rng = np.random.default_rng(5)
X = rng.normal(size=(2, 3))
Z = X + 1j * rng.normal(size=(2, 3))
CASES = [
    *[Case(f, f, (x,), name=f"{f.__name__} {x.dtype}")
      for f in (np.real, np.imag, np.conj, np.conjugate, np.real_if_close) for x in (X, Z, Z[0, 0], Z[:, ::-2], Z[:0])],
    Case(np.angle, np.angle, (Z,)),
    Case(np.angle, lambda z: np.angle(z, deg=True), (Z,), name="angle in degrees"),
    Case(np.real_if_close, lambda x: np.real_if_close(x * (1 + 0j)), (X,), name="real_if_close"),
    Case(np.real, lambda z: z.real * z.imag + z.conj().imag, (Z,), name="attributes"),
    Case(np.astype, lambda x: np.astype(x, np.float64), (X,), covers=(to_floats,)),
    Case(np.astype, lambda x: x.astype(complex) * (1 + 2j), (X,), name="astype complex"),
    Case(np.astype, lambda x: x.astype(float), (X[0, 0],), name="astype of a scalar"),
]  # fmt: skip


def test_gradients_follow_the_convention():
    z = np.array([1.0 + 2.0j])
    g = np.array([3.0])
    np.testing.assert_array_equal(grad(lambda z: np.sum(g * np.real(z)))(z), [3.0 + 0j])
    np.testing.assert_array_equal(grad(lambda z: np.sum(g * np.imag(z)))(z), [-3.0j])
    np.testing.assert_array_equal(grad(lambda z: np.sum(np.real(np.conj(z) * 1j)))(z), [-1j])
    np.testing.assert_array_equal(grad(lambda z: np.sum(np.real(z * z)))(z), 2 * z)


@pytest.mark.parametrize("target", [np.float16, np.float32, np.longdouble])
def test_a_conversion_between_floats_passes_the_gradient_in_the_dtype_of_the_operand(target):
    gradient = grad(lambda x: np.sum(x.astype(target) * 2))(X)
    assert gradient.dtype == np.float64
    np.testing.assert_array_equal(gradient, np.full((2, 3), 2.0))
    assert Tensor(X).astype(target).dtype == target


@pytest.mark.parametrize("target", [int, bool, np.int8, np.uint16])
def test_a_conversion_into_integers_has_slope_zero_and_is_plain(target):
    x = np.array([0.5, 1.5, 2.0])
    converted = Tensor(x).astype(target)
    assert isinstance(converted, np.ndarray) and converted.dtype == target
    np.testing.assert_array_equal(converted, x.astype(target))
    np.testing.assert_array_equal(grad(lambda x: np.sum(x.astype(target) * x))(x), x.astype(target))


def test_integers_made_floats_keep_their_gradient():
    t = Tensor([1, 2])
    np.sum(t.astype(float) ** 2).backward()
    np.testing.assert_array_equal(t.grad, [2.0, 4.0])


def test_a_python_number_may_be_converted():
    assert grad(lambda x: np.astype(x, np.float32) * 2)(3.0) == 2.0
    assert grad(grad(lambda x: x.astype(complex).real ** 2))(3.0) == 2.0
