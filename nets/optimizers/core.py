"""What an optimiser is: a pair of pure functions, ``init`` and ``update``; and what is done with an update."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from autograd import trees
from nets.errors import OptionError

__all__ = [
    "Optimizer",
    "apply_updates",
    "as_optimizer",
    "learning_rate_of",
    "leaves_like",
    "needing_params",
]


class Optimizer(NamedTuple):
    """A pair of pure functions: ``init(params) -> state``, ``update(grads, state, params) -> (updates, state)``.

    >>> halve = Optimizer(lambda params: (), lambda grads, state, params=None: (-params / 2, state))
    >>> apply_updates(8.0, halve.update(1.0, halve.init(8.0), 8.0)[0])
    4.0
    """

    init: Callable[[Any], Any]
    update: Callable[..., tuple[Any, Any]]


def apply_updates(params: Any, updates: Any) -> Any:
    """Return params + updates, leaf by leaf, in the dtypes of ``params``.

    Raises `OptionError` for an update of another shape, which NumPy might broadcast, and for parameters that are whole
    numbers, which would lose what a step has behind the point.

    >>> import numpy as np
    >>> apply_updates({"W": np.ones(2)}, {"W": np.array([0.5, -0.5])})
    {'W': array([1.5, 0.5])}
    """
    leaves, structure = trees.flatten(params)
    pairs = zip(leaves, leaves_like(updates, params), strict=True)
    return trees.rebuild(structure, [_moved(p, u) for p, u in pairs])


def _moved(p: Any, u: Any) -> Any:
    if np.shape(p) != np.shape(u):
        raise OptionError(f"An update has the shape of its parameter: {np.shape(p)}, not {np.shape(u)}.")
    new, dtype = p + u, getattr(p, "dtype", None)
    if dtype is not None and dtype.kind not in "fc":
        raise OptionError(
            f"A parameter of shape {np.shape(p)} is {dtype}, and would lose every step smaller than 1. Make it a float "
            f"(p.astype(float)), or keep it out of the parameters."
        )
    return new if dtype is None or new.dtype == dtype else new.astype(dtype)


def as_optimizer(what: Any) -> Any:
    """Return ``what`` if it is an optimiser; raise `OptionError` for a name, or a maker that was not called."""
    if callable(getattr(what, "init", None)) and callable(getattr(what, "update", None)):
        return what
    shown = f"{what.__name__}, which makes one" if callable(what) and hasattr(what, "__name__") else repr(what)
    raise OptionError(f"An optimiser is what adam(1e-3), sgd(0.1) or chain(…) return, not {shown}.")


def leaves_like(tree: Any, like: Any) -> list[Any]:
    """The leaves of ``tree`` in the order of ``like``; an error names the path where their structures part."""
    leaves, structure = trees.flatten(tree)
    with suppress(RecursionError):  # Python compares deep structures by its stack; map_tree finds out, and says so
        if structure == trees.flatten(like)[1]:
            return leaves
    return trees.flatten(trees.map_tree(lambda _, leaf: leaf, like, tree, name="params"))[0]


def learning_rate_of(state: Any) -> Any:
    """Return the learning rate of the last update, found anywhere in an optimiser's state; None if there is none.

    >>> learning_rate_of(((), {"count": 3, "learning_rate": 0.5}))
    0.5
    """
    rates = [leaf for path, leaf in trees.leaves_with_paths(state) if path.endswith("['learning_rate']")]
    return rates[0] if rates else None


def needing_params(optimizer: Optimizer, name: str, decay: float) -> Optimizer:
    """Weight decay without the weights would decay the gradient instead: refuse it."""
    if not decay:
        return optimizer

    def update(grads: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        if params is None:
            raise OptionError(f"{name} decays the weights, so it needs them: update(grads, state, params).")
        return optimizer.update(grads, state, params)

    return Optimizer(optimizer.init, update)
