"""Recurrent layers against their formulas, written as loops."""

import numpy as np
import pytest

from nets.errors import LayerError
from nets.layers import gru, lstm, rnn

X = np.random.default_rng(0).normal(size=(3, 5, 2))


def sigma(x):
    return 1 / (1 + np.exp(-x))


def by_hand_rnn(W, U, b):
    h, states = np.zeros((3, 4)), []
    for t in range(5):
        h = np.tanh(X[:, t] @ W + h @ U + b)
        states.append(h)
    return np.stack(states, axis=1)


def by_hand_gru(W, U, b):
    (Wz, Wr, Wh), (Uz, Ur, Uh), (bz, br, bh) = (np.split(p, 3, axis=-1) for p in (W, U, b))
    h, states = np.zeros((3, 4)), []
    for t in range(5):
        x = X[:, t]
        z, r = sigma(x @ Wz + h @ Uz + bz), sigma(x @ Wr + h @ Ur + br)
        h = z * h + (1 - z) * np.tanh(x @ Wh + (r * h) @ Uh + bh)
        states.append(h)
    return np.stack(states, axis=1)


def by_hand_lstm(W, U, b):
    (Wi, Wf, Wo, Wc), (Ui, Uf, Uo, Uc), (bi, bf, bo, bc) = (np.split(p, 4, axis=-1) for p in (W, U, b))
    h = c = np.zeros((3, 4))
    states = []
    for t in range(5):
        x = X[:, t]
        i, f, o = sigma(x @ Wi + h @ Ui + bi), sigma(x @ Wf + h @ Uf + bf), sigma(x @ Wo + h @ Uo + bo)
        c = f * c + i * np.tanh(x @ Wc + h @ Uc + bc)
        h = o * np.tanh(c)
        states.append(h)
    return np.stack(states, axis=1)


@pytest.mark.parametrize(("make", "by_hand"), [(rnn, by_hand_rnn), (gru, by_hand_gru), (lstm, by_hand_lstm)])
def test_states_are_those_of_the_formula(make, by_hand):
    shape, params = make(4).init(0, (-1, 5, 2))
    params["b"] = params["b"] + np.linspace(-1, 1, len(params["b"]))
    expected = by_hand(**params)
    np.testing.assert_allclose(make(4).apply(params, X), expected, atol=1e-14)
    np.testing.assert_allclose(make(4, last=True).apply(params, X), expected[:, -1], atol=1e-14)
    assert shape == (-1, 5, 4) and make(4, last=True).init(0, (-1, 5, 2))[0] == (-1, 4)


def test_the_recurrent_weights_start_orthogonal():
    U = lstm(4).init(0, (-1, 5, 2))[1]["U"]
    for gate in np.split(U, 4, axis=1):
        np.testing.assert_allclose(gate.T @ gate, np.eye(4), atol=1e-14)
    assert not np.allclose(U[:, :4], U[:, 4:8])


@pytest.mark.parametrize("make", [rnn, gru, lstm])
def test_what_is_no_sequence_is_refused(make):
    params = make(4).init(0, (-1, 5, 2))[1]
    with pytest.raises(LayerError, match=r"expects sequences \(batch, time, 2\), got \(3, 5, 1\)"):
        make(4).apply(params, X[..., :1])
    with pytest.raises(LayerError, match=r"expects sequences \(batch, time, features\), got \(-1, 2\)"):
        make(4).init(0, (-1, 2))
