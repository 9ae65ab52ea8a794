"""``autograd.scipy.integrate``: ordinary differential equations, differentiated by the adjoint equation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.integrate
from scipy.integrate import *  # noqa: F403

from autograd.transforms.vjp import make_vjp

from ..misc.flatten import flatten
from ..primitives import defvjp_argnums, primitive

__all__ = sorted({*scipy.integrate.__all__})

odeint = primitive(scipy.integrate.odeint)


def _adjoint(argnums: Any, ans: Any, call: Any, options: Any) -> Callable[[Any], list[Any]]:
    """The gradients of y(t₀), …, y(t_T) in the initial value, the times and the parameters.

    Between two observations, λ = ∂L/∂y runs backwards by dλ/dt = -λ ∂f/∂y while ∂L/∂θ collects -∫ λ ∂f/∂θ dt; at an
    observation, λ jumps by its gradient. Moving an observation by dt changes L by ⟨g, f⟩ dt.
    Reference: R. T. Q. Chen et al., "Neural ordinary differential equations", 2018, appendix B.
    """
    func, y0, t, *rest = call
    theta, unflatten = flatten(rest[0] if rest else ())
    n = np.size(y0)

    def dynamics(y: Any, time: Any, theta: Any) -> Any:
        return func(y, time, *unflatten(theta))

    def backwards(state: Any, time: Any, theta: Any) -> Any:
        pull, slope = make_vjp(dynamics, (0, 1, 2))(state[:n], time, theta)
        return np.hstack((slope, *pull(-state[n : 2 * n])))

    def vjp(g: Any) -> list[Any]:
        state = np.zeros(1 + np.size(theta))  # ∂L/∂t and ∂L/∂θ, as they are collected
        costate, in_times = g[-1], []
        for i in range(len(t) - 1, 0, -1):
            moved = np.dot(func(ans[i], t[i], *unflatten(theta)), g[i])
            in_times.append(moved)
            start = np.hstack((ans[i], costate, state[0] - moved, state[1:]))
            end = odeint(backwards, start, np.stack([t[i], t[i - 1]]), (theta,), **options)[1]
            costate, state = end[n : 2 * n] + g[i - 1], end[2 * n :]
        times = np.stack([state[0], *in_times[::-1]])
        found = {1: costate, 2: times, 3: unflatten(state[1:])}
        return [found[argnum] for argnum in argnums]

    return vjp


defvjp_argnums(odeint, _adjoint)


def __getattr__(name: str) -> Any:
    return getattr(scipy.integrate, name)
