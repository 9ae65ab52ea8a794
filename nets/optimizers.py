"""Optimisers: pairs of pure functions that turn gradients into updates.

    init(params) -> state                                   a dict of numbers and of trees like params
    update(grads, state, params) -> (updates, state)        then: params = apply_updates(params, updates)

Each optimiser is its formula, written for one array; θ the parameters, g the gradient, η the learning rate, which is
a number or a schedule (`nets.schedules`). Parts are joined by `chain`, in the order in which the gradient passes them:

>>> optimizer = chain(clip_by_global_norm(1.0), adam(1e-3))
>>> params = {"W": np.array([3.0, 4.0])}
>>> state = optimizer.init(params)
>>> updates, state = optimizer.update({"W": np.array([30.0, 40.0])}, state, params)
>>> apply_updates(params, updates)["W"]
array([2.999, 3.999])
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from autograd import derivative, trees
from nets.errors import OptionError
from nets.schedules import Schedule, as_schedule

__all__ = [
    "Optimizer",
    "adagrad",
    "adam",
    "adamw",
    "apply_if_finite",
    "apply_updates",
    "chain",
    "clip_by_global_norm",
    "clip_by_value",
    "freeze",
    "learning_rate_of",
    "lion",
    "rmsprop",
    "sgd",
    "weight_decay",
]

LearningRate = float | Schedule
Step = Callable[..., Any]

BLOCK = 1 << 14  # entries: a handful of blocks of float64 fit into the second-level cache


class Optimizer(NamedTuple):
    """``init(params) -> state`` and ``update(grads, state, params) -> (updates, state)``; both pure."""

    init: Callable[[Any], Any]
    update: Callable[..., tuple[Any, Any]]


def apply_updates(params: Any, updates: Any) -> Any:
    """Return params + updates, leaf by leaf, in the dtypes of ``params``.

    >>> apply_updates({"W": np.ones(2)}, {"W": np.array([0.5, -0.5])})
    {'W': array([1.5, 0.5])}
    """
    leaves, structure = trees.flatten(params)
    return trees.rebuild(structure, [_like(p, p + u) for p, u in zip(leaves, _leaves(updates, params), strict=True)])


def _like(p: Any, new: Any) -> Any:
    dtype = getattr(p, "dtype", None)
    return new if dtype is None or new.dtype == dtype else new.astype(dtype)


def _leaves(tree: Any, like: Any) -> list[Any]:
    """The leaves of ``tree`` in the order of ``like``; an error names the path where their structures part."""
    leaves, structure = trees.flatten(tree)
    if structure == trees.flatten(like)[1]:
        return leaves
    return trees.flatten(trees.map_tree(lambda _, leaf: leaf, like, tree, name="params"))[0]


# ---------------------------------------------------------------------------------------- formulas, one array at a time


def _descent(learning_rate: LearningRate, slots: tuple[str, ...], formula: Callable[[Any, Any], Step]) -> Optimizer:
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
        parameters = leaves if params is None else _leaves(params, grads)
        columns = [_leaves(state[slot], grads) for slot in slots]
        stepped = list(zip(*map(step, leaves, parameters, *columns), strict=True)) or [()] * (1 + len(slots))
        updates, *moved = [trees.rebuild(structure, column) for column in stepped]
        return updates, {"count": count, "learning_rate": rate, **dict(zip(slots, moved, strict=True))}

    return Optimizer(init, update)


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


# Two calls that a compiled step makes as they are, instead of tracing what is inside.


@derivative(count=None)
def _scheduled(count: Any, schedule: Schedule) -> float:
    """The rate as a Python float, which does not widen float32; a schedule may be any Python code."""
    return float(schedule(count))


@derivative(x=lambda g: g)
def _weak(x: Any) -> float:
    """The number x as a Python float, which does not widen float32."""
    return float(x)


def sgd(learning_rate: LearningRate, *, momentum: float = 0.0, nesterov: bool = False) -> Optimizer:
    """Return gradient descent: v ← μ v + g, θ ← θ - η v; with ``nesterov``, θ ← θ - η (g + μ v).

    Polyak, 1964; Nesterov in the form of Sutskever et al., "On the importance of initialization and momentum", 2013.
    """
    if momentum == 0:
        if nesterov:
            raise OptionError("nesterov=True needs a momentum, such as sgd(0.1, momentum=0.9, nesterov=True).")
        return _descent(learning_rate, (), lambda rate, count: lambda g, p: (-rate * g,))

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, v: Any) -> Any:
            v = momentum * v + g
            return -rate * (g + momentum * v if nesterov else v), v

        return step

    return _descent(learning_rate, ("velocity",), formula)


def adagrad(learning_rate: LearningRate, *, eps: float = 1e-10) -> Optimizer:
    """Return Adagrad: s ← s + g², θ ← θ - η g / (√s + ε).

    Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.
    """

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, s: Any) -> Any:
            s = s + g * g
            return -rate * g / (np.sqrt(s) + eps), s

        return step

    return _descent(learning_rate, ("sum_of_squares",), formula)


def rmsprop(learning_rate: LearningRate, *, decay: float = 0.9, eps: float = 1e-8, momentum: float = 0.0) -> Optimizer:
    """Return RMSprop: s ← ρ s + (1 - ρ) g², v ← μ v + g / (√s + ε), θ ← θ - η v.

    Hinton, "Neural networks for machine learning", lecture 6e, 2012.
    """

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, s: Any, v: Any = None) -> Any:
            s = decay * s + (1 - decay) * (g * g)
            scaled = g / (np.sqrt(s) + eps)
            if v is None:
                return -rate * scaled, s
            v = momentum * v + scaled
            return -rate * v, s, v

        return step

    return _descent(learning_rate, ("mean_of_squares", "velocity") if momentum else ("mean_of_squares",), formula)


def adam(learning_rate: LearningRate = 1e-3, *, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    """Return Adam: m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², θ ← θ - η m̂ / (√v̂ + ε).

    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) undo the start at zero.
    Kingma & Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.
    """
    return adamw(learning_rate, b1=b1, b2=b2, eps=eps, weight_decay=0.0)


def adamw(
    learning_rate: LearningRate = 1e-3,
    *,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> Optimizer:
    """Return AdamW: Adam with the decay beside the gradient, θ ← θ - η (m̂ / (√v̂ + ε) + λ θ).

    Loshchilov & Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
    """

    def formula(rate: Any, count: Any) -> Step:
        # m̂ / (√v̂ + ε) with the corrections gathered in two numbers (end of section 2 of Kingma & Ba): fewer passes.
        root = (1 - b2**count) ** 0.5
        scale, small, shrink = -rate * root / (1 - b1**count), eps * root, -rate * weight_decay

        def step(g: Any, p: Any, m: Any, v: Any) -> Any:
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * (g * g)
            moved = scale * m / (np.sqrt(v) + small)
            return (moved + shrink * p if weight_decay else moved), m, v

        return step

    return _needing_params(_descent(learning_rate, ("m", "v"), formula), "adamw", weight_decay)


def lion(
    learning_rate: LearningRate = 1e-4, *, b1: float = 0.9, b2: float = 0.99, weight_decay: float = 0.0
) -> Optimizer:
    """Return Lion: θ ← θ - η (sign(β₁ m + (1 - β₁) g) + λ θ), then m ← β₂ m + (1 - β₂) g.

    Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2.
    """

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, m: Any) -> Any:
            moved = np.sign(b1 * m + (1 - b1) * g)
            return -rate * (moved + weight_decay * p if weight_decay else moved), b2 * m + (1 - b2) * g

        return step

    return _needing_params(_descent(learning_rate, ("m",), formula), "lion", weight_decay)


def _needing_params(optimizer: Optimizer, name: str, decay: float) -> Optimizer:
    """Weight decay without the weights would decay the gradient instead: refuse it."""
    if not decay:
        return optimizer

    def update(grads: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        if params is None:
            raise OptionError(f"{name} decays the weights, so it needs them: update(grads, state, params).")
        return optimizer.update(grads, state, params)

    return Optimizer(optimizer.init, update)


# ------------------------------------------------------------------------------------------------ parts to be chained


def chain(*parts: Optimizer) -> Optimizer:
    """Return the optimiser that passes the gradient through ``parts`` from left to right; its state is a tuple.

    ``chain(weight_decay(1e-4), sgd(0.1))`` adds the gradient of an L2 penalty;
    ``chain(clip_by_value(1.0), adam())`` clips.
    """

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
    return _stateless(lambda grads, params: trees.map_tree(lambda g: np.clip(g, -limit, limit), grads))


def clip_by_global_norm(limit: float) -> Optimizer:
    """Return the part that scales the whole gradient down to the Euclidean norm ``limit``, if it is longer.

    Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.

    >>> clip_by_global_norm(1.0).update({"a": np.array([3.0]), "b": np.array([4.0])}, ())[0]
    {'a': array([0.6]), 'b': array([0.8])}
    """

    def clipped(grads: Any, params: Any) -> Any:
        leaves, structure = trees.flatten(grads)
        norm = np.sqrt(sum(np.sum(np.square(g)) for g in leaves))
        scale = _weak(limit / np.maximum(norm, limit))
        return trees.rebuild(structure, [g * scale for g in leaves])

    return _stateless(clipped)


def weight_decay(rate: float) -> Optimizer:
    """Return the part that adds rate · θ to the gradient: the gradient of the penalty rate/2 · Σθ².

    >>> weight_decay(0.1).update(np.array([1.0]), (), np.array([5.0]))[0]
    array([1.5])
    """
    part = _stateless(lambda grads, params: trees.map_tree(lambda g, p: g + rate * p, grads, params))
    return _needing_params(part, "weight_decay", rate)


def apply_if_finite(optimizer: Optimizer) -> Optimizer:
    """Return ``optimizer`` that skips an update, leaving its state alone, when the gradient is not finite.

    The state is ``{"inner": …, "skipped": how often}``.
    """

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
    """
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


def learning_rate_of(state: Any) -> Any:
    """Return the learning rate of the last update, found anywhere in an optimiser's state; None if there is none.

    >>> learning_rate_of(chain(clip_by_value(1.0), sgd(0.5)).init(np.zeros(2)))
    0.5
    """
    rates = [leaf for path, leaf in trees.leaves_with_paths(state) if path.endswith("['learning_rate']")]
    return rates[0] if rates else None
