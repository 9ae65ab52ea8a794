"""Activations: PyTorch's numbers, derivatives, limits."""

import numpy as np
import pytest
from referee import check

from autograd import check_gradients, elementwise_grad, value_and_grad
from nets import activations

X = np.array([2.0, -1.0, 0.5, 0.1, 0.2, -3.0])

# torch 2.13, float64: gelu(approximate="tanh"), silu, elu, leaky_relu.
TORCH = {
    "gelu": [1.954597694087775, -0.15880800939172324, 0.34571400982514394]
    + [0.053982751045435165, 0.11585142978210627, -0.0036373920817729943],
    "silu": [1.7615941559557646, -0.2689414213699951, 0.3112296656009273]
    + [0.052497918747894, 0.1099667994624956, -0.14227761953270035],
    "elu": [2.0, -0.6321205588285577, 0.5, 0.1, 0.2, -0.950212931632136],
    "leaky_relu": [2.0, -0.01, 0.5, 0.1, 0.2, -0.03],
}


@pytest.mark.parametrize("name", TORCH)
def test_the_numbers_of_torch(name):
    np.testing.assert_allclose(getattr(activations, name)(X), TORCH[name], rtol=1e-13)


@pytest.mark.parametrize("name", activations.__all__)
def test_derivatives_to_order_2(name):
    def square(x):
        return np.square(getattr(activations, name)(x))

    check(square, (X,), order=2)
    assert check_gradients(lambda x: np.sum(square(x)), X, order=2).verdict == "right"


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("name", activations.__all__)
def test_no_overflow_in_lower_precision(name, dtype):
    function = getattr(activations, name)
    out, slope = value_and_grad(lambda x: np.sum(function(x)[:2]))(np.array([-1000.0, 0.0, 1000.0], dtype))
    assert np.isfinite(out) and np.all(np.isfinite(slope)) and out.dtype == slope.dtype == dtype


# The value and the slope at -inf, -1e200, 1e200 and inf.
LIMITS = {
    "elu": ([-1, -1, 1e200, np.inf], [0, 0, 1, 1]),
    "gelu": ([0, 0, 1e200, np.inf], [0, 0, 1, 1]),
    "leaky_relu": ([-np.inf, -1e198, 1e200, np.inf], [0.01, 0.01, 1, 1]),
    "relu": ([0, 0, 1e200, np.inf], [0, 0, 1, 1]),
    "sigmoid": ([0, 0, 1, 1], [0, 0, 0, 0]),
    "silu": ([0, 0, 1e200, np.inf], [0, 0, 1, 1]),
    "softplus": ([0, 0, 1e200, np.inf], [0, 0, 1, 1]),
    "tanh": ([-1, -1, 1, 1], [0, 0, 0, 0]),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_at_infinity(name):
    function, (values, slopes) = getattr(activations, name), LIMITS[name]
    x = np.array([-np.inf, -1e200, 1e200, np.inf])
    np.testing.assert_allclose(function(x), values)
    np.testing.assert_array_equal(elementwise_grad(function)(x), slopes)
    np.testing.assert_array_equal(elementwise_grad(elementwise_grad(function))(x), np.zeros(4))
