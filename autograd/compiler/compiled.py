"""`jit`: a function that is traced once per signature, and from then on runs as plain NumPy calls."""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
from collections.abc import Callable
from types import MethodType
from typing import Any

from autograd.compiler.cache import Cache, CacheInfo, Compiled
from autograd.compiler.dispatch import MISS, entrance
from autograd.compiler.emit.compile import emit_running
from autograd.compiler.emit.readable import emit_readable
from autograd.compiler.failures import located
from autograd.compiler.optimise import optimise
from autograd.compiler.signature import Call, Static, read_call, static_arguments
from autograd.compiler.strict import holds_traced, trace_strictly
from autograd.depth import DEEP
from autograd.errors import ArgumentError
from autograd.program import Program
from autograd.transforms.decorating import no_function
from autograd.trees import depth_of

__all__ = ["Jitted", "jit"]


def jit(
    fun: Callable[..., Any] | None = None,
    *,
    static_argnames: str | tuple[str, ...] = (),
    static_argnums: int | tuple[int, ...] = (),
) -> Any:
    """Return ``fun`` compiled: traced once per signature, optimised, and run as plain NumPy from then on.

    Works on whatever the engine differentiates — losses, `value_and_grad`, whole training steps — and as a decorator.
    Arrays and numbers are inputs, at any depth of tuples, lists and dicts; a call with other shapes, dtypes or trees
    is traced anew, one with other values is not. Strings, bools, functions, None, and the arguments that
    ``static_argnames`` or ``static_argnums`` name, belong to the program: each value of them has its own.

    ``fun`` must be a function of its arguments. Arrays that it captures (in its closure, defaults or module, also at
    any depth of the functions, tuples, lists and dicts found there) are held by reference: what is written *into* one
    is seen. Not seen are another array under the same name, random numbers drawn inside, and what Python decided on a
    captured array: ``float(a[0])``, ``if a.any()``, the shape of ``x[a > 0]``. Results are fresh arrays.

    Functions of your own, registered with `derivative`, are called in the order in which ``fun`` does, and for equal
    arguments anew. One that takes ``out=None``, as NumPy's do, says that it keeps nothing and depends on its arguments
    alone: it is given memory to write into, and called once for equal arguments, whenever that suits.

    Raises `BranchError`, with the line and the cure, where Python would branch on a traced value, and `OutputError` for
    results that hide one: a generator, a function with one in its closure. What NumPy raises in
    a later call names the function, its shapes, and the line it stands in.

    >>> import numpy as np
    >>> from autograd import grad
    >>> slope = jit(grad(lambda x: np.sum(x**2)))
    >>> slope(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    if fun is None:
        return functools.partial(jit, static_argnames=static_argnames, static_argnums=static_argnums)
    if not callable(fun):
        raise no_function("jit", fun)
    return Jitted(fun, static_argnames, static_argnums)


class Jitted:
    """A compiled function. Called with values of another recording it is the function itself, and records there."""

    def __init__(self, fun: Callable[..., Any], static_argnames: Any, static_argnums: Any) -> None:
        functools.update_wrapper(self, fun)
        self._fun = fun
        self._static = static_arguments(fun, static_argnames, static_argnums)
        self._cache = Cache()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            for enter in self._cache.entrances:
                out = enter(args, kwargs)
                if out is not MISS:
                    self._cache.hits += 1
                    return out
            return self._call_slowly(args, kwargs)
        except Exception as error:
            explained = located(error)
            if explained is error:
                raise
            raise explained from error

    def _call_slowly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        call = read_call(args, kwargs, self._static)
        if call.traced:
            return self._fun(*args, **kwargs)
        compiled = self._cache.get(call.key)
        if compiled is not None:
            self._cache.hits += 1
        else:
            traced = self._trace(call)
            if holds_traced(traced):  # a closure has a value that another recording is interested in
                return self._fun(*args, **kwargs)
            compiled = self._cache.put(call.key, self._compile(call, traced))
        return compiled.run(*call.inputs)

    def _trace(self, call: Call) -> Program:
        return trace_strictly(self._fun, call.args, call.kwargs)

    def _compile(self, call: Call, traced: Program) -> Compiled:
        _require_shallow(self, (*call.args, call.kwargs, traced.outputs))
        program = optimise(traced)
        run = emit_running(program)
        return Compiled(traced, program, run, entrance(call, run))

    def _compiled(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Compiled:
        call = read_call(args, kwargs, self._static)
        return self._cache.get(call.key) or self._cache.put(call.key, self._compile(call, self._trace(call)))

    def program(self, *args: Any, **kwargs: Any) -> Program:
        """Return the optimised program for arguments like these."""
        return self._compiled(args, kwargs).program

    def source(self, *args: Any, **kwargs: Any) -> str:
        """Return the program for arguments like these as Python source: a module that needs NumPy alone."""
        return emit_readable(self._compiled(args, kwargs).program)

    def draw(self, *args: Any, **kwargs: Any) -> Any:
        """Return a picture of the optimised program with the values for these arguments; takes the options of `draw`.

        >>> import numpy as np
        >>> picture = jit(lambda x: np.sum(-(-x) * x)).draw(np.ones(2), values=False, name="f")
        >>> print(picture.text())  # doctest: +ELLIPSIS
        f: 1 input, 2 operations
          v0 x: float64[2]
          v3: float64[2] = square(v0)  # ...
          v4: float64 = sum(v3)  # result, ...
        """
        drawing = importlib.import_module("autograd.drawing")  # when the first picture is drawn
        options = {name: kwargs.pop(name) for name in _options_of(drawing.draw) if name in kwargs}
        program = self.program(*args, **kwargs)
        return drawing.draw(program.at(read_call(args, kwargs, self._static).inputs), **options)

    def cache_info(self) -> CacheInfo:
        """Return how many programs there are, and how often one was found and made."""
        return self._cache.info()

    def clear_cache(self) -> None:
        """Forget all programs; the next call is traced anew."""
        self._cache.clear()

    def captured_copy(self, copy: Callable[[Any], Any]) -> Jitted:
        """Return this compiled function for a copy of its function; see `captured`."""
        return _again(copy(self._fun), self._static)

    def __reduce__(self) -> Any:
        """A decorated function travels by its name, any other compiled one as its function, to be compiled anew."""
        name = getattr(self, "__qualname__", "")
        if _named(getattr(self, "__module__", None), name) is self:
            return name
        return _again, (self._fun, self._static)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<compiled {getattr(self, '__qualname__', type(self._fun).__name__)}>"


def _require_shallow(fun: Any, trees: tuple[Any, ...]) -> None:
    """Raise `ArgumentError` for trees that a program would write in more brackets than Python reads."""
    depth = max(map(depth_of, trees))
    if depth > DEEP:
        raise ArgumentError(
            f"An argument or the output of {fun!r} is nested {depth} levels deep, and compiled code takes {DEEP}. "
            f"Keep a long chain in one flat list, or call the function without jit."
        )


def _again(fun: Callable[..., Any], static: Static) -> Jitted:
    """Compile ``fun`` with the static arguments of another compiled function."""
    compiled = Jitted(fun, (), ())
    compiled._static = static
    return compiled


def _named(module: str | None, name: str) -> Any:
    """What ``name``, which may have dots, stands for in an imported module."""
    found: Any = sys.modules.get(module or "")
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


@functools.cache
def _options_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The arguments that ``function`` takes by keyword only."""
    parameters = inspect.signature(function).parameters.values()
    return tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)
