"""Vector spaces: what can be added, scaled and multiplied. ``vspace(value)`` is the space that ``value`` lives in.

Real arrays, complex arrays (a real space of twice as many dimensions) and trees of them; a type of your own registers
a subclass of `VSpace`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np

from autograd.recording import as_number, dtype_of
from autograd.trees import container_of, flatten, rebuild

from .boxes import getval

__all__ = ["VSpace", "vspace"]


class VSpace:
    """A vector space. A subclass gives ``zeros`` and ``randn``, and overrides the operations with an underscore."""

    mappings: ClassVar[dict[type, Callable[[Any], Any]]] = {}
    iscomplex = False

    def __init__(self, value: Any) -> None:
        pass

    @classmethod
    def register(cls, value_type: type, vspace_maker: Callable[[Any], Any] | None = None) -> None:
        """Let ``vspace`` of a ``value_type`` be this space."""
        VSpace.mappings[value_type] = vspace_maker or cls

    def add(self, x: Any, y: Any) -> Any:
        """x + y."""
        return self._add(x, y)

    def mut_add(self, x: Any, y: Any) -> Any:
        """x + y, where None counts as zero. Nothing is changed in place."""
        return y if x is None else self._add(x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """a · x for a number a."""
        return self._scalar_mul(x, a)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """⟨x, y⟩, a real number."""
        return self._inner_prod(x, y)

    def covector(self, x: Any) -> Any:
        """The gradient of y ↦ ⟨x, y⟩."""
        return self._covector(x)

    def _add(self, x: Any, y: Any) -> Any:
        return x + y

    def _scalar_mul(self, x: Any, a: Any) -> Any:
        return x * a

    def _inner_prod(self, x: Any, y: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} has no inner product.")

    def _covector(self, x: Any) -> Any:
        return x

    def __eq__(self, other: Any) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}_{self.__dict__}"


class ArrayVSpace(VSpace):
    """Arrays of one shape and dtype."""

    def __init__(self, value: Any) -> None:
        self.shape: tuple[int, ...] = np.shape(value)
        self.dtype = dtype_of(value) if dtype_of(value).kind in "fc" else np.dtype(float)

    iscomplex = property(lambda self: self.dtype.kind == "c")  # type: ignore[assignment]
    ndim = property(lambda self: len(self.shape))

    @property
    def size(self) -> int:
        """The number of real dimensions."""
        return math.prod(self.shape) * (2 if self.iscomplex else 1)

    def zeros(self) -> Any:
        """The origin."""
        return np.zeros(self.shape, self.dtype)

    def ones(self) -> Any:
        """The sum of the standard basis."""
        return np.full(self.shape, 1 + 1j if self.iscomplex else 1, self.dtype)

    def randn(self) -> Any:
        """A vector of independent standard normal coordinates, from NumPy's global generator."""
        draw = np.asarray(np.random.randn(*self.shape))
        return (draw + 1j * np.random.randn(*self.shape) if self.iscomplex else draw).astype(self.dtype)

    def standard_basis(self) -> Iterator[Any]:
        """The unit vectors; for complex arrays those along i as well."""
        for index in np.ndindex(*self.shape):
            for unit in (1, 1j) if self.iscomplex else (1,):
                vector = np.zeros(self.shape, self.dtype)
                vector[index] = unit
                yield vector

    def _inner_prod(self, x: Any, y: Any) -> Any:
        return np.real(np.sum(np.conjugate(x) * y))

    def _covector(self, x: Any) -> Any:
        return np.conjugate(x)


class TreeVSpace(VSpace):
    """Trees of one structure: the product of the spaces of their leaves."""

    def __init__(self, value: Any) -> None:
        leaves, self.structure = flatten(value)
        self.spaces = [vspace(leaf) for leaf in leaves]

    iscomplex = property(lambda self: any(space.iscomplex for space in self.spaces))  # type: ignore[assignment]
    size = property(lambda self: sum(space.size for space in self.spaces))

    def zeros(self) -> Any:
        """The origin."""
        return self._each("zeros")

    def ones(self) -> Any:
        """The sum of the standard basis."""
        return self._each("ones")

    def randn(self) -> Any:
        """A vector of independent standard normal coordinates."""
        return self._each("randn")

    def standard_basis(self) -> Iterator[Any]:
        """The unit vectors, leaf by leaf."""
        for place, space in enumerate(self.spaces):
            for vector in space.standard_basis():
                zeros = [other.zeros() for other in self.spaces]
                yield rebuild(self.structure, [*zeros[:place], vector, *zeros[place + 1 :]])

    def _each(self, name: str, *trees: Any) -> Any:
        parts = zip(self.spaces, *(flatten(tree)[0] for tree in trees), strict=True)
        return rebuild(self.structure, [getattr(space, name)(*leaves) for space, *leaves in parts])

    def _add(self, x: Any, y: Any) -> Any:
        return self._each("add", x, y)

    def _scalar_mul(self, x: Any, a: Any) -> Any:
        parts = zip(self.spaces, flatten(x)[0], strict=True)
        return rebuild(self.structure, [space.scalar_mul(leaf, a) for space, leaf in parts])

    def _inner_prod(self, x: Any, y: Any) -> Any:
        return sum(flatten(self._each("inner_prod", x, y))[0], 0.0)

    def _covector(self, x: Any) -> Any:
        return self._each("covector", x)


def vspace(value: Any) -> Any:
    """Return the vector space of ``value``; raises TypeError when it lives in none.

    >>> vspace((1.0, np.zeros((2, 3)))).size
    7
    """
    value = getval(value)
    maker = VSpace.mappings.get(type(value))
    if maker is not None:
        return maker(value)
    if as_number(value) is not None:
        return ArrayVSpace(value)
    if container_of(value) is not None:
        return TreeVSpace(value)
    raise TypeError(f"Can't find vector space for value {value} of type {type(value)}.")
