"""Two half moons: early stopping, a schedule, and a picture of what the net has learnt.

    python examples/moons.py [file for the picture]

Needs matplotlib: pip install ".[examples]".
"""

import sys
import tempfile
from pathlib import Path

from nets import EarlyStopping, adam, data, dense, evaluate, fit, plots, relu, serial
from nets.losses import softmax_cross_entropy_with_integer_labels as loss
from nets.metrics import accuracy
from nets.schedules import cosine, warm_up

x, y = data.moons(400, noise=0.2)
x_train, x_test, y_train, y_test = data.train_test_split(x, y)
x_train, x_test = data.standardize(x_train, x_test)

net = serial(dense(32), relu, dense(32), relu, dense(2))
_, params = net.init(0, (-1, 2))
run = fit(
    net,
    params,
    (x_train, y_train),
    loss,
    adam(warm_up(cosine(0.01, steps=1000), steps=20)),
    epochs=100,
    validation_data=(x_test, y_test),
    early_stopping=EarlyStopping(patience=20),
    metrics=[accuracy],
)

path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "moons.png"
plots.decision_boundary(lambda points: net.apply(run.params, points), x_test, y_test).figure.savefig(path)
measured = evaluate(net, run.params, (x_test, y_test), loss, [accuracy])
print(f"{len(run.history['loss'])} epochs, {measured['accuracy']:.1%} of the held-out points right; picture in {path}")

assert measured["loss"] == min(run.history["val_loss"])
assert measured["accuracy"] >= 0.93
