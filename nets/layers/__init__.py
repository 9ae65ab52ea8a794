"""Layers: pairs of pure functions ``(init, apply)``, and layers made of layers. Start with `core`."""

from nets.layers.combinators import fan_in_concat, fan_in_sum, fan_out, parallel, residual, serial
from nets.layers.core import Layer, as_layer, calibrate, named
from nets.layers.dense import dense, embedding

__all__ = [
    "Layer",
    "as_layer",
    "calibrate",
    "dense",
    "embedding",
    "fan_in_concat",
    "fan_in_sum",
    "fan_out",
    "named",
    "parallel",
    "residual",
    "serial",
]
