"""nets: define, train, inspect and save neural nets, functionally.

A net is a pair of functions, its parameters are a dict of arrays, and training is a function of both:

>>> import nets
>>> net = nets.serial(nets.dense(8), nets.relu, nets.dense(1))
>>> _, params = net.init(0, (-1, 2))
>>> x, y = nets.data.xor()
>>> run = nets.fit(net, params, (x, y), nets.losses.binary_cross_entropy, nets.adam(0.1), epochs=200)
>>> [bool(logit > 0) for logit in net.apply(run.params, x)[:, 0]]
[False, True, True, False]

The modules `layers`, `initializers`, `losses`, `optimizers`, `schedules`, `metrics`, `data`, `plots` hold more.
`nets.two_layer` is the net of the tutorial, with its backpropagation by hand; ``python -m nets`` runs it.
"""

from nets import data, initializers, layers, losses, metrics, optimizers, plots, schedules, two_layer
from nets.activations import elu, gelu, leaky_relu, log_softmax, relu, sigmoid, silu, softmax, softplus, tanh
from nets.checkpoint import load, save
from nets.evaluation import evaluate
from nets.layers import (
    Layer,
    avg_pool,
    batch_norm,
    calibrate,
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
    max_pool,
    named,
    parallel,
    residual,
    rnn,
    serial,
)
from nets.optimizers import Optimizer, adagrad, adam, adamw, apply_updates, chain, lion, rmsprop, sgd
from nets.runs import Run
from nets.steps import make_step
from nets.stopping import EarlyStopping
from nets.summary import summary
from nets.training import fit, fit_epochs

__all__ = [
    "EarlyStopping",
    "Layer",
    "Optimizer",
    "Run",
    "adagrad",
    "adam",
    "adamw",
    "apply_updates",
    "avg_pool",
    "batch_norm",
    "calibrate",
    "chain",
    "conv2d",
    "data",
    "dense",
    "dropout",
    "elu",
    "embedding",
    "evaluate",
    "fan_in_concat",
    "fan_in_sum",
    "fan_out",
    "fit",
    "fit_epochs",
    "flatten",
    "gelu",
    "gru",
    "initializers",
    "layer_norm",
    "layers",
    "leaky_relu",
    "lion",
    "load",
    "log_softmax",
    "losses",
    "lstm",
    "make_step",
    "max_pool",
    "metrics",
    "named",
    "optimizers",
    "parallel",
    "plots",
    "relu",
    "residual",
    "rmsprop",
    "rnn",
    "save",
    "schedules",
    "serial",
    "sgd",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "summary",
    "tanh",
    "two_layer",
]
