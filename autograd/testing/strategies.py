"""Hypothesis strategies for arrays on which gradients can be checked.

    @given(arrays(shape=(3, 4)), broadcastable(2))
    def test_something(x, operands): ...

All of them draw finite numbers, shrink towards small and simple arrays, and are deterministic under Hypothesis's own
seed. Needs Hypothesis (the extra ``test``).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

try:
    from hypothesis import strategies as st
    from hypothesis.extra import numpy as hnp
except ImportError as error:  # pragma: no cover
    raise ImportError("autograd.testing.strategies needs Hypothesis: pip install hypothesis") from error

from autograd.errors import ArgumentError

__all__ = ["DOMAINS", "arrays", "away_from_kinks", "broadcastable", "positive_definite", "trees", "well_conditioned"]

#: Where functions live: the interval that the entries are drawn from.
DOMAINS: dict[str, tuple[float, float]] = {
    "real": (-3.0, 3.0),
    "positive": (0.1, 4.0),
    "negative": (-4.0, -0.1),
    "unit": (-0.95, 0.95),  # of arcsin, arctanh
    "probability": (0.05, 0.95),
    "above one": (1.1, 4.0),  # of arccosh
}

Strategy = st.SearchStrategy[Any]
Shape = int | tuple[int, ...] | st.SearchStrategy[tuple[int, ...]]


def arrays(dtype: Any = np.float64, shape: Shape | None = None, domain: str | tuple[float, float] = "real") -> Strategy:
    """Arrays of ``dtype`` with entries in ``domain``: a name of `DOMAINS` or an interval ``(low, high)``.

    shape: a shape, a strategy of shapes, or None for any of up to 3 axes of length 0 to 4.
    Raises `ArgumentError` for a domain that does not exist or a dtype without floats.

    >>> arrays(shape=(2,), domain="positive").filter(lambda x: x.min() < 0).is_empty
    False
    """
    low, high = _interval(domain)
    dtype = np.dtype(dtype)
    if dtype.kind not in "fc":
        raise ArgumentError(f"arrays draws floats or complex numbers, not {dtype}. Use float32, float64, complex128, …")
    shape = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4) if shape is None else shape
    if dtype.kind == "c":
        part = arrays(np.float64, shape if not isinstance(shape, st.SearchStrategy) else st.shared(shape), domain)
        return st.tuples(part, part).map(lambda parts: (parts[0] + 1j * parts[1]).astype(dtype))
    return hnp.arrays(dtype, shape, elements=_numbers(low, high, dtype))


def _interval(domain: str | tuple[float, float]) -> tuple[float, float]:
    if isinstance(domain, str):
        if domain not in DOMAINS:
            raise ArgumentError(f"There is no domain {domain!r}; there are {', '.join(DOMAINS)}, and (low, high).")
        return DOMAINS[domain]
    low, high = domain
    if not low < high:
        raise ArgumentError(f"The domain {domain} is empty: low must be less than high.")
    return float(low), float(high)


def _numbers(low: float, high: float, dtype: np.dtype[Any]) -> Any:
    """Multiples of 1/64 within ``[low, high]``: exact in every float dtype, and never close but not equal."""
    grid = 64.0
    first, last = math.ceil(low * grid), math.floor(high * grid)
    if last <= first:  # a narrow domain: plain floats
        return st.floats(low, high, allow_subnormal=False).map(dtype.type)
    return st.integers(first, last).map(lambda i: dtype.type(i / grid))


def broadcastable(n: int = 2, dtype: Any = np.float64, domain: str | tuple[float, float] = "real") -> Strategy:
    """Tuples of ``n`` arrays whose shapes broadcast with each other; axes are missing or of length 1 at random.

    >>> from hypothesis import find
    >>> x, y = find(broadcastable(2), lambda pair: pair[0].shape != pair[1].shape)
    >>> (x + y).ndim == max(x.ndim, y.ndim)
    True
    """
    shapes = hnp.mutually_broadcastable_shapes(num_shapes=n, max_dims=3, max_side=4)
    return shapes.flatmap(lambda drawn: st.tuples(*(arrays(dtype, shape, domain) for shape in drawn.input_shapes)))


def well_conditioned(n: int, dtype: Any = np.float64) -> Strategy:
    """Invertible (n, n) matrices I + N with a condition number of at most 3.

    The noise N has ‖N‖ ≤ 1/2 in the Frobenius norm, so the singular values of I + N lie in [1/2, 3/2].

    >>> from hypothesis import find
    >>> A = find(well_conditioned(3), lambda A: A[0, 1] != 0)
    >>> bool(np.linalg.cond(A) <= 3)
    True
    """
    return arrays(np.float64, (n, n)).map(lambda x: _near_identity(x).astype(dtype))


def positive_definite(n: int, dtype: Any = np.float64) -> Strategy:
    """Symmetric positive definite (n, n) matrices: A Aᵀ of a well conditioned A, with eigenvalues in [1/4, 9/4].

    >>> from hypothesis import find
    >>> A = find(positive_definite(2), lambda A: A[0, 1] != 0)
    >>> bool(np.all(np.linalg.eigvalsh(A) >= 0.25))
    True
    """
    return arrays(np.float64, (n, n)).map(lambda x: _gram(_near_identity(x)).astype(dtype))


def _near_identity(x: Any) -> Any:
    return np.eye(len(x)) + 0.5 * x / max(1.0, float(np.linalg.norm(x)))


def _gram(a: Any) -> Any:
    return a @ a.T


def away_from_kinks(
    strategy: Any = None, kinks: tuple[float, ...] = (0.0,), distance: float = 0.1, distinct: bool = False
) -> Strategy:
    """Arrays of ``strategy`` whose entries keep their ``distance`` from ``kinks``, moved there if necessary.

    With ``distinct``, entries also keep it from each other (for max, sort, median): equal ones are spread apart.

    >>> from hypothesis import find
    >>> find(away_from_kinks(arrays(shape=(2,)), distance=0.1), lambda x: True)
    array([0.1, 0.1])
    """
    base = arrays() if strategy is None else strategy
    move = _spread_apart if distinct else _away
    return base.map(lambda x: move(x, kinks, distance))


def _away(x: Any, kinks: tuple[float, ...], distance: float) -> Any:
    for kink in sorted(kinks):
        near = np.abs(x - kink) < distance
        x = np.where(near, kink + np.where(x < kink, -distance, distance), x).astype(x.dtype)
    return x


def _spread_apart(x: Any, kinks: tuple[float, ...], distance: float) -> Any:
    """The same order of entries, each moved up as far as its lower neighbour and the kinks demand."""
    order = np.argsort(x, axis=None, kind="stable")
    out = x.flatten()
    lowest = -np.inf
    for place in order:
        value = max(float(out[place]), lowest)
        for kink in sorted(kinks):
            value = kink + distance if abs(value - kink) < distance else value
        out[place] = value
        lowest = value + distance
    return out.reshape(x.shape)


def trees(leaves: Any = None, max_leaves: int = 4) -> Strategy:
    """Nested tuples, lists and dicts with arrays of ``leaves`` at the end, like the parameters of a net.

    >>> from hypothesis import find
    >>> find(trees(arrays(shape=())), lambda tree: isinstance(tree, dict))
    {'w': array(0.)}
    """
    leaves = arrays(shape=hnp.array_shapes(max_dims=2, max_side=3)) if leaves is None else leaves
    names = st.sampled_from(["w", "b", "hidden", "output"])
    return st.recursive(
        leaves,
        lambda below: st.one_of(
            st.lists(below, min_size=1, max_size=2),
            st.tuples(below, below),
            st.dictionaries(names, below, min_size=1, max_size=2),
        ),
        max_leaves=max_leaves,
    )
