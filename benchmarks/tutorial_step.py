"""The step that others are measured by: the tutorial's net with its backpropagation by hand, and how to take turns.

It imports NumPy alone, so that it can stand next to any library.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: threads of BLAS would be measured too
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gc
from time import perf_counter

import numpy as np

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


def measure(step, own, rounds):
    """Return the seconds of `by_hand` and of ``step``, round by round, each with its ``own`` arguments."""
    arguments, theirs = own
    repeats = max(1, round(2e-3 / seconds(by_hand, arguments, 20)))
    seconds(step, theirs, 20)
    gc.collect()
    turns = [(by_hand, arguments), (step, theirs)]
    return np.array([[seconds(*turn, repeats) for turn in turns] for _ in range(rounds)])


def report(name, sizes, times):
    """Print the median microseconds of both, and the median and the quartiles of the ratios of the rounds."""
    low, ratio, high = np.quantile(times[:, 1] / times[:, 0], [0.25, 0.5, 0.75])
    hand, others = np.median(times, axis=0) * 1e6
    net = f"{sizes[0]} × {' → '.join(map(str, sizes[1:]))}"
    print(f"{net:24}{name:>14}{hand:10.1f}{others:10.1f}{ratio:8.2f}{low:9.2f}–{high:.2f}")


def print_titles():
    """Print the titles of the columns of `report`."""
    print(f"{'batch × in → hid → out':24}{'':>14}{'by hand':>10}{'other':>10}{'ratio':>8}{'quartiles':>14}")
