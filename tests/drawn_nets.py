"""Functions that the tests trace and draw. Their line numbers are in the golden files: change both together."""

from typing import Any, NamedTuple

import numpy as np

from autograd import relu, scope, sigmoid


class Layer(NamedTuple):
    """The parameters of one layer."""

    W: Any
    b: Any


INPUTS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
LABELS = np.array([[0.0], [1.0], [1.0], [0.0]])


def parameters(seed=42):
    """The document's initialisation: normal weights, zero biases."""
    random = np.random.RandomState(seed)
    hidden = Layer(random.randn(2, 4), np.zeros((1, 4)))
    return {"hidden": hidden, "output": Layer(random.randn(4, 1), np.zeros((1, 1)))}


def document_net(params, x):
    with scope("hidden"):
        hidden_output = relu(x @ params["hidden"].W + params["hidden"].b)
    with scope("output"):
        final_output = sigmoid(hidden_output @ params["output"].W + params["output"].b)
    return final_output  # noqa: RET504 (the name is part of the picture)


def document_loss(params, x, y):
    error = y - document_net(params, x)
    return 0.5 * np.sum(np.square(error))


def hand_written(params, x, y):
    """The document's backward pass: the same numbers with the sign of a descent step."""
    hidden_output = np.maximum(0, np.dot(x, params["hidden"].W) + params["hidden"].b)
    final_output = 1 / (1 + np.exp(-(np.dot(hidden_output, params["output"].W) + params["output"].b)))
    output_delta = (y - final_output) * (final_output * (1 - final_output))
    hidden_delta = output_delta.dot(params["output"].W.T) * np.where(hidden_output > 0, 1, 0)
    return {
        "hidden": Layer(x.T.dot(hidden_delta), np.sum(hidden_delta, axis=0, keepdims=True)),
        "output": Layer(hidden_output.T.dot(output_delta), np.sum(output_delta, axis=0, keepdims=True)),
    }, (output_delta, hidden_delta)


def loop(x):
    for step in range(3):
        x = np.tanh(x) * (step + 1)
    return np.sum(x)


def diamonds(x, count=14):
    for _ in range(count):
        x = x + x
    return x


def chain(x, length):
    for _ in range(length):
        x = np.tanh(x)
    return x


def cubic(x):
    return x * x * x
