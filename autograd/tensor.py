"""`Tensor`: an array that records what is done to it, with NumPy's operators, methods and dispatch protocols.

A tensor made by hand is a leaf at level 0; inside `grad` and its like, arguments arrive as tensors of a higher level.
Tensors are immutable: every operation returns a new one.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from autograd.errors import ArgumentError, LostGradientError, ShapeError, with_article
from autograd.graph import Leaf, Traced, new_leaf
from autograd.operands import array_of
from autograd.recording import GradientTrace, dtype_of, lost, record, wrap
from autograd.refusals import reading, refuse_what_arrays_have, refused, writing
from autograd.sweep import distinct, on_the_way, seed_of, sweep
from autograd.trees import flatten, leaves_with_paths, rebuild
from autograd.ufuncs import call_method, call_where

PYTHON_NUMBERS = (float, int, complex, bool)
#: Values that are no Python numbers, without looking any further.
STRONG = frozenset({np.ndarray, np.float64, np.float32})


def _weak(x: Any) -> bool:
    return type(x) in PYTHON_NUMBERS or (isinstance(x, Tensor) and _weak(x.value))


def _complex(x: Any) -> bool:
    return _complex(x.value) if isinstance(x, Tensor) else isinstance(x, complex)


def _weakened(out: Any) -> Any:
    """An operator on Python numbers alone gives a Python number: it stays weak against float32 arrays (NEP 50)."""
    if isinstance(out, Tensor):
        return wrap(_weakened(out.value), out.node, out.recording)
    return out.item() if hasattr(out, "item") else out


def _binary(function: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def forward(self: Tensor, other: Any) -> Any:
        out = record(function, (self, other), {})
        return _weakened(out) if type(self.value) not in STRONG and _weak(self.value) and _weak(other) else out

    def reflected(self: Tensor, other: Any) -> Any:
        out = record(function, (other, self), {})
        return _weakened(out) if type(self.value) not in STRONG and _weak(self.value) and _weak(other) else out

    forward.__qualname__ = reflected.__qualname__ = f"Tensor.{function.__name__}"  # what Python's own errors call it
    return forward, reflected


def _unary(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Tensor) -> Any:
        out = record(function, (self,), {})
        return _weakened(out) if type(self.value) not in STRONG and _weak(self.value) else out

    return method


def _order(function: Callable[..., Any]) -> Callable[..., Any]:
    """Python orders its own numbers, but no complex ones, as NumPy does."""

    def compare(self: Tensor, other: Any) -> Any:
        out = record(function, (self, other), {})
        weak = type(self.value) not in STRONG and _weak(self.value) and _weak(other)
        return _weakened(out) if weak and not (_complex(self) or _complex(other)) else out

    return compare


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """The ndarray method that does what ``function`` does to its first argument."""

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        return record(function, (self, *args), kwargs)

    method.__doc__ = f"See `numpy.{function.__name__}`."
    return method


class Tensor(Traced):
    """An array that records. ``Tensor(data, name=None)`` is a leaf holding a copy of ``data``.

    Raises `ArgumentError` when ``data`` is not numeric, `ShapeError` when its rows are not equally long,
    `LostGradientError` when it is, or holds, a tensor.

    >>> x = Tensor([1.0, 2.0], name="x")
    >>> loss = np.sum(x**2)
    >>> loss.backward()
    >>> x.grad, loss.item()
    (array([2., 4.]), 5.0)
    """

    __slots__ = ()

    def __init__(self, data: Any, *, name: str | None = None) -> None:
        try:
            value = array_of(data) if isinstance(data, (list, tuple)) else data
            value = value if isinstance(value, Traced) else np.array(value)
        except ValueError as error:
            fault = "with too many axes" if "maximum number" in str(error) else "whose rows differ in length"
            raise ShapeError(
                f"Tensor(…) of {with_article(type(data))} {fault}. Pad them to one length, or make a tensor of each."
            ) from error
        if isinstance(value, Traced):
            raise LostGradientError(
                "Tensor(…) of a tensor would start a new recording and lose the gradient. Use the tensor itself, "
                "np.stack for an array of tensors, or Tensor(t.numpy()) to start anew."
            )
        if value.dtype.kind not in "biufc":
            raise ArgumentError(
                f"A tensor holds numbers, and {with_article(type(data))} gives an array of dtype {value.dtype}. "
                f"Convert it first: np.asarray(data, float)."
            )
        self.value = value
        self.node = new_leaf(value.shape, value.dtype, name)
        self.recording = BY_HAND

    # What it is

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape, as of an ndarray."""
        try:
            return self.value.shape  # type: ignore[no-any-return]
        except AttributeError:  # a Python number
            return ()

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(np.prod(self.shape, dtype=int))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype, as of an ndarray."""
        return dtype_of(self.value)

    @property
    def itemsize(self) -> int:
        """The bytes of one entry."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of all entries."""
        return self.size * self.itemsize

    @property
    def name(self) -> str | None:
        """The name that a leaf was given."""
        return self.node.name if isinstance(self.node, Leaf) else None

    @property
    def grad(self) -> Any:
        """The gradient that the last `backward` left on this leaf: a plain array. None before, and on results."""
        return self.node.gradient if isinstance(self.node, Leaf) else None

    T = property(_unary(np.transpose), doc="The transpose.")
    mT = property(_unary(np.matrix_transpose), doc="The transpose of the last two axes.")
    flat = property(_method(np.ravel), doc="The entries in a row, to iterate over or to index.")
    real = property(_unary(np.real), doc="The real part.")
    imag = property(_unary(np.imag), doc="The imaginary part.")

    # The explicit ways out

    def numpy(self) -> np.ndarray[Any, Any]:
        """Return the plain array (a copy). The gradient does not follow it."""
        return self.value.numpy() if isinstance(self.value, Tensor) else np.array(self.value)

    def item(self, *index: Any) -> Any:
        """Return the one entry (that at ``index``) as a Python number. The gradient does not follow it."""
        return self.numpy().item(*index)

    # Gradients

    def backward(self) -> None:
        """Set ``.grad`` = ∂self/∂leaf on every leaf that this 0-d tensor was computed from, replacing what was there.

        Raises `OutputError` when the tensor is not a real scalar.
        """
        found = sweep(self.node, seed_of(self, "backward()"), ())
        for leaf, gradient in zip(found, distinct(found, found, alive=True), strict=True):
            leaf.gradient = gradient  # type: ignore[attr-defined]

    # NumPy's protocols

    __pandas_priority__ = 5000  # pandas leaves series * tensor to the tensor

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__":
            return call_method(ufunc, method, inputs, kwargs)
        if "where" in kwargs:
            return call_where(ufunc, inputs, kwargs.pop("where"), kwargs)
        return record(ufunc, inputs, kwargs)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        return record(function, args, kwargs)

    __float__ = reading("float()", float)
    __int__ = reading("int()", int)
    __trunc__ = reading("math.trunc()", int)
    __complex__ = reading("complex()", complex)
    __index__ = reading("An index or a count made", operator.index)

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise lost(self, "np.asarray, np.array or an assignment a[…] = t", as_array=True)

    def __dlpack__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise lost(self, "np.from_dlpack", as_array=True)

    tolist = refused("tolist()")
    as_integer_ratio = refused("as_integer_ratio() (which statistics.mean calls)")
    __buffer__ = refused("memoryview()")  # Python asks for it from 3.12 on

    __setitem__ = writing("t[…] = value")
    __delitem__ = writing("del t[…]")
    sort = writing("t.sort()")
    fill = writing("t.fill()")
    put = writing("t.put()")
    resize = writing("t.resize()")
    partition = writing("t.partition()")

    # Operators

    __add__, __radd__ = _binary(np.add)
    __sub__, __rsub__ = _binary(np.subtract)
    __mul__, __rmul__ = _binary(np.multiply)
    __truediv__, __rtruediv__ = _binary(np.divide)
    __pow__, __rpow__ = _binary(np.power)
    __matmul__, __rmatmul__ = _binary(np.matmul)
    __mod__, __rmod__ = _binary(np.remainder)
    __floordiv__, __rfloordiv__ = _binary(np.floor_divide)
    __divmod__ = lambda self, other: (self // other, self % other)  # noqa: E731
    __rdivmod__ = lambda self, other: (other // self, other % self)  # noqa: E731
    __and__, __rand__ = _binary(np.bitwise_and)
    __or__, __ror__ = _binary(np.bitwise_or)
    __xor__, __rxor__ = _binary(np.bitwise_xor)
    __lshift__, __rlshift__ = _binary(np.left_shift)
    __rshift__, __rrshift__ = _binary(np.right_shift)
    __neg__ = _unary(np.negative)
    __pos__ = _unary(np.positive)
    __abs__ = _unary(np.absolute)
    __invert__ = _unary(np.invert)
    __eq__ = _binary(np.equal)[0]
    __ne__ = _binary(np.not_equal)[0]
    __lt__ = _order(np.less)
    __le__ = _order(np.less_equal)
    __gt__ = _order(np.greater)
    __ge__ = _order(np.greater_equal)
    __hash__ = object.__hash__  # by identity: equal values are not the same tensor

    def __getitem__(self, index: Any) -> Any:
        x: Any = np.copy(self) if type(self.value) in PYTHON_NUMBERS else self  # Python cannot index a number
        return record(operator.getitem, (x, index), {})

    def __len__(self) -> int:
        if not self.shape:
            raise ArgumentError("A 0-d tensor is one number: it has no len() and no entries to iterate over.")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self == value))

    def __bool__(self) -> bool:
        value = self.recording.decide(self.value, "bool()")
        if self.size > 1:
            raise ShapeError(
                f"bool() of a tensor of shape {self.shape} is ambiguous: each entry is true or false. Write np.any(t) "
                f"or np.all(t), np.where(t > 0, x, y) for a choice by entry, and 't is None' to ask for None."
            )
        return bool(value)

    # Methods of ndarray

    all = _method(np.all)
    any = _method(np.any)
    argmax = _method(np.argmax)
    argmin = _method(np.argmin)
    argpartition = _method(np.argpartition)
    argsort = _method(np.argsort)
    astype = _method(np.astype)
    choose = _method(np.choose)
    clip = _method(np.clip)
    conj = conjugate = _method(np.conjugate)
    copy = _method(np.copy)
    cumprod = _method(np.cumprod)
    cumsum = _method(np.cumsum)
    diagonal = _method(np.diagonal)
    dot = _method(np.dot)
    flatten = ravel = _method(np.ravel)
    max = _method(np.max)
    mean = _method(np.mean)
    min = _method(np.min)
    nonzero = _method(np.nonzero)
    prod = _method(np.prod)
    repeat = _method(np.repeat)
    round = __round__ = _method(np.round)
    searchsorted = _method(np.searchsorted)
    squeeze = _method(np.squeeze)
    std = _method(np.std)
    sum = _method(np.sum)
    swapaxes = _method(np.swapaxes)
    take = _method(np.take)
    trace = _method(np.trace)
    var = _method(np.var)

    def compress(self, condition: Any, *args: Any, **kwargs: Any) -> Any:
        """See `numpy.compress`."""
        return record(np.compress, (condition, self, *args), kwargs)

    def reshape(self, *shape: Any, **kwargs: Any) -> Any:
        """See `numpy.reshape`; the shape may be given as one tuple or as several ints."""
        return record(np.reshape, (self, shape[0] if len(shape) == 1 else shape), kwargs)

    def transpose(self, *axes: Any) -> Any:
        """See `numpy.transpose`; the axes may be given as one tuple or as several ints."""
        return record(np.transpose, (self, axes[0] if len(axes) == 1 else axes or None), {})

    # Copies and texts

    def __copy__(self) -> Tensor:
        return Tensor(self.value, name=self.name) if self.recording is BY_HAND else self

    __deepcopy__ = lambda self, memo: self.__copy__()  # noqa: E731

    def __reduce__(self) -> Any:
        value = self.numpy() if self.recording is BY_HAND else self.recording.read(self, "Pickling")
        return functools.partial(Tensor, name=self.name), (value,)

    def __repr__(self) -> str:
        text = np.array2string(self.numpy(), separator=", ", threshold=20, prefix="Tensor(")
        name = f", name={self.name!r}" if self.name else ""
        return f"Tensor({text}{name})"

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        if self.shape != ():
            raise ArgumentError(f"The format {spec!r} is for one number, not for shape {self.shape}; format t.numpy().")
        return format(self.item(), spec)


refuse_what_arrays_have(Tensor)


class _HandTrace(GradientTrace):
    """A recording without an end: nothing would ever unlock an array, so constants are copied."""

    __slots__ = ()

    def protect(self, constant: Any) -> Any:
        return constant.copy() if isinstance(constant, np.ndarray) else super().protect(constant)


#: The recording of tensors that a user makes by hand: the lowest level, without an end.
BY_HAND = _HandTrace(Tensor, level=0)


def gradients(output: Tensor, inputs: Any) -> Any:
    """Return ∂output/∂input for a tree of tensors, as a tree like ``inputs`` of plain arrays; no tensor is touched.

    ``output`` is a 0-d tensor. An input that it does not depend on gets zeros.
    Raises `OutputError` when it is not a scalar, `ArgumentError` when an input is no tensor.

    >>> x, y = Tensor(2.0), Tensor(3.0)
    >>> [float(g) for g in gradients(x * y, (x, y))]
    [3.0, 2.0]
    """
    for path, leaf in leaves_with_paths(inputs, "inputs"):
        if not isinstance(leaf, Tensor):
            raise ArgumentError(f"{path} is {with_article(type(leaf))}, not a Tensor. Make it one: Tensor({path}).")
    tensors, structure = flatten(inputs)
    if not isinstance(output, Tensor):
        raise ArgumentError(
            f"The output is {with_article(type(output))}, no tensor: it does not depend on any. Compute it from them."
        )
    seed = seed_of(output, "gradients()")
    wanted = {tensor.node for tensor in tensors}
    useful = on_the_way(output.node, wanted)
    found = sweep(output.node, seed, wanted, useful=useful)
    return rebuild(structure, distinct(found, [tensor.node for tensor in tensors], alive=True))
