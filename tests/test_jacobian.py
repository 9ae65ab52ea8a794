"""jacobian and hessian: both modes, any shapes, trees of trees, batches and what happens without them."""

from unittest import mock

import numpy as np
import pytest

from autograd import derivative, grad, hessian, jacobian, make_jvp, make_vjp
from autograd.batching import BatchTrace
from autograd.trees import flatten

RNG = np.random.default_rng(3)
A, B = RNG.standard_normal((4, 3)), RNG.standard_normal((2, 4))


def tall(x):
    return np.tanh(A @ x)


def wide(y):
    return np.tanh(B @ y)


def differences(fun, x, h=1e-6):
    """Central differences of an array function of one array, an independent Jacobian."""
    columns = []
    for i in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[i] = h
        columns.append((fun(x + step) - fun(x - step)) / (2 * h))
    return np.reshape(np.stack(columns, -1), (*np.shape(fun(x)), *x.shape))


@pytest.mark.parametrize(
    ("fun", "x"),
    [
        (tall, RNG.standard_normal(3)),
        (wide, RNG.standard_normal(4)),
        (lambda x: x @ x.T, RNG.standard_normal((2, 3))),
        (lambda x: x * 2.0, np.array(1.5)),
        (lambda x: np.stack([x, x**2, x**3]), np.array(1.5)),
        (lambda x: np.sum(x**2), RNG.standard_normal((2, 2))),
        (lambda x: np.sum(x[::2] * x[1], axis=0, keepdims=True), RNG.standard_normal((3, 2))),
        (lambda x: np.reshape(np.concatenate([x, x**2], axis=1), -1), RNG.standard_normal((2, 2))),
        (lambda x: np.max(x, axis=0), RNG.standard_normal((5, 2))),
    ],
)
def test_jacobian_has_output_shape_then_argument_shape(fun, x):
    found = jacobian(fun)(x)
    assert type(found) is np.ndarray or np.ndim(found) == 0
    np.testing.assert_allclose(found, differences(fun, x), rtol=1e-6, atol=1e-8)


def test_the_cheaper_mode_is_chosen():
    with mock.patch("autograd.transforms.jacobians._by_rows", side_effect=AssertionError("rows")):
        jacobian(tall)(np.ones(3))
    with mock.patch("autograd.transforms.jacobians._by_columns", side_effect=AssertionError("columns")):
        jacobian(wide)(np.ones(4))


def test_one_batch_makes_all_rows():
    with mock.patch("autograd.transforms.jacobians.BatchTrace", wraps=BatchTrace) as traces:
        jacobian(wide)(np.ones(4))
    assert [call.args for call in traces.call_args_list] == [(2,)]


def test_large_jacobians_are_made_in_pieces():
    x, y = RNG.standard_normal(3), RNG.standard_normal(4)
    rows, columns = jacobian(wide)(y), jacobian(tall)(x)
    with mock.patch("autograd.transforms.jacobians.BATCH_ENTRIES", 8):
        np.testing.assert_array_equal(jacobian(wide)(y), rows)
        np.testing.assert_allclose(jacobian(tall)(x), columns, rtol=1e-15)


def test_trees_give_trees_of_trees():
    def f(p, z):
        return {"out": p["a"] * p["b"], "sum": np.sum(p["a"]) + z}

    p = {"a": np.array([1.0, 2.0]), "b": 3.0}
    found = jacobian(f)(p, 1.0)
    np.testing.assert_array_equal(found["out"]["a"], 3 * np.eye(2))
    np.testing.assert_array_equal(found["out"]["b"], [1.0, 2.0])
    np.testing.assert_array_equal(found["sum"]["a"], [1.0, 1.0])
    assert found["sum"]["b"] == 0.0
    both = jacobian(f, (0, 1))(p, 1.0)
    np.testing.assert_array_equal(both["out"][0]["a"], 3 * np.eye(2))
    assert both["sum"][1] == 1.0
    np.testing.assert_array_equal(both["out"][1], [0.0, 0.0])


def test_hessian_of_a_tree_and_of_several_arguments():
    def f(p, q):
        return p["a"] * q**2 * p["b"]

    curved = hessian(f, (0, 1))({"a": 2.0, "b": 3.0}, 5.0)
    assert curved[0] == {"a": ({"a": 0.0, "b": 25.0}, 30.0), "b": ({"a": 25.0, "b": 0.0}, 20.0)}
    assert curved[1] == ({"a": 30.0, "b": 20.0}, 12.0)
    assert hessian(f)({"a": 2.0, "b": 3.0}, 5.0) == {"a": {"a": 0.0, "b": 25.0}, "b": {"a": 25.0, "b": 0.0}}


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def test_hessian_is_symmetric_to_rounding_and_right():
    x = RNG.standard_normal(20)
    found = hessian(rosenbrock)(x)
    assert np.abs(found - found.T).max() <= 1e-15 * np.abs(found).max()
    np.testing.assert_allclose(found, differences(grad(rosenbrock), x), rtol=1e-5, atol=1e-4)
    matrix = RNG.standard_normal((2, 3))
    assert hessian(lambda m: np.sum(np.tanh(m @ m.T)))(matrix).shape == (2, 3, 2, 3)


def test_any_composition_of_modes():
    x = RNG.standard_normal(3)
    expected = differences(jacobian(tall), x)
    np.testing.assert_allclose(jacobian(jacobian(tall))(x), expected, rtol=1e-6, atol=1e-8)
    total = jacobian(lambda x: np.sum(jacobian(tall)(x), axis=0))(x)
    np.testing.assert_allclose(total, expected.sum(0), rtol=1e-6, atol=1e-8)

    def sum_of_hessian(x):
        return np.sum(hessian(lambda y: np.sum(np.tanh(y) ** 2))(x))

    np.testing.assert_allclose(grad(sum_of_hessian)(x), differences(sum_of_hessian, x), rtol=1e-5, atol=1e-7)


def test_complex_jacobians():
    z = np.array([1 + 1j, 2 - 1j])
    np.testing.assert_allclose(jacobian(lambda z: z**2)(z), np.diag(2 * z))
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(jacobian(lambda x: x * z)(x), np.diag(z))  # reverse mode would drop the imaginary part
    slope = jacobian(lambda z: np.real(z * z))(z)  # df = Re(slope dz)
    np.testing.assert_allclose(slope, np.diag(2 * z))
    with pytest.raises(TypeError, match="real arguments"):
        hessian(lambda z: np.sum(np.real(z)))(z)


@derivative(x=lambda g, x: np.array([part * 3 * entry**2 for part, entry in zip(g.tolist(), x, strict=True)]))
def cubes(x):
    return np.asarray(x) ** 3


def test_a_rule_that_needs_plain_arrays_is_called_row_by_row():
    x = np.array([1.0, 2.0])
    np.testing.assert_array_equal(jacobian(cubes)(x), np.diag(3 * x**2))


def test_a_wrong_rule_is_named():
    @derivative(x=lambda g, x: np.sum(g * x))
    def broken(x):
        return np.asarray(x) * 2

    for transform in (jacobian, lambda f: grad(lambda x: np.sum(f(x)))):
        with pytest.raises(ValueError, match="rule of broken for 'x'"):
            transform(broken)(np.ones(3))


SHARING = {
    "twice the same": lambda t: (t, t),
    "parts": lambda t: (t[:2], t[1:]),
    "views": lambda t: (t, t.T, t[::-1]),
    "one number, repeated": lambda t: np.broadcast_to(np.sum(t), (3,)),
    "rows, repeated": lambda t: np.broadcast_to(t, (2, 3)),
    "a constant": lambda t: C * 1.0,
    "a constant of the user": lambda t: (C, t),
    "a number": lambda t: np.sum(t),
    "products": lambda t: [t * C, t @ C],
}
C = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize("fun", SHARING.values(), ids=SHARING)
def test_results_can_be_written_to_and_share_no_memory(fun):
    x, v = np.array([0.5, 1.5, 2.5]), np.ones(3)

    def total(x):
        return sum(np.sum(out) for out in flatten(fun(x))[0])

    results = [
        jacobian(fun)(x),
        jacobian(lambda x, y: fun(x), (0, 1))(x, x),
        hessian(total)(x),
        make_jvp(fun)(x)(v)[1],
        make_vjp(fun)(x)[0](fun(v)),
    ]
    for result in results:
        arrays = [leaf for leaf in flatten(result)[0] if np.ndim(leaf)]
        assert all(array.flags.writeable for array in arrays)
        for i, array in enumerate(arrays):
            assert not any(np.shares_memory(array, other) for other in (*arrays[:i], x, v, C))


W = np.zeros((0, 4))
EMPTY = {
    "elementwise": (lambda x: x * 2, (0,)),
    "flip": (np.flip, (2, 0, 3)),
    "roll": (lambda x: np.roll(x, 1), (0, 3)),
    "fliplr": (np.fliplr, (3, 0)),
    "column by column": (lambda x: np.reshape(x, -1, order="F"), (0, 2)),
    "outer": (np.outer, (0,)),
    "product": (lambda x: x @ W, (2, 0)),
    "triangle": (np.triu, (0, 0)),
    "tile": (lambda x: np.tile(x, (2, 1)), (0, 2)),
    "a list": (lambda x: {"a": np.sum(x, 0), "b": [np.sum(x)]}, (0, 2)),
    "solve": (lambda x: np.linalg.solve(x, np.ones((0, 2))), (0, 0)),
    "svd": (lambda x: np.linalg.svd(x, compute_uv=False), (2, 0)),
    "output without entries": (lambda x: np.outer(x, np.zeros(0)), (3,)),
    "product without entries": (lambda x: np.outer(x, np.zeros(0)) @ W, (3,)),
}


@pytest.mark.parametrize(("fun", "shape"), EMPTY.values(), ids=EMPTY)
def test_empty_arguments_and_outputs(fun, shape):
    x = np.ones(shape)
    call = (lambda x: fun(x, x)) if fun is np.outer else fun

    def total(x):
        return sum(np.sum(np.sin(out)) for out in flatten(call(x))[0])

    for slopes, out in zip(flatten(jacobian(call)(x))[0], flatten(call(x))[0], strict=True):
        assert slopes.shape == (*np.shape(out), *shape) and slopes.dtype == float
    assert hessian(total)(x).shape == (*shape, *shape)
    assert jacobian(grad(total))(x).shape == (*shape, *shape)


def test_scalar():
    assert jacobian(lambda x: x**2)(3.0) == 6.0 and hessian(lambda x: x**3)(2.0) == 12.0
