"""Why weights start random: with equal weights all hidden units stay the same for ever.

    python examples/symmetry.py

The same net is trained on exclusive or twice. Started with equal weights its eight hidden units remain copies of each
other, and it can never tell the four points apart; started within ±1 it learns them.
"""

import numpy as np

from nets import adam, data, dense, fit, serial, tanh
from nets.initializers import uniform
from nets.losses import binary_cross_entropy
from nets.metrics import binary_accuracy

x, y = data.xor()


def train(w_init):
    """Train a net of eight hidden units whose weights start as ``w_init`` makes them."""
    net = serial(dense(8, w_init), tanh, dense(1, w_init))
    _, params = net.init(0, (-1, 2))
    run = fit(net, params, (x, y), binary_cross_entropy, adam(0.05), epochs=300, batch_size=4)
    right = binary_accuracy(net.apply(run.params, x), y)
    return np.ptp(run.params["dense_0"]["W"], axis=1).max(), right


equal_spread, equal_right = train(lambda rng, shape: np.full(shape, 0.5))
random_spread, random_right = train(uniform(1.0))

print(f"equal start:  hidden units differ by {equal_spread:.1e}, {equal_right:.0%} of the points right")
print(f"random start: hidden units differ by {random_spread:.1e}, {random_right:.0%} of the points right")

assert equal_spread < 1e-9 and equal_right < 1
assert random_spread > 0.1 and random_right == 1
