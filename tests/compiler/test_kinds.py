"""Arrays of every kind, numbers of every kind, and calls of every shape: jit equals eager, and nothing is aliased."""

import collections
import dataclasses
import gc
import itertools
import weakref
from typing import Any, NamedTuple

import numpy as np
import pytest
from compiler.same import assert_same, run_source

from autograd import grad, jit, logsumexp, relu, sigmoid, softmax, softplus
from autograd.trees import flatten

RNG = np.random.default_rng(0)
X, V = RNG.normal(size=(3, 4)), RNG.normal(size=4)
READ_ONLY = X.copy()
READ_ONLY.flags.writeable = False
BIG = RNG.normal(size=(1000, 400))

ARRAYS = {
    "C": X,
    "Fortran": np.asfortranarray(X),
    "strided": np.repeat(X, 2, 1)[:, ::2],
    "backwards": X[::-1, ::-1],
    "repeated": np.broadcast_to(V, (3, 4)),
    "read-only": READ_ONLY,
    "big-endian": X.astype(">f8"),
    "float32": X.astype(np.float32),
    "float16": X.astype(np.float16),
    "long double": X.astype(np.longdouble),
    "integers": np.arange(12).reshape(3, 4) + 1,
    "small unsigned integers": (np.arange(12).reshape(3, 4) + 100).astype(np.uint8),
    "bools": X > 0,
    "complex": X + 1j * X[::-1],
    "not finite": np.where(X > 0.5, np.nan, np.where(X < -0.5, -np.inf, X)),
}
FUNCTIONS = {
    "arithmetic": lambda x: (x + 1, x * x, x / 3, x - 0.5, x**3, x * 1.0, x + 0, x * x + x * x, 2 * (0.5 * x)),
    "reductions": lambda x: (
        *(np.sum(x), np.sum(x, axis=0), np.mean(x), np.mean(x, axis=1, keepdims=True), np.prod(x, axis=0), np.max(x)),
        *(np.min(x, axis=1), np.any(x), np.all(x, axis=0), np.argmax(x), np.var(x), np.std(x, axis=0), np.cumsum(x)),
    ),
    "views": lambda x: (x, x, x.T, x[0], x[..., ::2], x.ravel(), x.reshape(4, 3), x[None], x[1, 2], x[[0, 2]], [x[:1]]),
    "joined": lambda x: (np.concatenate([x, x[:1]]), np.stack([x, x]), np.vstack([x, x[0]]), np.split(x, 2, axis=1)),
    "chosen": lambda x: (np.where(x == x, x, 0), np.where(x != x, 1.0, -1.0), ~(x == 1) & (x == x), np.maximum(x, 1)),
    "ordered": lambda x: (np.sort(x), np.argsort(x, axis=0), np.clip(x, 0, 1), np.median(x), np.quantile(x, 0.3)),
    "rounded": lambda x: (x // 2, x % 2, np.round(x), np.floor(x), np.sign(x), x.astype(np.int32) // 3, divmod(x, 2)),
    "products": lambda x: (x @ x.T, x.T @ x, np.dot(x[0], x[1]), np.einsum("ij,ij->i", x, x), np.outer(x[0], x[1])),
    "linear algebra": lambda x: (np.linalg.norm(x), np.linalg.solve(x @ x.T + 9 * np.eye(3), x), np.linalg.qr(x)),
    "elementary": lambda x: (np.exp(x), np.sin(x), np.tanh(x), np.sqrt(np.abs(x)), np.log(x), np.arctan2(x, 1)),
    "activations": lambda x: (relu(x), sigmoid(x), softplus(x), softmax(x), logsumexp(x, axis=0), sigmoid(1000 * x)),
    "missing": lambda x: (np.isnan(x), np.nansum(x), np.nanmax(x, axis=0), np.nan_to_num(x) + 0, np.isfinite(x)),
    "means": lambda x: (np.nanmean(x), np.nanvar(x, axis=0), np.nanstd(x, axis=1, ddof=1), np.average(x, axis=0)),
    "means in single precision": lambda x: (np.nanmean(x, dtype=np.float32), np.nanvar(x, dtype=np.float32)),
    "nothing": lambda x: (np.nanmean(x[:0], axis=0), np.nanvar(x[:0]), np.nanquantile(x[:0], 0)),
    "complex numbers": lambda x: (
        x * 1j,
        np.complex128(-1j) / (x + 3j),
        np.abs(x),
        np.real(x + 1j),
        np.angle(x + 1j),
        np.fft.fft(x),
        np.conj(x + 2j),
    ),
    "likenesses": lambda x: (np.zeros_like(x), np.ones_like(x), np.full_like(x, 3), np.eye(3) @ x, x.shape, x.dtype),
    "methods": lambda x: (x.sum(0), x.mean(), x.T.copy(), x.astype(np.float32), x.squeeze(), x.dot(x.T), x.repeat(2)),
    "derivatives": lambda x: grad(lambda y: np.sum(np.abs(np.sin(y) * y) ** 2))(x),
}


def check(fun, *args, source=True, **kwargs):
    """Compare eager with two compiled calls and the source; results are fresh, and writeable."""
    with np.errstate(all="ignore"):
        expected = fun(*args, **kwargs)
        compiled = jit(fun)
        first, second = compiled(*args, **kwargs), compiled(*args, **kwargs)
        assert_same(expected, first)
        assert_same(expected, second)
        if source:
            assert_same(expected, run_source(compiled.source(*args, **kwargs), *args, **kwargs))
    results = [leaf for leaf in flatten([first, second])[0] if isinstance(leaf, np.ndarray)]
    given = [leaf for leaf in flatten([args, kwargs])[0] if isinstance(leaf, np.ndarray)]
    assert all(result.flags.writeable for result in results)
    for i, result in enumerate(results):
        assert not any(np.may_share_memory(result, other) for other in [*given, *results[:i]])
    return compiled


def undefined(fun, *args):
    """Whether NumPy itself refuses."""
    try:
        with np.errstate(all="ignore"):
            fun(*args)
    except (TypeError, ValueError, AttributeError, OverflowError, Warning):
        return True
    return False


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("array", ARRAYS)
def test_arrays_of_every_kind(array, function):
    fun, x = FUNCTIONS[function], ARRAYS[array]
    if undefined(fun, x):
        return
    check(fun, x)


OF_INTEGERS = {
    "slopes": lambda x: (np.gradient(x, axis=0), np.gradient(x, x[0], axis=1), np.gradient(x, 2, x[0, ::-1])),
    "margins": lambda x: [np.pad(x, ((1, 2), (0, 3)), mode) for mode in ("constant", "edge", "wrap", "maximum")],
    "rounded margins": lambda x: [np.pad(x, ((1, 2), (0, 3)), mode) for mode in ("mean", "median", "linear_ramp")],
    "ramps": lambda x: np.pad(x, (3, 4), "linear_ramp", end_values=((1, 2), (5, 0))),
}


@pytest.mark.parametrize("function", OF_INTEGERS)
@pytest.mark.parametrize("dtype", [int, np.int8, np.uint8, np.uint64, bool])
def test_what_is_said_in_terms_of_others_is_right_for_integers(dtype, function):
    fun, x = OF_INTEGERS[function], np.array([[7, 4, 3, 1], [0, 9, 2, 2], [5, 5, 120, 6]]).astype(dtype)
    if not undefined(fun, x):
        check(fun, x)


NUMBERS = [2, -3, 2.5, 3j, np.float64(1.5), np.float32(2), np.complex64(2j), np.int8(3), np.uint8(200), np.bool_(True)]
NUMBERS += [np.array(2.5), np.array(2.5, np.float32), np.array(3), True]
OF_NUMBERS = [
    lambda a: (a, a + 1, a * 2.5, a - 1j, 1 - a, -a, a**2, a / 3, abs(a), (a, [a])),
    lambda a: (a // 2, a % 2, 7 // a, divmod(a, 2), a < 2, a == 2, a <= 1),
    lambda a: (2.0**a, a**0.5, (a + a * 2) * (a - 1), a * (a < 5), (a > 1) * 2.0),
    lambda a: (np.ones(2, np.float32) * a, np.arange(2) * a, np.ones(2, np.float16) * (a + 1), np.float32(2) * a),
    lambda a: np.ones(2, np.float32) * (0.1 * (a > 1)),
    lambda a: (np.sin(a), np.sum(a), np.real(a), np.maximum(a, 1), np.stack([a, a]), np.where(a == 2, a, 1), np.abs(a)),
    lambda a: (np.clip(a, 0, 1), np.round(a, 1), np.square(a), np.shape(a), np.isfinite(a), np.mean(a), np.cumsum(a)),
    lambda a: np.ones(2, np.float32) * (2 ** (a * 0) * a**-1),
]


@pytest.mark.parametrize("place", range(len(OF_NUMBERS)))
@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_numbers_of_every_kind(number, place):
    fun = OF_NUMBERS[place]
    if undefined(fun, number):
        return
    check(fun, number)


@pytest.mark.parametrize("rate", [0.1, 3])
def test_numbers_stay_weak_through_nested_transforms(rate):
    ones = np.ones(3, np.float32)
    check(lambda r: grad(lambda s: np.sum(ones * (s * 2 + 1)))(r), rate)
    check(lambda r, p: grad(lambda q: np.sum(q * (r * 2) * (r < 5)))(p), rate, ones)
    check(lambda r, p: p - jit(lambda s: s * 2)(r) * p, rate, ones)


def test_an_int_to_a_negative_power_is_a_float():
    check(lambda n: n**-2, 4)
    check(lambda n: 2.0**-n, 4)
    with pytest.raises(TypeError, match=r"2\.0\*\*n"):
        jit(lambda n: 2**-n)(4)


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclasses.dataclass
class Box:
    a: Any
    b: Any


CALLS = [
    (lambda a, b: (a + b, a * 2, b), (V, V), {}),
    (lambda a, b: (a[1:] + b, a, b), (V, V[1:]), {}),
    (lambda a, b: (a + b.T, b), (BIG[:400], BIG[:400]), {}),
    (lambda a, /, b, *, c=2.0: a * b - c, (V, 3.0), {"c": 4.0}),
    (lambda *args, **named: sum(args) * named["a"], (V, V, 1.0), {"a": V}),
    (lambda a, b=V: a * b, (V,), {}),
    (lambda a, b=None: a if b is None else a * b, (V, None), {}),
    (lambda d: {k: v * 2 for k, v in d.items()}, ({"b": V, "a": X},), {}),
    (lambda d: d[1] * d[2], ({1: V, 2: 2.0},), {}),
    (lambda d: {("a", 1): d["a", 1] * 2, None: d["a", 1]}, ({("a", 1): V},), {}),
    (lambda n: (n << 1, 2 >> n, 1 << n, n & 3, n | 4, n ^ 1, ~n), (np.arange(5),), {}),
    (lambda d: d, (collections.OrderedDict(b=V, a=X),), {}),
    (lambda d: d["x"] * 2, (collections.defaultdict(int, x=V),), {}),
    (lambda p: p._replace(a=p.b @ p.a), (Pair(V, X),), {}),
    (lambda p: dataclasses.replace(p, a=[p.a * 2, (p.b,)]), (Box(V, X),), {}),
    (lambda x: ((), [], {}, None, "text", 1, 2.5, True, np.float32(1), x * 2), (V,), {}),
    (lambda x: (x * 2, np.sum(x), np.sum(x, axis=0), np.max(x, initial=0), x @ x.T, x.T @ x), (np.zeros((0, 3)),), {}),
    (lambda x, i: (x[i], x[-i], x[i - 1], x[i, None], np.take(x, i)), (V, 2), {}),
    (lambda x, i: (x[i], x[:, i], grad(lambda x: np.sum(x[i] ** 2))(x)), (X, np.array([0, 2, 0])), {}),
    (lambda x: [x := x * 1.001 + 0.5 for _ in range(300)][-1], (V,), {}),
    (
        lambda x, n: (np.exp(-x) * n + 1, np.sum(x * n, axis=0), (x > 0) * 2.0, x * 0 + n),
        (BIG.astype(np.float32), 2),
        {},
    ),
    (lambda x: (np.tanh(x) * 2 + x, x.T + 1), (np.asfortranarray(BIG)[:, ::2],), {}),
    (lambda x: (np.tanh(x) * 2 + x, np.where(x > 0, x * 2, x - 1)), (BIG.astype(">f8"),), {}),
    (lambda x, y, z: ((x + y) * z - y, (x * y + x) * 2), (BIG, BIG[0], BIG[:, :1]), {}),
    (lambda x: [y := np.outer(x, x)[:300, :300], np.sum(y * 2), y.T @ y], (BIG[0],), {}),
    (grad(lambda x: np.sum(np.tanh(x * 2) * x)), (BIG,), {}),
]


@pytest.mark.parametrize(("fun", "args", "kwargs"), CALLS)
def test_calls_of_every_shape(fun, args, kwargs):
    source = not any(isinstance(leaf, Box) or type(leaf) is Pair for leaf in args)
    check(fun, *args, source=source, **kwargs)


def test_results_never_share_memory():
    """Any two of these, and all: inputs, views of them, constants, views of those, results that are shared."""
    constant = np.arange(4.0)
    parts = [
        lambda x, y: x,
        lambda x, y: x.T,
        lambda x, y: x[0],
        lambda x, y: y,
        lambda x, y: constant,
        lambda x, y: constant[1:],
        lambda x, y: x + y,
        lambda x, y: (x + y).T,
        lambda x, y: (x + y)[0],
        lambda x, y: np.broadcast_to(y, x.shape),
        lambda x, y: np.real(x * 2),
        lambda x, y: np.split(x * 2, 2)[0],
    ]
    for chosen in [*itertools.combinations(parts, 2), parts * 2]:
        check(lambda x, y, chosen=chosen: [part(x, y) for part in chosen], np.ones((4, 4)), np.ones(4), source=False)


def test_shapes_may_change_between_calls():
    compiled = jit(lambda x: (np.sum(x * 2), x[::-1] * 2))
    for n in [3, 5, 0, 3, 1, 5, 3]:
        assert_same((np.sum(np.arange(n) * 2.0), np.arange(n)[::-1] * 2.0), compiled(np.arange(n) * 1.0))
    assert compiled.cache_info().misses == 4


def test_what_is_not_needed_any_more_is_freed():
    captured, x = np.ones(1000), np.ones(1000)
    held, given = weakref.ref(captured), weakref.ref(x)
    compiled = (lambda array: jit(lambda x: x * array))(captured)
    compiled(x)
    del x
    gc.collect()
    assert given() is None and held() is captured
    del compiled, captured
    gc.collect()
    assert held() is None
