"""What all transforms share: kinds of argnum, decorators with and without arguments, aux, inputs without entries."""

from typing import Any

import numpy as np
import pytest

from autograd import (
    AutogradError,
    checkpoint,
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    make_jvp,
    make_vjp,
    value_and_grad,
)

X = np.array([1.0, 2.0, 3.0])


def model(x, y, scale=1.0, *, shift=0.0):
    return np.sum(x * x * y) * scale + shift


#: Each transform, and how to get one tree out of what it makes, the vector (if it takes one) being ones.
CALLS: dict[Any, Any] = {
    grad: lambda made, *args: made(*args),
    value_and_grad: lambda made, *args: made(*args)[1],
    jacobian: lambda made, *args: made(*args),
    hessian: lambda made, *args: made(*args),
    elementwise_grad: lambda made, *args: made(*args),
    holomorphic_grad: lambda made, *args: made(*(x + 0j for x in args)),
    make_vjp: lambda made, *args: made(*args)[0](1.0),
}
every_transform = pytest.mark.parametrize("transform", CALLS)


@every_transform
@pytest.mark.parametrize("number", [np.int64(1), np.array(1), np.uint8(1), -1, np.int32(-1)])
def test_argnum_is_an_integer_of_any_type(transform, number):
    call = CALLS[transform]
    np.testing.assert_array_equal(call(transform(model, number), X, 2.0), call(transform(model, 1), X, 2.0))


@every_transform
@pytest.mark.parametrize("numbers", [(1, 0), [1, 0], (np.int64(1), np.int64(0)), (-1, 0)])
def test_several_argnums_give_a_tuple_in_their_order(transform, numbers):
    call = CALLS[transform]
    found = call(transform(model, numbers), X, 2.0)
    assert type(found) is tuple and len(found) == 2
    if transform is not hessian:
        np.testing.assert_array_equal(found[0], call(transform(model, 1), X, 2.0))
        np.testing.assert_array_equal(found[1], call(transform(model, 0), X, 2.0))
    else:
        np.testing.assert_array_equal(found[1][1], call(transform(model, 0), X, 2.0))
        np.testing.assert_array_equal(found[0][1], 2 * X)


@pytest.mark.parametrize("transform", [*CALLS, make_jvp, hessian_vector_product])
@pytest.mark.parametrize("argnum", [1.0, None, "x", (), (0, 0), [np.int64(0), 0], slice(1), (0, None), {0}])
def test_what_is_no_position_is_refused(transform, argnum):
    with pytest.raises(AutogradError, match="It is a position, or a tuple of different positions"):
        transform(model, argnum)


@every_transform
def test_transforms_decorate_with_and_without_arguments(transform):
    call = CALLS[transform]

    @transform
    def first(x, y):
        "The first."
        return model(x, y)

    @transform(argnum=1)
    def second(x, y):
        return model(x, y)

    @transform()
    def third(x, y):
        return model(x, y)

    np.testing.assert_array_equal(call(first, X, 2.0), call(transform(model), X, 2.0))
    np.testing.assert_array_equal(call(second, X, 2.0), call(transform(model, 1), X, 2.0))
    np.testing.assert_array_equal(call(third, X, 2.0), call(transform(model), X, 2.0))
    assert "first" in first.__name__ and "The first." in first.__doc__
    assert transform.__name__ == transform.__wrapped__.__name__


def test_decorators_of_tangents_and_products():
    @make_jvp(argnum=1)
    def push(x, y):
        return model(x, y)

    @hessian_vector_product(argnum=0)
    def product(x, y):
        return model(x, y)

    assert push(X, 2.0)(1.0)[1] == np.sum(X * X)
    np.testing.assert_array_equal(product(X, 2.0, X), 4.0 * X)


def with_aux(x, y=1.0):
    return np.sum(x**3) * y, {"double": 2 * x, "note": "text", "none": None}


@pytest.mark.parametrize(
    ("transform", "rest"),
    [
        (grad, ()),
        (value_and_grad, ()),
        (jacobian, ()),
        (hessian, ()),
        (elementwise_grad, ()),
        (holomorphic_grad, ()),
        (hessian_vector_product, (X,)),
    ],
)
def test_aux_comes_beside_the_result(transform, rest):
    x = X + 0j if transform is holomorphic_grad else X
    found = transform(with_aux, has_aux=True)(x, *rest)
    plain = transform(lambda x: with_aux(x)[0])(x, *rest)
    if transform is value_and_grad:
        (value, aux), gradient = found
        assert value == plain[0]
        found, plain = (gradient, aux), plain[1]
    result, aux = found
    np.testing.assert_array_equal(result, plain)
    assert type(aux["double"]) is np.ndarray and aux["note"] == "text" and aux["none"] is None
    np.testing.assert_array_equal(aux["double"], 2 * x)


def test_aux_of_the_two_products():
    vjp, value, aux = make_vjp(with_aux, has_aux=True)(X)
    assert value == 36.0 and type(aux["double"]) is np.ndarray
    np.testing.assert_array_equal(vjp(1.0), 3 * X**2)
    value, dot, aux = make_jvp(with_aux, has_aux=True)(X)(X)
    assert value == 36.0 and dot == 108.0 and type(aux["double"]) is np.ndarray
    with pytest.raises(AutogradError, match="must return \\(output, aux\\)"):
        make_jvp(lambda x: x, has_aux=True)(X)(X)


def test_aux_is_differentiated_by_an_outer_transform():
    def outer(x):
        gradient, aux = grad(with_aux, has_aux=True)(x)
        return np.sum(gradient) + np.sum(aux["double"])

    np.testing.assert_array_equal(grad(outer)(X), 6 * X + 2)


@pytest.mark.parametrize("shape", [(0,), (2, 0), (0, 2, 0)])
@pytest.mark.parametrize(
    "fun", [lambda x: np.sum(x**2), lambda x: x**2, lambda x: np.stack([np.sum(x), np.sum(x**3)]), lambda x: x[:0] * 2]
)
def test_arrays_without_entries(fun, shape):
    x = np.zeros(shape)
    out = np.shape(fun(x))
    assert jacobian(fun)(x).shape == (*out, *shape)
    assert hessian(fun)(x).shape == (*out, *shape, *shape)
    assert elementwise_grad(fun)(x).shape == shape
    vjp, value = make_vjp(fun)(x)
    assert vjp(value).shape == shape
    value, dot = make_jvp(fun)(x)(x)
    assert np.shape(value) == np.shape(dot) == out


def test_outputs_without_entries():
    assert jacobian(lambda x: x[:0])(X).shape == (0, 3)
    assert hessian(lambda x: x[:0] ** 2)(X).shape == (0, 3, 3)
    np.testing.assert_array_equal(elementwise_grad(lambda x: x[:0])(X), np.zeros(3))
    np.testing.assert_array_equal(make_vjp(lambda x: x[:0])(X)[0](np.zeros(0)), np.zeros(3))


@pytest.mark.parametrize("tree", [{}, None, [], (None, {"a": None})])
@pytest.mark.filterwarnings("ignore:The output of:UserWarning")
def test_trees_without_leaves(tree):
    for transform in (grad, jacobian, hessian, elementwise_grad):
        assert transform(lambda t: 1.0)(tree) == tree
    assert jacobian(lambda t: {"o": X})(tree) == {"o": tree} == hessian(lambda t: {"o": X})(tree)
    assert make_jvp(lambda t: 1.0)(tree)(tree) == (1.0, 0.0)


@pytest.mark.parametrize("value", [3, np.int32(3), True, np.array(3), 3.0, np.float32(3.0), np.array([3, 4], np.int8)])
def test_numbers_of_every_kind(value):
    exact = np.asarray(value)
    dtype = exact.dtype if exact.dtype.kind == "f" else np.dtype(float)
    fun = lambda x: np.sum(x**3)  # noqa: E731
    for found in (grad(fun)(value), jacobian(fun)(value), elementwise_grad(fun)(value)):
        np.testing.assert_array_equal(found, 3 * exact.astype(dtype) ** 2)
        assert np.asarray(found).dtype == dtype and np.shape(found) == np.shape(value)
    curvature = hessian(fun)(value)
    assert curvature.shape == np.shape(value) * 2 and curvature.dtype == dtype


def test_transforms_of_checkpointed_functions():
    segment = checkpoint(lambda x, y: np.tanh(x * y))
    fun = lambda x: np.sum(segment(x, 2.0) * x)  # noqa: E731
    plain = lambda x: np.sum(np.tanh(x * 2.0) * x)  # noqa: E731
    for transform in (grad, jacobian, hessian, elementwise_grad):
        np.testing.assert_allclose(transform(fun)(X), transform(plain)(X), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(jacobian(grad(fun))(X), hessian(plain)(X), rtol=1e-12, atol=1e-15)
    assert make_jvp(fun)(X)(X)[1] == pytest.approx(make_jvp(plain)(X)(X)[1])


def test_the_middle_of_three_closures():
    def outer(a):
        def middle(b):
            def inner(c):
                return a * a * b * c * c

            return grad(inner)(b) * b

        return grad(middle)(a) * a

    # inner' = 2a²b·b, middle = 2a²b³, middle' = 6a²b², at b = a: 6a⁴·a
    assert grad(outer)(2.0) == pytest.approx(30 * 2.0**4)
    assert jacobian(lambda a: make_jvp(lambda b: grad(lambda c: a * b * c * c)(a))(a)(1.0)[1])(3.0) == pytest.approx(
        12.0
    )
