"""From the formula of an optimiser, written for one array, to the optimiser of a tree of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd import derivative, trees
from nets.errors import OptionError
from nets.optimizers.core import Optimizer, leaves_like
from nets.schedules import Schedule, as_schedule

__all__ = ["LearningRate", "Step", "descent"]

LearningRate = float | Schedule
Step = Callable[..., Any]

BLOCK = 1 << 14  # entries: a handful of blocks of float64 fit into the second-level cache


def descent(learning_rate: LearningRate, slots: tuple[str, ...], formula: Callable[[Any, Any], Step]) -> Optimizer:
    """The optimiser of ``formula(η, t)``, which returns the step of one array, ``(g, θ, *slots) -> (Δθ, *slots)``.

    t counts updates from 1. The slots start at zero. The state notes the learning rate of the last update.
    """
    schedule = as_schedule(learning_rate)
    rate_of = partial(_scheduled, schedule=schedule) if callable(learning_rate) else schedule

    def init(params: Any) -> dict[str, Any]:
        zeros = {slot: trees.map_tree(np.zeros_like, params) for slot in slots}
        return {"count": 0, "learning_rate": rate_of(0), **zeros}

    def update(grads: Any, state: dict[str, Any], params: Any = None) -> tuple[Any, dict[str, Any]]:
        rate = rate_of(state["count"])
        count = state["count"] + 1
        step = _in_blocks(formula(rate, count))
        leaves, structure = trees.flatten(grads)
        parameters = leaves if params is None else _of_one_shape(leaves_like(params, grads), leaves)
        columns = [leaves_like(state[slot], grads) for slot in slots]
        stepped = list(zip(*map(step, leaves, parameters, *columns), strict=True)) or [()] * (1 + len(slots))
        updates, *moved = [trees.rebuild(structure, column) for column in stepped]
        return updates, {"count": count, "learning_rate": rate, **dict(zip(slots, moved, strict=True))}

    return Optimizer(init, update)


def _of_one_shape(params: list[Any], grads: list[Any]) -> list[Any]:
    for p, g in zip(params, grads, strict=True):
        if np.shape(p) != np.shape(g):
            raise OptionError(f"A gradient has the shape of its parameter: {np.shape(p)}, not {np.shape(g)}.")
    return params


def _in_blocks(step: Step) -> Step:
    """The same step, taken in large arrays block by block: what it computes in between then stays in the cache."""

    def blocked(*arrays: Any) -> Any:
        first = arrays[0]
        if not all(type(array) is np.ndarray and array.flags.c_contiguous for array in arrays):
            return step(*arrays)
        if first.size <= 2 * BLOCK or any(array.shape != first.shape for array in arrays):
            return step(*arrays)
        flat = [array.reshape(-1) for array in arrays]
        outputs: list[np.ndarray[Any, Any]] = []
        for start in range(0, first.size, BLOCK):
            block = slice(start, start + BLOCK)
            parts = step(*[array[block] for array in flat])
            outputs = outputs or [np.empty(first.size, part.dtype) for part in parts]
            for output, part in zip(outputs, parts, strict=True):
                output[block] = part
        return tuple([output.reshape(first.shape) for output in outputs])

    return blocked


@derivative(count=None)
def _scheduled(count: Any, schedule: Schedule) -> float:
    """The rate as a Python float, which does not widen float32; a schedule may be any Python code."""
    return float(schedule(count))
