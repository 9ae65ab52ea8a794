"""Training steps of convolutional and recurrent nets, compiled and as Python runs them.

    python benchmarks/jit_nets.py [SECONDS]

A step is what `fit` does with one batch: loss, gradients, and an update of adam. Printed are the milliseconds of
compiling (CPU time of the first call), and the median CPU time of a step both ways, which take turns for so many
seconds (three unless told otherwise). Both must have the same loss.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy, which reads it once

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from nets import adam, conv2d, dense, dropout, flatten, gru, lstm, max_pool, relu, rnn, serial
from nets.losses import mean_squared_error, softmax_cross_entropy_with_integer_labels
from nets.steps import make_step

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
rng = np.random.default_rng(0)


def seconds(call: Callable[[], Any]) -> float:
    """The CPU time of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def report(what: str, net: Any, loss: Any, x: Any, y: Any) -> None:
    """Print one line of the table."""
    params = net.init(0, (-1, *x.shape[1:]))[1]
    params = {layer: {name: p.astype(x.dtype) for name, p in own.items()} for layer, own in params.items()}
    batch = params, adam().init(params), x, y, 0
    fast, slow = (make_step(net, loss, adam(), compiled=compiled) for compiled in (True, False))
    first = seconds(lambda: fast(*batch))
    np.testing.assert_allclose(fast(*batch)[2]["loss"], slow(*batch)[2]["loss"], rtol=1e-4)
    rounds, until = [], time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        rounds.append([seconds(lambda: fast(*batch)), seconds(lambda: slow(*batch))])
    ours, python = (1e3 * statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{what:45}{1e3 * first:10.0f}{ours:10.2f}{python:10.2f}{ours / python:7.2f}", flush=True)


print(f"{'ms':45}{'first':>10}{'compiled':>10}{'Python':>10}{'ratio':>7}")
images = rng.random((32, 8, 8, 1)).astype(np.float32), rng.integers(10, size=32)
convnet = serial(
    conv2d(16), relu, conv2d(32), relu, max_pool(2), flatten(), dropout(0.3), dense(64), relu, dense(10)
)  # fmt: skip
report("convnet of examples/digits.py, float32", convnet, softmax_cross_entropy_with_integer_labels, *images)
for name, cell in (("rnn", rnn), ("gru", gru), ("lstm", lstm)):
    sequences = rng.normal(size=(8, 100, 4)), rng.normal(size=(8, 1))
    report(
        f"{name}(16) over 100 time steps, float64",
        serial(cell(16, last=True), dense(1)),
        mean_squared_error,
        *sequences,
    )
