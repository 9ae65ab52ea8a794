"""How much longer a training step takes with the engine's gradients than with the tutorial's formulas by hand.

    python benchmarks/eager_step.py [ROUNDS]

A step is the loss, its gradients and the update of the two-layer net, whose forward pass is written in the library's
``relu`` and ``sigmoid`` or as the tutorial writes it. The two ways take turns in one process, so that whatever else
the machine does slows both, and each round gives one ratio; printed are the median times in microseconds and the median
and the quartiles of the ratios (200 rounds unless told otherwise). Both ways end at the same parameters.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: threads of BLAS would be measured too
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gc
import sys
from time import perf_counter

import numpy as np

from autograd import relu, sigmoid, value_and_grad

RATE = 0.1


def by_hand(parameters, inputs, target):
    """The tutorial's forward, backward and update, in one piece."""
    w1, b1, w2, b2 = parameters
    hidden = np.maximum(0, np.dot(inputs, w1) + b1)
    output = 1 / (1 + np.exp(-(np.dot(hidden, w2) + b2)))
    error = target - output
    output_delta = error * (output * (1 - output))
    hidden_delta = output_delta.dot(w2.T) * np.where(hidden > 0, 1, 0)
    return (
        w1 + inputs.T.dot(hidden_delta) * RATE,
        b1 + np.sum(hidden_delta, axis=0, keepdims=True) * RATE,
        w2 + hidden.T.dot(output_delta) * RATE,
        b2 + np.sum(output_delta, axis=0, keepdims=True) * RATE,
    ), np.mean(np.square(error))


def net_of_primitives(parameters, inputs):
    """The net in the library's activations."""
    w1, b1, w2, b2 = parameters
    return sigmoid(relu(inputs @ w1 + b1) @ w2 + b2)


def net_of_the_tutorial(parameters, inputs):
    """The net as the tutorial writes it."""
    w1, b1, w2, b2 = parameters
    hidden = np.maximum(0, np.dot(inputs, w1) + b1)
    return 1 / (1 + np.exp(-(np.dot(hidden, w2) + b2)))


def by_engine(net):
    """The same step with the engine's gradients of the loss of ``net``."""
    loss_and_gradients = value_and_grad(lambda parameters, x, y: np.mean(np.square(net(parameters, x) - y)))

    def step(parameters, inputs, target):
        loss, gradients = loss_and_gradients(parameters, inputs, target)
        rate = RATE * target.size / 2  # the tutorial descends ½ Σ (target - output)²
        return tuple(p - rate * g for p, g in zip(parameters, gradients, strict=True)), loss

    return step


WAYS = {"primitives": by_engine(net_of_primitives), "tutorial": by_engine(net_of_the_tutorial)}


def problem(batch, n_in, n_hidden, n_out):
    """Parameters, inputs and targets of a net; small weights, so that no step saturates it."""
    rng = np.random.default_rng(0)
    shapes = [(n_in, n_hidden), (1, n_hidden), (n_hidden, n_out), (1, n_out)]
    parameters = tuple(rng.normal(size=shape) / np.sqrt(n_in) for shape in shapes)
    return parameters, rng.normal(size=(batch, n_in)), rng.integers(0, 2, (batch, n_out)).astype(float)


def seconds(step, arguments, repeats):
    """The time of one step, of ``repeats`` in a row."""
    start = perf_counter()
    for _ in range(repeats):
        step(*arguments)
    return (perf_counter() - start) / repeats


def measure(way, arguments, rounds):
    """Return the times of both ways, round by round."""
    for own, theirs in zip(way(*arguments)[0], by_hand(*arguments)[0], strict=True):
        np.testing.assert_allclose(own, theirs, rtol=0, atol=1e-12)
    repeats = max(1, round(2e-3 / seconds(by_hand, arguments, 20)))
    gc.collect()
    return np.array([[seconds(step, arguments, repeats) for step in (by_hand, way)] for _ in range(rounds)])


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    titles = f"{'forward':>12}{'by hand':>10}{'engine':>10}{'ratio':>8}{'quartiles':>16}"
    print(f"{'net (batch × in → hidden → out)':32}{titles}")
    for sizes in [(4, 2, 4, 1), (32, 20, 32, 3), (128, 784, 256, 10)]:
        batch, *layers = sizes
        for name, way in WAYS.items():
            times = measure(way, problem(*sizes), rounds)
            low, ratio, high = np.quantile(times[:, 1] / times[:, 0], [0.25, 0.5, 0.75])
            hand, engine = np.median(times, axis=0) * 1e6
            net = f"{batch} × {' → '.join(map(str, layers))}"
            print(f"{net:32}{name:>12}{hand:10.1f}{engine:10.1f}{ratio:8.2f}{low:9.2f}–{high:.2f}")


if __name__ == "__main__":
    main()
