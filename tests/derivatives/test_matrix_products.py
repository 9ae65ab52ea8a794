"""Products of vectors and matrices: every pair of operand shapes, real and complex, against differences."""

import re

import numpy as np
import pytest
from derivatives.draws import Draws
from referee import Case, check, existing

from autograd import AutogradError, Tensor, grad, jit, make_jvp

real, cplx = Draws(11).kinds


def pairs(function, shapes, call=None, kinds=(real, cplx), mixed=True, **options):
    """One case for every pair of shapes and choice of dtypes."""
    combinations = [(k, k) for k in kinds] + ([(real, cplx), (cplx, real)] if mixed else [])
    call = call or (lambda x, y: function(x, y, **options))
    return [
        Case(function, call, (left(*a), right(*b)), name=f"{function.__name__}-{left.__name__}-{right.__name__}")
        for a, b in shapes
        for left, right in combinations
    ]


MATMUL = [
    ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)),
    ((1, 2, 3), (5, 3, 1)), ((4, 1, 2, 3), (5, 3, 2)), ((3,), (2, 3, 4)), ((2, 4, 3), (3,)), ((2, 0), (0, 3)),
    ((1, 1), (1, 1)), ((0, 2, 3), (3, 2)),
]  # fmt: skip
DOT = [
    ((), ()), ((), (2, 3)), ((3,), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)),
    ((2, 2, 3), (3,)), ((2, 2, 3), (4, 3, 2)), ((3,), (2, 3, 4)), ((2, 3), (2, 3, 4)), ((2, 0), (0, 3)),
]  # fmt: skip
INNER = [((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (4, 3)), ((2, 3), (3,)), ((3,), (2, 2, 3))]
OUTER = [((3,), (2,)), ((2, 2), (3,)), ((), (3,)), ((1,), (1,)), ((0,), (3,))]
KRON = [
    ((2,), (3,)), ((2, 2), (3, 3)), ((3,), (2, 2)), ((2, 1), (3,)), ((), (2,)), ((2, 2), ()), ((), ()),
    ((1, 2), (2, 1)), ((2, 1, 2), (3, 2)),
]  # fmt: skip
MATVEC = [((2, 3), (3,)), ((4, 2, 3), (3,)), ((2, 3), (4, 3)), ((5, 1, 2, 3), (4, 3))]
VECMAT = [((2,), (2, 3)), ((2,), (4, 2, 3)), ((4, 2), (2, 3)), ((4, 2), (5, 1, 2, 3))]
TENSORDOT = [
    (((2, 3), (3, 4)), 1), (((2, 3), (4, 2)), ([0], [1])), (((2, 3), (4, 2)), ([-2], [-1])), (((2,), (3,)), 0),
    (((2, 3, 4), (4, 3, 2)), ([0, 2], [2, 0])), (((2, 3, 4), (4, 3, 5)), ((1, -1), (1, 0))), (((4,), ()), 0),
    (((2, 3), (2, 3)), 2), (((2, 3), (3, 2)), ((1, 0), (0, 1))), (((2, 3, 2), (3, 4)), (1, 0)),
    (((2, 6), (6, 3)), [[-1], [0]]), (((2,), (2, 2)), [0, 1]), (((3, 2, 4), (4, 5, 3, 2)), ((2, 0, 1), (0, 2, 3))),
]  # fmt: skip
CROSS = [
    ((3,), (3,), {}), ((2, 3), (2, 3), {}), ((2, 3), (3,), {}), ((4, 1, 3), (2, 3), {}),
    ((3, 2), (2, 3), {"axisa": 0, "axisb": 1}), ((2, 3), (2, 3), {"axisc": 0}), ((3, 3), (3, 3), {"axis": 0}),
    ((3, 2), (3,), {"axisa": 0, "axisb": 0, "axisc": 0}),
]  # fmt: skip

CASES: list[Case] = [
    *pairs(np.matmul, MATMUL),
    *pairs(np.dot, DOT),
    *pairs(np.inner, INNER),
    *pairs(np.outer, OUTER),
    *pairs(np.kron, KRON),
    *pairs(np.vdot, [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (6,)), ((), ())]),
    *pairs(np.vecdot, [((3,), (3,)), ((2, 3), (2, 3)), ((4, 1, 3), (2, 3)), ((3,), (2, 3))]),
    *pairs(np.vecdot, [((3, 2), (3, 2)), ((3, 1), (3, 2))], axis=0),
    *pairs(np.vecdot, [((3, 2), (4, 3, 2)), ((3, 2), (3, 1))], axis=-2),
    *pairs(np.vecdot, [((2, 3), (2, 3)), ((4, 1, 3), (2, 3))], keepdims=True, mixed=False),
    *pairs(np.vecdot, [((3, 2), (4, 3, 2))], axis=-2, keepdims=True, mixed=False),
    *(case for matvec in existing("matvec") for case in pairs(matvec, MATVEC)),
    *(case for vecmat in existing("vecmat") for case in pairs(vecmat, VECMAT)),
    *(case for shapes, axes in TENSORDOT for case in pairs(np.tensordot, [shapes], axes=axes)),
    *(case for a, b, options in CROSS for case in pairs(np.cross, [(a, b)], mixed=False, **options)),
    *pairs(np.linalg.matmul, [((2, 3), (3, 2))], mixed=False),
    *pairs(np.linalg.vecdot, [((2, 3), (2, 3))], mixed=False),
    *pairs(np.linalg.vecdot, [((3, 2), (3, 2))], axis=0, mixed=False),
    *pairs(np.linalg.outer, [((2,), (3,))], mixed=False),
    *pairs(np.linalg.tensordot, [((2, 3), (3, 4))], axes=1, mixed=False),
    *pairs(np.linalg.cross, [((2, 3), (2, 3))], mixed=False),
    *pairs(np.linalg.cross, [((3, 2), (3, 2))], axis=0, mixed=False),
    Case(np.matmul, lambda x, y: np.matmul(x.T, y[::-1, ::2]), (real(3, 2), real(3, 5)), name="matmul-strided"),
    Case(np.tensordot, lambda x, y: np.tensordot(x.T, y, 1), (real(3, 2), real(3, 5)), name="tensordot-strided"),
    Case(np.dot, lambda x: np.dot(x, x), (real(3, 3),), name="dot-with-itself"),
    Case(np.kron, lambda x: np.kron(x, x), (real(2, 2),), name="kron-with-itself"),
]


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
@pytest.mark.parametrize("lengths", [(2, 2), (2, 3), (3, 2)])
def test_cross_of_vectors_in_the_plane(lengths):
    left, right = lengths
    check(np.cross, (real(4, left), real(4, right)), 2)
    check(np.cross, (real(left), real(right)), 2)
    check(lambda x, y: np.cross(x, y, axisa=0), (real(left, 4), real(1, right)), 1)


@pytest.mark.parametrize("function", [np.matmul, np.dot, np.inner, np.outer, np.kron, np.vdot, np.cross, np.vecdot])
def test_float32_stays_float32(function):
    x = np.array([1, 2, 3], np.float32)
    gradients = grad(lambda x, y: np.sum(function(x, y)), (0, 1))(x, 2 * x)
    assert [g.dtype for g in gradients] == [np.float32, np.float32]


def test_tensordot_with_negative_axes_in_closed_form():
    a, b = np.arange(1.0, 7.0).reshape(2, 3), np.arange(1.0, 9.0).reshape(4, 2)
    weights = np.arange(12.0).reshape(3, 4)
    gradient = grad(lambda b: np.sum(np.tensordot(a, b, axes=([-2], [-1])) * weights))(b)
    np.testing.assert_allclose(gradient, (a @ weights).T)


def test_kron_of_vectors_in_closed_form():
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    gradients = grad(lambda a, b: np.sum(np.kron(a, b) * weights), (0, 1))(a, b)
    np.testing.assert_array_equal(gradients, [[11.0, 25.0], [7.0, 10.0]])


def test_a_list_beside_a_tensor():
    gradient = grad(lambda x: np.dot([1.0, 2.0], x))(np.array([3.0, 4.0]))
    np.testing.assert_array_equal(gradient, [1.0, 2.0])


def test_products_of_python_numbers():
    assert grad(lambda x: np.dot(x, 3.0))(2.0) == 3.0
    assert grad(lambda x: np.inner(x, x))(2.0) == 4.0
    assert grad(lambda x: np.kron(x, 3.0))(2.0) == 3.0


@pytest.mark.parametrize(
    ("function", "axes"),
    [
        (np.matmul, [(1, 0), (0, 1), (0, 1)]),
        *((matvec, [(1, 0), 0, 0]) for matvec in existing("matvec")),
        *((vecmat, [0, (1, 0), 0]) for vecmat in existing("vecmat")),
        (np.vecdot, [0, 0, ()]),
    ],
)
def test_axes_of_a_product_say_what_to_write(function, axes):
    operands = [np.ones((2, 2)) if isinstance(axis, tuple) and axis else np.ones(2) for axis in axes[:2]]
    for argnum in (0, 1):
        with pytest.raises(AutogradError, match="moveaxis"):
            grad(lambda x, y: np.sum(function(x, y, axes=axes)), argnum)(*operands)


MISFITS = [
    (np.matmul, (2, 3), (2, 3), "last axis of x has length 3, and the first axis of y length 2", "x @ y.T or x.T @ y"),
    (np.matmul, (3, 2), (2, 3, 1), "x has length 2, and the last but one axis of y length 3", "transpose or reshape"),
    (np.matmul, (2, 3), (2,), "the last axis of x has length 3, and the only axis of y length 2", "x.T @ y would fit"),
    (np.matmul, (3,), (2, 3), "the only axis of x has length 3, and the first axis of y length 2", "x @ y.T would fit"),
    (np.matmul, (2, 3), (4, 2), "the last axis of x has length 3, and the first axis of y length 4", "x.T @ y.T would"),
    (np.matmul, (2,), (3,), "the only axis of x has length 2, and the only axis of y length 3", "transpose or reshape"),
    (np.matmul, (2, 3), (), "y is one number", r"x \* y"),
    (np.matmul, (), (2, 3), "x is one number", r"x \* y"),
    (np.matmul, (5, 2, 3), (4, 3, 2), r"the stacks of matrices, \(5,\) and \(4,\), do not broadcast", "one of them 1"),
    (np.dot, (2, 3), (2, 3), "last axis of x has length 3, and the first axis of y length 2", "x @ y.T or x.T @ y"),
    (np.dot, (5, 3, 4), (2, 3), "the last axis of x has length 4, and the first axis of y length 2", "reshape"),
    (np.inner, (2, 3), (4,), "the last axis of x has length 3, and the only axis of y length 4", "equally long"),
    (np.linalg.matmul, (2, 3), (2, 3), "the last axis of x has length 3", "x @ y.T"),
    *([(np.matvec, (2, 3), (2,), "the last axis of x has length 3, and the only axis of y length 2", "equally long"),
       (np.matvec, (3,), (3,), "x has 1 axis, and matvec takes 2 or more", "x @ y"),
       (np.vecmat, (3,), (2, 3), "the only axis of x has length 3, and the first axis of y length 2", "equally long"),
       (np.vecmat, (2, 3), (3,), "y has 1 axis, and vecmat takes 2 or more", "x @ y")]
      if hasattr(np, "matvec") else []),
]  # fmt: skip


@pytest.mark.parametrize(("product", "x_shape", "y_shape", "fault", "cure"), MISFITS)
def test_what_does_not_fit_is_told_in_words(product, x_shape, y_shape, fault, cure):
    x, y = np.ones(x_shape), np.ones(y_shape)
    name = product.__name__
    message = rf"{name}\(x: {re.escape(str(x_shape))} float64, y: {re.escape(str(y_shape))} float64\) .*{fault}.*{cure}"
    calls = [
        lambda: grad(lambda x: np.sum(product(x, y)))(x),
        lambda: grad(lambda y: np.sum(product(x, y)))(y),
        lambda: make_jvp(lambda x: product(x, y))(x)(x),
        lambda: jit(lambda x, y: product(x, y))(x, y),
        lambda: product(Tensor(x), y),
    ]
    for call in calls:
        with pytest.raises(AutogradError, match=message) as caught:
            call()
        assert isinstance(caught.value, ValueError) and "core dimension" not in str(caught.value)
