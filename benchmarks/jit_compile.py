"""How long the first call of a compiled function takes, in which it is traced, optimised and compiled.

    python benchmarks/jit_compile.py [ROUNDS]

For steps of about 50, 500 and 5,000 operations — a recurrent net over more and more time steps, its gradient, and an
update: the median CPU time of the first call, how much of it is spent on each operation, where it is spent, and next to
it one call of the same function without `jit`. Time per operation that grows with the program would be a fault.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: otherwise the threads of BLAS are measured
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import gc
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import jit, sigmoid, trace, value_and_grad
from autograd.compiler.emit.compile import emit_running
from autograd.compiler.optimise import optimise
from autograd.compiler.strict import trace_strictly

#: How often each line is measured.
ROUNDS = int(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else 7
WIDTH, BATCH = 8, 4


def net(params: Any, inputs: Any) -> Any:
    """The mean square of the last state of a net with one gate. inputs: (time, batch, width)."""
    state = np.zeros((BATCH, WIDTH))
    for x in inputs:
        gate = sigmoid(x @ params["U_gate"] + state @ params["W_gate"] + params["b_gate"])
        candidate = np.tanh(x @ params["U"] + state @ params["W"] + params["b"])
        state = (1 - gate) * state + gate * candidate
    return np.mean(np.square(state))


def step(params: Any, inputs: Any, rate: Any) -> Any:
    """One step of gradient descent."""
    loss, gradients = value_and_grad(net)(params, inputs)
    return {name: params[name] - rate * gradients[name] for name in params}, loss


def arguments(length: int) -> Any:
    """The arguments of `step` for inputs of ``length`` time steps."""
    rng = np.random.default_rng(0)
    params = {name: rng.normal(size=(WIDTH, WIDTH)) for name in ("U", "W", "U_gate", "W_gate")}
    params |= {name: np.zeros(WIDTH) for name in ("b", "b_gate")}
    return params, rng.normal(size=(length, BATCH, WIDTH)), 0.1


def cpu_time(function: Callable[[], Any]) -> tuple[float, Any]:
    """The CPU time that a call takes, in milliseconds, and what it returns."""
    gc.collect()  # what was left behind is not cleared away at the cost of this call
    start = time.process_time_ns()
    result = function()
    return (time.process_time_ns() - start) / 1e6, result


def measure(args: Any) -> list[float]:
    """The times of the first call, of tracing, optimising and emitting, and of a call without `jit`."""
    first, _ = cpu_time(lambda: jit(step)(*args))
    traced, program = cpu_time(lambda: trace_strictly(step, args, {}))
    optimised, program = cpu_time(lambda: optimise(program))
    emitted, _ = cpu_time(lambda: emit_running(program))
    eager, _ = cpu_time(lambda: step(*args))
    return [first, traced, optimised, emitted, eager]


def main() -> None:
    """Print the table."""
    columns = ("first call", "tracing", "optimising", "emitting", "eager call", "µs/operation")
    print(f"{'ms':18}" + "".join(f"{column:>13}" for column in columns))
    for length in (1, 12, 125):
        args = arguments(length)
        measure(args)  # what Python remembers of functions and lines, it has learnt by now
        operations = len(trace(step, *args).equations)
        times = [statistics.median(column) for column in zip(*(measure(args) for _ in range(ROUNDS)), strict=True)]
        each = 1e3 * times[0] / operations
        print(f"{f'{operations:,} operations':18}" + "".join(f"{t:13.1f}" for t in [*times, each]), flush=True)


if __name__ == "__main__":
    main()
