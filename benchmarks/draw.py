"""How long pictures take: run ``python benchmarks/draw.py``. CPU seconds, the best of three."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import draw


def chain(x: Any, length: int) -> Any:
    """tanh of tanh of …"""
    for _ in range(length):
        x = np.tanh(x)
    return x


def diamonds(x: Any, count: int) -> Any:
    """Doubles of doubles: 2^count paths."""
    for _ in range(count):
        x = x + x
    return x


def best(work: Callable[[], Any]) -> float:
    """The CPU seconds of the fastest of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    rows = {
        "100,000 calls, collapsed": lambda: draw(chain, 1.0, 100_000).dot,
        "5,000 calls, all as text": lambda: draw(chain, 1.0, 5_000, max_nodes=None).text(),
        "5,000 calls, collapsed, with gradients": lambda: draw(chain, 1.0, 5_000, gradients=True).dot,
        "200 stacked diamonds": lambda: draw(diamonds, 1.0, 200).dot,
    }
    for name, work in rows.items():
        print(f"{name:<40} {best(work):6.2f} s")
