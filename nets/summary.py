"""A summary of a net: its layers, output shapes and parameter counts, from shapes alone. No weight is drawn.

>>> from nets.layers import dense, serial
>>> print(summary(serial(dense(32), np.tanh, dense(10)), (-1, 64)))
layer    kind       output shape  parameters
--------------------------------------------
dense_0  dense(32)  (-1, 32)           2,080
tanh_0   tanh       (-1, 32)               0
dense_1  dense(10)  (-1, 10)             330
--------------------------------------------
2,410 parameters, 19,280 bytes as float64
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd import trees
from nets.layers.core import as_layer, as_shape
from nets.seeds import Outline

__all__ = ["LayerSummary", "Summary", "summary"]


class LayerSummary(NamedTuple):
    """One layer: its path, what it is, the shape of its output, its number of parameters.

    ``shared`` says that the parameters were counted with an earlier layer.
    """

    path: str
    kind: str
    output_shape: Any
    parameters: int
    shared: bool


class Summary(NamedTuple):
    """The layers of a net, the number of its parameters (shared ones once), their bytes. It shows itself as a table."""

    layers: tuple[LayerSummary, ...]
    output_shape: Any
    parameters: int
    nbytes: int

    def __repr__(self) -> str:
        head = ("layer", "kind", "output shape", "parameters")
        rows = [
            (row.path, row.kind, str(row.output_shape), "shared" if row.shared else f"{row.parameters:,}")
            for row in self.layers
        ]
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(4)]
        table = ["  ".join([*(c.ljust(w) for c, w in zip(row[:3], widths, strict=False)), row[3].rjust(widths[3])])
                 for row in [head, *rows]]  # fmt: skip
        line = "-" * len(table[0])
        total = f"{self.parameters:,} parameters, {self.nbytes:,} bytes as float64"
        return "\n".join([table[0], line, *table[1:], line, total])


def summary(net: Any, input_shape: Any) -> Summary:
    """Return the `Summary` of ``net`` for inputs of ``input_shape``, -1 for the batch axis.

    Raises `LayerError`, with the path of the layer, where the shapes do not fit.

    >>> from nets.layers import dense, serial
    >>> summary(serial(dense(32), np.tanh, dense(10)), (-1, 64)).parameters
    2410
    """
    layer = as_layer(net)
    outline = Outline()
    output_shape, params = layer.init(outline, as_shape(input_shape, layer.label))
    # A layer of layers is noted after its parts; its path is the beginning of theirs.
    containers = {path for path, *_ in outline.rows if any(other.startswith(f"{path}/") for other, *_ in outline.rows)}
    rows: list[LayerSummary] = []
    for path, label, shape, found in outline.rows or [(layer.name or layer.kind, layer.label, output_shape, params)]:
        if path not in containers:
            shared = bool(found) and any(row.path == path for row in rows)
            rows.append(LayerSummary(path, label, shape, _count(found), shared))
    total = _count(params)
    return Summary(tuple(rows), output_shape, total, total * np.dtype(float).itemsize)


def _count(params: Any) -> int:
    return sum(int(np.size(leaf)) for leaf in trees.flatten(params)[0])
