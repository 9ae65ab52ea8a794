"""One seed, split by path: every layer draws from a seed of its own, made from the seed above it and its name.

So adding a layer leaves the weights of the others as they were, and the same seed gives the same numbers everywhere.
Splitting and drawing are rows of the table of derivatives (with derivative zero): a recorded program keeps them as
calls that depend on the seed, instead of one mask for ever.
"""

from __future__ import annotations

import hashlib
import operator
from typing import Any

import numpy as np

from autograd import derivative
from nets.errors import OptionError

__all__ = ["Outline", "generator", "seed_of", "split", "uniform"]


class Outline(int):
    """A seed that draws nothing and takes notes: with it, `init` only works out shapes (see `nets.summary`).

    It is an int, so that a layer which knows nothing of it still gets a seed.

    >>> from nets.layers import dense
    >>> _, params = dense(1000).init(Outline(), (-1, 1000))
    >>> params["W"].shape, params["W"].strides
    ((1000, 1000), (0, 0))
    """

    rows: list[tuple[str, str, Any, Any]]
    path: str

    def __new__(cls, rows: list[tuple[str, str, Any, Any]] | None = None, path: str = "") -> Outline:
        """An outline that notes ``(path, layer, output shape, params)`` in ``rows``."""
        outline = super().__new__(cls, 0)
        outline.rows = [] if rows is None else rows
        outline.path = path
        return outline


def seed_of(rng: Any) -> Any:
    """Return a seed for ``rng``: an int is one; a NumPy Generator is asked for its next number.

    >>> seed_of(7)
    7
    """
    return int(rng.integers(1 << 63)) if isinstance(rng, np.random.Generator) else rng


def split(seed: Any, name: str) -> Any:
    """Return the seed of the part called ``name``: 63 bits of BLAKE2b(seed, name).

    >>> split(0, "W") == split(0, "W"), split(0, "W") == split(0, "b")
    (True, False)
    """
    if isinstance(seed, Outline):
        return Outline(seed.rows, f"{seed.path}/{name}" if seed.path else name)
    return _fold(seed, name)


def _whole(seed: Any) -> int:
    """The seed as a Python int. Raises `OptionError` for what is no whole number."""
    try:
        return operator.index(seed)
    except TypeError as error:
        raise OptionError(f"A seed (rng) is a whole number or a NumPy Generator, not {seed!r}.") from error


@derivative(seed=None)
def _fold(seed: Any, name: str) -> int:
    text = f"{_whole(seed)}/{name}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


@derivative(seed=None)
def uniform(seed: Any, shape: tuple[int, ...]) -> Any:
    """Return random numbers from [0, 1) of the given ``shape``, always the same for one ``seed``.

    >>> uniform(0, (2,)) == uniform(0, (2,))
    array([ True,  True])
    """
    return generator(seed).random(shape)


def generator(rng: Any) -> np.random.Generator:
    """Return the NumPy Generator that ``rng`` is, or that it seeds.

    >>> generator(0).integers(10) == generator(0).integers(10)
    np.True_
    """
    return rng if isinstance(rng, np.random.Generator) else np.random.default_rng(_whole(rng) % 2**64)
