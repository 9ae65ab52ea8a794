"""``autograd.test_util``: checks of derivatives against differences, along one random direction, to second order.

`autograd.check_gradients` says more and misses less; these are the names and messages that existing tests use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from autograd.errors import ArgumentError, GradientCheckError
from autograd.transforms import jvp, vjp

from .core import make_jvp, make_vjp
from .spaces import vspace
from .wrap_util import get_name, unary_to_nary

__all__ = ["check_equivalent", "check_grads", "check_jvp", "check_vjp", "combo_check", "scalar_close"]

TOLERANCE = 1e-6
STEP = 1e-6


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers agree to a millionth, absolutely or relatively."""
    return bool(abs(a - b) < TOLERANCE or abs(a - b) / abs(a + b) < TOLERANCE)


def _difference(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """(f(x + hv/2) - f(x - hv/2)) / h."""
    space = vspace(x)
    ahead = f(space.add(x, space.scalar_mul(v, STEP / 2)))
    behind = f(space.add(x, space.scalar_mul(v, -STEP / 2)))
    outputs = vspace(ahead)
    return outputs.scalar_mul(outputs.add(ahead, outputs.scalar_mul(behind, -1.0)), 1 / STEP)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise GradientCheckError(otherwise)


def check_vjp(f: Callable[[Any], Any], x: Any) -> None:
    """Assert that the vjp of ``f`` at x agrees with a difference, and has the shape and dtype of x."""
    vjp, y = make_vjp(f, x)
    x_space, y_space = vspace(x), vspace(y)
    v, g = x_space.randn(), y_space.randn()
    pulled = x_space.covector(vjp(y_space.covector(g)))
    _require(
        vspace(pulled) == x_space, f"The vjp of {get_name(f)} lies in {vspace(pulled)}, its argument in {x_space}."
    )
    analytic = x_space.inner_prod(v, pulled)
    numeric = y_space.inner_prod(g, _difference(f, x, v))
    _require(
        scalar_close(numeric, analytic),
        f"Derivative (VJP) check of {get_name(f)} failed with arg {x}:\nanalytic: {analytic}\nnumeric:  {numeric}",
    )


def check_jvp(f: Callable[[Any], Any], x: Any) -> None:
    """Assert that the jvp of ``f`` at x agrees with a difference."""
    v = vspace(x).randn()
    check_equivalent(make_jvp(f, x)(v)[1], _difference(f, x, v))


def check_equivalent(x: Any, y: Any) -> None:
    """Assert that x and y lie in one space and agree along a random direction."""
    x_space, y_space = vspace(x), vspace(y)
    _require(x_space == y_space, f"VSpace mismatch:\nx: {x_space}\ny: {y_space}")
    v = x_space.randn()
    _require(scalar_close(x_space.inner_prod(x, v), x_space.inner_prod(y, v)), f"Value mismatch:\nx: {x}\ny: {y}")


def check_grads(
    f: Callable[..., Any], argnum: Any = 0, modes: Sequence[str] = ("fwd", "rev"), order: int = 2
) -> Callable[..., None]:
    """Return a function that asserts the derivatives of ``f`` at its arguments, in ``modes``, up to ``order``.

    It raises `GradientCheckError`, an AssertionError. Raises `ArgumentError` for another mode than "fwd" and "rev".

    >>> check_grads(lambda x, n=1: x**n, modes=["rev"])(2.0, n=3)
    """
    if not {"fwd", "rev"}.issuperset(modes):
        raise ArgumentError(f'modes is a list of "fwd" and "rev", not {modes!r}.')
    return _check(f, argnum, modes, order)  # type: ignore[no-any-return]


@unary_to_nary
def _check(f: Callable[[Any], Any], x: Any, modes: Sequence[str], order: int) -> None:
    if "fwd" in modes:
        check_jvp(f, x)
        if order > 1:
            _check_next(lambda x, v: jvp.make_jvp(f)(x)(v)[1], f"jvp_{get_name(f)}", x, x, modes, order)
    if "rev" in modes:
        check_vjp(f, x)
        if order > 1:
            _check_next(lambda x, g: vjp.make_vjp(f)(x)[0](g), f"vjp_{get_name(f)}", x, f(x), modes, order)


def _check_next(derivative: Any, name: str, x: Any, like: Any, modes: Any, order: int) -> None:
    derivative.__name__ = name
    _check(derivative, (0, 1), modes, order - 1)(x, vspace(like).randn())


def combo_check(fun: Callable[..., Any], *options: Any, **named: Any) -> Callable[..., None]:
    """Return a check of all combinations: one list of candidates per argument and per keyword."""

    def check(*args: Any, **kwargs: Any) -> None:
        for chosen in product(*args):
            for values in product(*kwargs.values()):
                keywords = dict(zip(kwargs, values, strict=True))
                call = _with_keywords(fun, keywords)
                check_grads(call, *options, **named)(*chosen)

    return check


def _with_keywords(fun: Callable[..., Any], keywords: dict[str, Any]) -> Callable[..., Any]:
    def call(*args: Any) -> Any:
        return fun(*args, **keywords)

    call.__name__ = get_name(fun)
    return call
