"""Recurrent layers over sequences: x: (batch, time, features) -> the states h: (batch, time, units).

With ``last=True`` only the state after the last step, (batch, units). W: (features, gates · units) acts on the input,
U: (units, gates · units) on the state, b: (gates · units,); the gates lie side by side in the order of the formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import sigmoid
from nets.errors import LayerError
from nets.initializers import draw_parameter, glorot_uniform, orthogonal, zeros
from nets.layers.core import Layer, Params, array, check_parameter, layer
from nets.options import whole_number
from nets.seeds import Outline, seed_of, split

__all__ = ["gru", "lstm", "rnn"]

State = tuple[Any, ...]


def rnn(units: int, *, last: bool = False) -> Layer:
    """Return the simple recurrent layer hₜ = tanh(xₜ W + hₜ₋₁ U + b), h₀ = 0. Elman, 1990.

    >>> rnn(8).init(0, (-1, 20, 3))[0], rnn(8, last=True).init(0, (-1, 20, 3))[0]
    ((-1, 20, 8), (-1, 8))
    """

    def step(U: Any, x: Any, state: State) -> State:
        (h,) = state
        return (np.tanh(x + h @ U),)

    return _recurrent("rnn", units, 1, 1, step, last)


def gru(units: int, *, last: bool = False) -> Layer:
    """Return the gated recurrent unit, h₀ = 0. Cho et al., "Learning phrase representations using RNN …", 2014.

        z = σ(x Wz + h Uz + bz)    r = σ(x Wr + h Ur + br)    h̃ = tanh(x Wh + (r h) Uh + bh)
        h ← z h + (1 - z) h̃

    >>> gru(8).init(0, (-1, 20, 3))[1]["W"].shape
    (3, 24)
    """

    def step(U: Any, x: Any, state: State) -> State:
        (h,), (of_gates, of_new) = state, U
        gates = sigmoid(x[:, : 2 * units] + h @ of_gates)
        z, r = gates[:, :units], gates[:, units:]
        new = np.tanh(x[:, 2 * units :] + (r * h) @ of_new)
        return (new + z * (h - new),)

    return _recurrent("gru", units, 3, 1, step, last, parts=lambda U: (U[:, : 2 * units], U[:, 2 * units :]))


def lstm(units: int, *, last: bool = False) -> Layer:
    """Return long short-term memory, h₀ = c₀ = 0. Hochreiter & Schmidhuber, 1997; Gers et al., 2000 (forget gate).

        i = σ(x Wi + h Ui + bi)    f = σ(x Wf + h Uf + bf)    o = σ(x Wo + h Uo + bo)    c̃ = tanh(x Wc + h Uc + bc)
        c ← f c + i c̃              h ← o tanh(c)

    The bias of the forget gate starts at 1, so that memory lasts at first: Jozefowicz et al., 2015.

    >>> lstm(8).init(0, (-1, 20, 3))[1]["b"][6:10]
    array([0., 0., 1., 1.])
    """

    def step(U: Any, x: Any, state: State) -> State:
        h, c = state
        total = x + h @ U
        gates = sigmoid(total[:, : 3 * units])
        i, f, o = (gates[:, k * units : (k + 1) * units] for k in range(3))
        c = f * c + i * np.tanh(total[:, 3 * units :])
        return o * np.tanh(c), c

    def remember(b: Any) -> Any:
        b[units : 2 * units] = 1
        return b

    return _recurrent("lstm", units, 4, 2, step, last, start_bias=remember)


def _recurrent(
    name: str,
    units: int,
    gates: int,
    states: int,
    step: Callable[[Any, Any, State], State],
    last: bool,
    *,
    start_bias: Callable[[Any], Any] = lambda b: b,
    parts: Callable[[Any], Any] = lambda U: U,
) -> Layer:
    """The layer that carries ``states`` arrays (batch, units) through time by ``step(parts(U), xₜ W + b, state)``."""
    whole_number(units, "units")
    label = f"{name}({units})"

    def init(rng: Any, input_shape: tuple[int, ...]) -> tuple[tuple[int, ...], Params]:
        if len(input_shape) != 3 or input_shape[-1] < 1:
            raise LayerError(label, f"expects sequences (batch, time, features), got {input_shape}")
        params = _draw(seed_of(rng), input_shape[-1], units, gates, start_bias)
        return (input_shape[0], units) if last else (*input_shape[:2], units), params

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        x = array(x)
        _check(label, params, x, units, gates)
        state: State = (np.zeros((x.shape[0], units), params["W"].dtype),) * states
        U, outputs = parts(params["U"]), []
        for x_t in _projected(params, x):
            state = step(U, x_t[:, 0], state)
            outputs.append(state[0])
        return outputs[-1] if last else np.stack(outputs, axis=1)

    return layer(label, init, apply)


def _draw(seed: Any, features: int, units: int, gates: int, start_bias: Callable[[Any], Any]) -> Params:
    """The parameters, each gate's matrices drawn by itself: a fan is that of one gate, and each U is orthogonal."""
    W = [draw_parameter(glorot_uniform(), split(seed, f"W{k}"), (features, units)) for k in range(gates)]
    U = [draw_parameter(orthogonal(), split(seed, f"U{k}"), (units, units)) for k in range(gates)]
    b = draw_parameter(zeros, seed, (gates * units,))
    return {
        "W": np.concatenate(W, axis=1),
        "U": np.concatenate(U, axis=1),
        "b": b if isinstance(seed, Outline) else start_bias(b),
    }


def _check(label: str, params: Params, x: Any, units: int, gates: int) -> None:
    features = params["W"].shape[0]
    if len(x.shape) != 3 or x.shape[2] != features or x.shape[1] < 1:
        raise LayerError(label, f"expects sequences (batch, time, {features}), got {x.shape}")
    check_parameter(label, params, "U", (units, gates * units))
    check_parameter(label, params, "b", (gates * units,))


def _projected(params: Params, x: Any) -> Any:
    """xₜ W + b of every step, each (batch, 1, gates · units): all of them in one product, which is then cut."""
    batch, time, features = x.shape
    projected = np.reshape(x, (batch * time, features)) @ params["W"] + params["b"]
    return np.split(np.reshape(projected, (batch, time, projected.shape[-1])), time, axis=1)
