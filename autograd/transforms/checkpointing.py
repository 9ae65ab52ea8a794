"""Checkpointing: forget what happened inside a function, and compute it again when the backward pass comes by.

Reference: A. Griewank, A. Walther, "Revolve: an implementation of checkpointing for the reverse or adjoint mode", 2000.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd.errors import LostGradientError
from autograd.graph import Bundle, Traced
from autograd.recording import GradientTrace
from autograd.rules import derivative
from autograd.transforms.naming import name_of
from autograd.transforms.ordering import postponed
from autograd.transforms.vjp import Recorded
from autograd.trees import flatten, rebuild

__all__ = ["checkpoint"]


def checkpoint(fun: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``fun``, such that a gradient through it keeps its arguments only and evaluates it once more.

    A chain of n layers keeps n values; cut into segments of √n layers, it keeps 2√n, at the price of one more forward
    pass. So does code compiled by `jit`. ``fun`` must be deterministic, and get everything that is differentiated as an
    argument: a traced value that it takes from a closure raises `LostGradientError`.

    >>> import numpy as np
    >>> from autograd import grad
    >>> segment = checkpoint(lambda x: np.tanh(np.tanh(x)))
    >>> float(grad(segment)(0.0))
    1.0
    """

    @functools.wraps(fun)
    def checkpointed(*args: Any, **kwargs: Any) -> Any:
        leaves, structure = flatten((args, kwargs), "(args, kwargs)")
        places = [i for i, leaf in enumerate(leaves) if isinstance(leaf, Traced)]
        highest = max((leaves[i].recording for i in places), key=lambda recording: recording.level, default=None)
        if not isinstance(highest, GradientTrace):
            return fun(*args, **kwargs)  # forward mode keeps nothing, and a program shall see what is inside

        def call(operands: list[Any], inner: Callable[..., Any]) -> Any:
            filled = list(leaves)
            for place, operand in zip(places, operands, strict=True):
                filled[place] = operand
            inner_args, inner_kwargs = rebuild(structure, filled)
            return inner(*inner_args, **inner_kwargs)

        first, again = functools.partial(call, inner=checkpointed), functools.partial(call, inner=fun)
        out = segment([leaves[i] for i in places], first=first, again=again)
        _check_closure(fun, out)
        return out

    return checkpointed


@derivative(trees=("operands",), operands=lambda g, operands, again: pull_again(g, operands, again))
def segment(operands: list[Any], first: Callable[..., Any], again: Callable[..., Any]) -> Any:
    """Return ``first(operands)``; the backward pass evaluates ``again(operands)``, which gives the same."""
    return first(operands)


segment.seen_through = True  # programs record the calls inside


def pull_again(g: Any, operands: list[Any], again: Callable[..., Any]) -> list[Any]:
    """Evaluate a segment once more, recording it this time, and pull ``g`` back through it.

    A compiled program shall do so as well, and not earlier: it would otherwise keep what it has computed before.
    """
    seeds = list(g) if isinstance(g, Bundle) else [g]  # a tree of one output is a bundle, too
    recorded = Recorded(again, 0, False, ([postponed(operand, seeds) for operand in operands],), {})
    return recorded.inputs.collect(recorded.sweep(seeds))  # type: ignore[no-any-return]


def _check_closure(fun: Callable[..., Any], out: Any) -> None:
    for leaf in flatten(out)[0]:
        value = leaf.value if isinstance(leaf, Traced) else None
        if isinstance(value, Traced) and value.recording.level >= leaf.recording.level:
            raise LostGradientError(
                f"{name_of(fun)} is checkpointed, and uses a traced value that is not among its arguments. "
                f"Pass it as an argument instead of taking it from a closure."
            )
