"""What changes the gradient before an optimiser, or an optimiser as a whole: parts to be chained, and wrappers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import derivative, trees
from nets.errors import OptionError
from nets.optimizers.core import Optimizer, as_optimizer, needing_params
from nets.options import number_from

__all__ = ["apply_if_finite", "chain", "clip_by_global_norm", "clip_by_value", "freeze", "weight_decay"]


def chain(*parts: Optimizer) -> Optimizer:
    """Return the optimiser that passes the gradient through ``parts`` from left to right; its state is a tuple.

    ``chain(weight_decay(1e-4), sgd(0.1))`` adds the gradient of an L2 penalty;
    ``chain(clip_by_value(1.0), adam())`` clips. Raises `OptionError` for a part that is no optimiser.

    >>> from nets.optimizers import sgd
    >>> optimizer = chain(clip_by_value(1.0), sgd(0.1))
    >>> optimizer.update(np.array([-3.0, 0.5]), optimizer.init(np.zeros(2)))[0]
    array([ 0.1 , -0.05])
    """
    parts = tuple(map(as_optimizer, parts))

    def update(grads: Any, state: tuple[Any, ...], params: Any = None) -> tuple[Any, tuple[Any, ...]]:
        after = []
        for part, own in zip(parts, state, strict=True):
            grads, own = part.update(grads, own, params)
            after.append(own)
        return grads, tuple(after)

    return Optimizer(lambda params: tuple(part.init(params) for part in parts), update)


def _stateless(change: Callable[[Any, Any], Any]) -> Optimizer:
    return Optimizer(lambda params: (), lambda grads, state, params=None: (change(grads, params), state))


def clip_by_value(limit: float) -> Optimizer:
    """Return the part that clips every entry of the gradient to [-limit, limit].

    >>> clip_by_value(1.0).update(np.array([-3.0, 0.5]), ())[0]
    array([-1. ,  0.5])
    """
    _check_limit(limit)
    return _stateless(lambda grads, params: trees.map_tree(lambda g: np.clip(g, -limit, limit), grads))


def clip_by_global_norm(limit: float) -> Optimizer:
    """Return the part that scales the whole gradient down to the Euclidean norm ``limit``, if it is longer.

    Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.

    >>> clip_by_global_norm(1.0).update({"a": np.array([3.0]), "b": np.array([4.0])}, ())[0]
    {'a': array([0.6]), 'b': array([0.8])}
    """
    _check_limit(limit)

    def clipped(grads: Any, params: Any) -> Any:
        leaves, structure = trees.flatten(grads)
        norm = np.sqrt(sum(np.sum(np.square(g)) for g in leaves))
        scale = _weak(limit / np.maximum(norm, limit))
        return trees.rebuild(structure, [g * scale for g in leaves])

    return _stateless(clipped)


def _check_limit(limit: float) -> None:
    if not limit > 0:
        raise OptionError(f"The limit of a gradient is more than 0, not {limit!r}.")


def weight_decay(rate: float) -> Optimizer:
    """Return the part that adds rate · θ to the gradient: the gradient of the penalty rate/2 · Σθ².

    >>> weight_decay(0.1).update(np.array([1.0]), (), np.array([5.0]))[0]
    array([1.5])
    """
    number_from(rate, "rate")
    part = _stateless(lambda grads, params: trees.map_tree(lambda g, p: g + rate * p, grads, params))
    return needing_params(part, "weight_decay", rate)


def apply_if_finite(optimizer: Optimizer) -> Optimizer:
    """Return ``optimizer`` that skips an update, leaving its state alone, when the gradient is not finite.

    The state is ``{"inner": …, "skipped": how often}``.

    >>> from nets.optimizers import sgd
    >>> optimizer = apply_if_finite(sgd(0.1))
    >>> updates, state = optimizer.update(np.array([np.inf]), optimizer.init(np.zeros(1)))
    >>> updates, state["skipped"]
    (array([0.]), 1)
    """
    optimizer = as_optimizer(optimizer)

    def init(params: Any) -> dict[str, Any]:
        return {"inner": optimizer.init(params), "skipped": 0}

    def update(grads: Any, state: dict[str, Any], params: Any = None) -> tuple[Any, dict[str, Any]]:
        finite: Any = True
        for g in trees.flatten(grads)[0]:
            finite = np.logical_and(finite, np.all(np.isfinite(g)))
        grads = trees.map_tree(lambda g: _choose(finite, g, np.zeros_like(g)), grads)
        updates, inner = optimizer.update(grads, state["inner"], params)
        updates = trees.map_tree(lambda u: _choose(finite, u, np.zeros_like(u)), updates)
        inner = trees.map_tree(lambda new, old: _choose(finite, new, old), inner, state["inner"])
        return updates, {"inner": inner, "skipped": _choose(finite, state["skipped"], state["skipped"] + 1)}

    return Optimizer(init, update)


@derivative(
    condition=None,
    yes=lambda g, condition: _choose(condition, g, np.zeros_like(g)),
    no=lambda g, condition: _choose(condition, np.zeros_like(g), g),
)
def _choose(condition: Any, yes: Any, no: Any) -> Any:
    """One of two values as it is; a compiled step makes this choice anew each time."""
    return yes if condition else no


def freeze(optimizer: Optimizer, *names: str) -> Optimizer:
    """Return ``optimizer`` that leaves alone all parameters below the ``names``: ``freeze(adam(), "embedding_0")``.

    Raises `OptionError` when params have no such name.

    >>> from nets.optimizers import sgd
    >>> params = {"hidden": np.ones(1), "out": np.ones(1)}
    >>> optimizer = freeze(sgd(0.1), "hidden")
    >>> optimizer.update(params, optimizer.init(params))[0]
    {'hidden': array([0.]), 'out': array([-0.1])}
    """
    optimizer = as_optimizer(optimizer)
    if not names:
        raise OptionError("freeze needs the names of what to leave alone, such as freeze(adam(), 'embedding_0').")
    if not all(isinstance(name, str) for name in names):
        raise OptionError(f"freeze takes each name by itself: freeze(adam(), 'dense_0', 'dense_1'), not {names[0]!r}.")
    marks = [f"[{name!r}]" for name in names]

    def init(params: Any) -> Any:
        paths = [path for path, _ in trees.leaves_with_paths(params, "params")]
        for name, mark in zip(names, marks, strict=True):
            if not any(mark in path for path in paths):
                raise OptionError(f"There is nothing to freeze under {name!r}; the parameters are {', '.join(paths)}.")
        return optimizer.init(params)

    def update(grads: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        updates, state = optimizer.update(grads, state, params)
        kept = [
            np.zeros_like(leaf) if any(mark in path for mark in marks) else leaf
            for path, leaf in trees.leaves_with_paths(updates)
        ]
        return trees.rebuild(trees.flatten(updates)[1], kept), state

    return Optimizer(init, update)


@derivative(x=lambda g: g)
def _weak(x: Any) -> float:
    """The number x as a Python float, which does not widen float32."""
    return float(x)
