"""The layers inside a layer, by name: how a seed, parameters and errors pass between the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import errors, scope
from nets.errors import LayerError, OptionError
from nets.layers.core import Layer, Params, Shape, as_layer
from nets.seeds import Outline, split

__all__ = ["Children"]

EMPTY: Params = {}


class Children:
    """The layers inside a layer, by name: how a seed, parameters and errors pass between the two."""

    def __init__(self, kind: str, parts: Sequence[Any]) -> None:
        self.kind = kind
        self.layers = [as_layer(part) for part in parts]
        self.names = _distinct_names(kind, self.layers)
        self.observing = any(child.observe is not None for child in self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def init(self, i: int, rng: Any, input_shape: Shape, params: Params) -> Shape:
        """Add the parameters of child ``i`` to ``params``, and return its output shape."""
        child, name = self.layers[i], self.names[i]
        own = split(rng, name)
        shape, found = self._call(i, child.init, own, input_shape)
        if name in params:
            self._check_shared(i, params[name], found)
        elif found:
            params[name] = found
        if isinstance(own, Outline):
            own.rows.append((own.path, child.label, shape, found))
        return shape

    def apply(self, i: int, params: Params, x: Any, rng: Any) -> Any:
        """Return the output of child ``i``."""
        name = self.names[i]
        seed = None if rng is None else split(rng, name)
        with scope(name):  # drawings and compiled source group the calls of a layer
            return self._call(i, self.layers[i].apply, self._own(name, params), x, seed)

    def observe(self, i: int, params: Params, x: Any) -> tuple[Params, Any]:
        """Return ``params`` with the statistics of child ``i`` measured on ``x``, and its output."""
        child, name = self.layers[i], self.names[i]
        own = self._own(name, params)
        if child.observe is None:
            return params, self._call(i, child.apply, own, x)
        measured, y = self._call(i, child.observe, own, x)
        return ({**params, name: measured} if measured else params), y

    def _own(self, name: str, params: Params) -> Params:
        """The parameters of the child called ``name``; it may have none."""
        try:
            return params.get(name, EMPTY)
        except AttributeError as error:
            kind = errors.with_article(type(params))
            raise LayerError(self.kind, f"has its parameters in a dict, as init makes it, not in {kind}") from error

    def _call(self, i: int, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function of child ``i``; an error says in which layer it happened."""
        try:
            return function(*args)
        except LayerError as error:
            raise error.inside(f"{self.kind}[{i}]") from error.__cause__
        except KeyError as error:
            if not isinstance(args[0], dict):
                raise
            raise LayerError(
                self.layers[i].label, f"has no parameter {error} in params with {list(args[0])}", f"{self.kind}[{i}]"
            ) from error
        except Exception as error:
            error.add_note(f"nets: raised in {self.kind}[{i}] {self.layers[i].label}.")
            raise

    def _check_shared(self, i: int, first: Params, second: Params) -> None:
        for key in first.keys() | second.keys():
            a, b = np.shape(first.get(key, 0)), np.shape(second.get(key, 0))
            if a != b:
                raise LayerError(
                    self.layers[i].label,
                    f"shares {self.names[i]!r}, but needs {key!r} of shape {b} where it has {a}",
                    f"{self.kind}[{i}]",
                )


def _distinct_names(kind: str, layers: Sequence[Layer]) -> list[str]:
    """``dense_0, relu_0, dense_1``; a layer that was `named` keeps its name."""
    counts: Counter[str] = Counter()
    names = []
    owners: dict[str, tuple[int, Layer]] = {}
    for i, child in enumerate(layers):
        name = child.name
        if name is None:
            name = f"{child.kind}_{counts[child.kind]}"
            counts[child.kind] += 1
        before, owner = owners.setdefault(name, (i, child))
        if owner is not child:
            raise OptionError(
                f"{kind}[{before}] and {kind}[{i}] are different layers with one name, {name!r}. Rename one; to share "
                f"parameters use the same layer twice: shared = named({name!r}, …)."
            )
        names.append(name)
    return names
