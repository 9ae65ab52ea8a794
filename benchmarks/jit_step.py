"""How fast compiled steps are, and how much memory they need, next to the same steps by hand in NumPy, and by JAX.

    python benchmarks/jit_step.py [SECONDS for each line]

For each step: the median CPU time of all three, taken in turns in one process on one thread, and ratios to the step by
hand; then the peaks of memory, buffers and results included. Then what the first call costs (tracing, optimising,
compiling), and what it costs to find the compiled program again. JAX is left out where it is not installed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: otherwise the threads of BLAS are measured
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import jit, trees
from nets import two_layer

try:
    import jax
except ImportError:
    jax = None

#: How long each line is measured.
SECONDS = float(sys.argv[1]) if __name__ == "__main__" and len(sys.argv) > 1 else 2.0
#: A sample is so many nanoseconds long: a short function is called several times.
SAMPLE = 200_000


def medians(*functions: Callable[[], Any], seconds: float = 2.0) -> list[float]:
    """The median CPU time of each function in microseconds; they take turns, so that a busy machine troubles all."""
    counts = []
    for function in functions:
        start = time.perf_counter_ns()
        for _ in range(3):
            function()
        counts.append(max(1, round(3 * SAMPLE / (time.perf_counter_ns() - start))))
    times: list[list[float]] = [[] for _ in functions]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 20:
        for function, count, taken in zip(functions, counts, times, strict=True):
            start = time.process_time_ns()
            for _ in range(count):
                function()
            taken.append((time.process_time_ns() - start) / count / 1e3)
    return [statistics.median(taken) for taken in times]


def peak(function: Callable[..., Any], *args: Any) -> int:
    """The most memory that is allocated at one time while a function runs, in bytes."""
    tracemalloc.start()
    function(*args)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def kept(compiled: Any, args: Any) -> int:
    """The bytes of the buffers that a compiled function keeps from call to call."""
    pool = compiled._compiled(args, {}).run.pool
    return len(pool.sets) * pool.size


def adam(p: Any, g: Any, m: Any, v: Any, count: Any, rate: Any = 1e-3, sqrt: Any = np.sqrt) -> Any:
    """One update of Adam, as the paper writes it: every operation makes a new array."""
    m = 0.9 * m + (1 - 0.9) * g
    v = 0.999 * v + (1 - 0.999) * g**2
    m_hat = m / (1 - 0.9**count)
    v_hat = v / (1 - 0.999**count)
    return p - rate * m_hat / (sqrt(v_hat) + 1e-8), m, v


def descend_in_jax(parameters: Any, inputs: Any, target: Any, learning_rate: Any) -> Any:
    """The step of `nets.two_layer.descend` as one writes it in JAX."""

    def error_and_loss(parameters: Any) -> tuple[Any, Any]:
        w1, b1, w2, b2 = parameters
        output = jax.nn.sigmoid(jax.nn.relu(inputs @ w1 + b1) @ w2 + b2)
        squares = jax.numpy.square(target - output)
        return 0.5 * jax.numpy.sum(squares), jax.numpy.mean(squares)

    (_, loss), gradient = jax.value_and_grad(error_and_loss, has_aux=True)(parameters)
    return tuple(p - learning_rate * g for p, g in zip(parameters, gradient, strict=True)), loss


def adam_in_jax(*args: Any) -> Any:
    """`adam` of JAX's arrays."""
    return adam(*args, sqrt=jax.numpy.sqrt)


def in_jax(function: Callable[..., Any], args: Any) -> list[Callable[[], Any]]:
    """A call of a function compiled by JAX, which waits for its results; none without JAX."""
    if jax is None:
        return []
    compiled = jax.jit(function)
    held = jax.tree.map(lambda leaf: jax.numpy.asarray(leaf) if isinstance(leaf, np.ndarray) else leaf, args)
    return [lambda: jax.block_until_ready(compiled(*held))]


def report(what: str, goal: float, by_hand: Callable[..., Any], fun: Any, jax_fun: Any, *args: Any) -> None:
    """Print the medians and ratios, after checking that the results agree."""
    compiled = jit(fun)
    others = in_jax(jax_fun, args)
    expected, _ = trees.flatten(by_hand(*args))
    for found in (compiled(*args), *(other() for other in others)):
        for e, f in zip(expected, trees.flatten(found)[0], strict=True):
            np.testing.assert_allclose(f, e, rtol=1e-3 if np.asarray(f).dtype == np.float32 else 1e-9, atol=1e-6)
    hand, ours, *other = medians(lambda: by_hand(*args), lambda: compiled(*args), *others, seconds=SECONDS)
    text = f"{what:30}{hand:11.1f}{ours:11.1f}{ours / hand:7.2f} (≤ {goal:.2f})"
    text += "".join(f"{time:11.1f}{time / hand:7.2f}" for time in other)
    first, second = peak(by_hand, *args), peak(compiled, *args) + kept(compiled, args)
    print(f"{text}{first / 1e3:12.1f}{second / 1e3:10.1f}{second / first:6.2f} (≤ 1)", flush=True)


def main() -> None:
    """Print the table."""
    if jax is not None:
        jax.config.update("jax_enable_x64", True)
    columns = f"{'µs':30}{'by hand':>11}{'compiled':>11}{'ratio':>7}{'':9}"
    columns += f"{'JAX':>11}{'ratio':>7}" if jax is not None else ""
    print(f"{columns}{'by hand, kB':>12}{'compiled':>10}{'ratio':>6}")
    xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    two_layers = two_layer.step_by_hand, two_layer.descend, descend_in_jax
    report("4×2 → 4 → 1", 0.70, *two_layers, two_layer.initialize(2, 4, 1), *xor, 0.1)
    rng = np.random.default_rng(0)
    for dtype in (np.float64, np.float32):
        parameters = tuple(0.05 * p.astype(dtype) for p in two_layer.initialize(784, 256, 10))
        batch = rng.normal(size=(128, 784)).astype(dtype), rng.random((128, 10)).astype(dtype)
        report(f"128×784 → 256 → 10, {np.dtype(dtype)}", 1.00, *two_layers, parameters, *batch, 0.001)
    moments = [rng.normal(size=10**6) for _ in range(2)] + [rng.random(10**6) for _ in range(2)]
    report("Adam, a million parameters", 0.60, adam, adam, adam_in_jax, *moments, 3)
    times = []
    for _ in range(15):
        compiled, start = jit(two_layer.descend), time.process_time()
        compiled(two_layer.initialize(2, 4, 1), *xor, 0.1)
        times.append(1e3 * (time.process_time() - start))
    print(f"{'first call, ms':41}{statistics.median(times):11.1f}{'':7} (≤ 20)")
    nothing, arrays = jit(lambda a, b, c, d: 1.0), two_layer.initialize(2, 4, 1)
    nothing(*arrays)
    [empty, entered] = medians(lambda: None, lambda: nothing(*arrays), seconds=0.5)
    print(f"{'finding the program, 4 arrays':41}{entered - empty:11.2f}{'':7} (≤ 3)")


if __name__ == "__main__":
    main()
