"""Layers: pairs of pure functions ``(init, apply)``, and layers made of layers. Start with `core`."""

from nets.layers.combinators import fan_in_concat, fan_in_sum, fan_out, parallel, residual, serial
from nets.layers.conv import avg_pool, conv2d, flatten, max_pool
from nets.layers.core import Layer, as_layer, calibrate, named
from nets.layers.dense import dense, embedding
from nets.layers.normalization import batch_norm, dropout, layer_norm
from nets.layers.recurrent import gru, lstm, rnn

__all__ = [
    "Layer",
    "as_layer",
    "avg_pool",
    "batch_norm",
    "calibrate",
    "conv2d",
    "dense",
    "dropout",
    "embedding",
    "fan_in_concat",
    "fan_in_sum",
    "fan_out",
    "flatten",
    "gru",
    "layer_norm",
    "lstm",
    "max_pool",
    "named",
    "parallel",
    "residual",
    "rnn",
    "serial",
]
