"""Functions that are recorded as one call, with derivatives given in HIPS autograd's way.

A vjp maker is called as ``maker(ans, *args, **kwargs)`` and returns ``g -> gradient of that argument``. Makers are kept
by argument number; each is called only when its argument is traced, and one that is missing raises only then.
"""

from __future__ import annotations

import functools
import operator
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import ArgumentError, LostGradientError, MissingDerivativeError
from autograd.graph import Traced
from autograd.rules import Row
from autograd.trees import LEAF, flatten, map_tree, rebuild

from .boxes import getval
from .spaces import vspace

__all__ = [
    "Primitive",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "notrace_primitive",
    "primitive",
    "primitive_jvps",
    "primitive_vjps",
]

#: The vjps of every primitive that has any: ``(argnums, ans, args, kwargs) -> (g -> gradients)``.
primitive_vjps: dict[Callable[..., Any], Callable[..., Any]] = {}
#: The jvps of every primitive that has any: ``(argnums, tangents, ans, args, kwargs) -> tangent of ans``.
primitive_jvps: dict[Callable[..., Any], Callable[..., Any]] = {}


class Primitive:
    """A function that is recorded as one call; works on methods too."""

    __name__: str

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self._unstaged: dict[int, Callable[..., Any]] = {}

        def again(args: tuple[Any, ...], wanted: tuple[int, ...], call: dict[str, Any]) -> Any:
            return self(*args, **call)  # on the values, which may be traced at a lower level

        again.__name__ = getattr(function, "__name__", "primitive")
        self.row = Row(again, {"args": self._pull}, trees=("args",))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function; the highest recording among the arguments records it."""
        recordings = [leaf.recording for leaf in flatten(args)[0] if isinstance(leaf, Traced)]
        if any(isinstance(leaf, Traced) for leaf in flatten(kwargs)[0]):
            raise LostGradientError(f"{self.__name__} is traced in a keyword argument; pass it by position.")
        if not recordings:
            return self.function(*args, **kwargs)
        top = max(recordings, key=lambda recording: recording.level)
        wanted = tuple(i for i, arg in enumerate(args) if _holds(top, arg))
        return top.record(self.row, [args], {"wanted": wanted, "call": kwargs})

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else functools.partial(self, instance)

    def __repr__(self) -> str:
        return f"<primitive {self.__name__}>"

    def _pull(self, g: Any, out: Any, args: Any, wanted: Any, call: Any) -> list[Any]:
        """One tree of gradients per argument; None for those that are not wanted."""
        if self not in primitive_vjps:
            raise _undefined(self, wanted)
        found = primitive_vjps[self](wanted, out, args, call)(_whole(g, out))
        by_place = dict(zip(wanted, found, strict=True))
        return [map_tree(_thunk, by_place.get(place)) for place in range(len(args))]

    def push(self, tangents: Any, out: Any, values: Any, parameters: dict[str, Any]) -> Any:
        """The tangent of the output, by what `defjvp` has defined; see `autograd.rules.Row`."""
        (args,), wanted = values, parameters["wanted"]
        dots = iter(tangents[0])
        trees = [_filled(arg, [next(dots) for _ in flatten(arg)[0]]) for arg in args]
        return primitive_jvps[self](wanted, [trees[place] for place in wanted], out, args, parameters["call"])

    # The names of HIPS autograd before 1.2, which still work there.

    def defgrad(self, gradient_maker: Callable[..., Any], argnum: int = 0) -> None:
        """Set one vjp maker; see `defvjp`."""
        warnings.warn("defgrad is deprecated; use defvjp from autograd.extend.", stacklevel=2)
        self._unstaged[argnum] = gradient_maker
        defvjp(self, *self._unstaged.values(), argnums=tuple(self._unstaged))

    def defvjp(self, vjp: Callable[..., Any], argnum: int = 0) -> None:
        """Set one vjp in its oldest form, ``vjp(g, ans, vs, gvs, *args, **kwargs)``."""

        def maker(ans: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            return lambda g: vjp(g, ans, vspace(args[argnum]), vspace(g), *args, **kwargs)

        self.defgrad(maker, argnum)

    def defvjp_is_zero(self, argnums: Any = (0,)) -> None:
        """Say that some arguments have derivative zero."""
        warnings.warn("defvjp_is_zero is deprecated; use defvjp with None.", stacklevel=2)
        self._unstaged |= dict.fromkeys(argnums)
        defvjp(self, *self._unstaged.values(), argnums=tuple(self._unstaged))


def _thunk(gradient: Any) -> Any:
    """A callable entry of a `Bundle` is called for its gradient; so an object that is callable itself is wrapped."""
    return (lambda: gradient) if callable(gradient) else gradient


def _filled(arg: Any, dots: list[Any]) -> Any:
    """The tangent of an argument that is a tree: zeros where a leaf stands still."""
    leaves, structure = flatten(arg)
    parts = zip(leaves, dots, strict=True)
    return rebuild(structure, [np.zeros(np.shape(leaf)) if dot is None else dot for leaf, dot in parts])


def _holds(recording: Any, tree: Any) -> bool:
    return any(isinstance(leaf, Traced) and leaf.recording is recording for leaf in flatten(tree)[0])


def _whole(g: Any, out: Any) -> Any:
    """The gradient as a tree like the output, zeros where none arrived."""
    leaves, structure = flatten(out)
    if structure is LEAF:
        return g
    parts = [np.zeros(np.shape(leaf)) if part is None else part for part, leaf in zip(g, leaves, strict=True)]
    return rebuild(structure, parts)


def _undefined(fun: Callable[..., Any], argnums: Any, kind: str = "vjp") -> MissingDerivativeError:
    name = getattr(fun, "__name__", fun)
    return MissingDerivativeError(
        f"{kind.upper()} of {name} wrt argnums {tuple(argnums)} not defined. Define it with def{kind}."
    )


def primitive(function: Callable[..., Any]) -> Primitive:
    """Return ``function`` as a primitive: it is recorded as one call, whose derivative `defvjp` gives."""
    return Primitive(function)


def notrace_primitive(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` so that it is always called on plain values, and nothing is recorded."""

    @functools.wraps(function)
    def untraced(*args: Any, **kwargs: Any) -> Any:
        leaves, structure = flatten((args, kwargs))
        plain_args, plain_kwargs = rebuild(structure, [getval(leaf) for leaf in leaves])
        return function(*plain_args, **plain_kwargs)

    return untraced


def defvjp_argnums(fun: Callable[..., Any], vjp_maker: Callable[..., Any]) -> None:
    """Define all vjps of ``fun`` at once: ``vjp_maker(argnums, ans, args, kwargs) -> (g -> gradients)``."""
    _check_primitive(fun)
    primitive_vjps[fun] = vjp_maker


def _check_primitive(fun: Any) -> None:
    if not isinstance(fun, Primitive):
        raise ArgumentError(f"{fun} is not a primitive. Decorate it with @primitive, or use autograd.derivative.")


def defvjp_argnum(fun: Callable[..., Any], vjp_maker: Callable[..., Any]) -> None:
    """Define the vjps of ``fun`` by number: ``vjp_maker(argnum, ans, args, kwargs) -> (g -> gradient)``."""

    def all_argnums(argnums: Any, *call: Any) -> Callable[[Any], Any]:
        vjps = [vjp_maker(argnum, *call) for argnum in argnums]
        return lambda g: [vjp(g) for vjp in vjps]

    defvjp_argnums(fun, all_argnums)


def defvjp(fun: Callable[..., Any], *vjp_makers: Callable[..., Any] | None, argnums: Any = None) -> None:
    """Define the vjps of ``fun``: one maker per argument, ``maker(ans, *args, **kwargs) -> (g -> gradient)``.

    ``None`` says that the derivative is zero. ``argnums`` says which arguments the makers are for; the first ones if
    it is left out.

    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    """
    makers = dict(zip(range(len(vjp_makers)) if argnums is None else argnums, vjp_makers, strict=False))

    def by_number(argnum: int, ans: Any, args: Any, kwargs: Any) -> Callable[[Any], Any]:
        if argnum not in makers:
            raise _undefined(fun, (argnum,))
        maker = makers[argnum]
        return (lambda g: _zeros(args[argnum])) if maker is None else maker(ans, *args, **kwargs)

    defvjp_argnum(fun, by_number)


def _zeros(arg: Any) -> Any:
    leaves, structure = flatten(arg)
    return rebuild(structure, [np.zeros(np.shape(leaf)) for leaf in leaves])


def defjvp_argnums(fun: Callable[..., Any], jvp_maker: Callable[..., Any]) -> None:
    """Define the tangent of ``fun`` at once: ``jvp_maker(argnums, tangents, ans, args, kwargs) -> tangent of ans``.

    Forward mode then takes it; without one, it transposes the vjp.
    """
    _check_primitive(fun)
    primitive_jvps[fun] = jvp_maker
    fun.row.push = fun.push  # type: ignore[attr-defined]


def defjvp_argnum(fun: Callable[..., Any], jvp_maker: Callable[..., Any]) -> None:
    """Define the jvps of ``fun`` by number: ``jvp_maker(argnum, tangent, ans, args, kwargs) -> tangent of ans``."""

    def all_argnums(argnums: Any, tangents: Any, *call: Any) -> Any:
        parts = [jvp_maker(argnum, tangent, *call) for argnum, tangent in zip(argnums, tangents, strict=True)]
        return functools.reduce(lambda a, b: map_tree(operator.add, a, b), parts)

    defjvp_argnums(fun, all_argnums)


def defjvp(fun: Callable[..., Any], *jvps: Callable[..., Any] | str | None, argnums: Any = None) -> None:
    """Define the jvps of ``fun``: one per argument, ``jvp(tangent, ans, *args, **kwargs) -> tangent of ans``.

    ``None`` says that the derivative is zero, ``"same"`` that ``fun`` is linear in that argument.

    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defjvp(cube, lambda g, ans, x: g * 3 * x**2)
    """
    by_argnum = dict(zip(range(len(jvps)) if argnums is None else argnums, jvps, strict=False))
    for jvp in by_argnum.values():
        if not (jvp is None or jvp == "same" or callable(jvp)):
            raise ArgumentError(f"{jvp!r} is no jvp of {fun}. It is a function (tangent, ans, *args), 'same' or None.")

    def by_number(argnum: int, tangent: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        if argnum not in by_argnum:
            raise _undefined(fun, (argnum,), "jvp")
        jvp = by_argnum[argnum]
        if jvp is None:
            return _zeros(ans)
        return jvp(tangent, ans, *args, **kwargs) if callable(jvp) else _linear_in(fun, argnum, tangent, args, kwargs)

    defjvp_argnum(fun, by_number)


def def_linear(fun: Callable[..., Any]) -> None:
    """Say that ``fun`` is linear in each of its arguments, so that it pushes tangents forward itself."""
    defjvp_argnum(fun, lambda argnum, tangent, ans, args, kwargs: _linear_in(fun, argnum, tangent, args, kwargs))


def _linear_in(fun: Callable[..., Any], argnum: int, tangent: Any, args: Any, kwargs: Any) -> Any:
    return fun(*args[:argnum], tangent, *args[argnum + 1 :], **kwargs)
