"""The loop is yours: a net as a plain function, the library's optimiser, and nothing hidden.

    python examples/own_loop.py

Fits a sine with two layers written out by hand. Every step is a line you can change; `jit` writes them all out as plain
NumPy, and runs that.
"""

import numpy as np

from autograd import jit, value_and_grad
from nets.data import minibatches
from nets.losses import l2, mean_squared_error
from nets.optimizers import adam, apply_updates, chain, clip_by_global_norm
from nets.schedules import cosine

x = np.linspace(-3, 3, 200)[:, None]
y = np.sin(2 * x)


def net(params, x):
    """Two layers: tanh between them."""
    (w1, b1), (w2, b2) = params
    return np.tanh(x @ w1 + b1) @ w2 + b2


def loss(params, x, y):
    """The mean squared error, and a little weight decay."""
    return mean_squared_error(net(params, x), y) + 1e-6 * l2(params)


optimizer = chain(clip_by_global_norm(1.0), adam(cosine(0.02, steps=1600)))


@jit
def step(params, state, x, y):
    """One update on one batch."""
    value, gradients = value_and_grad(loss)(params, x, y)
    updates, state = optimizer.update(gradients, state, params)
    return apply_updates(params, updates), state, value


rng = np.random.default_rng(0)
params = [(rng.normal(size=(1, 32)), rng.normal(size=32)), (rng.normal(size=(32, 1)) / 6, np.zeros(1))]
state = optimizer.init(params)

for epoch in range(400):
    for batch in minibatches(x, y, batch_size=50, seed=epoch):
        params, state, value = step(params, state, *batch)

error = np.abs(net(params, x) - y).mean()
print(f"mean error {error:.3f} after {state[1]['count']} steps")
assert error < 0.05
