"""What a compiled function cannot do is refused while it is traced: the fact, the user's file and line, the cure."""

import math
import re
from types import SimpleNamespace

import numpy as np
import pytest
from compiler.same import assert_same

from autograd import grad, jit
from autograd.errors import AutogradError, BranchError, LostGradientError, OutputError

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


@pytest.mark.parametrize(
    ("fun", "what", "cure"),
    [
        (lambda x: (y * 2 for y in x), "a generator, which can be walked through once", "a list"),
        (lambda x: [x, {"rows": map(np.sin, x)}], r"<lambda>\[1\]\['rows'\] is a map", "a list"),
        (lambda x: iter([x, x]), "a list_iterator", "a list"),
        (lambda x: zip([1, 2], "ab", strict=True), "a zip", "a list"),
        (lambda x: lambda y: x + y, "a function that holds a traced value", "Return arrays"),
        (lambda x: {x[0]}, "a set that holds a traced value", "Return arrays"),
        (lambda x: SimpleNamespace(doubled=x * 2), "a SimpleNamespace that holds", "register_tree"),
    ],
)
def test_results_that_hide_traced_values_are_refused(fun, what, cure):
    with pytest.raises(OutputError, match=f"{what}.*{cure}"):
        jit(fun)(X)


def test_results_that_hide_nothing_are_handed_out():
    def unbound(x):
        if x is None:
            late = x
        return {"sum": np.sum(x), "names": {"a", "b"}, "f": lambda: late, "g": lambda: X, "none": None}

    for out in (jit(unbound)(X), unbound(X)):
        assert out["sum"] == 2.0
        assert out["names"] == {"a", "b"}
        assert out["g"]() is X
        assert out["none"] is None


A, B = np.random.default_rng(0).normal(size=(2, 6, 3))


@pytest.mark.parametrize("b", [B, B[:, 0]])
@pytest.mark.parametrize("a", [A, A * [1, 1, 0], np.stack([A[:, 0], A[:, 0], A[:, 1]], 1)])
def test_least_squares_of_any_rank(a, b):
    def solve(a, b):
        x, _, rank, values = np.linalg.lstsq(a, b, rcond=1e-10)
        return x, rank, values

    compiled = jit(solve)
    compiled(A[:, [2, 0, 1]], b)
    for e, c in zip(solve(a, b), compiled(a, b), strict=True):
        assert type(c) is type(e) or np.ndim(e) == 0
        np.testing.assert_allclose(c, e, rtol=1e-12, atol=1e-13)
    assert compiled.cache_info().misses == 1
    slope = grad(lambda a, b: np.sum(solve(a, b)[0] ** 2), (0, 1))
    assert_same(slope(a, b), jit(slope)(a, b))


@pytest.mark.parametrize(
    "use",
    [
        lambda residuals: residuals,
        lambda residuals: residuals + 1,
        lambda residuals: np.sum(residuals),
        lambda residuals: np.sqrt(residuals),
        lambda residuals: residuals[0],
        lambda residuals: residuals.shape,
        lambda residuals: len(residuals),
        lambda residuals: list(residuals),
        lambda residuals: np.stack([residuals, residuals]),
    ],
)
def test_the_residuals_of_least_squares_are_refused_when_they_are_used(use):
    with pytest.raises(BranchError, match=r"residuals of lstsq.*np\.abs\(a @ x - b\)"):
        jit(lambda a, b: use(np.linalg.lstsq(a, b, rcond=None)[1]))(A, B)
    with pytest.raises(BranchError, match="residuals of lstsq"):
        jit(grad(lambda a, b: np.sum(use(np.linalg.lstsq(a, b, rcond=None)[1]))))(A, B)


def test_a_wide_matrix_has_no_residuals():
    assert_same(np.zeros(0), jit(lambda a, b: np.linalg.lstsq(a, b, rcond=None)[1])(A[:3], B[:3]))
