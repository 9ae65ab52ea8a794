"""The names of HIPS autograd: primitives, vector spaces, tracers, operators, checks, and numpy's own functions."""

import subprocess
import sys
import warnings

import autograd.numpy as np
import autograd.numpy.random as npr
import numpy
import pytest
from autograd.builtins import isinstance as ag_isinstance
from autograd.builtins import type as ag_type
from autograd.core import make_vjp, primitive_vjps
from autograd.differential_operators import grad_named
from autograd.extend import Box, VSpace, defvjp, defvjp_argnum, defvjp_argnums, notrace_primitive, primitive, vspace
from autograd.misc import const_graph, flatten
from autograd.misc.fixed_points import fixed_point
from autograd.misc.flatten import flatten_func
from autograd.misc.optimizers import adam, rmsprop, sgd
from autograd.numpy.numpy_vjps import unbroadcast_f
from autograd.test_util import check_equivalent, check_grads, combo_check, scalar_close
from autograd.tracer import Node, getval, isbox, trace
from autograd.util import func, subvals
from autograd.wrap_util import unary_to_nary

import autograd
from autograd import (
    deriv,
    elementwise_grad,
    grad,
    grad_and_aux,
    hessian,
    jacobian,
    make_ggnvp,
    make_hvp,
    multigrad_dict,
    tensor_jacobian_product,
)

X = numpy.array([0.5, -1.5, 2.0])


def test_attributes_are_numpys_own():
    assert np.sin is numpy.sin and np.concatenate is numpy.concatenate and np.pi == numpy.pi
    assert np.__version__ == numpy.__version__ and np.linalg.solve is numpy.linalg.solve
    assert npr.RandomState is numpy.random.RandomState and autograd.numpy is np
    with pytest.raises(AttributeError):
        _ = np.no_such_function
    with pytest.raises(AttributeError):
        _ = autograd.no_such_transform


@pytest.mark.parametrize(
    "name",
    ["builtins", "core", "differential_operators", "extend", "numpy", "numpy.linalg", "tracer", "util", "wrap_util"],
)
def test_modules_are_reachable_from_the_package_alone(name):
    script = f"import autograd; print(autograd.{name}.__name__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"autograd.{name}"


def test_names_that_user_code_takes_from_the_inside():
    seen = []

    def f(x):
        assert isinstance(x, np.numpy_boxes.ArrayBox)
        seen.append(x._value)
        return x * x._value

    assert grad(f)(3.0) == 3.0 and type(seen[0]) is float
    assert grad(grad(lambda x: f(x) * x))(3.0) == 12.0  # d/dx 2x·x: the outer gradient traces x._value

    @primitive
    def scaled(x, y):
        return numpy.asarray(x) * numpy.asarray(y)

    defvjp(
        scaled,
        lambda ans, x, y: unbroadcast_f(x, lambda g: g * y),
        lambda ans, x, y: unbroadcast_f(y, lambda g: g * x),
    )
    check_grads(scaled, (0, 1), modes=["rev"])(X, 2.0)
    check_grads(scaled, (0, 1), modes=["rev"])(X[:, None], numpy.ones((1, 2)))
    stack = numpy.arange(12.0).reshape(2, 2, 3)
    numpy.testing.assert_array_equal(np.linalg._dot(np.linalg.T(stack), stack), stack.swapaxes(1, 2) @ stack)


@pytest.mark.parametrize(
    ("fun", "slope"),
    [
        (lambda t: np.sum(np.array([t, 2 * t, 5.0]) ** 2), 10 * 3.0),
        (lambda t: np.sum(np.array([[t, 1.0], [t * t, t]])), 8.0),
        (lambda t: np.mean([3.0 * t, t - 1.0, 0.5]), 4 / 3),
        (lambda t: np.max([t, 2.0 * t]), 2.0),
        (lambda t: np.linalg.norm([3.0 * t, 4.0 * t]), 5.0),
        (lambda t: np.dot([t, 1.0], [t, t]), 7.0),
        (lambda t: np.sum(np.full((2, 2), t)), 4.0),
        (lambda t: np.sum(np.r_[t, 1.0, t * t]), 7.0),
        (lambda t: np.sum(np.c_[np.array([t, 1.0]), np.ones(2) * t]), 3.0),
        (lambda t: np.where(condition=True, x=t, y=0.0), 1.0),
        (lambda t: np.select([t > 10, t > 2], [t, 3 * t]), 3.0),
        (lambda t: np.array(t, ndmin=2)[0, 0] * np.int64(t), 3.0),
    ],
)
def test_traced_values_in_lists_and_constructors(fun, slope):
    assert grad(fun)(3.0) == pytest.approx(slope)


def test_constructors_leave_other_objects_alone():
    thing = object()
    assert np.array([thing])[0] is thing and np.array(["a", "b"]).tolist() == ["a", "b"]
    assert np.array([1, 2]).dtype == int and np.array([[], []]).shape == (2, 0)
    assert isinstance(numpy.int64(1), np.int64) and np.zeros(1, np.int64).dtype == numpy.int64


@primitive
def weighted(x, y, scale=1.0):
    """x² y scale."""
    return scale * numpy.asarray(x) ** 2 * numpy.asarray(y)


defvjp(
    weighted,
    lambda ans, x, y, scale=1.0: lambda g: g * 2 * scale * x * y,
    lambda ans, x, y, scale=1.0: lambda g: g * scale * x**2,
)


def test_primitives_in_both_modes_and_orders():
    assert weighted.__name__ == "weighted" and weighted in primitive_vjps
    check_grads(weighted, (0, 1))(X, X + 1)
    assert grad(lambda x: weighted(x, 3.0, scale=2.0))(5.0) == 60.0
    assert grad(grad(lambda x: weighted(x, 3.0)))(5.0) == 6.0
    with pytest.raises(TypeError, match="keyword"):
        grad(lambda x: weighted(1.0, 2.0, scale=x))(1.0)


def test_vjps_by_argument_number_and_all_at_once():
    @primitive
    def times(x, y):
        return numpy.asarray(x) * numpy.asarray(y)

    defvjp_argnum(times, lambda argnum, ans, args, kwargs: lambda g: g * args[1 - argnum])
    check_grads(times, (0, 1))(2.0, 3.0)
    defvjp_argnums(times, lambda argnums, ans, args, kwargs: lambda g: [g * args[1 - n] for n in argnums])
    check_grads(times, (0, 1))(2.0, 3.0)
    defvjp(times, None, lambda ans, x, y: lambda g: g * x)
    assert grad(times)(2.0, 3.0) == 0.0
    defvjp(times, lambda ans, x, y: lambda g: g * x, argnums=(1,))
    assert grad(times, 1)(2.0, 3.0) == 2.0
    with pytest.raises(NotImplementedError, match="VJP of times wrt argnums"):
        grad(times)(2.0, 3.0)
    with pytest.raises(TypeError, match="not a primitive"):
        defvjp(numpy.sin, None)


def test_primitives_of_trees_and_methods():
    @primitive
    def halves(pair):
        return pair["a"] * 2.0, pair["b"][0] * 3.0

    defvjp(halves, lambda ans, pair: lambda g: {"a": g[0] * 2.0, "b": [g[1] * 3.0]})
    assert grad(lambda p: halves(p)[1] * p["a"])({"a": 2.0, "b": [5.0]}) == {"a": 15.0, "b": [6.0]}

    class Scaler:
        factor = 4.0

        @primitive
        def scale(self, x):
            return self.factor * x

    defvjp(func(Scaler.scale), None, lambda ans, self, x: lambda g: g * self.factor)
    assert grad(Scaler().scale)(1.0) == 4.0


def test_a_wrong_vjp_fails_the_check_by_name():
    @primitive
    def foo(x):
        return x * 2.0

    defvjp(foo, lambda ans, x: lambda g: g * 2.001)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of foo failed"):
        check_grads(foo, modes=["rev"])(1.0)
    with pytest.raises(AssertionError, match="Value mismatch"):
        check_grads(foo, modes=["fwd"])(1.0)


def test_checks_of_combinations_and_of_equivalence():
    combo_check(lambda x, power: x**power, (0,), modes=["fwd", "rev"])([X, 2.0], power=[2.0, 3.0])
    assert scalar_close(1.0, 1.0 + 1e-9) and not scalar_close(1.0, 1.01)
    with pytest.raises(AssertionError, match="VSpace mismatch"):
        check_equivalent(X, X[:2])


def test_vector_spaces():
    value = {"a": 1.0, "b": [X, 1j * numpy.ones(2)]}
    space = vspace(value)
    assert space == vspace(space.randn()) and space.size == 8 and space.iscomplex
    assert len(list(space.standard_basis())) == 8
    assert space.inner_prod(space.ones(), space.ones()) == 8.0
    assert vspace(X) != vspace(X[:2]) and "shape" in repr(vspace(X))
    with pytest.raises(TypeError, match="Can't find vector space"):
        vspace("text")


def test_operators_agree_with_jacobians_and_hessians():
    def f(x):
        return np.sum(np.sin(x) * x)

    v = numpy.array([1.0, 2.0, 3.0])
    numpy.testing.assert_allclose(elementwise_grad(lambda x: x**3)(X), deriv(lambda x: x**3)(X))
    hvp, gradient = make_hvp(f)(X)
    numpy.testing.assert_allclose(hvp(v), hessian(f)(X) @ v)
    numpy.testing.assert_allclose(gradient, grad(f)(X))
    assert grad_named(lambda x, y: x * y**2, "y")(3.0, 2.0) == 12.0
    assert multigrad_dict(lambda x, *rest, y=2.0: x * y * rest[0])(3.0, 5.0) == {"x": 10.0, "rest": (6.0,), "y": 15.0}
    gradient, aux = grad_and_aux(lambda x: (x**2, {"kept": x}))(3.0)
    assert gradient == 6.0 and aux == {"kept": 3.0}
    j = jacobian(np.tanh)(X)
    numpy.testing.assert_allclose(tensor_jacobian_product(np.tanh)(X, v), v @ j)
    numpy.testing.assert_allclose(make_ggnvp(np.tanh)(X)(v), j.T @ j @ v)


def test_unary_to_nary():
    @unary_to_nary
    def slope(fun, x):
        vjp, _ = make_vjp(fun, x)
        return vjp(1.0)

    assert slope(lambda x, y: x * y**2, 1)(2.0, 3.0) == 12.0
    assert slope(lambda x, y: x * y**2, (1, 0))(2.0, 3.0) == (12.0, 9.0)
    assert slope(lambda x: x).__name__.startswith("slope_of_")
    assert subvals((1, 2), [(1, 5)]) == (1, 5)


def test_boxes_and_builtins():
    def f(x):
        assert isbox(x) and not isbox(getval(x))
        assert ag_isinstance(x, numpy.ndarray) and ag_type(x) is numpy.ndarray
        assert notrace_primitive(numpy.argsort)(x).tolist() == [1, 0, 2]
        return np.sum(x)

    numpy.testing.assert_array_equal(grad(f)(X), 1.0)


class Names(Node):
    def __init__(self, value, fun, args, kwargs, parent_argnums, parents):
        self.names = [name for parent in parents for name in parent.names] + [fun.__name__]

    def initialize_root(self):
        self.names = []


def test_traces_with_nodes_of_the_user():
    value, node = trace(Names.new_root(), lambda x: np.sum(np.exp(x) + 1), X)
    assert node.names == ["exp", "add", "sum"] and value == numpy.sum(numpy.exp(X) + 1)
    _, node = trace(Names.new_root(), grad(lambda x: np.exp(x) * 2), 1.0)
    assert "exp" in node.names and "multiply" in node.names
    with pytest.warns(UserWarning, match="independent"):
        assert trace(Names.new_root(), lambda x: 3.0, 1.0) == (3.0, None)


def test_const_graph_runs_python_once():
    calls = []

    @primitive
    def note(x, name):
        calls.append(name)
        return x

    replayed = const_graph(lambda x, y: note(x, "x") + 2 * note(y, "y"), 1.0)
    assert [float(replayed(2.0)), float(replayed(3.0))] == [5.0, 7.0] and calls == ["x", "y", "y"]


def test_trees_become_vectors_and_come_back():
    tree = {"w": numpy.ones((2, 2)), "b": [3.0, ()]}
    vector, unflatten = flatten(tree)
    assert vector.tolist() == [1, 1, 1, 1, 3] and unflatten(vector)["b"] == [3.0, ()]
    numpy.testing.assert_array_equal(grad(lambda v: np.sum(unflatten(v)["w"] * 2))(vector), [2, 2, 2, 2, 0])
    flat, unflatten, start = flatten_func(lambda p: {"w": p["w"] * 2, "b": p["b"]}, tree)
    assert unflatten(flat(start))["w"][0, 0] == 2.0
    assert flatten(())[0].shape == (0,) and flatten(1 + 1j)[0].dtype == complex


@pytest.mark.parametrize(
    ("optimizer", "options"),
    [
        (sgd, {"step_size": 0.5}),
        (rmsprop, {"step_size": 0.02, "num_iters": 500}),
        (adam, {"step_size": 0.05, "num_iters": 500}),
    ],
)
def test_optimizers_own_the_loop(optimizer, options):
    seen = []
    target = {"a": X, "b": 2.0}

    def loss(p, i):
        return np.sum((p["a"] - target["a"]) ** 2) + (p["b"] - target["b"]) ** 2

    found = optimizer(grad(loss), {"a": numpy.zeros(3), "b": 0.0}, lambda p, i, g: seen.append(i), **options)
    numpy.testing.assert_allclose(found["a"], X, atol=0.05)
    assert seen == list(range(len(seen))) and len(seen) >= 200


def test_fixed_points_differentiate_implicitly():
    def newton(a):
        return lambda x: 0.5 * (x + a / x)

    def root(a):
        return fixed_point(newton, a, 1.0, lambda x, y: abs(x - y), 1e-12)

    assert root(2.0) == pytest.approx(2**0.5)
    assert grad(root)(2.0) == pytest.approx(0.5 / 2**0.5) and grad(grad(root))(2.0) == pytest.approx(-0.25 * 2**-1.5)


def test_names_from_before_1_2_still_work():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")

        @primitive
        def product(x, y):
            return numpy.asarray(x) * y

        product.defgrad(lambda ans, x, y: lambda g: y * g)
        product.defvjp(lambda g, ans, vs, gvs, x, y: x * g, argnum=1)
        check_grads(product, (0, 1))(2.0, 3.0)
        product.defvjp_is_zero([0, 1])
        assert grad(product)(2.0, 3.0) == 0.0
        autograd.util.quick_grad_check(lambda x, y: x**2 + y, 1.0, (2.0,))


class Polynomial:
    """A function-valued argument: the gradient of an evaluation is itself a polynomial."""

    def __init__(self, coefficients):
        self.coefficients = tuple(coefficients)

    @primitive
    def __call__(self, x):
        return sum(c * x**i for i, c in enumerate(self.coefficients))

    def __add__(self, other):
        return Polynomial(a + b for a, b in zip(self.coefficients, other.coefficients, strict=True))


defvjp(func(Polynomial.__call__), lambda ans, f, x: lambda g: Polynomial(g * x**i for i in range(len(f.coefficients))))


class PolynomialBox(Box, Polynomial):
    @property
    def coefficients(self):
        return self._value.coefficients


class PolynomialSpace(VSpace):
    def zeros(self):
        return Polynomial((0.0, 0.0))


PolynomialBox.register(Polynomial)
PolynomialSpace.register(Polynomial)


def test_objects_of_the_user_are_differentiated():
    gradient = grad(lambda f: f(2.0) ** 2 + 3 * f(1.0))(Polynomial((1.0, 2.0)))
    assert type(gradient) is Polynomial and gradient.coefficients == (13.0, 23.0)
    assert type(vspace(Polynomial((1.0,)))) is PolynomialSpace
    with pytest.raises(TypeError, match="cannot be differentiated"):
        grad(lambda f: f)(object())
