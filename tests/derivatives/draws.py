"""Random operands for the tables of cases: real and complex, regular, Hermitian, positive definite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from referee import Case

#: Every kind of axis of an array with three of them.
AXES = [
    {},
    {"axis": 0},
    {"axis": -1},
    {"axis": (0, 2)},
    {"axis": (-1, 0)},
    {"axis": 1, "keepdims": True},
    {"axis": None, "keepdims": True},
    {"axis": ()},
]


class Draws:
    """Deterministic random arrays: the n-th draw of a table is the same in every run."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def real(self, *shape: int) -> Any:
        return self.rng.normal(size=shape)

    def cplx(self, *shape: int) -> Any:
        return self.rng.normal(size=shape) + 1j * self.rng.normal(size=shape)

    @property
    def kinds(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        """Both kinds of draws."""
        return self.real, self.cplx

    def both(self, function: Any, call: Any, *shapes: tuple[int, ...], make: Any = None, **options: Any) -> list[Case]:
        """A real and a complex case with operands of ``shapes``; ``make`` changes what was drawn."""
        make = make or (lambda x: x)
        return [case(function, call, *(make(kind(*shape)) for shape in shapes), **options) for kind in self.kinds]


def case(function: Any, call: Any, *operands: Any, name: str = "", order: int = 2) -> Case:
    """One row of a table, with the kinds of its operands in its name."""
    kinds = "-".join("cplx" if np.iscomplexobj(x) else "real" for x in operands)
    return Case(function, call, operands, order, name="-".join(filter(None, [function.__name__, str(name), kinds])))


def calling(function: Any, x: Any, **options: Any) -> Case:
    """A case of one call with ``options``, and the short ones of these in its name."""
    name = ", ".join(f"{key}={value}" for key, value in options.items() if np.ndim(value) == 0)
    return Case(function, lambda x: function(x, **options), (x,), name=f"{function.__name__}({name})")


#: Entries without ties: a step of the referee changes no order.
APART = np.random.default_rng(4).permutation(24).reshape(2, 3, 4) / 4.0 + 0.5
#: Some entries of such an array, one of each row at least.
MASK = np.random.default_rng(5).uniform(size=(3, 4)) < 0.7
MASK[:, 0] = True


def holding(function: Any, **options: Any) -> Case:
    """A call on an array with missing entries, as a function of those that are there."""
    return Case(function, lambda x: function(np.where(MASK, x, np.nan), **options), (APART,))


def adjoint(x: Any) -> Any:
    """The conjugate transpose of each matrix."""
    return np.conjugate(np.swapaxes(x, -1, -2))


def regular(x: Any) -> Any:
    """Well-conditioned matrices."""
    return x + 3 * np.eye(x.shape[-1])


def hermitian(x: Any) -> Any:
    """A Hermitian matrix made of ``x``."""
    return x + adjoint(x)


def positive(x: Any) -> Any:
    """A positive definite matrix made of ``x``."""
    return np.matmul(x, adjoint(x)) + 0.5 * np.eye(x.shape[-1])


def apart(x: Any) -> Any:
    """Entries of the signs and order of ``x``, but with growing sizes 0.4, 0.6, 0.9 …: no kink and no tie is near."""
    size = np.abs(x)
    ranks = np.argsort(np.argsort(size, axis=None)).reshape(x.shape)
    return x / size * (0.4 + 0.2 * ranks + 0.03 * ranks**2)


def spread(x: Any) -> Any:
    """Matrices whose eigenvalues are apart."""
    return x + np.diag(5.0 * np.arange(x.shape[-1]))


def squared(x: Any) -> Any:
    """|x|² entry by entry: it is not linear, and does not depend on signs and phases."""
    return np.real(x * np.conjugate(x))
