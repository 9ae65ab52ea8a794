"""Layers made of layers: one after the other, side by side, around.

The parameters of a part are found under its name: ``params["dense_0"]["W"]``; parts without parameters have no entry.
Errors name the place: ``serial[2] dense(10): expects last axis 64, got (32, 32)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nets.errors import LayerError
from nets.layers.children import Children
from nets.layers.core import Layer, Params, Shape, layer
from nets.options import whole_number
from nets.seeds import seed_of

__all__ = ["fan_in_concat", "fan_in_sum", "fan_out", "parallel", "residual", "serial"]

LAST = "end it with a layer that gives the shape of the input"


def _label(kind: str, count: int) -> str:
    return f"{kind}({count} layer{'s'[: count != 1]})"


def serial(*layers: Any) -> Layer:
    """Return the layers one after the other: y = fₙ(… f₂(f₁(x))).

    >>> from autograd import relu
    >>> from nets.layers import dense
    >>> net = serial(dense(32), relu, dense(10))
    >>> shape, params = net.init(0, (-1, 64))
    >>> shape, list(params), params["dense_1"]["W"].shape
    ((-1, 10), ['dense_0', 'dense_1'], (32, 10))
    """
    children = Children("serial", layers)
    places = range(len(children))

    def init(rng: Any, input_shape: Shape) -> tuple[Shape, Params]:
        seed, params = seed_of(rng), Params()
        for i in places:
            input_shape = children.init(i, seed, input_shape, params)
        return input_shape, params

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        seed = seed_of(rng)
        for i in places:
            x = children.apply(i, params, x, seed)
        return x

    def observe(params: Params, x: Any) -> tuple[Params, Any]:
        for i in places:
            params, x = children.observe(i, params, x)
        return params, x

    return layer(_label("serial", len(children)), init, apply, observe=observe if children.observing else None)


def parallel(*layers: Any) -> Layer:
    """Return the layers side by side: (y₁, y₂, …) = (f₁(x₁), f₂(x₂), …).

    The input is a sequence of as many arrays, the input shape a sequence of as many shapes; `fan_out` makes copies.
    Raises `LayerError` when their number is not that of the layers.

    >>> from nets.layers import dense
    >>> net = serial(fan_out(2), parallel(dense(3), np.tanh), fan_in_concat())
    >>> net.init(0, (-1, 4))[0]
    (-1, 7)
    """
    children = Children("parallel", layers)
    label = _label("parallel", len(children))

    def check(inputs: Any, what: str) -> None:
        if not _are_several(inputs) or len(inputs) != len(children):
            got = f"{len(inputs)}" if _are_several(inputs) else f"a single one, {_shape_of(inputs)}"
            raise LayerError(label, f"expects {len(children)} {what}, got {got}; fan_out({len(children)}) makes copies")

    def init(rng: Any, input_shape: Shape) -> tuple[Shape, Params]:
        check(input_shape, "input shapes")
        seed, params = seed_of(rng), Params()
        return tuple(children.init(i, seed, shape, params) for i, shape in enumerate(input_shape)), params

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        check(x, "inputs")
        seed = seed_of(rng)
        return tuple([children.apply(i, params, part, seed) for i, part in enumerate(x)])

    def observe(params: Params, x: Any) -> tuple[Params, Any]:
        outputs = []
        for i, part in enumerate(x):
            params, y = children.observe(i, params, part)
            outputs.append(y)
        return params, tuple(outputs)

    return layer(label, init, apply, observe=observe if children.observing else None)


def residual(*layers: Any) -> Layer:
    """Return y = x + f(x), f the layers one after the other. He et al., 2015.

    Raises `LayerError` when f changes the shape.

    >>> from nets.layers import dense
    >>> residual(dense(4), np.tanh).init(0, (-1, 4))[0]
    (-1, 4)
    """
    children = Children("residual", [serial(*layers)] if len(layers) != 1 else layers)
    label = _label("residual", len(layers))

    def init(rng: Any, input_shape: Shape) -> tuple[Shape, Params]:
        params: Params = {}
        output_shape = children.init(0, seed_of(rng), input_shape, params)
        if output_shape != input_shape:
            raise LayerError(
                label, f"adds its input {input_shape} to an output of another shape, {output_shape}; {LAST}"
            )
        return output_shape, params

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        y = children.apply(0, params, x, seed_of(rng))
        if y.shape != np.shape(x):
            raise LayerError(label, f"adds its input {np.shape(x)} to an output of another shape, {y.shape}; {LAST}")
        return x + y

    def observe(params: Params, x: Any) -> tuple[Params, Any]:
        params, y = children.observe(0, params, x)
        return params, x + y

    return layer(label, init, apply, observe=observe if children.observing else None)


def fan_out(count: int) -> Layer:
    """Return the layer that hands its input on ``count`` times, for `parallel`.

    >>> fan_out(2).init(0, (-1, 4))[0]
    ((-1, 4), (-1, 4))
    """
    whole_number(count, "count")
    return layer(
        f"fan_out({count})",
        lambda rng, input_shape: ((input_shape,) * count, {}),
        lambda params, x, rng=None: (x,) * count,
    )


def fan_in_sum() -> Layer:
    """Return the layer y = x₁ + x₂ + …; its inputs must have one shape.

    >>> fan_in_sum().apply({}, (np.ones(2), np.ones(2)))
    array([2., 2.])
    """
    label = "fan_in_sum()"

    def check(shapes: Shape) -> Shape:
        _check_several(label, shapes)
        if any(shape != shapes[0] for shape in shapes):
            raise LayerError(label, f"adds arrays of one shape, got {', '.join(map(str, shapes))}")
        return shapes[0]

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        check(_shapes_of(x))
        total = x[0]
        for part in x[1:]:
            total = total + part
        return total

    return layer(label, lambda rng, input_shape: (check(input_shape), {}), apply)


def fan_in_concat(axis: int = -1) -> Layer:
    """Return the layer that joins its inputs along ``axis``; they must agree in all other axes.

    >>> fan_in_concat().init(0, ((-1, 4), (-1, 3)))[0]
    (-1, 7)
    """
    label = "fan_in_concat()" if axis == -1 else f"fan_in_concat({axis})"

    def joined(shapes: Shape) -> Shape:
        _check_several(label, shapes)
        if not -len(shapes[0]) <= axis < len(shapes[0]):
            raise LayerError(
                label, f"joins along axis {axis}, and arrays of shape {shapes[0]} have {len(shapes[0])} axes"
            )
        place = axis % len(shapes[0])
        others = {(len(shape), *shape[:place], *shape[place + 1 :]) for shape in shapes}
        if len(others) != 1:
            raise LayerError(label, f"joins arrays that agree off axis {axis}, got {', '.join(map(str, shapes))}")
        length = sum(shape[place] for shape in shapes)
        return (*shapes[0][:place], length, *shapes[0][place + 1 :])

    def apply(params: Params, x: Any, rng: Any = None) -> Any:
        joined(_shapes_of(x))
        return np.concatenate(list(x), axis=axis)

    return layer(label, lambda rng, input_shape: (joined(input_shape), {}), apply)


def _are_several(inputs: Any) -> bool:
    """Whether these are several arrays or shapes, and not one array or shape."""
    return isinstance(inputs, (tuple, list)) and not all(isinstance(part, (int, float)) for part in inputs)


def _shape_of(single: Any) -> Shape:
    return tuple(single) if isinstance(single, (tuple, list)) else np.shape(single)


def _shapes_of(inputs: Any) -> Shape:
    return tuple([np.shape(part) for part in inputs]) if _are_several(inputs) else _shape_of(inputs)


def _check_several(label: str, shapes: Shape) -> None:
    if not _are_several(shapes):
        raise LayerError(label, f"expects several inputs, as parallel gives them, got a single one, {shapes}")
