"""The optimisers, each its formula for one array: θ the parameters, g the gradient, η the learning rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from nets.errors import OptionError
from nets.optimizers.core import Optimizer, needing_params
from nets.optimizers.descent import LearningRate, Step, descent
from nets.options import number_from

__all__ = ["adagrad", "adam", "adamw", "lion", "rmsprop", "sgd"]


def sgd(learning_rate: LearningRate, *, momentum: float = 0.0, nesterov: bool = False) -> Optimizer:
    """Return gradient descent: v ← μ v + g, θ ← θ - η v; with ``nesterov``, θ ← θ - η (g + μ v).

    Polyak, 1964; Nesterov in the form of Sutskever et al., "On the importance of initialization and momentum", 2013.

    >>> optimizer = sgd(0.1, momentum=0.9)
    >>> optimizer.update(np.array([2.0]), optimizer.init(np.array([1.0])))[0]
    array([-0.2])
    """
    number_from(momentum, "momentum", below=1)
    if momentum == 0:
        if nesterov:
            raise OptionError("nesterov=True needs a momentum, such as sgd(0.1, momentum=0.9, nesterov=True).")
        return descent(learning_rate, (), lambda rate, count: lambda g, p: (-rate * g,))

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, v: Any) -> Any:
            v = momentum * v + g
            return -rate * (g + momentum * v if nesterov else v), v

        return step

    return descent(learning_rate, ("velocity",), formula)


def adagrad(learning_rate: LearningRate, *, eps: float = 1e-10) -> Optimizer:
    """Return Adagrad: s ← s + g², θ ← θ - η g / (√s + ε).

    Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.

    >>> optimizer = adagrad(0.1)
    >>> optimizer.update(np.array([2.0]), optimizer.init(np.array([1.0])))[0]
    array([-0.1])
    """
    number_from(eps, "eps")

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, s: Any) -> Any:
            s = s + g * g
            return -rate * g / (np.sqrt(s) + eps), s

        return step

    return descent(learning_rate, ("sum_of_squares",), formula)


def rmsprop(learning_rate: LearningRate, *, decay: float = 0.9, eps: float = 1e-8, momentum: float = 0.0) -> Optimizer:
    """Return RMSprop: s ← ρ s + (1 - ρ) g², v ← μ v + g / (√s + ε), θ ← θ - η v.

    Hinton, "Neural networks for machine learning", lecture 6e, 2012.

    >>> optimizer = rmsprop(0.1, decay=0.75)
    >>> optimizer.update(np.array([2.0]), optimizer.init(np.array([1.0])))[0]
    array([-0.2])
    """
    number_from(decay, "decay", below=1)
    number_from(eps, "eps")
    number_from(momentum, "momentum", below=1)

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, s: Any, v: Any = None) -> Any:
            s = decay * s + (1 - decay) * (g * g)
            scaled = g / (np.sqrt(s) + eps)
            if v is None:
                return -rate * scaled, s
            v = momentum * v + scaled
            return -rate * v, s, v

        return step

    return descent(learning_rate, ("mean_of_squares", "velocity") if momentum else ("mean_of_squares",), formula)


def adam(learning_rate: LearningRate = 1e-3, *, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    """Return Adam: m ← β₁ m + (1 - β₁) g, v ← β₂ v + (1 - β₂) g², θ ← θ - η m̂ / (√v̂ + ε).

    m̂ = m / (1 - β₁ᵗ) and v̂ = v / (1 - β₂ᵗ) undo the start at zero.
    Kingma & Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.

    >>> optimizer = adam(0.1)
    >>> optimizer.update(np.array([2.0]), optimizer.init(np.array([1.0])))[0]
    array([-0.1])
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

    >>> optimizer = adamw(0.1, weight_decay=0.5)
    >>> optimizer.update(np.array([2.0]), optimizer.init(np.array([1.0])), np.array([1.0]))[0]
    array([-0.15])
    """
    number_from(b1, "b1", below=1)
    number_from(b2, "b2", below=1)
    number_from(eps, "eps")
    number_from(weight_decay, "weight_decay")

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

    return needing_params(descent(learning_rate, ("m", "v"), formula), "adamw", weight_decay)


def lion(
    learning_rate: LearningRate = 1e-4, *, b1: float = 0.9, b2: float = 0.99, weight_decay: float = 0.0
) -> Optimizer:
    """Return Lion: θ ← θ - η (sign(β₁ m + (1 - β₁) g) + λ θ), then m ← β₂ m + (1 - β₂) g.

    Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2.

    >>> optimizer = lion(0.1)
    >>> optimizer.update(np.array([2.0]), optimizer.init(np.array([1.0])))[0]
    array([-0.1])
    """
    number_from(b1, "b1", below=1)
    number_from(b2, "b2", below=1)
    number_from(weight_decay, "weight_decay")

    def formula(rate: Any, count: Any) -> Step:
        def step(g: Any, p: Any, m: Any) -> Any:
            moved = np.sign(b1 * m + (1 - b1) * g)
            return -rate * (moved + weight_decay * p if weight_decay else moved), b2 * m + (1 - b2) * g

        return step

    return needing_params(descent(learning_rate, ("m",), formula), "lion", weight_decay)
