"""An independent judge of derivatives for the tests of this library: Richardson-extrapolated central differences.

It shares nothing with the engine: it only calls the function on plain arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd import grad, make_jvp


@dataclass(eq=False)
class Case:
    """One row of a test table: a function of the table of derivatives, a call of it, and the operands to try.

    ``call`` is a plain NumPy expression of the operands; every operand of float or complex dtype is differentiated.
    ``covers`` lists further functions of the table that the call exercises. ``excluded`` says by the name of a test
    in ``derivatives/test_rows.py`` why the case is not held to it.
    """

    function: Callable[..., Any]
    call: Callable[..., Any]
    operands: tuple[Any, ...]
    order: int = 2
    covers: tuple[Callable[..., Any], ...] = field(default=())
    name: str = ""
    excluded: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        shapes = "-".join("x".join(map(str, np.shape(x))) or "scalar" for x in self.operands)
        return f"{self.name or getattr(self.function, '__name__', '?')}-{shapes}"


def existing(*names: str) -> list[Callable[..., Any]]:
    """The functions of NumPy called ``names``, as far as the NumPy that is installed has them."""
    return [getattr(np, name) for name in names if hasattr(np, name)]


def directional(fun: Callable[..., float], args: tuple[Any, ...], directions: tuple[Any, ...]) -> float:
    """Return d/dt fun(args + t·directions) at t = 0, by a Richardson table of central differences."""
    steps = 0.02 * 0.5 ** np.arange(5)
    table = [
        (fun(*(a + t * u for a, u in zip(args, directions, strict=True)))
         - fun(*(a - t * u for a, u in zip(args, directions, strict=True)))) / (2 * t)
        for t in steps
    ]  # fmt: skip
    best, error = table[-1], np.inf
    for k in range(1, len(steps)):
        table = [(4**k * b - a) / (4**k - 1) for a, b in zip(table, table[1:], strict=False)]
        for a, b in zip(table, table[1:], strict=False):
            if abs(b - a) <= error:
                best, error = b, abs(b - a)
    return float(best)


def check(call: Callable[..., Any], operands: tuple[Any, ...], order: int = 1, seed: int = 0) -> None:
    """Assert that the derivatives of ``call`` agree with differences, up to ``order``, in all operands at once."""
    rng = np.random.default_rng(seed)
    wanted = tuple(i for i, x in enumerate(operands) if np.asarray(x).dtype.kind in "fc")
    outs = outputs(call(*operands))
    weights, curvatures = ([_like(rng, out) for out in outs] for _ in range(2))

    def scalar(*inputs: Any) -> Any:
        args = list(operands)
        for i, x in zip(wanted, inputs, strict=True):
            args[i] = x
        # A parabola of the outputs: its second derivative sees the first derivative of the call, also of a linear one.
        return sum(
            np.sum(np.real(out * (w + out * c)))
            for out, w, c in zip(outputs(call(*args)), weights, curvatures, strict=True)
        )

    _check_scalar(scalar, tuple(operands[i] for i in wanted), order, rng)


def _check_scalar(scalar: Callable[..., Any], inputs: tuple[Any, ...], order: int, rng: np.random.Generator) -> None:
    everything = tuple(range(len(inputs)))
    directions = tuple(_like(rng, x) for x in inputs)
    gradients = grad(scalar, everything)(*inputs)
    for x, g in zip(inputs, gradients, strict=True):
        assert np.shape(g) == np.shape(x)
        assert not isinstance(g, np.ndarray) or g.dtype == np.asarray(x).dtype
    # The gradient of a real function of z = x + iy is df/dx - i df/dy, so Re(sum(g·u)) is the slope along u.
    engine = sum(float(np.sum(np.real(g * u))) for g, u in zip(gradients, directions, strict=True))
    scale = 1 + sum(float(np.sum(np.abs(g * u))) for g, u in zip(gradients, directions, strict=True))
    differences = directional(lambda *xs: float(scalar(*xs)), inputs, directions)
    assert abs(engine - differences) <= 1e-7 * scale, f"engine {engine!r}, differences {differences!r}"
    forward = make_jvp(scalar, everything)(*inputs)(directions)[1]
    assert abs(forward - engine) <= 1e-10 * scale, f"forward mode {forward!r}, reverse mode {engine!r}"
    if order > 1:
        weights = tuple(_like(rng, x) for x in inputs)

        def slope(*xs: Any) -> Any:
            return sum(np.sum(np.real(g * w)) for g, w in zip(grad(scalar, everything)(*xs), weights, strict=True))

        _check_scalar(slope, inputs, order - 1, rng)


def outputs(out: Any) -> list[Any]:
    """What a call returned, one output or several, as a list."""
    return list(out) if isinstance(out, (tuple, list)) else [out]


def _like(rng: np.random.Generator, x: Any) -> Any:
    shape = np.shape(x)
    kind = x.dtype.kind if hasattr(x, "dtype") else np.asarray(x).dtype.kind
    u = rng.normal(size=shape)
    return u + 1j * rng.normal(size=shape) if kind == "c" else u
