"""The question of a check: a real function L on one flat real vector space, and a point of it.

Whatever the user's function takes and returns, a check looks at

    L(leaves) = Re Σ w · out

for fixed random weights w (w = 1 when the output is one real number), as a function of all differentiated leaves. A
direction in the space of the leaves is one flat float64 vector; a complex leaf takes two entries per number, its real
and its imaginary part. Leaves of float16 and float32 are checked in float64, and once more as they are.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.check import engine
from autograd.errors import ArgumentError, OutputError
from autograd.graph import Traced
from autograd.recording import as_number, dtype_of
from autograd.transforms.naming import argument_name, name_of
from autograd.trees import flatten, leaves_with_paths, rebuild

Vector = np.ndarray[Any, np.dtype[np.float64]]

#: Failures of a function at a point that the user did not ask for, such as a matrix that is no longer definite.
OUTSIDE = (ArithmeticError, ValueError, IndexError, np.linalg.LinAlgError)


@dataclass
class Cost:
    """What a check has spent."""

    evaluations: int = 0
    sweeps: int = 0


class Problem:
    """``function(*leaves)`` at ``leaves``, which are called ``paths`` in messages."""

    def __init__(
        self,
        function: Callable[..., Any],
        leaves: Sequence[Any],
        paths: Sequence[str],
        name: str,
        seed: int = 0,
        cost: Cost | None = None,
    ) -> None:
        self.function = function
        self.paths = list(paths)
        self.name = name
        self.seed = seed
        self.given = list(leaves)
        self.leaves = [widened(leaf) for leaf in leaves]
        self.shapes = [np.shape(leaf) for leaf in leaves]
        self.complex = [kind_of(leaf) == "c" for leaf in leaves]
        sizes = [np.size(leaf) * (2 if both else 1) for leaf, both in zip(leaves, self.complex, strict=True)]
        self.ends = np.cumsum(sizes, dtype=int)
        self.starts = self.ends - sizes
        self.size = int(sum(sizes))
        self.cost = cost or Cost()
        self.origin = self  # of a derived problem: that of the user's own function
        self.call: tuple[Callable[..., Any], tuple[Any, ...]] = (function, tuple(leaves))  # as the user wrote it
        self._look_at_output()

    def _look_at_output(self) -> None:
        """Evaluate once: draw the weights of the outputs, and learn how large and how precise L is."""
        self.cost.evaluations += 1
        with engine.quiet():
            output = self.function(*self.displaced(0.0, np.zeros(self.size)))
            self.returned_none = output is None
            outputs = numeric_parts(output)
            rng = np.random.default_rng([self.seed, 1])
            single = len(outputs) == 1 and np.size(outputs[0]) == 1 and kind_of(outputs[0]) == "f"
            self.weights = [np.ones(np.shape(out)) if single else signs(rng, out) for out in outputs]
            self.real = [kind_of(out) == "f" for out in outputs]
            terms = [np.real(w * out) for w, out in zip(self.weights, outputs, strict=True)]
            self.value = float(sum(np.sum(term) for term in terms))
            self.scale = float(sum(np.sum(np.abs(term)) for term in terms))
        self.eps = max((precision(out) for out in outputs), default=precision(1.0))

    # The function

    def scalar(self, *leaves: Any) -> Any:
        """L(leaves), for plain leaves, traced ones, and those with an imaginary step."""
        total: Any = 0.0
        for w, real, out in zip(self.weights, self.real, numeric_parts(self.function(*leaves)), strict=True):
            term = np.sum(w * out)
            total = total + (term if real else np.real(term))
        return total

    def along(self, t: float, direction: Vector) -> float:
        """L(x + t·direction), and nan where the function is not defined."""
        self.cost.evaluations += 1
        with engine.quiet():
            try:
                return float(np.real(self.scalar(*self.displaced(t, direction))))
            except OUTSIDE:
                return float("nan")

    def complex_step(self, direction: Vector) -> float:
        """Im L(x + ih·direction) / h for a tiny h; nan where the function does not take complex numbers."""
        if any(self.complex) or not all(self.real):
            return float("nan")
        h = 2.0**-100
        self.cost.evaluations += 1
        with engine.quiet():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            try:
                return float(np.imag(self.scalar(*self.displaced(1j * h, direction)))) / h
            except Exception:  # whatever a function says that was never written for complex numbers
                return float("nan")

    def displaced(self, t: complex, direction: Vector) -> list[Any]:
        """The leaves moved by t·direction."""
        return [moved(leaf, t * step) for leaf, step in zip(self.leaves, self.split(direction), strict=True)]

    def moved_to(self, t: float, direction: Vector) -> Problem:
        """The same question at another point."""
        there = Problem(self.function, self.displaced(t, direction), self.paths, self.name, self.seed, self.cost)
        there.call = self.call
        return there

    # The engine's answers

    def gradient(self) -> tuple[float, Vector]:
        """The value that the engine recorded and the gradient of L, from one reverse sweep in float64."""
        self.cost.sweeps += 1
        value, gradients = engine.pullback(self.scalar, self.leaves)
        return float(np.real(value)), self.join(gradients)

    def gradient_as_given(self, t: float = 0.0, direction: Vector | None = None) -> tuple[list[Any], Vector]:
        """The gradients for the leaves in the dtypes that the user gave."""
        self.cost.sweeps += 1
        leaves = self.given
        if direction is not None:
            steps = self.split(t * direction)
            leaves = [narrowed(moved(widened(x), step), x) for x, step in zip(leaves, steps, strict=True)]
        gradients = engine.pullback(self.scalar, leaves)[1]
        return gradients, self.join(gradients)

    def slope_forward(self, direction: Vector) -> float:
        """The slope of L along ``direction``, from one forward sweep."""
        self.cost.sweeps += 1
        tangents = [narrowed(step, leaf) for step, leaf in zip(self.split(direction), self.leaves, strict=True)]
        return float(np.real(engine.pushforward(self.scalar, self.leaves, tangents)))

    def derived(self) -> Problem:
        """The question one order higher: is the derivative of the gradient right?"""
        name = f"the gradient of {self.name}"
        gradient = engine.gradient_of(self.scalar)
        there = Problem(gradient, self.leaves, self.paths, name, self.seed + 1, self.cost)
        there.origin = self.origin
        return there

    # The flat space

    def split(self, vector: Vector) -> list[Any]:
        """Cut a flat vector into arrays (complex ones for complex leaves) shaped like the leaves."""
        parts = []
        for start, end, shape, both in zip(self.starts, self.ends, self.shapes, self.complex, strict=True):
            part = vector[start:end]
            if both:
                half = (end - start) // 2
                part = part[:half] + 1j * part[half:]
            parts.append(part.reshape(shape))
        return parts

    def join(self, gradients: Sequence[Any]) -> Vector:
        """The inverse of `split` for gradients: that of a complex leaf is ∂L/∂x - i ∂L/∂y."""
        parts: list[Any] = []
        for gradient, both in zip(gradients, self.complex, strict=True):
            gradient = np.ravel(gradient)
            parts += [np.real(gradient), -np.imag(gradient)] if both else [np.real(gradient)]
        return np.concatenate(parts, dtype=np.float64) if parts else np.zeros(0)

    def leaf_of(self, place: int) -> int:
        """The number of the leaf that entry ``place`` of the flat space belongs to."""
        return int(np.searchsorted(self.ends, place, side="right"))

    def index_of(self, place: int) -> tuple[int, ...]:
        """The index of entry ``place`` within its leaf."""
        leaf = self.leaf_of(place)
        size = max(int(np.prod(self.shapes[leaf], dtype=int)), 1)
        index = np.unravel_index((place - self.starts[leaf]) % size, self.shapes[leaf])
        return tuple(int(i) for i in index)


def pose(fun: Callable[..., Any], args: Sequence[Any], argnum: Any, seed: int) -> Problem:
    """Return the problem of differentiating ``fun(*args)`` in all floats of its arguments ``argnum``.

    ``argnum`` None stands for every argument; then integers stay what they are. Otherwise they count as float64.
    Raises `ArgumentError` when there is nothing to differentiate, `OutputError` when ``fun`` returns nothing.
    """
    positions = range(len(args)) if argnum is None else (argnum,) if isinstance(argnum, int) else argnum
    everything, structure = flatten(list(args), "args")
    owners = [i for i, arg in enumerate(args) for _ in flatten(arg)[0]]
    paths = [path for i, arg in enumerate(args) for path, _ in leaves_with_paths(arg, argument_name(fun, i))]
    wanted = {i % len(args) for i in positions if -len(args) <= i < len(args)}
    places = [
        k
        for k, (owner, leaf) in enumerate(zip(owners, everything, strict=True))
        if owner in wanted and (is_floating(leaf) if argnum is None else as_number(leaf) is not None)
    ]
    if not places:
        raise ArgumentError(
            f"check_gradients found no floats to differentiate in the arguments of {name_of(fun)} ({len(args)} given)"
            f"{'' if argnum is None else f' at argnum={argnum}'}. "
            f"Pass at least one float or array of floats, or name the argument with argnum."
        )

    def function(*leaves: Any) -> Any:
        filled = list(everything)
        for place, leaf in zip(places, leaves, strict=True):
            filled[place] = leaf
        return fun(*rebuild(structure, filled))

    leaves = [as_number(everything[k]) for k in places]
    problem = Problem(function, leaves, [paths[k] for k in places], name_of(fun), seed)
    problem.call = fun, tuple(args)
    if problem.returned_none:
        raise OutputError(f"{name_of(fun)} returned None, which has no gradient to check. Is a return missing?")
    return problem


def numeric_parts(out: Any) -> list[Any]:
    """The leaves of an output that are real or complex numbers; whole numbers, texts and None have no slope."""
    return [leaf for leaf in flatten(out)[0] if is_floating(leaf)]


def is_floating(leaf: Any) -> bool:
    """Whether a leaf is a real or complex number, or an array of them: what has a slope."""
    return kind_of(leaf) in ("f", "c")


def kind_of(leaf: Any) -> str:
    """``"f"`` or ``"c"`` for real and complex numbers and arrays of them, else another letter."""
    if isinstance(leaf, (np.ndarray, np.generic, Traced)):
        return dtype_of(leaf).kind
    return {float: "f", complex: "c"}.get(type(leaf), "?")


def precision(leaf: Any) -> float:
    """The relative spacing of the numbers of a leaf."""
    return float(np.finfo(getattr(leaf, "dtype", np.float64)).eps)


def widened(leaf: Any) -> Any:
    """A copy in float64 or complex128; Python numbers stay Python numbers."""
    if type(leaf) in (float, complex):
        return leaf
    dtype = np.result_type(leaf.dtype, np.complex128 if leaf.dtype.kind == "c" else np.float64)
    return np.array(leaf, dtype=dtype)[()] if isinstance(leaf, np.generic) else np.array(leaf, dtype=dtype)


def narrowed(value: Any, like: Any) -> Any:
    """``value`` in the type and dtype of ``like``."""
    if type(like) in (float, complex):
        return type(like)(value)
    return np.asarray(value).astype(like.dtype)[()] if isinstance(like, np.generic) else np.asarray(value, like.dtype)


def moved(leaf: Any, step: Any) -> Any:
    """``leaf + step``, still a Python number, a NumPy number or an array of the same rank."""
    if type(leaf) in (float, complex):
        return leaf + step.item()
    return np.asarray(leaf + step) if isinstance(leaf, np.ndarray) else (leaf + step)[()]


def signs(rng: np.random.Generator, like: Any) -> Any:
    """Random numbers of size 1/2 to 3/2 and of either sign, shaped like ``like``, complex if it is."""
    shape = np.shape(like)
    if kind_of(like) == "c":
        return spread_signs(rng, shape) + 1j * spread_signs(rng, shape)
    return spread_signs(rng, shape)


def spread_signs(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Random numbers of either sign and of size 1/2 to 3/2.

    No entry is so small that an error there would hide, as with normal numbers; and two errors cannot cancel exactly,
    as they would with ±1.
    """
    x = rng.uniform(-1.0, 1.0, shape)
    return x + np.copysign(0.5, x)
