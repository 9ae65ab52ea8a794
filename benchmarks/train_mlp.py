"""One epoch of training the net 784 → 256 → 10 (relu, batches of 128, adam, float32): nets, NumPy by hand, PyTorch.

    python benchmarks/train_mlp.py [rounds]

All three see the same 6,400 random images and must reach the same loss. They take turns in one process, and the fastest
round of each counts, so that a busy machine disturbs them alike. PyTorch is left out where it is not installed.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: otherwise the threads of BLAS are measured
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time

import numpy as np

from nets import adam, data, dense, fit, relu, serial
from nets.losses import softmax_cross_entropy_with_integer_labels as loss

EXAMPLES, BATCH = 6400, 128
rng = np.random.default_rng(0)
x = rng.normal(size=(EXAMPLES, 784)).astype(np.float32)
y = rng.integers(10, size=EXAMPLES)
net = serial(dense(256), relu, dense(10))
start = {
    layer: {name: p.astype(np.float32) for name, p in own.items()} for layer, own in net.init(0, (-1, 784))[1].items()
}


def with_nets():
    """An epoch of `fit`."""
    return fit(net, start, (x, y), loss, adam(), epochs=1, batch_size=BATCH, progress=False).history["loss"][0]


def by_hand():
    """An epoch of the loop that one would write in NumPy: backpropagation and adam as in the books."""
    params = [start["dense_0"]["W"], start["dense_0"]["b"], start["dense_1"]["W"], start["dense_1"]["b"]]
    means, squares = ([np.zeros_like(p) for p in params] for _ in range(2))
    total = 0.0
    for count, (inputs, labels) in enumerate(data.batches_of_epoch((x, y), BATCH, 0, 0), 1):
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
    return total / EXAMPLES


def with_torch():
    """An epoch of the usual PyTorch loop, or None without PyTorch."""
    try:
        import torch
    except ImportError:
        return None
    model = torch.nn.Sequential(torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    with torch.no_grad():
        for linear, own in zip((model[0], model[2]), start.values(), strict=True):
            linear.weight.copy_(torch.from_numpy(own["W"].T.copy()))
            linear.bias.copy_(torch.from_numpy(own["b"].copy()))
    optimizer, total = torch.optim.Adam(model.parameters()), 0.0
    for inputs, labels in data.batches_of_epoch((x, y), BATCH, 0, 0):
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(model(torch.from_numpy(inputs)), torch.from_numpy(labels))
        value.backward()
        optimizer.step()
        total += value.item() * len(inputs)
    return total / EXAMPLES


ways = [with_nets, by_hand, with_torch]
times = {way.__name__: [] for way in ways}
expected = by_hand()
for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 10):
    for way in ways:
        begin = time.perf_counter()
        reached = way()
        if reached is not None:
            times[way.__name__].append(time.perf_counter() - begin)
            assert abs(reached - expected) < 1e-3, f"{way.__name__} reached {reached}, not {expected}"

ours = min(times["with_nets"])
for name, seconds in times.items():
    if seconds:
        print(f"{name:>10}: {min(seconds) * 1e3:7.1f} ms an epoch; nets takes {ours / min(seconds):.2f} times that")
