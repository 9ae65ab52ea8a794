"""How fast compiled steps are, next to the same steps written by hand in NumPy.

    python -m benchmarks.jit_step

For each step: the median of both in microseconds, taken in turns in one process, and their ratio. Then what the first
call costs (tracing, optimising, compiling), and what it costs to find the compiled program again.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import jit
from nets import two_layer


def medians(*functions: Callable[[], Any], seconds: float = 2.0) -> list[float]:
    """The median time of each function in microseconds; they take turns, so that a busy machine troubles all alike."""
    times: list[list[float]] = [[] for _ in functions]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 20:
        for function, taken in zip(functions, times, strict=True):
            start = time.perf_counter_ns()
            function()
            taken.append((time.perf_counter_ns() - start) / 1e3)
    return [statistics.median(taken) for taken in times]


def adam(p: Any, g: Any, m: Any, v: Any, count: Any, rate: Any = 1e-3) -> Any:
    """One update of Adam, as the paper writes it: every operation makes a new array."""
    m = 0.9 * m + (1 - 0.9) * g
    v = 0.999 * v + (1 - 0.999) * g**2
    m_hat = m / (1 - 0.9**count)
    v_hat = v / (1 - 0.999**count)
    return p - rate * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def report(what: str, goal: float, by_hand: Callable[..., Any], compiled: Any, *args: Any) -> None:
    """Print the two medians and their ratio, after checking that the results agree."""
    expected, found = by_hand(*args), compiled(*args)
    for e, f in zip(expected[0], found[0], strict=True):
        np.testing.assert_allclose(f, e, rtol=1e-3 if np.asarray(e).dtype == np.float32 else 1e-9, atol=1e-6)
    hand, ours = medians(lambda: by_hand(*args), lambda: compiled(*args))
    print(f"{what:40}{hand:12.1f}{ours:12.1f}{ours / hand:8.2f}   goal {goal:.2f}")


def main() -> None:
    """Print the table."""
    print(f"{'µs':40}{'by hand':>12}{'compiled':>12}{'ratio':>8}")
    xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0], [1], [1], [0]])
    report(
        "4×2 → 4 → 1", 0.70, two_layer.step_by_hand, jit(two_layer.descend), two_layer.initialize(2, 4, 1), *xor, 0.1
    )
    rng = np.random.default_rng(0)
    for dtype in (np.float64, np.float32):
        parameters = tuple(0.05 * p.astype(dtype) for p in two_layer.initialize(784, 256, 10))
        batch = rng.normal(size=(128, 784)).astype(dtype), rng.random((128, 10)).astype(dtype)
        what = f"128×784 → 256 → 10, {np.dtype(dtype)}"
        report(what, 1.00, two_layer.step_by_hand, jit(two_layer.descend), parameters, *batch, 0.001)
    moments = [rng.normal(size=10**6) for _ in range(2)] + [rng.random(10**6) for _ in range(2)]
    report("Adam, a million parameters", 0.60, adam, jit(adam), *moments, 3)
    times = []
    for _ in range(15):
        compiled, start = jit(two_layer.descend), time.perf_counter()
        compiled(two_layer.initialize(2, 4, 1), *xor, 0.1)
        times.append(1e3 * (time.perf_counter() - start))
    print(f"{'first call, ms (goal 20)':40}{times[0]:12.1f}{statistics.median(times):12.1f} (median)")
    nothing, arrays = jit(lambda a, b, c, d: 1.0), two_layer.initialize(2, 4, 1)
    nothing(*arrays)
    [empty, entered] = medians(lambda: None, lambda: nothing(*arrays), seconds=0.5)
    print(f"{'finding the program, 4 arrays (goal 3)':40}{'':12}{entered - empty:12.2f}")


if __name__ == "__main__":
    main()
