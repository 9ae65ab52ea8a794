"""Primitives with tangents of their own: forward mode takes them, and transposes the vjp only where there are none."""

import autograd.numpy as np
import numpy
import pytest
from autograd.extend import def_linear, defjvp, defjvp_argnum, defjvp_argnums, defvjp, primitive
from autograd.test_util import check_grads

from autograd import AutogradError, deriv, grad, hessian, jacobian, make_hvp, make_jvp
from autograd.errors import RuleError

X = numpy.array([0.5, -1.5, 2.0])


def times(x, y):
    return numpy.asarray(x) * numpy.asarray(y)


def defined_one_by_one(f):
    defjvp(f, lambda g, ans, x, y: g * y, lambda g, ans, x, y: x * g)


def defined_by_number(f):
    defjvp_argnum(f, lambda argnum, g, ans, args, kwargs: g * args[1 - argnum])


def defined_at_once(f):
    defjvp_argnums(
        f, lambda argnums, gs, ans, args, kwargs: sum(g * args[1 - n] for n, g in zip(argnums, gs, strict=True))
    )


def defined_as_the_same(f):
    defjvp(f, "same", "same")


@pytest.mark.parametrize(
    "define", [defined_one_by_one, defined_by_number, defined_at_once, defined_as_the_same, def_linear]
)
def test_a_primitive_with_nothing_but_a_jvp_works_in_forward_mode(define):
    f = primitive(times)
    define(f)
    value, dot = make_jvp(f, (0, 1))(X, X + 1)((numpy.ones(3), 2 * X))
    numpy.testing.assert_allclose(value, X * (X + 1))
    numpy.testing.assert_allclose(dot, (X + 1) + 2 * X * X)
    assert make_jvp(f, 1)(2.0, 3.0)(1.0)[1] == 2.0 and deriv(lambda x: f(x, x))(3.0) == 6.0
    check_grads(f, (0, 1), modes=["fwd"], order=2)(X, X + 1)
    numpy.testing.assert_allclose(jacobian(lambda x: np.stack([f(x, 1.0), f(x, x)]))(2.0), [1.0, 4.0])
    with pytest.raises(NotImplementedError, match="VJP of times"):
        grad(f)(2.0, 3.0)


def test_where_both_exist_forward_mode_takes_the_jvp_and_reverse_mode_the_vjp():
    @primitive
    def f(x):
        return 1.0 * x

    defvjp(f, lambda ans, x: lambda g: 10 * g)
    assert make_jvp(f)(1.0)(1.0)[1] == 10.0  # transposed
    defjvp(f, lambda g, ans, x: 100 * g)
    assert make_jvp(f)(1.0)(1.0)[1] == 100.0 and grad(f)(1.0) == 10.0
    numpy.testing.assert_array_equal(
        jacobian(lambda x: np.concatenate([f(x), f(x)]))(X), 100 * np.tile(np.eye(3), (2, 1))
    )


@primitive
def power(x, n=2):
    return numpy.asarray(x) ** n


defvjp(power, lambda ans, x, n=2: lambda g: g * n * x ** (n - 1))
defjvp(power, lambda g, ans, x, n=2: g * n * x ** (n - 1))


def test_modes_nest_in_any_order():
    cube = lambda x: np.sum(power(x, n=3))  # noqa: E731
    expected = np.diag(6 * X)
    for found in (hessian(cube)(X), jacobian(grad(cube))(X), jacobian(jacobian(cube))(X)):
        numpy.testing.assert_allclose(found, expected, atol=1e-12)
    numpy.testing.assert_allclose(make_hvp(cube)(X)[0](np.ones(3)), 6 * X)
    assert deriv(deriv(deriv(lambda x: power(x, n=3))))(2.0) == 6.0
    assert grad(deriv(lambda x: power(x, n=3)))(2.0) == 12.0 and deriv(grad(lambda x: power(x, n=3)))(2.0) == 12.0


def test_jvps_of_trees():
    @primitive
    def halves(pair, z):
        return pair["a"] * 2.0, pair["b"][0] * z

    defjvp(
        halves, lambda g, ans, pair, z: (g["a"] * 2.0, g["b"][0] * z), lambda g, ans, pair, z: (0.0, g * pair["b"][0])
    )
    value, dot = make_jvp(lambda p, z: halves(p, z), (0, 1))({"a": 1.0, "b": [5.0]}, 3.0)(
        ({"a": 1.0, "b": [10.0]}, 1.0)
    )
    assert value == (2.0, 15.0) and dot == (2.0, 35.0)
    assert make_jvp(lambda x: halves({"a": 1.0, "b": [x]}, 3.0))(5.0)(1.0)[1] == (0.0, 3.0)  # a leaf stands still


def test_a_derivative_of_zero_and_one_that_is_missing():
    @primitive
    def f(x, y, z):
        return 1.0 * x + y + z

    defjvp(f, None, "same", argnums=(0, 1))
    assert make_jvp(f)(1.0, 2.0, 3.0)(1.0)[1] == 0.0
    with pytest.raises(NotImplementedError, match=r"JVP of f wrt argnums \(2,\) not defined. Define it with defjvp"):
        make_jvp(f, 2)(1.0, 2.0, 3.0)(1.0)


def test_wrong_definitions_are_named():
    f = primitive(times)
    with pytest.raises(AutogradError, match="'other' is no jvp"):
        defjvp(f, "other")
    with pytest.raises(TypeError, match="not a primitive"):
        defjvp(numpy.sin, None)
    defjvp(f, lambda g, ans, x, y: np.sum(g * y))
    with pytest.raises(RuleError, match=r"tangent of times has shape \(\) where the output has shape \(3,\)"):
        make_jvp(f)(X, 2.0)(X)
