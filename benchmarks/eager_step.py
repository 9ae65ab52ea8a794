"""How much longer a training step takes with gradients from a library than with the tutorial's formulas by hand.

    python benchmarks/eager_step.py [LIBRARY ...]

A step is the loss, its gradients and the update of the two-layer net. The libraries are ``primitives`` and ``tutorial``
(this one, with the forward pass in its ``relu`` and ``sigmoid`` or as the tutorial writes it: measured unless told
otherwise), ``torch``, ``mygrad`` and ``hips``. HIPS autograd has the import name of this library: measure it in an
environment where it is installed and this one is not.

Library and formulas take turns in one process, so that whatever else the machine does slows both, and each round gives
one ratio. Printed are the median times in microseconds, and the median and the quartiles of the ratios. Both end at the
same parameters.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: threads of BLAS would be measured too
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gc
import sys
from time import perf_counter

import numpy as np

ROUNDS = 200
SIZES = [(4, 2, 4, 1), (32, 20, 32, 3), (128, 784, 256, 10)]
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


def rate_for(target):
    """The learning rate of the mean of the squares: the tutorial descends ½ Σ (target - output)²."""
    return RATE * target.size / 2


def in_primitives():
    """This library, the forward pass in its own activations."""
    from autograd import relu, sigmoid, value_and_grad

    return descent(np, value_and_grad, lambda p, x: sigmoid(relu(x @ p[0] + p[1]) @ p[2] + p[3]))


def as_in_the_tutorial():
    """This library, the forward pass as the tutorial writes it."""
    from autograd import value_and_grad

    return descent(np, value_and_grad, lambda p, x: forward(np, p, x))


def in_hips_autograd():
    """HIPS autograd, with its own NumPy."""
    import autograd.numpy

    from autograd import value_and_grad

    return descent(autograd.numpy, value_and_grad, lambda p, x: forward(autograd.numpy, p, x))


def forward(numpy, parameters, inputs):
    """The net as the tutorial writes it, in the functions of ``numpy``."""
    w1, b1, w2, b2 = parameters
    hidden = numpy.maximum(0, numpy.dot(inputs, w1) + b1)
    return 1 / (1 + numpy.exp(-(numpy.dot(hidden, w2) + b2)))


def descent(numpy, value_and_grad, net):
    """A step with gradients from ``value_and_grad``."""
    loss_and_gradients = value_and_grad(lambda parameters, x, y: numpy.mean(numpy.square(net(parameters, x) - y)))

    def step(parameters, inputs, target):
        loss, gradients = loss_and_gradients(parameters, inputs, target)
        rate = rate_for(target)
        return tuple(p - rate * g for p, g in zip(parameters, gradients, strict=True)), loss

    return step


def in_mygrad():
    """MyGrad, in its own activations."""
    import mygrad
    from mygrad.nnet.activations import relu, sigmoid

    def step(parameters, inputs, target):
        w1, b1, w2, b2 = leaves = [mygrad.tensor(parameter) for parameter in parameters]
        loss = mygrad.mean(mygrad.square(sigmoid(relu(inputs @ w1 + b1) @ w2 + b2) - target))
        loss.backward()
        rate = rate_for(target)
        return tuple(p - rate * leaf.grad for p, leaf in zip(parameters, leaves, strict=True)), loss.data

    return step


def in_torch():
    """PyTorch on one thread; its tensors share the memory of the arrays, and the step leaves them as they are."""
    import torch

    torch.set_num_threads(1)

    def step(parameters, inputs, target):
        w1, b1, w2, b2 = leaves = [torch.from_numpy(parameter).requires_grad_() for parameter in parameters]
        x, y = torch.from_numpy(inputs), torch.from_numpy(target)
        loss = torch.mean(torch.square(torch.sigmoid(torch.relu(x @ w1 + b1) @ w2 + b2) - y))
        loss.backward()
        rate = rate_for(target)
        with torch.no_grad():
            return tuple(leaf - rate * leaf.grad for leaf in leaves), loss

    return step


LIBRARIES = {
    "primitives": in_primitives,
    "tutorial": as_in_the_tutorial,
    "torch": in_torch,
    "mygrad": in_mygrad,
    "hips": in_hips_autograd,
}


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


def measure(step, arguments):
    """Return the times of both ways, round by round."""
    for own, theirs in zip(step(*arguments)[0], by_hand(*arguments)[0], strict=True):
        np.testing.assert_allclose(np.asarray(own), theirs, rtol=0, atol=1e-12)
    repeats = max(1, round(2e-3 / seconds(by_hand, arguments, 20)))
    gc.collect()
    return np.array([[seconds(way, arguments, repeats) for way in (by_hand, step)] for _ in range(ROUNDS)])


def main():
    titles = f"{'library':>12}{'by hand':>10}{'library':>10}{'ratio':>8}{'quartiles':>16}"
    print(f"{'net (batch × in → hidden → out)':32}{titles}")
    for sizes in SIZES:
        batch, *layers = sizes
        for name in sys.argv[1:] or ["primitives", "tutorial"]:
            times = measure(LIBRARIES[name](), problem(*sizes))
            low, ratio, high = np.quantile(times[:, 1] / times[:, 0], [0.25, 0.5, 0.75])
            hand, theirs = np.median(times, axis=0) * 1e6
            net = f"{batch} × {' → '.join(map(str, layers))}"
            print(f"{net:32}{name:>12}{hand:10.1f}{theirs:10.1f}{ratio:8.2f}{low:9.2f}–{high:.2f}")


if __name__ == "__main__":
    main()
