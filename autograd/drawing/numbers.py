"""Numbers in pictures: small arrays in full, larger ones as min · mean · max and the shape of their distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.graph import Traced

#: Arrays up to this size and width are written out.
FULL_SIZE, FULL_WIDTH = 24, 6
#: Where there is room for one line only, those of up to this size.
BRIEF_SIZE = 4
BINS = 9
BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Summary:
    """A large array in a few numbers. ``bins`` are the heights of its histogram, 0 to 1; nan and inf count apart."""

    low: float
    mean: float
    high: float
    bins: tuple[float, ...]
    nans: int
    infs: int

    @property
    def text(self) -> str:
        """``-1.2 · 0.03 · 2.1``, with what is not finite."""
        parts = [f"{number(self.low)} · {number(self.mean)} · {number(self.high)}"] if self.bins else []
        parts += [f"{self.nans} NaN"] if self.nans else []
        parts += [f"{self.infs} Inf"] if self.infs else []
        return ", ".join(parts) or "empty"

    @property
    def bar(self) -> str:
        """The histogram as one line of block characters."""
        return "".join(BARS[round(height * (len(BARS) - 1))] for height in self.bins)


def as_plain(value: Any) -> Any:
    """Return ``value`` as a plain array, whatever traces it."""
    while isinstance(value, Traced):
        value = value.value
    return np.asarray(value)


def number(x: Any) -> str:
    """One number with four significant digits.

    >>> number(0.123456), number(-2.0), number(True), number(1e-9)
    ('0.1235', '-2', 'True', '1e-09')
    """
    if isinstance(x, (bool, np.bool_)):
        return str(bool(x))
    if isinstance(x, (complex, np.complexfloating)):
        return f"{complex(x):.3g}"
    text = f"{float(x):.4g}"
    return "0" if text == "-0" else text


def written_out(value: Any) -> list[list[str]] | None:
    """The entries of a small array as rows of equally wide texts; None for an array that is too large.

    >>> written_out(np.array([[1.0, -2.5], [10.0, 0.0]]))
    [[' 1', '-2.5'], ['10', '   0']]
    """
    array = as_plain(value)
    if array.ndim > 2 or array.size > FULL_SIZE or (array.ndim and array.shape[-1] > FULL_WIDTH) or not array.size:
        return None
    rows = [[number(x) for x in row] for row in array.reshape(-1, array.shape[-1] if array.ndim else 1)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [[text.rjust(width) for text, width in zip(row, widths, strict=True)] for row in rows]


def summary(value: Any) -> Summary:
    """Return a `Summary` of an array of any size."""
    array = as_plain(value)
    array = (np.abs(array) if array.dtype.kind == "c" else array).astype(np.float64).ravel()
    finite = array[np.isfinite(array)]
    nans = int(np.isnan(array).sum())
    infs = array.size - finite.size - nans
    if not finite.size:
        return Summary(math.nan, math.nan, math.nan, (), nans, infs)
    low, high = float(finite.min()), float(finite.max())
    scale = max(abs(low), abs(high)) or 1.0  # so that neither the mean nor the range overflows
    mean = min(max(float((finite / scale).mean()) * scale, low), high)
    places = (finite / scale - low / scale) / ((high / scale - low / scale) or 1.0)
    counts = np.bincount(np.minimum((places * BINS).astype(int), BINS - 1), minlength=BINS)
    return Summary(low, mean, high, tuple((counts / counts.max()).tolist()), nans, infs)


def brief(value: Any) -> str:
    """The entries of a very small array on one line, or the summary of a larger one.

    >>> brief(np.array([1.0, -2.5])), brief(np.arange(9.0))
    ('1  -2.5', '0 · 4 · 8')
    """
    array = as_plain(value)
    return "  ".join(map(number, array.ravel())) if 0 < array.size <= BRIEF_SIZE else summary(array).text


def lines(value: Any) -> list[str]:
    """The array as lines of text: its entries, or its summary and its histogram."""
    rows = written_out(value)
    if rows is not None:
        return ["  ".join(row) for row in rows]
    facts = summary(value)
    return [f"{facts.text}  {facts.bar}".rstrip()]


def is_finite(value: Any) -> bool:
    """Whether every entry is a finite number."""
    if value is None:
        return True
    if isinstance(value, (float, int)):  # np.float64 is a float: far faster than through NumPy
        return math.isfinite(value)
    return bool(np.all(np.isfinite(as_plain(value))))


def magnitude(value: Any) -> float:
    """The root mean square, without overflow: what a colour scale shows."""
    array = np.abs(as_plain(value)).astype(np.float64)
    if not array.size:
        return 0.0
    largest = float(array.max())
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * float(np.sqrt(np.mean((array / largest) ** 2)))
