"""derivative, linear and constant on functions of the user: calls, decorators, trees, wrong rules."""

import inspect
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from autograd import Tensor, derivative, grad, jacobian, linear, make_jvp, make_vjp
from autograd.errors import MissingDerivativeError, RuleError
from autograd.rules import TABLE

X = np.array([0.5, -2.0])


def test_a_registered_function_differentiates_in_every_mode_and_order():
    @derivative(x=lambda g, x: g * 3 * x**2)
    def cube(x):
        return np.asarray(x) ** 3  # what is inside is not recorded

    assert grad(cube)(2.0) == 12.0 and grad(grad(cube))(2.0) == 12.0 and grad(grad(grad(cube)))(2.0) == 6.0
    assert make_jvp(cube)(2.0)(1.0) == (8.0, 12.0)
    np.testing.assert_array_equal(jacobian(cube)(X), np.diag(3 * X**2))
    assert cube.__name__ == "cube"


def test_a_call_registers_and_returns_the_recording_function():
    def scaled(x, factor=2.0):
        return np.asarray(x) * factor

    recorded = derivative(scaled, x=lambda g, factor: g * factor)
    assert grad(recorded)(1.0) == 2.0 and grad(lambda x: recorded(x, factor=5.0))(1.0) == 5.0


@derivative(trees=("params",), params=lambda g, params: {"w": g * params["b"][0], "b": [g * params["w"], 0.0]})
def product(params):
    return float(params["w"]) * float(params["b"][0])


def test_an_operand_may_be_a_tree():
    found = grad(product)({"w": 3.0, "b": [4.0, 5.0]})
    assert found == {"w": 4.0, "b": [3.0, 0.0]}
    assert grad(lambda w: product({"w": w, "b": [w, 1.0]}))(3.0) == 6.0
    assert make_jvp(lambda w: product({"w": w, "b": [w, 1.0]}))(3.0)(1.0) == (9.0, 6.0)
    assert grad(grad(lambda w: product({"w": w, "b": [w, 1.0]})))(3.0) == 2.0


def test_linear_with_its_transpose():
    matrix = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])

    @linear(x=lambda g: matrix.T @ g)
    def apply(x):
        return matrix @ np.asarray(x)

    np.testing.assert_array_equal(jacobian(apply)(X), matrix)
    np.testing.assert_array_equal(make_jvp(apply)(X)(X)[1], matrix @ X)


def test_linear_without_a_transpose_is_transposed_as_what_it_is_made_of():
    @linear
    def second_differences(x):
        return x[2:] - 2 * x[1:-1] + x[:-2]

    x = np.arange(5.0) ** 2
    expected = [[1, -2, 1, 0, 0], [0, 1, -2, 1, 0], [0, 0, 1, -2, 1]]
    np.testing.assert_array_equal(jacobian(second_differences)(x), expected)
    np.testing.assert_array_equal(make_jvp(second_differences)(x)(x)[1], [2.0, 2.0, 2.0])


def test_a_wrong_rule_is_named_in_the_error_it_causes():
    @derivative(x=lambda g, x: g * np.ones(3))
    def mean(x):
        return float(np.mean(x))

    with pytest.raises(RuleError, match=r"rule of mean for 'x' .* returned a gradient of shape \(3,\).*shape \(2,\)"):
        grad(mean)(X)
    with pytest.raises(RuleError, match="rule of mean for 'x'"):
        make_jvp(mean)(X)(X)

    @derivative(x=lambda g, x: g * x["missing"])
    def fails(x):
        return float(np.sum(x))

    for transform in (grad(fails), lambda x: make_jvp(fails)(x)(x)):
        with pytest.raises(IndexError) as caught:
            transform(X)
        assert "rule of fails (for x)" in "".join([*getattr(caught.value, "__notes__", []), str(caught.value)])


def test_an_unregistered_ufunc_of_another_library_names_where_those_of_scipy_are():
    foreign = np.frompyfunc(lambda x: x, 1, 1)
    with pytest.raises(MissingDerivativeError, match=r"import autograd\.scipy\.special"):
        grad(foreign)(1.0)


@pytest.mark.parametrize(
    ("function", "rules"),
    [
        (lambda a, b: a * b, {"a": lambda g: g, "bb": lambda g: g}),
        (lambda a, b: a * b, {"b": lambda g: g, "aa": None}),
        (lambda a, b=1.0, *, c=2.0: a, {"a": lambda g: g, "d": lambda g: g}),
        (np.sum, {"aa": lambda g: g}),
        (np.kron, {"a": lambda g: g, "bb": lambda g: g}),
    ],
)
def test_a_misspelt_operand_fails_at_registration_with_the_names_that_exist(function, rules):
    before = dict(TABLE)
    names = list(inspect.signature(function).parameters)
    with pytest.raises(RuleError, match=rf"no argument for the operand.*\({names[0]}"):
        derivative(function, **rules)
    assert before == TABLE


def test_operands_may_be_called_x_and_y_and_arguments_without_a_name_anything():
    times = derivative(lambda top, bottom: top * bottom, x=lambda g, y: g * y, y=lambda g, x: g * x)
    assert grad(times, (0, 1))(2.0, 3.0) == (3.0, 2.0)
    unnamed = derivative(lambda a, b, /: a * b, left=lambda g, right: g * right, right=lambda g, left: g * left)
    assert grad(unnamed, (0, 1))(2.0, 3.0) == (3.0, 2.0)


class Layer(NamedTuple):
    w: float
    b: float


@dataclass
class Net:
    name: None
    first: Layer
    rest: list


def total(net):
    return float(net["w"]) * float(net["b"]["c"])


@pytest.mark.parametrize(
    "gradients",
    [
        lambda g, net: {"w": g * net["b"]["c"], "b": {"c": g * net["w"], "n": None}, "z": None},
        lambda g, net: {"z": None, "b": {"n": None, "c": g * net["w"]}, "w": g * net["b"]["c"]},
    ],
    ids=["in order", "in another order"],
)
def test_gradients_of_a_tree_match_by_key_and_are_zeros_where_the_rule_says_none(gradients):
    function = derivative(lambda net: total(net), trees=("net",), net=gradients)
    point = {"w": 2.0, "b": {"c": 3.0, "n": np.ones(2)}, "z": [X, None]}
    for found in (grad(function)(point), make_vjp(function)(point)[0](1.0), jacobian(function)(point)):
        assert found["w"] == 3.0 and found["b"]["c"] == 2.0
        np.testing.assert_array_equal(found["b"]["n"], np.zeros(2), strict=True)
        np.testing.assert_array_equal(found["z"][0], np.zeros(2), strict=True)
        assert found["z"][1] is None
    assert make_jvp(function)(point)({"w": 1.0, "b": {"c": 10.0, "n": np.ones(2)}, "z": [X, None]}) == (6.0, 23.0)
    assert grad(lambda w: function({**point, "w": w * w}))(2.0) == 12.0
    t = Tensor(2.0)
    function({**point, "w": t}).backward()
    assert t.grad == 3.0


def test_a_tree_operand_may_be_a_dataclass_of_named_tuples_with_none():
    @derivative(trees=("net",), net=lambda g, net: Net(None, Layer(g * net.rest[0], None), [g * net.first.w, None]))
    def product(net):
        return float(net.first.w) * float(net.rest[0])

    net = Net(None, Layer(2.0, 5.0), [3.0, 1.0])
    assert grad(product)(net) == Net(None, Layer(3.0, 0.0), [2.0, 0.0])
    assert make_jvp(product)(net)(Net(None, Layer(1.0, 1.0), [10.0, 1.0])) == (6.0, 23.0)


@pytest.mark.parametrize(
    ("returned", "complaint"),
    [
        ({"w": 1.0}, r"net has the keys \['w'\] where \['w', 'b'\]"),
        ({"w": 1.0, "bb": 1.0}, r"net has the keys \['w', 'bb'\]"),
        ({"w": 1.0, "b": [1.0]}, r"net\['b'\] is a list where a leaf"),
        (1.0, "net is a float where a dict"),
        ({"w": 1.0, "b": np.ones(3)}, r"rule of <lambda> for .?net.*gradient of shape \(3,\)"),
    ],
)
def test_a_rule_that_returns_another_tree_is_named_with_the_path(returned, complaint):
    function = derivative(lambda net: float(net["w"]), trees=("net",), net=lambda g: returned)
    for transform in (grad(function), lambda net: make_jvp(function)(net)(net)):
        with pytest.raises(RuleError, match=complaint):
            transform({"w": 1.0, "b": 2.0})


@pytest.mark.parametrize("returned", ["text", [None, 1.0], object()], ids=["str", "list with None", "object"])
def test_a_rule_that_returns_no_numbers_is_named(returned):
    function = derivative(lambda x: float(np.sum(x)), x=lambda g: returned)
    for transform in (grad(function), lambda x: make_jvp(function)(x)(x)):
        with pytest.raises(RuleError, match=r"The rule of <lambda> for 'x' \(test_extension.*\) returned"):
            transform(X)
