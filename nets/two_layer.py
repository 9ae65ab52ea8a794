"""A two-layer net for binary targets, with its backpropagation derived by hand, and trained by the engine.

    hidden = relu(inputs · W₁ + b₁)          inputs: (batch, input_size)     W₁: (input_size, hidden_size)
    output = sigmoid(hidden · W₂ + b₂)       hidden: (batch, hidden_size)    W₂: (hidden_size, output_size)

`backward` and `update` are the hand-written formulas. Their error is ``target - output`` and `update` *adds*: that is
gradient descent on ½ · Σ (target - output)², the `squared_error` below. The loss that `train` reports is the mean
of the squares, mean((target - output)²): it has another factor, and nothing is differentiated through it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import autograd
from autograd import jit, value_and_grad
from nets.errors import LossError

Array = Any  # an ndarray


class Parameters(NamedTuple):
    """The arrays W₁, b₁, W₂, b₂ of the net. A tuple like any other; its names are those that drawings show.

    W₁: (input_size, hidden_size), b₁: (1, hidden_size), W₂: (hidden_size, output_size), b₂: (1, output_size).

    >>> parameters = initialize(2, 4, 1)
    >>> parameters.input_hidden_bias is parameters[1]
    True
    """

    input_hidden_weights: Array
    input_hidden_bias: Array
    hidden_out_weights: Array
    hidden_out_bias: Array


def sigmoid(x: Any) -> Any:
    """Return σ(x) = 1 / (1 + exp(-x)) elementwise, without overflow. x: any shape.

    >>> float(sigmoid(0.0))
    0.5
    """
    return autograd.sigmoid(x)


def relu(x: Any) -> Any:
    """Return max(0, x) elementwise. x: any shape.

    >>> relu(np.array([-2.0, 0.0, 2.0]))
    array([0., 0., 2.])
    """
    return autograd.relu(x)


def sigmoid_back(x: Array) -> Array:
    """Return σ'(z) = σ(z) · (1 - σ(z)), given the *output* x = σ(z) of the sigmoid. x: any shape.

    >>> float(sigmoid_back(np.array(0.5)))
    0.25
    """
    return x * (1 - x)


def relu_back(x: Array) -> Array:
    """Return relu'(z): 1 where x > 0, else 0 (also at 0), given z or the *output* x = relu(z). x: any shape.

    >>> relu_back(np.array([-2.0, 0.0, 2.0]))
    array([0, 0, 1])
    """
    return np.where(x > 0, 1, 0)


def initialize(input_size: int, hidden_size: int, output_size: int, seed: int = 42) -> Parameters:
    """Return `Parameters` ``(W₁, b₁, W₂, b₂)``: weights drawn from a standard normal distribution, biases zero.

    W₁: (input_size, hidden_size), b₁: (1, hidden_size), W₂: (hidden_size, output_size), b₂: (1, output_size).
    Equal weights would never part: every hidden unit would receive the same gradient. So they start at random.

    >>> [parameter.shape for parameter in initialize(2, 4, 1)]
    [(2, 4), (1, 4), (4, 1), (1, 1)]
    """
    random = np.random.RandomState(seed)  # the generator behind np.random.seed, without touching global state
    input_hidden_weights = random.randn(input_size, hidden_size)
    input_hidden_bias = np.zeros((1, hidden_size))
    hidden_out_weights = random.randn(hidden_size, output_size)
    hidden_out_bias = np.zeros((1, output_size))
    return Parameters(input_hidden_weights, input_hidden_bias, hidden_out_weights, hidden_out_bias)


def forward(
    inputs: Any, input_hidden_weights: Any, input_hidden_bias: Any, hidden_out_weights: Any, hidden_out_bias: Any
) -> tuple[Any, Any]:
    """Return ``(hidden_output, final_output)`` = (relu(x W₁ + b₁), σ(hidden W₂ + b₂)).

    inputs: (batch, input_size); hidden_output: (batch, hidden_size); final_output: (batch, output_size).

    >>> hidden, output = forward(np.zeros((1, 2)), *initialize(2, 4, 1))
    >>> float(output[0, 0])
    0.5
    """
    hidden_input = np.dot(inputs, input_hidden_weights) + input_hidden_bias
    hidden_output = relu(hidden_input)
    final_input = np.dot(hidden_output, hidden_out_weights) + hidden_out_bias
    final_output = sigmoid(final_input)
    return hidden_output, final_output


def backward(
    inputs: Array, hidden_output: Array, final_output: Array, target: Array, hidden_out_weights: Array
) -> tuple[Array, Array]:
    """Return ``(output_delta, hidden_delta)``: the *descent* directions at the two pre-activations, by hand.

        output_delta = (target - output) ⊙ σ'             = -∂E/∂(hidden W₂ + b₂),   E = ½ Σ (target - output)²
        hidden_delta = (output_delta · W₂ᵀ) ⊙ relu'       = -∂E/∂(inputs W₁ + b₁)

    output_delta: (batch, output_size); hidden_delta: (batch, hidden_size).

    >>> parameters = initialize(2, 4, 1)
    >>> hidden, output = forward(np.ones((1, 2)), *parameters)
    >>> [delta.shape for delta in backward(np.ones((1, 2)), hidden, output, np.ones((1, 1)), parameters[2])]
    [(1, 1), (1, 4)]
    """
    output_error = target - final_output
    output_delta = output_error * sigmoid_back(final_output)
    hidden_error = output_delta.dot(hidden_out_weights.T)
    hidden_delta = hidden_error * relu_back(hidden_output)
    return output_delta, hidden_delta


def update(
    inputs: Array,
    hidden_output: Array,
    output_delta: Array,
    hidden_delta: Array,
    input_hidden_weights: Array,
    input_hidden_bias: Array,
    hidden_output_weights: Array,
    hidden_output_bias: Array,
    learning_rate: float,
) -> tuple[Array, Array, Array, Array]:
    """Return the four parameters after one step *along* the deltas of `backward`: W₁ + η · inputsᵀ · hidden_delta, ….

    >>> parameters = initialize(2, 4, 1)
    >>> x, y = np.ones((1, 2)), np.ones((1, 1))
    >>> hidden, output = forward(x, *parameters)
    >>> stepped = update(x, hidden, *backward(x, hidden, output, y, parameters[2]), *parameters, learning_rate=0.1)
    >>> [parameter.shape for parameter in stepped]
    [(2, 4), (1, 4), (4, 1), (1, 1)]
    """
    hidden_output_weights = hidden_output_weights + hidden_output.T.dot(output_delta) * learning_rate
    hidden_output_bias = hidden_output_bias + np.sum(output_delta, axis=0, keepdims=True) * learning_rate
    input_hidden_weights = input_hidden_weights + inputs.T.dot(hidden_delta) * learning_rate
    input_hidden_bias = input_hidden_bias + np.sum(hidden_delta, axis=0, keepdims=True) * learning_rate
    return input_hidden_weights, input_hidden_bias, hidden_output_weights, hidden_output_bias


def squared_error(parameters: Any, inputs: Any, target: Any) -> Any:
    """Return E = ½ · Σ (target - output)², the function whose gradient `backward` derives by hand.

    >>> float(squared_error(initialize(2, 4, 1), np.zeros((1, 2)), np.ones((1, 1))))
    0.125
    """
    _, final_output = forward(inputs, *parameters)
    return 0.5 * np.sum(np.square(target - final_output))


def gradients_by_hand(parameters: Parameters, inputs: Array, target: Array) -> Parameters:
    """Return ∂E/∂(W₁, b₁, W₂, b₂) of `squared_error` from the hand-written formulas (`update` moves against them).

    >>> [g.shape for g in gradients_by_hand(initialize(2, 4, 1), np.ones((3, 2)), np.ones((3, 1)))]
    [(2, 4), (1, 4), (4, 1), (1, 1)]
    """
    hidden_output, final_output = forward(inputs, *parameters)
    deltas = backward(inputs, hidden_output, final_output, target, parameters[2])
    w1, b1, w2, b2 = (np.zeros_like(parameter) for parameter in parameters)
    w1, b1, w2, b2 = update(inputs, hidden_output, *deltas, w1, b1, w2, b2, learning_rate=1.0)
    return Parameters(-w1, -b1, -w2, -b2)


def train(
    inputs: Array,
    target: Array,
    input_size: int,
    hidden_size: int,
    output_size: int,
    learning_rate: float,
    epochs: int,
    *,
    by_hand: bool = False,
    compiled: bool = False,
    seed: int = 42,
    report: Callable[[int, float], None] | None = None,
) -> Parameters:
    """Return the parameters after ``epochs`` steps of gradient descent on E = ½ Σ (target - output)².

    inputs: (batch, input_size); target: (batch, output_size). The gradients come from the engine, or, with
    ``by_hand=True``, from `backward` and `update`: both follow the same path. ``compiled=True`` runs the engine's step
    compiled to plain NumPy, in about half the time of the one by hand. ``report(epoch, loss)`` is called after
    every step with the loss before it, mean((target - output)²); without it, every 100th is printed.
    Raises `LossError` for a target of another shape: (batch,) and (batch, 1) would be stretched to (batch, batch).

    >>> xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    >>> parameters = train(*xor, 2, 4, 1, learning_rate=0.1, epochs=1)
    Epoch 0: Loss 0.3554116985980176
    """
    expected = (len(inputs), output_size)
    if np.shape(target) != expected:
        cure = "Use target[:, None]." if (*np.shape(target), 1) == expected else "Give it a row for each row of inputs."
        raise LossError(f"The target has the shape {np.shape(target)}, and the net's output {expected}. {cure}")
    parameters = initialize(input_size, hidden_size, output_size, seed)
    step = step_by_hand if by_hand else step_compiled if compiled else step_by_engine
    for epoch in range(epochs):
        parameters, loss = step(parameters, inputs, target, learning_rate)
        if report is not None:
            report(epoch, loss)
        elif epoch % 100 == 0:
            print(f"Epoch {epoch}: Loss {loss}")
    return parameters


def step_by_hand(
    parameters: Parameters, inputs: Array, target: Array, learning_rate: float
) -> tuple[Parameters, float]:
    """Return the parameters after one step of the hand-written backpropagation, and the loss before it.

    >>> first = initialize(2, 4, 1)
    >>> second, loss = step_by_hand(first, np.eye(2), np.ones((2, 1)), learning_rate=0.1)
    >>> loss > step_by_hand(second, np.eye(2), np.ones((2, 1)), learning_rate=0.1)[1]
    True
    """
    return _named(*descend_by_hand(parameters, inputs, target, learning_rate))


def descend_by_hand(parameters: Any, inputs: Any, target: Any, learning_rate: Any) -> tuple[Any, Any]:
    """The step by hand as a function of arrays alone, which `autograd.jit` can write out: plain tuples, no class.

    >>> step = initialize(2, 4, 1), np.eye(2), np.ones((2, 1)), 0.1
    >>> "hidden_delta = hidden_error * " in jit(descend_by_hand).source(*step)
    True
    """
    hidden_output, final_output = forward(inputs, *parameters)
    w1, b1, w2, b2 = parameters
    deltas = backward(inputs, hidden_output, final_output, target, w2)
    parameters = update(inputs, hidden_output, *deltas, w1, b1, w2, b2, learning_rate)
    return parameters, np.mean(np.square(target - final_output))


def step_by_engine(
    parameters: Parameters, inputs: Array, target: Array, learning_rate: float
) -> tuple[Parameters, float]:
    """Return the parameters after one step of gradient descent with the engine's gradients, and the loss before it.

    >>> step = initialize(2, 4, 1), np.eye(2), np.ones((2, 1)), 0.1
    >>> [np.allclose(p, q) for p, q in zip(step_by_engine(*step)[0], step_by_hand(*step)[0])]
    [True, True, True, True]
    """
    return _named(*descend(parameters, inputs, target, learning_rate))


def descend(parameters: Any, inputs: Any, target: Any, learning_rate: Any) -> tuple[Any, Any]:
    """The step of the engine as a function of arrays alone, which `autograd.jit` compiles.

    >>> step = initialize(2, 4, 1), np.eye(2), np.ones((2, 1)), 0.1
    >>> "# backward of sigmoid" in jit(descend).source(*step)
    True
    """
    (_, loss), gradient = value_and_grad(_error_and_loss, has_aux=True)(parameters, inputs, target)
    w1, b1, w2, b2 = (p - learning_rate * g for p, g in zip(parameters, gradient, strict=True))
    return (w1, b1, w2, b2), loss


_descend_compiled = jit(descend)


def step_compiled(
    parameters: Parameters, inputs: Array, target: Array, learning_rate: float
) -> tuple[Parameters, float]:
    """Return what `step_by_engine` returns, from the step compiled to plain NumPy.

    >>> step = initialize(2, 4, 1), np.eye(2), np.ones((2, 1)), 0.1
    >>> bool(np.isclose(step_compiled(*step)[1], step_by_engine(*step)[1]))
    True
    """
    return _named(*_descend_compiled(parameters, inputs, target, learning_rate))


def _named(stepped: tuple[Array, ...], loss: Any) -> tuple[Parameters, float]:
    """What a step of plain arrays has returned, under its names."""
    return Parameters(*stepped), float(loss)


def _error_and_loss(parameters: Any, inputs: Any, target: Any) -> tuple[Any, Any]:
    """E = ½ Σ (target - output)² to descend on, and mean((target - output)²) to report."""
    _, final_output = forward(inputs, *parameters)
    squares = np.square(target - final_output)
    return 0.5 * np.sum(squares), np.mean(squares)


def predict(
    inputs: Array,
    input_hidden_weights: Array,
    input_hidden_bias: Array,
    hidden_out_weights: Array,
    hidden_out_bias: Array,
) -> list[int]:
    """Return 1 for each row of inputs whose output exceeds ½, else 0. inputs: (batch, input_size), output_size 1.

    >>> predict(np.zeros((2, 2)), *initialize(2, 4, 1))
    [0, 0]
    """
    _, result = forward(inputs, input_hidden_weights, input_hidden_bias, hidden_out_weights, hidden_out_bias)
    return [1 if y_hat > 0.5 else 0 for y_hat in result]
