"""Bad input, as users write it: every error is of the library's family, and states the fact, the place and the cure."""

import ast
from pathlib import Path

import numpy as np
import pytest

import autograd
from autograd import (
    AutogradError,
    Tensor,
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    holomorphic_grad,
    jacobian,
    jit,
    make_jvp,
    make_vjp,
    value_and_grad,
)

X = np.array([1.0, 2.0, 3.0])
Z = X + 1j
HUGE = 10**400


def pair(x):
    return {"o": x * 2.0, "s": np.sum(x)}


def pull(g):
    return make_vjp(pair)(X)[0](g)


def push(v):
    return make_jvp(pair)(X)(v)


def cubes(x):
    return np.sum(x**3)


OPERANDS = [
    (lambda t: t * None, r"multiply\(x: \(3,\) float64, y: None\).*Pass numbers and arrays"),
    (lambda t: None * t, r"multiply\(x: None, y: \(3,\) float64\).*Pass numbers"),
    (lambda t: t + "text", r"add\(x: \(3,\) float64, y: str\).*Pass numbers"),
    (lambda t: t * {}, r"multiply\(.*y: dict\).*Pass numbers"),
    (lambda t: t * {1.0, 2.0}, r"multiply\(.*y: set\).*Pass numbers"),
    (lambda t: t * HUGE, r"multiply\(.*y: int\).*too large.*Pass numbers"),
    (lambda t: t < None, r"less\(.*None\).*Pass numbers"),
    (lambda t: t @ None, r"matmul\(.*y: None\)"),
    (lambda t: t + np.ones(2), r"add\(x: \(3,\) float64, y: \(2,\) float64\).*reshape"),
    (lambda t: t["key"], r"getitem\(.*index: str\).*Index with ints and masks"),
    (lambda t: t[t], r"getitem\(.*index: \(3,\) float64\).*t\[x > 0\]"),
    (lambda t: t[1.0], r"getitem\(.*index: float\).*astype\(int\)"),
    (lambda t: t[7], r"index 7 is out of bounds.*from 0 to n - 1"),
    (lambda t: np.sum(t, axis=3), r"axis 3 is out of bounds.*axis of length n"),
    (lambda t: np.full_like(X, t[0]), r"np.full_like\(a, t\), np.broadcast_to\(t, a.shape\)"),
    (lambda t: np.full(3, t[0]), "lose its gradient.*np.stack"),
    (lambda t: np.lib.stride_tricks.as_strided(t, (2, 2), (8, 8)), "lose its gradient"),
    (lambda t: np.array([t[0], t[1]]), "np.stack for an array of tensors"),
    (lambda t: [1, 2, 3][t[0]], r"t.item\(\)"),
]


@pytest.mark.parametrize(("call", "message"), OPERANDS)
def test_operands_that_are_no_arrays(call, message):
    for derivative in (grad(lambda t: np.sum(call(t))), lambda x: make_jvp(call)(x)(x), lambda x: call(Tensor(x))):
        with pytest.raises(AutogradError, match=message):
            derivative(X)


TRANSFORMS = [grad, value_and_grad, jacobian, hessian, elementwise_grad]


class Series:
    """Numbers in a container that is no array."""

    def __array__(self, dtype=None, copy=None):
        return np.ones(3)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_containers_of_other_libraries(transform):
    with pytest.raises(AutogradError, match=r"params\['w'\] is a Series, .*as an array: np.asarray\(params\['w'\]\)\."):
        transform(lambda params: np.sum(params["w"]))({"w": Series()})


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize(
    ("tree", "message"),
    [
        ({"w": X, "n": "name"}, r"params\['n'\] is a str, and"),
        ([1.0, (2.0, {3.0})], r"params\[1\]\[1\] is a set"),
        ({"w": [1.0, HUGE]}, r"params\['w'\]\[1\] is an int that no float is large enough for"),
        (np.array([None, 1.0]), "params is an array of dtype object"),
        (np.array(["a"]), "params is an array of dtype <U1"),
        (HUGE, "params is an int that no float"),
    ],
)
def test_arguments_that_hold_no_numbers(transform, tree, message):
    def loss(params):
        raise AssertionError("is not reached")

    with pytest.raises(AutogradError, match=f"{message}.*loss.*pass the rest separately"):
        transform(loss)(tree)


@pytest.mark.parametrize("transform", [*TRANSFORMS, make_vjp, lambda f: lambda x: make_jvp(f)(x)(x)])
@pytest.mark.parametrize(
    "output",
    [None, {}, (), "text", {1.0}, object(), np.array("text"), np.array([None]), len, HUGE, {"a": "b"}],
    ids=repr,
)
def test_outputs_that_hold_no_numbers(transform, output):
    def model(x):
        return output

    with pytest.raises(AutogradError, match=r"model.*([Rr]eturn|return missing\?)") as caught:
        transform(model)(X)
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize("transform", [grad, value_and_grad])
@pytest.mark.parametrize("output", [lambda x: {"loss": np.sum(x)}, lambda x: [np.sum(x)], lambda x: (np.sum(x), None)])
def test_a_gradient_needs_one_number(transform, output):
    with pytest.raises(
        AutogradError, match=r"needs a scalar output, but it returned a (dict|list|tuple).*has_aux.*jacobian"
    ):
        transform(output)(X)


@pytest.mark.parametrize("transform", [*TRANSFORMS, make_vjp, make_jvp])
@pytest.mark.parametrize("argnum", [2, -3, (0, 2)])
def test_an_argument_that_does_not_exist(transform, argnum):
    def model(x, y):
        return np.sum(x * y)

    with pytest.raises(AutogradError, match=r"model was called with 2 positional arguments.*Pass it by position"):
        transform(model, argnum)(X, X)


@pytest.mark.parametrize(
    ("g", "message"),
    [
        ({"o": X}, r"the cotangent has the keys \['o'\] where \['o', 's'\] were expected.*tree like the output"),
        ({"o": X, "s": 1.0, "z": 1.0}, "has the keys"),
        ([X, 1.0], "has the keys"),
        (X, "the cotangent is an ndarray where a dict was expected"),
        ({"o": X[:2], "s": 1.0}, r"the cotangent\['o'\] has shape \(2,\), but the output has shape \(3,\)"),
        ({"o": X, "s": "a"}, r"the cotangent\['s'\] is a str.*Pass an array of shape \(\)"),
        ({"o": [1.0, 2.0, 3.0], "s": 1.0}, r"the cotangent\['o'\] is a list where a leaf was expected"),
        ({"o": Z, "s": 1.0}, r"the cotangent\['o'\] is complex128, but the output is float64.*np.real"),
        ({"o": None, "s": 1.0}, r"the cotangent\['o'\] is a NoneType"),
        (None, "NoneType"),
    ],
)
def test_cotangents_that_do_not_fit(g, message):
    with pytest.raises(AutogradError, match=message):
        pull(g)


@pytest.mark.parametrize(
    ("v", "message"),
    [
        ([1.0, 2.0, 3.0], r"the tangent is a list, not a number or an array. Pass an array of shape \(3,\)"),
        (X[:2], r"the tangent has shape \(2,\), but the argument has shape \(3,\)"),
        (1.0, r"the tangent has shape \(\)"),
        (Z, "the tangent is complex128, but the argument is float64.*np.real"),
        ({"a": X}, "the tangent is a dict"),
        ("text", "the tangent is a str"),
        (None, "the tangent is a NoneType"),
    ],
)
def test_tangents_that_do_not_fit(v, message):
    for call in (push, lambda v: hessian_vector_product(cubes)(X, v)):
        with pytest.raises(AutogradError, match=message):
            call(v)


def test_tangents_and_cotangents_of_other_dtypes_count_as_the_dtype_there():
    for dtype in (int, np.float32, bool):
        np.testing.assert_array_equal(push(np.ones(3, dtype))[1]["o"], 2 * np.ones(3), strict=True)
        np.testing.assert_array_equal(pull({"s": 1, "o": np.ones(3, dtype)}), 3 * np.ones(3), strict=True)


def test_a_product_without_its_vector():
    with pytest.raises(AutogradError, match="takes the arguments of cubes and then the vector v, but 1 were given"):
        hessian_vector_product(cubes)(X)


@pytest.mark.parametrize("transform", [*TRANSFORMS, make_vjp, make_jvp, hessian_vector_product, holomorphic_grad, jit])
@pytest.mark.parametrize(("fun", "what"), [(3.0, "a float"), (np.sum(X), r"an array of shape \(\)"), ("f", "a str")])
def test_what_is_no_function(transform, fun, what):
    name = transform.__name__
    with pytest.raises(AutogradError, match=rf"{name} was given {what}, and no function. Write {name}\(f\)\(x\)"):
        transform(fun)


def test_the_hessian_of_a_holomorphic_function_has_another_name():
    with pytest.raises(AutogradError, match=r"jacobian\(holomorphic_grad\(power\)\)"):
        hessian(power)(Z)
    np.testing.assert_allclose(jacobian(holomorphic_grad(power))(Z), np.diag(6 * Z))


def power(z):
    return np.sum(z**3)


# --------------------------------------------------------------------------------------- errors within compositions


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda t: np.pad(t, (1, 2, 3)),
            r"pad\(array: \(3,\) float64, pad_width: \(1, 2, 3\)\).*a pair",
        ),
        *[
            (lambda t, mode=mode: np.pad(t, 1, mode, unknown=1), "pad.*unsupported keyword")
            for mode in ("constant", "edge", "linear_ramp", "maximum", "mean", "reflect")
        ],
        (lambda t: np.pad(t[:0], 1, "edge"), r"pad\(array: \(0,\) float64"),
        (lambda t: np.polyder(t, 1.5), r"polyder\(p: \(3,\) float64\).*integer"),
    ],
)
def test_what_goes_wrong_in_a_composition_is_told_by_its_name(call, message):
    with pytest.raises(AutogradError, match=message):
        call(Tensor(np.ones(3)))


def test_errors_of_the_user_pass_through_a_composition():
    def broken(row):
        raise KeyError("mine")

    with pytest.raises(KeyError, match=r"^'mine'$"):
        np.apply_along_axis(broken, 0, Tensor(np.ones((2, 3))))


# ------------------------------------------------------------------------------------------------------------ grammar

ROOT = Path(autograd.__file__).parent.parent
SOURCES = [path for package in ("autograd", "nets") for path in (ROOT / package).glob("**/*.py")]


def articles_before_types(tree):
    """Where an f-string writes an article of its own before the name of a type, which may need the other one."""
    for text in ast.walk(tree):
        if isinstance(text, ast.JoinedStr):
            for before, after in zip(text.values, text.values[1:], strict=False):
                article = isinstance(before, ast.Constant) and before.value.lower().split(" ")[-2:-1] in (["a"], ["an"])
                if article and isinstance(after, ast.FormattedValue) and "__name__" in ast.unparse(after):
                    yield text.lineno


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_types_are_named_with_their_own_article(path):
    assert not list(articles_before_types(ast.parse(path.read_text(encoding="utf-8"))))


def test_the_test_of_articles_can_fail():
    assert list(articles_before_types(ast.parse("f'not a {type(x).__name__}.', f'it is {with_article(type(x))}'"))) == [
        1
    ]
