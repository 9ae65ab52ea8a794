"""Every layer and every optimiser by name, for the tests that go through all of them; and what a step is held to."""

import numpy as np
from compiler.same import assert_same

from autograd import trees
from nets import (
    adam,
    avg_pool,
    batch_norm,
    conv2d,
    dense,
    dropout,
    embedding,
    fan_in_concat,
    fan_in_sum,
    fan_out,
    flatten,
    gru,
    layer_norm,
    lstm,
    make_step,
    max_pool,
    named,
    optimizers,
    parallel,
    relu,
    residual,
    rnn,
    schedules,
    serial,
    sgd,
    tanh,
)
from nets.metrics import accuracy

RNG = np.random.default_rng(0)
ROWS, SEQUENCES, IMAGES = (RNG.normal(size=shape) for shape in [(8, 4), (8, 3, 2), (8, 5, 6, 2)])
SYMBOLS = RNG.integers(0, 5, (8, 3))

#: Each layer, and eight examples for it.
LAYERS = {
    "dense": (dense(3), ROWS),
    "dense without bias": (dense(3, b_init=None), SEQUENCES),
    "embedding": (embedding(5, 3), SYMBOLS),
    "layer_norm": (layer_norm(), ROWS),
    "batch_norm": (batch_norm(), ROWS),
    "batch_norm of images": (batch_norm(), IMAGES),
    "dropout": (dropout(0.4), ROWS),
    "conv2d": (conv2d(3, 3), IMAGES),
    "conv2d valid, strided": (conv2d(2, (2, 3), stride=(1, 2), padding="valid"), IMAGES),
    "conv2d without bias": (conv2d(2, 3, stride=2, b_init=None), IMAGES),
    "max_pool": (max_pool(2), IMAGES),
    "max_pool, overlapping": (max_pool(3, stride=1), IMAGES),
    "avg_pool": (avg_pool(2), IMAGES),
    "avg_pool, overlapping": (avg_pool((2, 3), stride=(1, 2)), IMAGES),
    "flatten": (flatten(), IMAGES),
    "rnn": (rnn(3), SEQUENCES),
    "gru": (gru(3), SEQUENCES),
    "gru, last": (gru(3, last=True), SEQUENCES),
    "lstm": (lstm(3), SEQUENCES),
    "lstm, last": (lstm(3, last=True), SEQUENCES),
    "serial": (serial(dense(3), tanh, dropout(0.5), named("last", dense(2))), ROWS),
    "side by side, joined": (serial(fan_out(2), parallel(dense(3), tanh), fan_in_concat()), ROWS),
    "side by side, added": (serial(fan_out(2), parallel(dense(4), dropout(0.3)), fan_in_sum()), ROWS),
    "residual": (residual(dense(4), tanh), ROWS),
    "convnet": (serial(conv2d(2, 3), relu, max_pool(2), flatten(), dense(2)), IMAGES),
}
#: Seeds to apply them with: that of training, and None, for prediction, where it makes another function.
APPLIED = [*((name, 1) for name in LAYERS), ("batch_norm", None)]

OPTIMIZERS = {
    "sgd": sgd(0.1),
    "momentum": sgd(0.1, momentum=0.9),
    "nesterov": sgd(0.1, momentum=0.9, nesterov=True),
    "adagrad": optimizers.adagrad(0.1),
    "rmsprop": optimizers.rmsprop(0.1),
    "rmsprop with momentum": optimizers.rmsprop(0.1, momentum=0.5),
    "adam": adam(0.1),
    "adamw": optimizers.adamw(0.1, weight_decay=0.05),
    "lion": optimizers.lion(0.1, weight_decay=0.05),
    "constant": adam(schedules.constant(0.1)),
    "step": adam(schedules.step(0.1, every=2)),
    "exponential": sgd(schedules.exponential(0.1, decay=0.9)),
    "cosine": adam(schedules.cosine(0.1, steps=5)),
    "warm_up": adam(schedules.warm_up(schedules.cosine(0.1, steps=5), steps=2)),
    "one_cycle": sgd(schedules.one_cycle(0.1, steps=8)),
    "a schedule with a branch": adam(lambda count: 0.1 if count < 2 else 0.01),
    "clip_by_value": optimizers.chain(optimizers.clip_by_value(0.01), sgd(0.1)),
    "clip_by_global_norm": optimizers.chain(optimizers.clip_by_global_norm(0.01), sgd(0.1)),
    "weight_decay": optimizers.chain(optimizers.weight_decay(0.1), adam(0.1)),
    "apply_if_finite": optimizers.apply_if_finite(adam(schedules.cosine(0.1, steps=5))),
    "freeze": optimizers.freeze(optimizers.adamw(0.1), "dense_0"),
}


def initial(layer, examples, dtype=np.float64):
    """The parameters that a layer starts with."""
    return trees.map_tree(lambda p: p.astype(dtype), layer.init(0, (-1, *examples.shape[1:]))[1])


def assert_steps_agree(net, params, loss, optimizer, batches, ulp=16):
    """Assert that each compiled step goes from where Python's steps have come to where the next one goes."""
    python, compiled = (make_step(net, loss, optimizer, [accuracy], compiled=c) for c in (False, True))
    state, start = optimizer.init(params), params
    for seed, (x, y) in enumerate(batches):
        expected = python(params, state, x, y, seed)
        assert_same(expected, compiled(params, state, x, y, seed), ulp)
        params, state, _ = expected
    assert not np.array_equal(trees.flatten(params)[0][-1], trees.flatten(start)[0][-1])
