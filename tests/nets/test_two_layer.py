"""The two-layer net of the tutorial: its functions, its formulas against the engine, its trajectory epoch by epoch.

The tutorial's text is typed in below once more, with its indentation and its ``targets`` mended: `by_hand` is what the
library is compared with, and shares nothing with it.
"""

import inspect

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from autograd import grad, relu, value_and_grad
from nets import two_layer
from nets.errors import LossError

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
Y = np.array([[0], [1], [1], [0]])

# ---------------------------------------------------------------------------------------------------- the tutorial


def by_hand_initialize(input_size, hidden_size, output_size):
    np.random.seed(42)
    input_hidden_weights = np.random.randn(input_size, hidden_size)
    input_hidden_bias = np.zeros((1, hidden_size))
    hidden_out_weights = np.random.randn(hidden_size, output_size)
    hidden_out_bias = np.zeros((1, output_size))
    return input_hidden_weights, input_hidden_bias, hidden_out_weights, hidden_out_bias


def by_hand_forward(inputs, input_hidden_weights, input_hidden_bias, hidden_out_weights, hidden_out_bias):
    hidden_input = np.dot(inputs, input_hidden_weights) + input_hidden_bias
    hidden_output = np.maximum(0, hidden_input)
    final_input = np.dot(hidden_output, hidden_out_weights) + hidden_out_bias
    final_output = 1 / (1 + np.exp(-final_input))
    return hidden_output, final_output


def by_hand_step(inputs, target, w1, b1, w2, b2, learning_rate):
    """One epoch of the tutorial's ``train``: forward, backward, update; and the loss before it."""
    hidden_output, final_output = by_hand_forward(inputs, w1, b1, w2, b2)
    output_error = target - final_output
    output_delta = output_error * (final_output * (1 - final_output))
    hidden_error = output_delta.dot(w2.T)
    hidden_delta = hidden_error * np.where(hidden_output > 0, 1, 0)
    w2 = w2 + hidden_output.T.dot(output_delta) * learning_rate
    b2 = b2 + np.sum(output_delta, axis=0, keepdims=True) * learning_rate
    w1 = w1 + inputs.T.dot(hidden_delta) * learning_rate
    b1 = b1 + np.sum(hidden_delta, axis=0, keepdims=True) * learning_rate
    return (w1, b1, w2, b2), np.mean(np.square(target - final_output))


def by_hand_error(parameters, inputs, target):
    """½ Σ (target - output)², with the tutorial's own forward: what its step descends."""
    return 0.5 * np.sum(np.square(target - by_hand_forward(inputs, *parameters)[1]))


def by_hand_gradients(parameters, inputs, target):
    """Minus the direction of the tutorial's step."""
    stepped, _ = by_hand_step(inputs, target, *parameters, learning_rate=1.0)
    return [p - s for p, s in zip(parameters, stepped, strict=True)]


SIGNATURES = {
    "sigmoid": ["x"],
    "relu": ["x"],
    "sigmoid_back": ["x"],
    "relu_back": ["x"],
    "initialize": ["input_size", "hidden_size", "output_size"],
    "forward": ["inputs", "input_hidden_weights", "input_hidden_bias", "hidden_out_weights", "hidden_out_bias"],
    "backward": ["inputs", "hidden_output", "final_output", "target", "hidden_out_weights"],
    "update": [
        "inputs", "hidden_output", "output_delta", "hidden_delta", "input_hidden_weights", "input_hidden_bias",
        "hidden_output_weights", "hidden_output_bias", "learning_rate",
    ],
    "train": ["inputs", "target", "input_size", "hidden_size", "output_size", "learning_rate", "epochs"],
    "predict": ["inputs", "input_hidden_weights", "input_hidden_bias", "hidden_out_weights", "hidden_out_bias"],
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_functions_of_the_tutorial_exist_under_their_names_and_signatures(name):
    arguments = list(inspect.signature(getattr(two_layer, name)).parameters.values())
    assert [a.name for a in arguments][: len(SIGNATURES[name])] == SIGNATURES[name]
    assert all(a.default is not a.empty for a in arguments[len(SIGNATURES[name]) :])  # what is new is optional


def test_the_parts_agree_with_the_tutorial():
    z = np.linspace(-3, 3, 13)
    np.testing.assert_allclose(two_layer.sigmoid(z), 1 / (1 + np.exp(-z)), rtol=1e-15)
    assert np.array_equal(two_layer.relu(z), np.maximum(0, z))
    assert np.array_equal(two_layer.sigmoid_back(z), z * (1 - z))
    assert np.array_equal(two_layer.relu_back(z), np.where(z > 0, 1, 0))
    for own, theirs in zip(two_layer.initialize(2, 4, 1), by_hand_initialize(2, 4, 1), strict=True):
        assert np.array_equal(own, theirs)
    parameters = by_hand_initialize(2, 4, 1)
    for own, theirs in zip(two_layer.forward(X, *parameters), by_hand_forward(X, *parameters), strict=True):
        np.testing.assert_allclose(own, theirs, rtol=1e-15)


def test_initialize_leaves_the_global_generator_alone():
    np.random.seed(7)
    expected = np.random.randn()
    np.random.seed(7)
    two_layer.initialize(2, 4, 1)
    assert np.random.randn() == expected


def test_backward_and_update_are_the_hand_written_formulas():
    parameters = by_hand_initialize(2, 4, 1)
    hidden_output, final_output = two_layer.forward(X, *parameters)
    deltas = two_layer.backward(X, hidden_output, final_output, Y, parameters[2])
    stepped = two_layer.update(X, hidden_output, *deltas, *parameters, 0.1)
    for own, theirs in zip(stepped, by_hand_step(X, Y, *parameters, 0.1)[0], strict=True):
        np.testing.assert_allclose(own, theirs, rtol=0, atol=1e-15)


def test_predict_is_whether_the_output_exceeds_one_half():
    parameters = by_hand_initialize(2, 4, 1)
    outputs = by_hand_forward(X, *parameters)[1]
    assert two_layer.predict(X, *parameters) == [int(y > 0.5) for y in outputs[:, 0]]


# -------------------------------------------------------------------------------------------------- the trajectory

EPOCHS = 1000


@pytest.fixture(scope="module")
def path():
    """The parameters after each epoch of the hand-written loop, and its losses."""
    parameters, points, losses = by_hand_initialize(2, 4, 1), [], []
    for _ in range(EPOCHS):
        parameters, loss = by_hand_step(X, Y, *parameters, 0.1)
        points.append(parameters)
        losses.append(loss)
    return points, losses


def engine_step_through(forward):
    """A step with the engine's gradient of ½ Σ (target - output)² of ``forward``, and the tutorial's loss as aux."""

    def error(parameters):
        squares = np.square(Y - forward(X, *parameters)[1])
        return 0.5 * np.sum(squares), np.mean(squares)

    def step(parameters):
        (_, loss), gradient = value_and_grad(error, has_aux=True)(parameters)
        return tuple(p - 0.1 * g for p, g in zip(parameters, gradient, strict=True)), loss

    return step


@pytest.mark.parametrize(
    "step",
    [
        lambda parameters: two_layer.step_by_engine(parameters, X, Y, 0.1),
        lambda parameters: two_layer.step_by_hand(parameters, X, Y, 0.1),
        engine_step_through(two_layer.forward),
        engine_step_through(by_hand_forward),
    ],
    ids=["the library's step", "the library's formulas", "its forward", "the tutorial's forward with plain np"],
)
def test_parameters_after_every_epoch_are_those_of_the_hand_written_loop(step, path):
    parameters = by_hand_initialize(2, 4, 1)
    for expected, expected_loss in zip(*path, strict=True):
        parameters, loss = step(parameters)
        for own, theirs in zip(parameters, expected, strict=True):
            assert np.max(np.abs(own - theirs)) <= 1e-12
        assert abs(loss - expected_loss) <= 1e-12


@pytest.mark.parametrize("how", [{}, {"by_hand": True}, {"compiled": True}], ids=str)
def test_train_follows_the_same_path_and_reports_every_loss(how, path):
    points, losses = path
    reported = []
    parameters = two_layer.train(
        X, Y, 2, 4, 1, 0.1, EPOCHS, **how, report=lambda epoch, loss: reported.append((epoch, loss))
    )
    for own, theirs in zip(parameters, points[-1], strict=True):
        assert np.max(np.abs(own - theirs)) <= 1e-12
    assert [epoch for epoch, _ in reported] == list(range(EPOCHS))
    np.testing.assert_allclose([loss for _, loss in reported], losses, rtol=0, atol=1e-12)
    assert two_layer.predict(X, *parameters) == [0, 1, 1, 0]


def test_train_prints_every_hundredth_loss(capsys):
    two_layer.train(X, Y, 2, 4, 1, 0.1, 201)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["Epoch 0", "Epoch 100", "Epoch 200"]
    assert lines[0].startswith("Epoch 0: Loss 0.35541169859801")


# ------------------------------------------------------------------------------------------------------- the corner


def test_the_first_row_starts_exactly_at_the_corner_where_the_slope_is_zero():
    w1, b1, w2, b2 = parameters = by_hand_initialize(2, 4, 1)
    assert np.array_equal(X[:1] @ w1 + b1, np.zeros((1, 4)))
    for rectify in (relu, two_layer.relu, lambda z: np.maximum(0, z), lambda z: np.maximum(z, 0)):

        def error(w1, b1, rectify=rectify):
            return np.sum(rectify(X[:1] @ w1 + b1) @ w2 + b2)

        dw1, db1 = grad(error, (0, 1))(w1, b1)
        assert not dw1.any() and not db1.any()
    for fun in (two_layer.squared_error, by_hand_error):
        for g, theirs in zip(
            grad(fun)(parameters, X[:1], Y[:1]), by_hand_gradients(parameters, X[:1], Y[:1]), strict=True
        ):
            np.testing.assert_allclose(g, theirs, rtol=0, atol=1e-15)


# ------------------------------------------------------------------------ gradients: by hand, and by differences

sizes = st.integers(1, 5)


@st.composite
def problems(draw):
    """Parameters, inputs and targets of random sizes, seeds and dtypes; the biases are not zero."""
    n_in, n_hidden, n_out, batch = draw(sizes), draw(sizes), draw(sizes), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    shapes = [(n_in, n_hidden), (1, n_hidden), (n_hidden, n_out), (1, n_out)]
    parameters = tuple(rng.normal(size=shape).astype(dtype) for shape in shapes)
    inputs = rng.integers(-2, 3, (batch, n_in)) if draw(st.booleans()) else rng.normal(size=(batch, n_in)).astype(dtype)
    return parameters, inputs, rng.integers(0, 2, (batch, n_out))


def relative_difference(found, expected):
    scale = max(1.0, *(np.max(np.abs(e)) for e in expected))
    return max(np.max(np.abs(f.astype(float) - e)) for f, e in zip(found, expected, strict=True)) / scale


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(problems())
def test_gradients_are_those_of_the_hand_written_formulas(problem):
    parameters, inputs, target = problem
    expected = by_hand_gradients([p.astype(float) for p in parameters], inputs, target)
    for fun in (two_layer.squared_error, by_hand_error):
        found = grad(fun)(parameters, inputs, target)
        assert [g.dtype for g in found] == [p.dtype for p in parameters]
        assert relative_difference(found, expected) <= (1e-12 if parameters[0].dtype == np.float64 else 2e-4)
    if parameters[0].dtype == np.float64:
        assert relative_difference(two_layer.gradients_by_hand(parameters, inputs, target), expected) <= 1e-12


def differences(parameters, inputs, target, step):
    """Central differences (f(θ + h eᵢ) - f(θ - h eᵢ)) / 2h, extrapolated once: the error is of order h⁴."""
    slopes = []
    for place, parameter in enumerate(parameters):
        slope = np.zeros_like(parameter)
        for index in np.ndindex(parameter.shape):

            def error_at(t, place=place, index=index):
                moved = [p.copy() for p in parameters]
                moved[place][index] += t
                return by_hand_error(moved, inputs, target)

            wide = (error_at(2 * step) - error_at(-2 * step)) / (4 * step)
            near = (error_at(step) - error_at(-step)) / (2 * step)
            slope[index] = (4 * near - wide) / 3
        slopes.append(slope)
    return slopes


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(problems())
def test_gradients_agree_with_central_differences(problem):
    parameters, inputs, target = problem
    parameters = tuple(p.astype(float) for p in parameters)
    to_the_corner = np.min(np.abs(inputs @ parameters[0] + parameters[1])) / max(1.0, np.max(np.abs(inputs)))
    step = min(1e-3, to_the_corner / 4)  # so that no relu bends inside the differences
    assume(step > 1e-5)
    expected = differences(parameters, inputs, target, step)
    assert relative_difference(grad(two_layer.squared_error)(parameters, inputs, target), expected) <= 1e-7


@pytest.mark.parametrize(
    ("target", "cure"), [(np.zeros(3), r"target\[:, None\]"), (np.zeros((2, 1)), "a row for each")]
)
def test_a_target_of_another_shape_is_not_stretched(target, cure):
    with pytest.raises(LossError, match=cure):
        two_layer.train(np.ones((3, 2)), target, 2, 4, 1, learning_rate=0.1, epochs=1)
