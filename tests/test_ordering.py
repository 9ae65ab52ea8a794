"""postponed: the identity for everybody but programs, in which it is an equation that waits for others."""

import numpy as np
import pytest

from autograd import grad, hessian, jacobian, make_jvp, trace
from autograd.transforms.ordering import after, postponed

X = np.array([0.3, -0.7, 1.1])


def cubed(x):
    late = postponed(x, [np.exp(x)])
    return late * late * x


def waiting(x):
    late = after(x, [np.exp(x), x])
    return late * late * x


@pytest.mark.parametrize("fun", [cubed, waiting])
def test_every_derivative_is_that_of_the_identity(fun):
    def total(x):
        return np.sum(fun(x))

    np.testing.assert_array_equal(fun(X), X * X * X)
    np.testing.assert_allclose(grad(total)(X), 3 * X**2, rtol=1e-15)
    np.testing.assert_allclose(hessian(total)(X), np.diag(6 * X), rtol=1e-15)
    np.testing.assert_allclose(jacobian(fun)(X), np.diag(3 * X**2), rtol=1e-15)
    value, x_dot = make_jvp(fun)(X)(np.ones(3))
    np.testing.assert_allclose(value, X**3, rtol=1e-15)
    np.testing.assert_allclose(x_dot, 3 * X**2, rtol=1e-15)


def test_plain_values_are_themselves():
    assert postponed(X, [X]) is X
    assert after(X, [X]) is X


def test_a_program_waits_for_what_is_in_it():
    program = trace(grad(lambda x: np.sum(postponed(x, [2.0, x, None]) * x)), X)
    (equation,) = [equation for equation in program.equations if equation.name == "after"]
    assert equation.reads == (program.inputs[0], program.inputs[0])
    np.testing.assert_array_equal(program(X), 2 * X)


def test_a_program_that_is_differentiated_lets_the_gradient_pass():
    program = trace(lambda x, y: np.sum(np.sin(postponed(x, [y]))), X, 1.0)
    np.testing.assert_allclose(grad(program)(X, 1.0), np.cos(X), rtol=1e-15)
    with pytest.warns(UserWarning, match="does not depend"):
        assert grad(program, 1)(X, 1.0) == 0.0
