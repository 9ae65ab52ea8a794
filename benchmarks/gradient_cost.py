"""The cost of a gradient in forward calls: ``python benchmarks/gradient_cost.py``.

For each function, the median time of ``grad`` (its forward call included) over the median time of the plain call, on
large arrays, measured alternately in one process. A gradient of a reduction has to write an array as large as its input
where the forward call only reads one, so it cannot cost less than reading and writing do; the last column is the
time of ``np.full_like(x, 1.0)``, in forward calls.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from autograd import grad

ROUNDS = 15


def seconds(call: Callable[[], Any]) -> float:
    """The time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def cases() -> dict[str, tuple[Callable[..., Any], tuple[Any, ...]]]:
    """Scalar functions of large arrays."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=1_000_000)
    a, b = rng.normal(size=(2, 400, 400))
    rows = rng.integers(0, 1000, size=1000)
    return {
        "sum": (np.sum, (x,)),
        "mean": (np.mean, (x,)),
        "max": (np.max, (x,)),
        "sum of squares": (lambda x: np.sum(x * x), (x,)),
        "x[::2]": (lambda x: np.sum(x[::2]), (x,)),
        "x[rows]": (lambda x: np.sum(x[rows]), (x.reshape(1000, 1000),)),
        "einsum ij,jk": (lambda a: np.sum(np.einsum("ij,jk->ik", a, b)), (a,)),
        "a @ b": (lambda a: np.sum(a @ b), (a,)),
        "solve": (lambda b: np.sum(np.linalg.solve(a, b)), (b,)),
    }


def medians(fun: Callable[..., Any], args: tuple[Any, ...]) -> list[float]:
    """The median times of the plain call, of its gradient, and of writing an array as large as the first argument."""
    gradient = grad(fun)
    calls = (lambda: fun(*args), lambda: gradient(*args), lambda: np.full_like(args[0], 1.0))
    rounds = [[seconds(call) for call in calls] for _ in range(ROUNDS)]
    return [median(column) for column in zip(*rounds, strict=True)]


def main() -> None:
    """Print one line per function."""
    print(f"{'':16}{'forward':>10}{'gradient':>10}{'ratio':>8}{'writing':>9}")
    for name, (fun, args) in cases().items():
        forward, backward, writing = medians(fun, args)
        times = f"{forward * 1e3:8.2f}ms{backward * 1e3:8.2f}ms"
        print(f"{name:16}{times}{backward / forward:8.1f}{writing / forward:9.1f}")


if __name__ == "__main__":
    main()
