"""`grad` and `value_and_grad`: which argument, which tree, which outputs are refused, and with which words."""

import inspect
import sys
import warnings
from collections import namedtuple
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import AutogradError, grad, value_and_grad
from autograd.errors import ArgumentError, OutputError

A = np.arange(1.0, 7.0).reshape(2, 3)
Point = namedtuple("Point", "x y")


@dataclass
class Layer:
    w: np.ndarray
    b: float


def product(x, y, z=1.0):
    """Return x y z."""
    return x * y * z


# ----------------------------------------------------------------------------------------------------------- argnum


@pytest.mark.parametrize(
    ("argnum", "expected"),
    [
        (0, 20.0),
        (1, 10.0),
        (2, 8.0),
        (-1, 8.0),
        (-3, 20.0),
        ((0, 2), (20.0, 8.0)),
        ((2, 0), (8.0, 20.0)),
        ((1,), (10.0,)),
    ],
)
def test_argnum_is_a_position_or_a_tuple_of_positions(argnum, expected):
    assert grad(product, argnum)(2.0, 4.0, 5.0) == expected
    assert value_and_grad(product, argnum)(2.0, 4.0, 5.0) == (40.0, expected)


def test_one_argument_named_twice_is_refused():
    with pytest.raises(ArgumentError, match=r"argnum=\(1, -1\) names the argument -1 of product twice"):
        grad(product, (1, -1))(2.0, 4.0)


def test_keywords_are_passed_on_and_not_differentiated():
    assert grad(product)(2.0, y=4.0, z=5.0) == 20.0
    with pytest.raises(ArgumentError, match=r"0 positional arguments.*Pass it by position"):
        grad(product)(x=2.0, y=4.0)


# -------------------------------------------------------------------------------------------------------------- trees


def test_the_gradient_is_a_tree_like_the_argument():
    params = {"layers": [Layer(A, 2.0), Layer(A[0], 3.0)], "point": Point(4.0, (5.0, None)), "none": None}

    def fun(p):
        first, second = p["layers"]
        return np.sum(first.w) * first.b + np.sum(second.w) * second.b + p["point"].x * p["point"].y[0]

    g = grad(fun)(params)
    assert list(g) == ["layers", "point", "none"] and g["none"] is None
    assert (
        isinstance(g["layers"][0], Layer) and g["layers"][0].w.tolist() == [[2.0] * 3] * 2 and g["layers"][0].b == 21.0
    )
    assert g["layers"][1].w.tolist() == [3.0] * 3 and g["layers"][1].b == 6.0
    assert g["point"] == Point(5.0, (4.0, None))


def test_the_argument_itself_is_not_changed():
    params = {"w": A, "b": [1.0]}
    grad(lambda p: np.sum(p["w"]) * p["b"][0])(params)
    assert params["w"] is A and params["b"] == [1.0]


def test_an_argument_that_does_not_matter_gets_zeros_of_its_shape_and_dtype():
    unused = [np.ones((2, 1), np.float32), 3.0, np.ones(2, int)]
    g, zeros = grad(lambda x, unused: x**2, (0, 1))(3.0, unused)
    assert g == 6.0
    assert [(np.shape(z), z.dtype.name, np.max(z)) for z in zeros] == [
        ((2, 1), "float32", 0.0),
        ((), "float64", 0.0),
        ((2,), "float64", 0.0),
    ]
    zeros[0][0] = 1.0  # and they are writeable


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        ("tanh", "a str"),
        (np.array(["a"]), "an array of dtype <U1"),
        (np.array([None]), "an array of dtype object"),
        (np.array(["2020"], "M8[Y]"), r"an array of dtype datetime64\[Y\]"),
        (Decimal(3), "a Decimal"),
        (np.tanh, "a ufunc"),
    ],
)
def test_a_leaf_that_is_no_number_is_named_with_its_path(bad, what):
    def net(params, x):
        return x * params["layers"][0].b

    with pytest.raises(
        ArgumentError, match=rf"params\['layers'\]\[0\]\.w is {what}, and net cannot be .*pass the rest sep"
    ):
        grad(net)({"layers": [Layer(bad, 2.0)]}, 1.0)


def test_arrays_with_operators_of_their_own_are_refused():
    with pytest.raises(ArgumentError, match="MaskedArray"):
        grad(lambda x: np.sum(x))(np.ma.masked_greater(A, 3.0))


# ------------------------------------------------------------------------------------------------------------ has_aux


def test_aux_may_be_anything():
    def fun(x):
        return np.sum(x**2), {"twice": 2 * x, "name": "aux", "nested": [x[0], None, 3]}

    g, aux = grad(fun, has_aux=True)(A[0])
    (value, also), same = value_and_grad(fun, has_aux=True)(A[0])
    assert g.tolist() == same.tolist() == [2.0, 4.0, 6.0] and value == 14.0
    for found in (aux, also):
        assert type(found["twice"]) is np.ndarray and found["twice"].tolist() == [2.0, 4.0, 6.0]
        assert found["nested"] == [1.0, None, 3] and isinstance(found["nested"][0], np.floating)


def test_aux_of_an_inner_gradient_stays_traced_outside():
    def outer(x):
        g, aux = grad(lambda y: (y * y * x, y * x), has_aux=True)(x)  # 2x², x²
        return g + aux

    assert grad(outer)(3.0) == 18.0


@pytest.mark.parametrize("output", [lambda x: x, lambda x: (x,), lambda x: (x, x, x), lambda x: [x, x]])
def test_has_aux_needs_a_pair(output):
    with pytest.raises(OutputError, match="has_aux=True, <lambda> must return"):
        grad(output, has_aux=True)(1.0)


# -------------------------------------------------------------------------------------------------------------- output


def loss(x):
    return x * 2.0


@pytest.mark.parametrize("transform", [grad, value_and_grad])
def test_an_output_that_is_no_scalar_names_its_shape_and_three_cures(transform):
    with pytest.raises(OutputError) as caught:
        transform(loss)(A)
    message = str(caught.value)
    assert message.startswith("grad of loss needs a scalar output, but this one has shape (2, 3).")
    assert ".sum()" in message and "one element" in message and "jacobian" in message
    assert isinstance(caught.value, TypeError) and isinstance(caught.value, AutogradError)


@pytest.mark.parametrize(
    ("fun", "words"),
    [
        (lambda x: np.ones(3), r"has shape \(3,\)"),
        (lambda x: None, "it returned None"),
        (lambda x: "text", "it returned a str"),
        (lambda x: [x], "it returned a list. Return one number; with has_aux=True"),
        (lambda x: (x, x), "it returned a tuple. Return one number; with has_aux=True"),
        (lambda x: x * 1j, r"real scalar output, but this one is complex128.*np\.real.*holomorphic_grad"),
        (lambda x: 1j, "real scalar output, but this one is complex128"),
        (lambda x: object(), "it returned an object"),
    ],
)
def test_other_outputs_are_refused(fun, words):
    with pytest.raises(OutputError, match=words):
        grad(fun)(1.0)


def test_an_output_of_one_entry_is_a_scalar_whatever_its_shape():
    value, g = value_and_grad(lambda x: np.sum(x, keepdims=True))(A)
    assert value.shape == (1, 1) and g.tolist() == [[1.0] * 3] * 2


@pytest.mark.parametrize("output", [3.0, 3, np.float32(3), np.array(3.0), np.array([3.0])])
def test_an_output_that_ignores_the_argument_warns_once_where_it_was_called(output):
    def constant(x):
        return output

    slope = grad(constant)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            assert slope(A).tolist() == [[0.0] * 3] * 2
    (warning,) = caught
    assert "The output of constant does not depend on the differentiated argument" in str(warning.message)
    assert warning.filename == __file__


def test_the_value_is_what_the_function_returns():
    assert value_and_grad(lambda x: x**2)(3.0)[0] == 9.0
    value, _ = value_and_grad(lambda x: np.sum(x))(A.astype(np.float32))
    assert value.dtype == np.float32


def test_the_function_is_called_once():
    calls = []
    value_and_grad(lambda x: (calls.append(x), x * x)[1])(3.0)
    assert len(calls) == 1


# ------------------------------------------------------------------------------------------------ names and signatures


@pytest.mark.parametrize("transform", [grad, value_and_grad])
def test_name_docstring_and_signature_are_those_of_the_function(transform):
    derived = transform(product, 1)
    assert (
        derived.__name__ == f"{transform.__name__}_of_product_wrt_argnum_1" and derived.__module__ == product.__module__
    )
    assert inspect.signature(derived) == inspect.signature(product)
    first, _, rest = inspect.getdoc(derived).partition("\n\n")
    assert "of function product with respect to argument number 1" in first and "gradient" in first
    assert rest == "Return x y z."


def test_callables_without_a_name_are_differentiated_too():
    class Square:
        def __call__(self, x):
            return x * x

        def method(self, x):
            return x * x * x

    assert grad(Square())(3.0) == 6.0
    assert grad(Square().method)(3.0) == 27.0
    assert grad(np.square)(3.0) == 6.0
    assert grad(np.linalg.norm.__call__)(-3.0) == -1.0  # it has no signature of its own
    with pytest.raises(OutputError, match="grad of Square"):
        grad(Square())(A)


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: np.sum(np.where(np.array([True, False]), x, 0.0)),
        lambda x: np.reshape(x, (1,))[0],
        lambda x: np.squeeze(np.broadcast_to(x, (3, 1)))[1],
        lambda x: np.sum(np.stack([x, x])[:1]),
        lambda x: np.sum(np.atleast_1d(x) * np.ones(3)),
        lambda x: np.transpose(x),
    ],
)
@pytest.mark.parametrize("x", [0.5, np.float64(0.5), np.array(0.5)])
def test_a_gradient_without_axes_is_a_numpy_scalar(fun, x):
    for derive in (grad, lambda f: lambda x: value_and_grad(f)(x)[1]):
        assert type(derive(fun)(x)) is np.float64


def test_a_warm_gradient_enters_few_files_and_functions():
    derivative = grad(lambda x: np.sin(x) * x)
    derivative(1.0)
    home, entered = str(Path(autograd.__file__).parent), set()

    def profile(frame, event, argument):
        code = frame.f_code
        if event == "call" and code.co_filename.startswith((home, "<autograd")):  # compiled plans count as functions
            entered.add(code)

    previous = sys.getprofile()
    sys.setprofile(profile)
    try:
        derivative(1.0)
    finally:
        sys.setprofile(previous)
    files = {code.co_filename for code in entered if code.co_filename.startswith(home)}
    assert 4 < len(files) <= 7, sorted(files)
    assert 15 < len(entered) <= 25, sorted(code.co_qualname for code in entered)
