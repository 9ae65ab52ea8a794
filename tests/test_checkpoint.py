"""checkpoint: the same gradients from less memory."""

import tracemalloc

import numpy as np
import pytest

from autograd import checkpoint, grad, hessian, jacobian, make_jvp
from autograd.errors import LostGradientError
from autograd.trees import flatten

X, W = np.array([0.3, -0.7]), np.array([1.1, 0.4])


def plain(x, options):
    return {"a": np.tanh(x * options["w"]), "b": x + options["w"] ** 2}


def loss(inside):
    def value(x, w):
        out = inside(x, options={"w": w, "name": "kept as it is"})
        return np.sum(out["a"] * out["b"]) + np.sum(inside(x, {"w": 1.0})["b"])

    return value


def test_every_derivative_stays_the_same():
    expected, found = loss(plain), loss(checkpoint(plain))
    transforms = (
        lambda f: grad(f, (0, 1)),
        hessian,
        lambda f: jacobian(grad(f)),
        lambda f: grad(lambda x, w: np.sum(grad(f)(x, w)), 1),
    )
    for transform in transforms:
        for a, b in zip(transform(found)(X, W), transform(expected)(X, W), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-14, atol=1e-15)
    assert make_jvp(found)(X, W)(X) == pytest.approx(make_jvp(expected)(X, W)(X))


def test_plain_values_pass_straight_through():
    assert checkpoint(lambda x: x + 1)(2) == 3


def test_memory_of_a_long_chain_falls_tenfold():
    def segment(x, layers):
        for _ in range(layers):
            x = np.tanh(x)
        return x

    kept = checkpoint(segment)

    def whole(x):
        return np.sum(segment(x, 1000))

    def in_segments(x):
        for _ in range(25):
            x = kept(x, 40)
        return np.sum(x)

    x = np.linspace(-1, 1, 5_000)
    results, peaks = [], []
    for fun in (whole, in_segments):
        tracemalloc.start()
        results.append(grad(fun)(x))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    np.testing.assert_allclose(results[1], results[0], rtol=1e-13)
    assert peaks[1] * 10 < peaks[0]


def test_a_traced_value_from_a_closure_is_refused():
    def f(x):
        return checkpoint(lambda y: y * x)(x * 2)

    with pytest.raises(LostGradientError, match="Pass it as an argument"):
        grad(f)(1.0)


def test_values_of_an_outer_level_may_come_from_a_closure():
    def f(x):
        return grad(lambda y: checkpoint(lambda z: z**2 * x)(y))(3.0) * x

    assert grad(f)(2.0) == 24.0


@pytest.mark.parametrize("pack", [lambda y: {"a": y}, lambda y: [y], lambda y: ((y,),), lambda y: y])
def test_an_output_may_be_a_tree_of_one_leaf(pack):
    def f(x):
        return np.sum(flatten(checkpoint(lambda y, factor=1.0: pack(np.sin(y) * factor))(x, factor=1.5 * x))[0][0])

    def plainly(x):
        return np.sum(np.sin(x) * 1.5 * x)

    x = np.array([0.3, -1.2])
    np.testing.assert_allclose(grad(f)(x), grad(plainly)(x), rtol=1e-14)
    np.testing.assert_allclose(hessian(f)(x), hessian(plainly)(x), rtol=1e-14)
