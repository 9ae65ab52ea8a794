"""What a layer is: a pair of pure functions.

    init(rng, input_shape) -> (output_shape, params)      rng: an int or a NumPy Generator; -1 stands for the batch axis
    apply(params, x, rng=None) -> y                       rng given: training; None: prediction

`params` is a dict of arrays and dicts. A plain function of one array is a layer without parameters.

*Training and prediction.* Only `dropout` and `batch_norm` tell them apart, by whether a seed is there. There is no
hidden state: what `batch_norm` has to know about the data at prediction is a part of ``params``, and `calibrate`
returns new params with it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import errors
from nets.errors import LayerError, OptionError

__all__ = ["Layer", "Params", "Shape", "as_layer", "calibrate", "layer", "named"]

Params = dict[str, Any]
Shape = Any  # a tuple of ints, -1 for the batch; for a layer of several inputs, a tuple of such tuples


@dataclass(frozen=True)
class Layer:
    """A pair ``(init, apply)`` of pure functions, with a label for errors and drawings.

    ``init, apply = dense(10)`` takes it apart. ``observe(params, x) -> (params, y)`` is there for layers that know
    statistics of the data; see `calibrate`.

    >>> scale = Layer(lambda rng, shape: (shape, {"a": np.ones(())}), lambda params, x, rng=None: params["a"] * x)
    >>> shape, params = scale.init(0, (-1, 2))
    >>> scale.apply(params, np.array([[3.0, 4.0]]))
    array([[3., 4.]])
    """

    init: Callable[..., Any]
    apply: Callable[..., Any]
    label: str = "layer"
    name: str | None = None
    observe: Callable[[Params, Any], tuple[Params, Any]] | None = None

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        return iter((self.init, self.apply))

    def __repr__(self) -> str:
        return self.label if self.name is None else f"named({self.name!r}, {self.label})"

    @property
    def kind(self) -> str:
        """The label without its arguments: ``dense`` of ``dense(10)``."""
        return self.label.split("(")[0]


def as_layer(what: Any) -> Layer:
    """Return ``what`` as a layer: a `Layer`, a pair of functions ``(init, apply)``, or a function of one array.

    Raises `OptionError` for anything else.

    >>> as_layer(np.tanh)
    tanh
    """
    if isinstance(what, Layer):
        return what
    if isinstance(what, (tuple, list)) and len(what) == 2 and all(map(callable, what)):
        return Layer(what[0], _taking_rng(what[1]))
    if _makes_layers(what):
        raise OptionError(f"{what.__name__} makes a layer, and is none. Call it, with its options: {what.__name__}(…).")
    if callable(what):
        return _function_layer(what)
    raise OptionError(
        f"A layer is made by dense, conv2d, …, or is a function of one array, or a pair (init, apply) of functions; "
        f"this is {errors.with_article(type(what))}."
    )


def _makes_layers(what: Any) -> bool:
    """Whether ``what`` is `dense`, `flatten`, …, and not what they return."""
    module, name = getattr(what, "__module__", None) or "", getattr(what, "__qualname__", "")
    return module.startswith("nets.layers.") and inspect.isfunction(what) and "<locals>" not in name


def _taking_rng(apply: Callable[..., Any]) -> Callable[..., Any]:
    """A hand-written ``apply(params, x)`` may leave the seed away."""
    parameters = inspect.signature(apply).parameters
    if "rng" in parameters or len(parameters) > 2:
        return apply

    def apply_without(params: Params, x: Any, rng: Any = None) -> Any:
        return apply(params, x)

    return apply_without


def _function_layer(function: Callable[[Any], Any]) -> Layer:
    """The layer of a plain function: no parameters; its output shape is found by a call on zeros."""
    name = getattr(function, "__name__", type(function).__name__)
    label = name if name.isidentifier() else "function"

    def init(rng: Any, input_shape: Shape) -> tuple[Shape, Params]:
        return shape_after(function, input_shape, label), {}

    return Layer(init, lambda params, x, rng=None: function(x), label)


def shape_after(function: Callable[[Any], Any], input_shape: Shape, label: str) -> Shape:
    """Return the output shape of a function of one array, with -1 where the batch axis was."""
    probe = np.broadcast_to(np.zeros(()), tuple(2 if n == -1 else n for n in input_shape))
    try:
        with np.errstate(all="ignore"):
            output = np.shape(function(probe))
    except Exception as error:
        raise LayerError(label, f"cannot take an input of shape {input_shape}: {error}") from error
    return (-1, *output[1:]) if input_shape[:1] == (-1,) else output


def layer(label: str, init: Callable[..., Any], apply: Callable[..., Any], **more: Any) -> Layer:
    """Return the `Layer` of two functions; its ``init`` takes any sequence of ints as the input shape."""

    def init_of_shape(rng: Any, input_shape: Any = None) -> tuple[Shape, Params]:
        if input_shape is None:
            raise LayerError(
                label, f"is initialised from a seed and an input shape, init(0, (-1, 64)); got {rng!r} alone"
            )
        return init(rng, as_shape(input_shape, label))

    return Layer(init_of_shape, apply, label, **more)


def as_shape(shape: Any, label: str) -> Shape:
    """Return ``shape`` as tuples of ints. Raises `LayerError` when it is none."""
    if isinstance(shape, (tuple, list)):
        if all(isinstance(n, (int, np.integer)) for n in shape):
            return tuple(int(n) for n in shape)
        if all(isinstance(part, (tuple, list)) for part in shape):
            return tuple(as_shape(part, label) for part in shape)
    raise LayerError(label, f"an input shape is a tuple of ints such as (-1, 64), -1 for the batch; got {shape!r}")


def named(name: str, what: Any) -> Layer:
    """Return a layer whose parameters are found under ``name``.

    The *same* named layer used twice shares its parameters; two different layers under one name are an error.

    Raises `OptionError` for a name that is no text.

    >>> named("hidden", np.tanh)
    named('hidden', tanh)
    """
    if not isinstance(name, str):
        raise OptionError(f"The name of a layer is text, not {name!r}: named('hidden', dense(32)).")
    inner = as_layer(what)
    return Layer(inner.init, inner.apply, inner.label, name, inner.observe)


def calibrate(net: Any, params: Params, x: Any) -> Params:
    """Return ``params`` with the statistics that `batch_norm` uses at prediction measured on ``x``.

    One exact pass over representative inputs, layer by layer, instead of running averages: Wu & Johnson, "Rethinking
    'Batch' in BatchNorm", 2021, section 3. `fit` calls it; in a loop of your own, call it before you predict.

    >>> calibrate(np.tanh, {}, np.ones((4, 3)))
    {}
    """
    net = as_layer(net)
    return params if net.observe is None else net.observe(params, x)[0]


def array(x: Any) -> Any:
    """Return ``x`` as something with a shape: tensors and arrays as they are, lists as arrays."""
    return x if hasattr(x, "shape") else np.asarray(x)


def check_parameter(label: str, params: Params, name: str, shape: tuple[int, ...]) -> None:
    """Raise `LayerError` unless the parameter ``name`` has the ``shape`` that goes with the others."""
    found = np.shape(params[name])
    if found != shape:
        raise LayerError(label, f"expects {name} of shape {shape}, got {found}")
