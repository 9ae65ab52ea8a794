"""Where to look: directions that an error cannot hide from, and steps that fit the point.

A random direction tests all entries of a gradient at once. Each leaf is moved in proportion to the size of its own
entries, so ``log`` at 1e-8 is not asked about negative numbers; and leaves with a large share in the slope are moved
less, so that an error in a small gradient is not drowned by a large one beside it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.check.problem import Problem, Vector, spread_signs

#: A leaf is never moved less than this share of its fair step, or its own slope would drown in rounding.
SMALLEST_SHARE = 1e-3

#: So many entries of a leaf say how large its entries are.
TYPICAL = 4096


def natural_steps(problem: Problem) -> Vector:
    """The size of the entries of each leaf: a change of x by a small part of it is a small change of L."""
    sizes = np.ones(problem.size)
    for leaf, start, end in zip(problem.leaves, problem.starts, problem.ends, strict=True):
        sizes[start:end] = natural_step(leaf)
    return sizes


def own_steps(problem: Problem) -> Vector:
    """The size of every entry by itself: for leaves of entries so different that their median leaves the domain."""
    sizes = np.abs(np.concatenate([_parts(leaf) for leaf in problem.leaves]))
    return np.where(sizes > 0, np.minimum(sizes, natural_steps(problem)), natural_steps(problem))


def _parts(leaf: Any) -> Vector:
    """The real numbers of a leaf: first the real, then the imaginary parts."""
    flat = np.ravel(leaf)
    return np.concatenate([flat.real, flat.imag]) if np.iscomplexobj(flat) else flat


def natural_step(leaf: Any) -> float:
    """The median size of the nonzero entries, at most 1 (``sin`` does not slow down far out) until digits run out."""
    flat = np.ravel(leaf)
    sizes = np.abs(flat[:: max(flat.size // TYPICAL, 1)])
    sizes = sizes[(sizes > 0) & np.isfinite(sizes)]
    if sizes.size == 0:
        return 1.0
    middle = float(np.median(sizes))
    return max(min(middle, 1.0), 1e-4 * middle)


def random_direction(problem: Problem, steps: Vector, gradient: Vector, rng: np.random.Generator) -> Vector:
    """A direction in which every leaf has its natural step and no more than its share of the slope."""
    direction = steps * spread_signs(rng, (problem.size,))
    spans = [slice(start, end) for start, end in zip(problem.starts, problem.ends, strict=True) if end > start]
    slopes = [float(np.sum(np.abs(gradient[span] * direction[span]))) for span in spans]
    smallest = min((slope for slope in slopes if slope > 0 and np.isfinite(slope)), default=1.0)
    for span, slope in zip(spans, slopes, strict=True):
        if slope > smallest and np.isfinite(slope):
            direction[span] *= max(smallest / slope, SMALLEST_SHARE)
    return direction


def restricted(direction: Vector, start: int, end: int) -> Vector:
    """The direction within one block of entries."""
    block = np.zeros_like(direction)
    block[start:end] = direction[start:end]
    return block


def unit(problem: Problem, place: int, step: float) -> Vector:
    """The direction of one entry."""
    direction = np.zeros(problem.size)
    direction[place] = step
    return direction
