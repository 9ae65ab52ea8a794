"""grad and its kin: trees, nesting, products, elementwise and holomorphic derivatives."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from autograd import (
    elementwise_grad,
    grad,
    hessian_vector_product,
    holomorphic_grad,
    make_jvp,
    make_vjp,
    register_tree,
    stop_gradient,
)
from autograd.errors import ArgumentError, OutputError

Point = namedtuple("Point", "x y")


@dataclass
class Layer:
    weight: np.ndarray
    bias: float


class Pair:
    def __init__(self, left, right):
        self.left, self.right = left, right


register_tree(Pair, vars, lambda parts: Pair(**parts))


@pytest.mark.parametrize("transform", ["grad", "vjp", "jvp"])
def test_any_tree_with_none_leaves_and_registered_types(transform):
    tree = {"p": Point(1.0, np.array([2.0, 3.0])), "l": [Layer(np.eye(2), 4.0), None], "r": Pair(5.0, ())}

    def f(t):
        return t["p"].x * np.sum(t["p"].y) + np.sum(t["l"][0].weight * 3) * t["l"][0].bias * t["r"].left

    if transform == "jvp":
        ones = {"p": Point(1.0, np.ones(2)), "l": [Layer(np.ones((2, 2)), 1.0), None], "r": Pair(1.0, ())}
        value, moved = make_jvp(f)(tree)(ones)
        assert value == 125.0 and moved == pytest.approx(7 + 240 + 30 + 24)
        return
    found = grad(f)(tree) if transform == "grad" else make_vjp(f)(tree)[0](1.0)
    assert type(found["p"]) is Point and type(found["l"][0]) is Layer and type(found["r"]) is Pair
    assert found["p"].x == 5.0 and found["l"][1] is None and found["r"].left == 24.0
    np.testing.assert_array_equal(found["p"].y, [1.0, 1.0])
    np.testing.assert_array_equal(found["l"][0].weight, np.full((2, 2), 60.0))
    assert found["l"][0].bias == 30.0


def test_nesting_through_closures_does_not_confuse_perturbations():
    assert grad(lambda x: x * grad(lambda y: x + y)(2.0))(1.0) == 1.0
    assert grad(lambda x: x * make_jvp(lambda y: x * y)(2.0)(1.0)[1])(3.0) == 6.0
    assert make_jvp(lambda x: x * grad(lambda y: x * y)(2.0))(3.0)(1.0)[1] == 6.0
    assert make_jvp(lambda x: make_jvp(lambda y: x * y**2)(3.0)(1.0)[1] * x)(2.0)(1.0)[1] == 24.0
    assert grad(grad(grad(lambda x: x**5)))(2.0) == 240.0
    third = grad(lambda x: make_jvp(grad(lambda y: y**5))(x)(1.0)[1])
    assert third(2.0) == 240.0


def test_vjp_can_be_used_many_times_and_shares_nothing():
    vjp, value = make_vjp(lambda x: {"twice": 2 * x, "same": x})(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(value["twice"], [2.0, 4.0])
    g = {"same": np.array([1.0, 0.0]), "twice": np.array([0.0, 1.0])}
    first = vjp(g)
    first += 100
    np.testing.assert_array_equal(vjp(g), [1.0, 2.0])
    np.testing.assert_array_equal(g["same"], [1.0, 0.0])


def test_vjp_of_a_constant_output_and_of_the_identity():
    vjp, value = make_vjp(lambda x: (3.0, x))(np.ones(2))
    seed = np.array([5.0, 6.0])
    result = vjp((1.0, seed))
    np.testing.assert_array_equal(result, seed)
    assert not np.shares_memory(result, seed) and value[0] == 3.0
    np.testing.assert_array_equal(make_vjp(lambda x: 1.0)(np.ones(2))[0](1.0), [0.0, 0.0])


def test_vjp_is_itself_differentiable():
    x, g = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    pulled = grad(lambda g: np.sum(make_vjp(lambda x: x**2)(x)[0](g) ** 2))(g)
    np.testing.assert_allclose(pulled, 2 * g * (2 * x) ** 2)
    through_x = grad(lambda x: np.sum(make_vjp(lambda x: x**2)(x)[0](g) ** 2))(x)
    np.testing.assert_allclose(through_x, 8 * g**2 * x)


def test_elementwise_and_holomorphic():
    x = np.array([0.5, -1.0])
    np.testing.assert_allclose(elementwise_grad(np.tanh)(x), 1 - np.tanh(x) ** 2)
    np.testing.assert_allclose(
        elementwise_grad(elementwise_grad(np.tanh))(x), -2 * np.tanh(x) * (1 - np.tanh(x) ** 2), rtol=1e-12
    )
    z = np.array([1 + 2j, -0.5j])
    np.testing.assert_allclose(holomorphic_grad(lambda z: np.exp(z) * z)(z), np.exp(z) * (1 + z))


def test_hessian_vector_product_of_a_tree():
    def f(p):
        return p["a"] ** 2 * p["b"] ** 3

    product = hessian_vector_product(f)({"a": 2.0, "b": 3.0}, {"a": 1.0, "b": 0.0})
    assert product == {"a": 54.0, "b": 108.0}


def test_stop_gradient_at_every_level():
    assert grad(lambda x: stop_gradient(x) * x)(3.0) == 3.0
    assert grad(grad(lambda x: stop_gradient(x) ** 2 * x**2))(3.0) == 18.0
    assert make_jvp(lambda x: stop_gradient({"x": x})["x"] * x)(3.0)(1.0)[1] == 3.0


def test_integers_count_as_floats():
    assert grad(lambda x: x**2)(3) == 6.0
    np.testing.assert_array_equal(grad(lambda x: np.sum(x**2))(np.array([1, 2])), [2.0, 4.0])
    value, moved = make_jvp(lambda x: x**2)(3)(1)
    assert (value, moved) == (9.0, 6.0)


def test_the_kind_of_number_must_be_that_of_the_transform():
    with pytest.raises(OutputError, match="holomorphic_grad"):
        elementwise_grad(lambda x: x * 1j)(1.0)
    with pytest.raises(ArgumentError, match="complex argument"):
        holomorphic_grad(lambda x: x)(1.0)
