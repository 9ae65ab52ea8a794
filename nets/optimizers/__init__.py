"""Optimisers: pairs of pure functions that turn gradients into updates.

    init(params) -> state                                   a dict of numbers and of trees like params
    update(grads, state, params) -> (updates, state)        then: params = apply_updates(params, updates)

Each optimiser is its formula, written for one array; θ the parameters, g the gradient, η the learning rate, which is
a number or a schedule (`nets.schedules`). Parts are joined by `chain`, in the order in which the gradient passes them:

>>> import numpy as np
>>> optimizer = chain(clip_by_global_norm(1.0), adam(1e-3))
>>> params = {"W": np.array([3.0, 4.0])}
>>> state = optimizer.init(params)
>>> updates, state = optimizer.update({"W": np.array([30.0, 40.0])}, state, params)
>>> apply_updates(params, updates)["W"]
array([2.999, 3.999])
"""

from nets.optimizers.core import Optimizer, apply_updates, learning_rate_of
from nets.optimizers.formulas import adagrad, adam, adamw, lion, rmsprop, sgd
from nets.optimizers.parts import apply_if_finite, chain, clip_by_global_norm, clip_by_value, freeze, weight_decay

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
