"""The registry: wrong rules are refused when they are written, and the names in a rule decide what is kept."""

import functools
import inspect
import tracemalloc

import numpy as np
import pytest

from autograd import AutogradError, Tensor, constant, derivative, grad, gradients, linear, relu, sigmoid
from autograd.errors import ArgumentError, LostGradientError, MissingDerivativeError, RuleError
from autograd.rules import TABLE, Composition
from autograd.signatures import POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, arguments_of


@pytest.fixture(autouse=True)
def the_table_stays_as_it_is():
    rows = dict(TABLE)
    yield
    TABLE.clear()
    TABLE.update(rows)


# ------------------------------------------------------------------------------------------------- refused when written


def scaled(x, scale=2.0, *, flag=False):
    return x * scale


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"x": lambda g, otu: g}, "rule of scaled for 'x' names otu.*among: out, x, x_shape, x_traced, scale, flag"),
        ({"x": lambda g, y: g}, "names y"),
        ({"x": lambda g, x_size: g}, "names x_size"),
        ({"x": lambda g, scale_shape: g}, "names scale_shape"),
        ({"x": lambda out: out}, "does not take g first"),
        ({"x": lambda x, g: g}, "names g"),
        ({"x": lambda: 1.0}, "does not take g first"),
        ({"x": lambda *, g: g}, "takes g by keyword only"),
        ({"x": lambda g, *, x: g}, "takes x by keyword only"),
        ({"x": lambda g, *rest: g}, "names rest"),
        ({"x": lambda g, **rest: g}, "names rest"),
        ({"x": 3}, "rule of scaled for 'x' is an int"),
        ({}, "scaled needs a rule for at least one operand"),
        (
            {"x": None, "scale": None, "flag": None, "z": None},
            "no argument for the operand 'z'; its signature is scaled",
        ),
        ({"x": lambda g: g, "trees": ("y",)}, r"trees=\('y',\) of scaled"),
        ({"x": lambda g: g, "trees": "x"}, "trees='x' of scaled must be a tuple"),
    ],
)
def test_a_wrong_row_fails_where_it_is_written(rules, words):
    with pytest.raises(RuleError, match=words) as caught:
        derivative(scaled, **rules)
    assert isinstance(caught.value, AutogradError) and isinstance(caught.value, ValueError)
    assert scaled not in TABLE


def test_x_y_z_stand_for_the_first_second_and_third_argument_only():
    def weighed(a, b):
        return a * b

    with pytest.raises(RuleError, match=r"no argument for the operand 'y'.* weighed\(a, b\)\. Name it as the function"):
        derivative(weighed, y=lambda g: g)
    recorded = derivative(weighed, x=lambda g, y: g * y, y=lambda g, x: g * x)
    assert grad(recorded)(2.0, 3.0) == 3.0


def test_only_functions_have_rows():
    with pytest.raises(RuleError, match="3 is none"):
        derivative(3, x=lambda g: g)


# -------------------------------------------------------------------------------------------------------- forms


def test_as_a_call():
    def cube(x):
        return x**3

    recorded = derivative(cube, x=lambda g, x: g * 3 * x**2)
    assert grad(recorded)(2.0) == 12.0
    assert recorded(2.0) == cube(2.0) == 8.0


def test_as_a_decorator():
    @derivative(x=lambda g, x: g * 3 * x**2)
    def cube(x):
        """The third power."""
        return x**3

    assert (cube.__name__, cube.__doc__) == ("cube", "The third power.")
    assert list(inspect.signature(cube).parameters) == ["x"]
    assert [grad(cube)(2.0), grad(grad(cube))(2.0), grad(grad(grad(cube)))(2.0)] == [12.0, 12.0, 6.0]


def test_a_function_that_numpy_dispatches_is_returned_as_it_is():
    assert derivative(np.tanh, x=lambda g, out: g * (1 - out * out)) is np.tanh


def test_function_and_rule_may_be_any_callables():
    def power_of(n, x):
        return x**n

    cube = derivative(functools.partial(power_of, 3), x=functools.partial(lambda scale, g, x: scale * g * x**2, 3))
    assert cube(2.0) == 8.0
    assert grad(cube)(2.0) == 12.0


def test_operands_are_found_by_name_else_by_position():
    def ratio(top, bottom):
        return top / bottom

    by_position = derivative(ratio, x=lambda g, y: g / y, y=lambda g, out, y: -g * out / y)
    assert grad(by_position, (0, 1))(3.0, 2.0) == (0.5, -0.75)
    by_name = derivative(ratio, bottom=lambda g, out, bottom: -g * out / bottom, top=lambda g, bottom: g / bottom)
    assert grad(by_name, (0, 1))(3.0, 2.0) == (0.5, -0.75)


@pytest.mark.parametrize("call", [lambda f, x: f(x, 3.0), lambda f, x: f(x, scale=3.0), lambda f, x: f(scale=3.0, x=x)])
def test_parameters_and_operands_by_position_or_keyword(call):
    recorded = derivative(x=lambda g, scale: g * scale)(lambda x, scale=2.0: x * scale)
    assert grad(lambda x: call(recorded, x))(1.0) == 3.0
    assert grad(recorded)(1.0) == 2.0


@pytest.mark.parametrize(
    ("function", "call"),
    [
        (lambda n, x: n * x, lambda f, x: f(3.0, x)),
        (lambda n, x: n * x, lambda f, x: f(x=x, n=3.0)),
        (lambda x, n, /: x * n, lambda f, x: f(x, 3.0)),
        (lambda n, x, /: n * x, lambda f, x: f(3.0, x)),
        (lambda n=3.0, *, x: n * x, lambda f, x: f(x=x)),
    ],
)
def test_operands_may_stand_anywhere(function, call):
    recorded = derivative(function, x=lambda g, n: g * n)
    assert call(recorded, Tensor(5.0)).item() == 15.0
    assert grad(lambda x: call(recorded, x))(5.0) == 3.0


def test_arguments_that_do_not_fit_are_named():
    product = derivative(lambda x, y: x * y, x=lambda g, y: g * y, y=lambda g, x: g * x)
    with pytest.raises(ArgumentError, match="two values for its argument 'x'"):
        product(Tensor(1.0), 2.0, x=3.0)
    with pytest.raises(ArgumentError, match="missing its argument 'x'"):
        product(y=Tensor(1.0))


def test_facts_shape_and_traced():
    seen = []

    @derivative(x=lambda g, x_shape, y_shape, y_traced: seen.append((x_shape, y_shape, y_traced)) or g, y=lambda g: g)
    def add(x, y):
        return x + y

    grad(lambda x: np.sum(add(x, np.ones((2, 3)))))(np.ones((2, 3)))
    grad(lambda x: np.sum(add(x, x)))(np.ones((2, 3)))
    assert seen == [((2, 3), (2, 3), False), ((2, 3), (2, 3), True)]


def test_shapes_of_a_tree_operand():
    seen = []

    @derivative(xs=lambda g, xs_shape: seen.append(xs_shape) or [g * np.ones(s) for s in xs_shape], trees=("xs",))
    def total(xs):
        return sum(np.sum(x) for x in xs)

    grad(total)([np.ones(2), np.ones((1, 3))])
    assert seen == [[(2,), (1, 3)]]


def test_an_error_of_the_call_names_what_was_wrong():
    for call, words in [
        (lambda x: np.sum(x, 0, axis=0), "two values|multiple values"),
        (lambda x: relu(x, x, x), "takes at most 1 positional arguments"),
    ]:
        with pytest.raises(TypeError, match=words):
            grad(call)(np.ones(3))


# -------------------------------------------------------------------------------------- zero, refused, and missing


def test_constant_means_derivative_zero():
    @constant
    def steps(x):
        return np.floor(x)

    with pytest.warns(UserWarning, match="does not depend"):
        assert grad(lambda x: steps(x) * 1.0)(2.5) == 0.0
    assert grad(lambda x: x * np.floor(x))(2.5) == 2.0
    assert type(Tensor([1.5]) > 1) is np.ndarray


def test_a_constant_function_may_take_any_number_of_operands():
    @constant
    def largest(*xs):
        return max(float(np.max(x)) for x in xs)

    assert largest(1.0, np.array([2.0, 3.0])) == 3.0
    assert grad(lambda x: x * largest(x, 2 * x))(2.0) == 4.0


def test_a_missing_row_is_an_error_that_says_how_to_write_one():
    with pytest.raises(
        MissingDerivativeError, match=r"trim_zeros has no row.*argument 0.*derivative\(trim_zeros, .*constant\(trim"
    ):
        grad(lambda x: np.trim_zeros(x))(np.ones(2))
    assert issubclass(MissingDerivativeError, TypeError) and issubclass(MissingDerivativeError, NotImplementedError)


def test_an_operand_without_a_rule_is_an_error_that_says_how_to_write_one():
    @derivative(x=lambda g, y: g * y)
    def product(x, y):
        return x * y

    assert grad(product)(2.0, 3.0) == 3.0
    for call in (product, lambda x, y: product(x, y=y), lambda x, y: product(y, y)):
        with pytest.raises(
            LostGradientError, match=r"product has no derivative.*'y'.*derivative\(product, y=lambda g: …\)"
        ):
            grad(call, 1)(2.0, 3.0)


def test_none_means_that_nobody_differentiates():
    @derivative(x=lambda g, n: g * n, n=None)
    def times(x, n):
        return x * n

    assert grad(times)(2.0, 3) == 3.0
    assert grad(lambda x: times(x, x))(2.0) == 2.0  # the second use has no derivative
    with pytest.warns(UserWarning, match="does not depend"):
        assert grad(times, 1)(2.0, 3.0) == 0.0


def test_linear_rows_are_marked_and_differentiate():
    assert linear(np.negative, x=lambda g: -g) is np.negative
    assert TABLE[np.negative].linear and not TABLE[np.multiply].linear

    @linear(x=lambda g: 2 * g)
    def double(x):
        return 2 * x

    assert TABLE[double.__wrapped__].linear
    assert grad(double)(1.0) == 2.0


def test_the_table_is_keyed_by_function_object():
    assert TABLE[np.divide] is TABLE[np.true_divide]
    assert isinstance(TABLE[np.shape], Composition)


# --------------------------------------------------------------------------------------------------- what is kept

N = 100_000
X = Tensor(np.linspace(0.5, 2.0, N))
Y = Tensor(np.linspace(1.0, 3.0, N))
C = np.ones(N)


def kept_arrays(tensor):
    return [k for k in tensor.node.kept if isinstance(k, np.ndarray) and k.size > 1]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: X + Y, []),
        (lambda: X - Y, []),
        (lambda: -X, []),
        (lambda: X + C, []),
        (lambda: np.sum(X), []),
        (lambda: np.mean(X), []),
        (lambda: X.reshape(2, -1), []),
        (lambda: X * Y, [Y.value, X.value]),
        (lambda: X * X, [X.value]),
        (lambda: np.square(X), [X.value]),
        (lambda: np.log(X), [X.value]),
    ],
    ids=["add", "subtract", "negative", "add constant", "sum", "mean", "reshape", "multiply", "x*x", "square", "log"],
)
def test_a_node_keeps_what_its_rules_name_and_no_more(call, expected):
    kept = {id(array): array for array in kept_arrays(call())}
    assert kept.keys() == {id(array) for array in expected}


@pytest.mark.parametrize("function", [np.exp, np.tanh, np.sqrt, relu, sigmoid])
def test_functions_whose_rule_names_out_keep_the_output_alone(function):
    out = function(X)
    assert [id(k) for k in kept_arrays(out)] == [id(out.value)]


def test_only_the_rules_of_traced_operands_count():
    kept = kept_arrays(X * C)
    assert len(kept) == 1 and np.array_equal(kept[0], C)
    kept = kept_arrays(X / C)  # x=lambda g, y: g / y; the rule of y would keep the output too
    assert len(kept) == 1 and np.array_equal(kept[0], C)
    assert [id(k) for k in kept_arrays(np.matmul(X, Y))] == [id(Y.value), id(X.value)]


def test_bytes_of_a_chain_of_sums_and_of_products():
    def bytes_kept(step):
        tracemalloc.start()
        x = X
        for _ in range(10):
            x = step(x)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return held / (8 * N)

    assert bytes_kept(lambda x: x + X) < 1.1  # the last value alone
    assert 9.9 < bytes_kept(lambda x: x * X) < 10.1  # each product needs both factors
    assert 9.9 < bytes_kept(np.tanh) < 10.1  # each needs its output


def test_gradients_of_what_was_kept_are_right():
    small = Tensor([1.0, 2.0])
    assert gradients(np.sum(small * small), small).tolist() == [2.0, 4.0]


def test_argument_errors_are_type_errors():
    assert issubclass(ArgumentError, TypeError)


def module_of(function):
    """Where a function is from; ufuncs of NumPy before 2.2 do not say."""
    return getattr(function, "__module__", "numpy")


COMPOSITIONS = [row for row in TABLE.values() if isinstance(row, Composition) and "numpy" in module_of(row.function)]


@pytest.mark.parametrize("row", COMPOSITIONS, ids=lambda row: row.function.__name__)
def test_bodies_take_arguments_by_position_as_their_functions_do(row):
    by_position = (POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD)
    names = [argument.name for argument in arguments_of(row.function) if argument.kind in by_position]
    if row.function is np.corrcoef:
        names = names[:3]  # before NumPy 2.4 come two that have no effect
    args, kwargs = row.bind(tuple(names), {})
    assert [*args, *kwargs] == names and all(name == value for name, value in kwargs.items())
    kwargs.pop("out", None)
    bound = inspect.signature(row.body).bind(*args, **kwargs).arguments
    assert all(bound[name] == name for name in names if name in bound)


def test_what_a_body_does_not_take_is_named():
    with pytest.raises(ArgumentError, match=r"clip\(…, where=…\) is not recorded: .* takes a, a_max, a_min.*np.where"):
        np.clip(Tensor([1.0]), 0, 1, where=np.array([True]))
    with pytest.raises(ArgumentError, match=r"astype takes at most 2 positional arguments, but 3 were given"):
        Tensor([1.0]).astype(float, "C")
    with pytest.raises(LostGradientError, match=r"median\(…, out=…\)"):
        np.median(Tensor([1.0]), None, np.zeros(()))
