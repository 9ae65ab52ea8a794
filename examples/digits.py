"""Handwritten digits: train two nets on scikit-learn's 1,797 images, save, reload and plot them.

    python examples/digits.py [directory for the files]

A quarter of the images is held out. The net of two layers gets at least 97 % of it right, the small convolutional net
98.5 %. Needs scikit-learn and matplotlib: pip install ".[examples]".
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from nets import (
    adam,
    conv2d,
    data,
    dense,
    dropout,
    evaluate,
    fit,
    flatten,
    load,
    max_pool,
    plots,
    relu,
    save,
    serial,
    summary,
)
from nets.losses import softmax_cross_entropy_with_integer_labels as loss
from nets.metrics import accuracy
from nets.schedules import one_cycle

digits = load_digits()
images = (digits.images[..., None] / 16.0).astype(np.float32)  # (1797, 8, 8, 1), from 0 to 1
x_train, x_test, y_train, y_test = data.train_test_split(images, digits.target, test_size=0.25, seed=0)

NETS = {
    "mlp": (serial(flatten(), dense(128), relu, dropout(0.2), dense(10)), 40, 0.97),
    "convnet": (
        serial(conv2d(16), relu, conv2d(32), relu, max_pool(2), flatten(), dropout(0.3), dense(64), relu, dense(10)),
        12,
        0.985,
    ),
}

folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())

for name, (net, epochs, wanted) in NETS.items():
    print(f"\n{name}\n{summary(net, (-1, 8, 8, 1))}")
    _, params = net.init(0, (-1, 8, 8, 1))
    params = {layer: {key: p.astype(np.float32) for key, p in own.items()} for layer, own in params.items()}
    batches = -(-len(x_train) // 32)
    optimizer = adam(one_cycle(0.004, steps=epochs * batches))
    run = fit(
        net, params, (x_train, y_train), loss, optimizer,
        epochs=epochs, batch_size=32, validation_data=(x_test, y_test), metrics=[accuracy],
    )  # fmt: skip

    save(folder / f"{name}.npz", run)
    again = load(folder / f"{name}.npz")
    reached = evaluate(net, again.params, (x_test, y_test), loss, [accuracy])["accuracy"]
    logits = net.apply(again.params, x_test)
    plots.learning_curves(run.history, ["loss", "accuracy"]).figure.savefig(folder / f"{name}_curves.png")
    plots.confusion_matrix(logits, y_test).figure.savefig(folder / f"{name}_confusion.png")
    plots.histograms(again.params).savefig(folder / f"{name}_weights.png")
    print(f"{name}: {reached:.2%} of {len(x_test)} held-out digits; files in {folder}")
    assert reached == run.history["val_accuracy"][-1]
    assert reached >= wanted, f"{name} reached {reached:.2%}, less than {wanted:.2%}"
