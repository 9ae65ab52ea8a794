"""Fixed points, differentiated by the implicit function theorem: the iterations themselves are not recorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core import make_vjp
from ..primitives import defvjp, primitive
from ..spaces import vspace

__all__ = ["fixed_point"]


@primitive
def fixed_point(
    f: Callable[[Any], Callable[[Any], Any]],
    a: Any,
    x0: Any,
    distance: Callable[[Any, Any], Any],
    tol: float,
) -> Any:
    """Return x with ``f(a)(x) = x``, by iterating from x0 until two iterates are within ``tol``.

    It differentiates in a. From x = f(a)(x) follows dx = ∂ₐf da + ∂ₓf dx, so for a gradient g the gradient in a is
    ∂ₐfᵀ u, where u = g + ∂ₓfᵀ u is itself a fixed point.
    """
    step = f(a)
    previous, x = x0, step(x0)
    while distance(previous, x) > tol:
        previous, x = x, step(x)
    return x


def _in_a(ans: Any, f: Any, a: Any, x0: Any, distance: Any, tol: float) -> Callable[[Any], Any]:
    def vjp(g: Any) -> Any:
        pull_a = make_vjp(lambda a: f(a)(ans), a)[0]
        return pull_a(fixed_point(_adjoint_step, (ans, a, g), vspace(ans).zeros(), distance, tol))

    def _adjoint_step(parts: Any) -> Callable[[Any], Any]:
        x, a, g = parts
        pull_x = make_vjp(f(a), x)[0]
        return lambda u: vspace(g).add(g, pull_x(u))

    return vjp


defvjp(fixed_point, None, _in_a, None)
