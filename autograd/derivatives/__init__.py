"""The table of derivatives, one chapter per file. Importing this package writes all rows."""

from autograd.derivatives import (
    decompositions,
    einsum,
    elementwise,
    fft,
    indexing,
    linalg,
    norms,
    products,
    reduction,
    shape,
)

__all__ = [
    "decompositions",
    "einsum",
    "elementwise",
    "fft",
    "indexing",
    "linalg",
    "norms",
    "products",
    "reduction",
    "shape",
]
