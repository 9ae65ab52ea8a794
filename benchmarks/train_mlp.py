"""One epoch of training the net 784 → 256 → 10 (relu, batches of 128, adam, float32): nets, NumPy by hand, PyTorch.

    python benchmarks/train_mlp.py [epochs]

All three train on the same 6,400 random images in the same order, on one thread, and must reach the same loss in every
epoch. They take turns epoch by epoch, and the fastest epoch of each counts: CPU time, in which waiting for other
programs is not counted. The first epoch of nets has compiled the step and is given beside it. PyTorch is left out where
it is not installed.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy, which reads it once

import sys
import time

import numpy as np

from nets import adam, data, dense, fit_epochs, relu, serial
from nets.losses import softmax_cross_entropy_with_integer_labels as loss

EXAMPLES, BATCH = 6400, 128
EPOCHS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
rng = np.random.default_rng(0)
x = rng.normal(size=(EXAMPLES, 784)).astype(np.float32)
y = rng.integers(10, size=EXAMPLES)
net = serial(dense(256), relu, dense(10))
start = {
    layer: {name: p.astype(np.float32) for name, p in own.items()} for layer, own in net.init(0, (-1, 784))[1].items()
}


def with_nets():
    """`fit`, epoch by epoch."""
    for _, metrics in fit_epochs(net, start, (x, y), loss, adam(), epochs=EPOCHS, batch_size=BATCH):
        yield metrics["loss"]


def by_hand():
    """The loop that one would write in NumPy: backpropagation and adam as in the books."""
    params = [start["dense_0"]["W"], start["dense_0"]["b"], start["dense_1"]["W"], start["dense_1"]["b"]]
    means, squares = ([np.zeros_like(p) for p in params] for _ in range(2))
    count = 0
    for epoch in range(EPOCHS):
        total = 0.0
        for inputs, labels in data.batches_of_epoch((x, y), BATCH, 0, epoch):
            count += 1
            W1, b1, W2, b2 = params
            hidden = np.maximum(inputs @ W1 + b1, 0)
            logits = hidden @ W2 + b2
            weights = np.exp(logits - logits.max(axis=1, keepdims=True))
            shares = weights / weights.sum(axis=1, keepdims=True)
            rows = np.arange(len(labels))
            total += float(-np.log(shares[rows, labels]).mean()) * len(labels)
            delta = shares.copy()
            delta[rows, labels] -= 1
            delta /= np.float32(len(labels))
            back = np.where(hidden > 0, delta @ W2.T, 0)
            gradients = [inputs.T @ back, back.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)]
            for i, g in enumerate(gradients):
                means[i] = 0.9 * means[i] + 0.1 * g
                squares[i] = 0.999 * squares[i] + 0.001 * g * g
                m, v = means[i] / (1 - 0.9**count), squares[i] / (1 - 0.999**count)
                params[i] = params[i] - 0.001 * m / (np.sqrt(v) + 1e-8)
        yield total / EXAMPLES


def with_torch():
    """The usual PyTorch loop."""
    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    with torch.no_grad():
        for linear, own in zip((model[0], model[2]), start.values(), strict=True):
            linear.weight.copy_(torch.from_numpy(own["W"].T.copy()))
            linear.bias.copy_(torch.from_numpy(own["b"].copy()))
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(EPOCHS):
        total = 0.0
        for inputs, labels in data.batches_of_epoch((x, y), BATCH, 0, epoch):
            optimizer.zero_grad()
            value = torch.nn.functional.cross_entropy(model(torch.from_numpy(inputs)), torch.from_numpy(labels))
            value.backward()
            optimizer.step()
            total += value.item() * len(inputs)
        yield total / EXAMPLES


ways = {"nets": with_nets(), "by hand": by_hand()}
try:
    import torch

    ways["PyTorch"] = with_torch()
except ImportError:
    pass

times = {name: [] for name in ways}
for epoch in range(EPOCHS):
    reached = {}
    for name, training in ways.items():
        begin = time.process_time()
        reached[name] = next(training)
        times[name].append(time.process_time() - begin)
    assert np.ptp(list(reached.values())) < 0.01, f"the losses of epoch {epoch} differ: {reached}"

ours = min(times["nets"])
for name, seconds in times.items():
    print(
        f"{name:>8}: {min(seconds) * 1e3:7.1f} ms an epoch (the first: {seconds[0] * 1e3:.1f}); "
        f"nets takes {ours / min(seconds):.2f} times that"
    )
