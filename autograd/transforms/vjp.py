"""Reverse mode: the vector-Jacobian product, g ↦ gᵀ ∂fun, as a function that can be used many times."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.errors import OutputError, with_article
from autograd.graph import Bundle, Traced
from autograd.recording import GradientTrace, as_number, bundle
from autograd.sweep import sweep
from autograd.tensor import Tensor
from autograd.transforms.decorating import ArgNum, transform
from autograd.transforms.gradient import Inputs, explain_exit, plain, split_aux
from autograd.transforms.naming import name_of, returns
from autograd.transforms.vectors import matched
from autograd.trees import flatten, leaves_with_paths, map_tree

__all__ = ["Recorded", "make_vjp"]


@transform
def make_vjp(fun: Callable[..., Any], argnum: ArgNum = 0, has_aux: bool = False) -> Callable[..., Any]:
    """Return the function that evaluates ``fun`` once and returns ``(vjp, value)``.

    ``vjp(g)`` is gᵀ ∂fun/∂argument for a cotangent g, a tree like the output; it can be called any number of times.
    The output may be any tree of arrays. With ``has_aux``, ``fun`` returns ``(output, aux)`` and the result is
    ``(vjp, value, aux)``. Large arrays that the sweep needs stay read-only until the vjp is gone (see `guard`).

    >>> import numpy as np
    >>> vjp, value = make_vjp(lambda x: x**2)(np.array([1.0, 2.0]))
    >>> vjp(np.array([1.0, 0.0])), vjp(np.array([0.0, 1.0]))
    (array([2., 0.]), array([0., 4.]))
    """

    @returns(fun, "make_vjp", argnum, "(vjp, value)")
    def vjp_and_value(*args: Any, **kwargs: Any) -> Any:
        recorded = Recorded(fun, argnum, has_aux, args, kwargs)

        def vjp(g: Any) -> Any:
            found = recorded.sweep(matched(g, recorded.value, "the cotangent", "the output"))
            return recorded.inputs.collect(found, alive=True)

        vjp.__doc__ = f"Return gᵀ · ∂{name_of(fun)} in argument {argnum}, for g a tree like the output."
        value, aux = map_tree(_copied, recorded.value), map_tree(_copied, recorded.aux)
        return (vjp, value, aux) if has_aux else (vjp, value)

    return vjp_and_value


def _copied(leaf: Any) -> Any:
    """Rules may keep what the function returned, and the caller may write into what is handed out."""
    return leaf.copy() if type(leaf) is np.ndarray else leaf


class Recorded:
    """One evaluation of a function, ready to be swept as often as wanted.

    ``value`` is its plain output, ``leaves`` and ``nodes`` that output leaf by leaf (no node: a constant).
    """

    def __init__(
        self, fun: Callable[..., Any], argnum: ArgNum, has_aux: bool, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self.trace = GradientTrace(Tensor)
        self.inputs = Inputs(self.trace, fun, argnum, args)
        try:
            output = fun(*self.inputs.args, **kwargs)
        except (ValueError, TypeError) as error:
            explain_exit(error, self.trace)
            raise
        output, aux = split_aux(fun, output) if has_aux else (output, None)
        self.aux: Any = plain(aux, self.trace)
        check_output(fun, output)
        outputs, self.structure = flatten(output)
        self.nodes: list[Any] = [
            t.node if isinstance(t, Traced) and t.recording is self.trace else None for t in outputs
        ]
        self.value = plain(output, self.trace)
        self.leaves = flatten(self.value)[0]

    def sweep(self, seeds: list[Any]) -> dict[Any, Any]:
        """Return the gradients of Σ⟨seed, output⟩ by node of the inputs; a seed of None stands for zeros."""
        used = [i for i, node in enumerate(self.nodes) if node is not None and seeds[i] is not None]
        if not used:
            return {}
        if len(used) == 1:
            return sweep(self.nodes[used[0]], seeds[used[0]], self.inputs.nodes)
        return sweep(bundle([self.nodes[i] for i in used], tuple(used)), Bundle(seeds), self.inputs.nodes)


def check_output(fun: Callable[..., Any], output: Any) -> None:
    """Raise `OutputError` where an output is no number."""
    leaves = leaves_with_paths(output, f"the output of {name_of(fun)}")
    if not leaves:
        raise OutputError(f"{name_of(fun)} returned {output!r}: nothing to differentiate. Is a return missing?")
    for path, leaf in leaves:
        if as_number(leaf) is None:
            raise OutputError(
                f"{path} is {with_article(type(leaf))}. Return numbers and arrays, the rest as aux (has_aux=True)."
            )
