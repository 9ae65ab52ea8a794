"""What a compiled function cannot do is refused while it is traced: the fact, the user's file and line, the cure."""

import math
import re

import numpy as np
import pytest
from compiler.same import assert_same

from autograd import grad, jit
from autograd.errors import AutogradError, BranchError, LostGradientError

X = np.array([1.0, -2.0, 3.0])


def assign(x):
    x[0] = 1.0


def fill(x):
    out = np.zeros(3)
    out[0] = x[0]
    return out


def loop(x, n):
    for _ in range(n):
        x = x * 2
    return x


#: What the user writes, what the error says about it, and the cure.
CASES = [
    (lambda x: x if x[0] > 0 else -x, r"bool\(\)", "np.where"),
    (lambda x: np.ravel(np.outer(x, x).T, "K"), "np.ravel with order='K'", "order='C'"),
    (lambda x: np.outer(x, x).T.flatten("A"), "np.ravel with order='A'", "order='C'"),
    (lambda x: np.reshape(np.outer(x, x).T, 9, order="A"), "np.reshape with order='A'", "order='C'"),
    (lambda x: x if np.any(x > 0) else -x, r"bool\(\)", "np.where"),
    (lambda x: x[0] and x[1], r"bool\(\)", "np.where"),
    (lambda x: 0 < x[0] < 1, r"bool\(\)", "np.where"),
    (lambda x: max(x), r"bool\(\)", "np.where"),
    (lambda x: 1.0 in x, r"bool\(\)", "np.where"),
    (lambda x: int(x[0]), r"int\(\)", "x.astype"),
    (lambda x: float(x[0]), r"float\(\)", "x.astype"),
    (lambda x: complex(x[0]), r"complex\(\)", "x.astype"),
    (lambda x: math.sin(x[0]), r"float\(\)", r"np.sin, not math.sin"),
    (lambda x: f"{x[0]:.2f}", "Reading the value", "outside"),
    (lambda x: x[0].item(), "Reading the value", "outside"),
    (lambda x: x.numpy(), "Reading the value", "outside"),
    (lambda x: x.tolist(), "Reading the value", "outside"),
    (lambda x: grad(lambda y: y * y.item())(x[0]), "Reading the value", "outside"),
    (lambda x: np.asarray(x), "np.asarray", "np.stack"),
    (lambda x: np.array([x[0], 1.0]), "np.asarray", "np.stack"),
    (lambda x: np.full(3, x[0]), "np.asarray", r"x \* np.ones"),
    (lambda x: np.eye(3)[x.astype(int)], "indexing an array", "np.equal"),
    (lambda x: x[x > 0], r"x\[mask\]", "np.where"),
    (lambda x: len(x[x > 0]), r"x\[mask\]", "np.where"),
    (lambda x: x[0, x > 0], r"x\[mask\]", "np.where"),
    (lambda x: np.nonzero(x), "np.nonzero", "np.where"),
    (lambda x: np.where(x > 0), "np.where", "np.where"),
    (lambda x: np.unique(x), "np.unique", "np.where"),
    (lambda x: np.compress(x > 0, x), "np.flatnonzero", "np.where"),
    (lambda x: x[: x[0].astype(int)], r"x\[i:j\]", "static_argnames"),
    (lambda x: np.reshape(x, (x[0].astype(int), -1)), "traced (new)?shape", "static_argnames"),
    (lambda x: np.repeat(x, x.astype(int)), "traced repeats", "static_argnames"),
    (lambda x: np.sum(x, axis=x[0].astype(int)), "traced axis", "static_argnames"),
    (lambda x: np.split(x, [x[0].astype(int)]), "traced indices_or_sections", "static_argnames"),
    (lambda x: np.insert(x, x[0].astype(int), 5.0), "index", "static_argnames"),
    (lambda x: np.delete(x, x[0].astype(int)), "index", "static_argnames"),
    (lambda x: np.zeros(x[0].astype(int)), "plain number was expected", "static_argnames"),
    (lambda x: [0, 1, 2][x[0].astype(int)], "An index or a count", r"np.stack\(items\)\[i\]"),
    (lambda x: loop(x, x[0].astype(int)), "An index or a count", "static_argnames"),
    (fill, "plain number was expected|float", "np.stack"),
]


@pytest.mark.parametrize(("fun", "what", "cure"), CASES)
def test_what_depends_on_values_is_refused(fun, what, cure):
    with pytest.raises(BranchError, match=what) as caught:
        jit(fun)(X)
    assert re.search(cure, str(caught.value).split("value alone.")[-1])
    assert re.search(r"test_refusals\.py:\d+ in \S+", str(caught.value))


@pytest.mark.parametrize(
    "fun",
    [
        assign,
        lambda x: np.add(x, 1, out=np.zeros(3)),
        lambda x: np.add.at(x, [0], 1),
        lambda x: np.copyto(np.zeros(3), x),
        lambda x: np.einsum("i->", x, out=np.zeros(())),
        lambda x: x.sort(),
    ],
)
def test_changes_in_place_are_refused(fun):
    with pytest.raises(LostGradientError, match=r"\(In test_refusals\.py:\d+ in \S+\.\)$"):
        jit(fun)(X)


@pytest.mark.parametrize(
    "fun",
    [
        lambda x: np.sum(x, where=x > 0) + len(x) + x.shape[0] + x.size,
        lambda x: x[np.argmax(x)] + x[np.argsort(x)][-1],
        lambda x: [row * 2 for row in x],
        lambda x: np.roll(x, x[0].astype(int)),
        lambda x: np.take(x, [0, 0]) + np.stack(list(x))[1:],
        lambda x: np.digitize(x, [0.0, 2.0]),
        lambda x: np.unravel_index(np.argmax(x), (3, 1)),
    ],
)
def test_what_has_a_fixed_shape_is_not(fun):
    compiled = jit(fun)
    for x in (X, X[::-1], -X):
        assert_same(fun(x), compiled(x))
    assert compiled.cache_info().misses == 1


def test_a_refused_function_leaves_nothing_behind():
    compiled = jit(lambda x: x if x[0] > 0 else -x)
    for _ in range(2):
        with pytest.raises(BranchError):
            compiled(X)
    assert compiled.cache_info() == (0, 0, 256, 0)


def test_errors_of_the_user_are_the_users():
    class OwnError(ValueError):
        pass

    def fun(x):
        try:
            return x * int(x[0])
        except AutogradError:
            raise OwnError("mine") from None

    with pytest.raises(OwnError, match=r"^mine$"):
        jit(fun)(X)
