"""Tensor: what an ndarray has, the explicit ways out, backward, copies, texts, and the ways out that are closed."""

import copy
import math
import pickle

import numpy as np
import pytest

from autograd import AutogradError, Tensor, derivative, grad, gradients
from autograd.errors import ArgumentError, LostGradientError, OutputError, ShapeError

A = np.arange(1.0, 7.0).reshape(2, 3)


# ------------------------------------------------------------------------------------------------------------- making


@pytest.mark.parametrize(
    "data", [2, 2.5, True, 1j, np.float32(2), [1, 2], [[1.0, 2.0]], (1.0, 2.0), A, A.astype(np.float32)]
)
def test_a_leaf_holds_a_copy_with_the_dtype_of_the_data(data):
    t = Tensor(data)
    expected = np.array(data)
    assert t.shape == expected.shape and t.dtype == expected.dtype
    assert np.array_equal(t.numpy(), expected)
    assert t.grad is None and t.name is None


def test_a_leaf_does_not_share_memory():
    data = A.copy()
    t = Tensor(data)
    data[0, 0] = 100.0
    assert t.numpy()[0, 0] == 1.0


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        ("text", ArgumentError, "A tensor holds numbers, and a str gives an array of dtype <U4. Convert it"),
        (None, ArgumentError, "a NoneType gives an array of dtype object"),
        ([object()], ArgumentError, "a list gives an array of dtype object"),
        ([[1.0], [1.0, 2.0]], ShapeError, "of a list whose rows differ in length.*Pad"),
        (Tensor(1.0), LostGradientError, "Use the tensor itself"),
        ([Tensor(1.0), 2.0], LostGradientError, "np.stack for an array of tensors"),
    ],
)
def test_what_is_no_array_of_numbers_is_refused(data, kind, words):
    with pytest.raises(kind, match=words):
        Tensor(data)


# --------------------------------------------------------------------------------------------------------- what it is


@pytest.mark.parametrize("array", [A, A[:, 0], np.array(3.0), np.ones((2, 0)), A.astype(np.complex64)])
@pytest.mark.parametrize("attribute", ["shape", "ndim", "size", "dtype", "itemsize", "nbytes"])
def test_attributes_are_those_of_the_array(array, attribute):
    assert getattr(Tensor(array), attribute) == getattr(array, attribute)


@pytest.mark.parametrize("attribute", ["T", "mT", "real", "imag"])
def test_attributes_that_record(attribute):
    z = A * (1 - 2j)
    assert np.array_equal(getattr(Tensor(z), attribute).numpy(), getattr(z, attribute))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_attributes_of_a_differentiated_python_float(shape):
    def fun(x):
        assert (x.shape, x.ndim, x.size, x.dtype, x.nbytes) == ((), 0, 1, np.float64, 8)
        return x * np.ones(shape).sum()

    assert grad(fun)(2.0) == math.prod(shape)


METHODS = [
    ("all", ()),
    ("any", ()),
    ("argmax", (1,)),
    ("argmin", ()),
    ("argpartition", (1,)),
    ("argsort", ()),
    ("astype", (np.float32,)),
    ("clip", (2.0, 4.0)),
    ("compress", ([True, False], 0)),
    ("conj", ()),
    ("conjugate", ()),
    ("copy", ()),
    ("cumprod", (0,)),
    ("cumsum", (1,)),
    ("diagonal", ()),
    ("dot", (A.T,)),
    ("flatten", ()),
    ("max", (0,)),
    ("mean", (1,)),
    ("min", ()),
    ("nonzero", ()),
    ("prod", (1,)),
    ("ravel", ()),
    ("repeat", (2, 1)),
    ("reshape", (3, 2)),
    ("reshape", ((3, 2),)),
    ("reshape", (-1,)),
    ("round", ()),
    ("squeeze", ()),
    ("std", (0,)),
    ("sum", ()),
    ("sum", (0,)),
    ("swapaxes", (0, 1)),
    ("take", ([0, 2], 1)),
    ("trace", ()),
    ("transpose", ()),
    ("transpose", (1, 0)),
    ("transpose", ((1, 0),)),
    ("var", (1,)),
]


def plain(result):
    """The arrays in ``result``, each as an ndarray."""
    if isinstance(result, tuple):
        return [plain(part) for part in result]
    return result.numpy() if isinstance(result, Tensor) else np.asarray(result)


@pytest.mark.parametrize(("name", "args"), METHODS, ids=lambda x: x if isinstance(x, str) else "")
def test_methods_do_what_those_of_an_ndarray_do(name, args):
    found, expected = plain(getattr(Tensor(A), name)(*args)), getattr(A, name)(*args)
    np.testing.assert_array_equal(found, np.asarray(expected))
    assert isinstance(expected, tuple) or found.dtype == expected.dtype


def test_methods_take_keywords():
    t = Tensor(A)
    assert np.array_equal(t.sum(axis=0, keepdims=True).numpy(), A.sum(axis=0, keepdims=True))
    assert np.array_equal(t.reshape(3, 2, order="F").numpy(), A.reshape(3, 2, order="F"))
    assert np.array_equal(t.std(axis=1, ddof=1).numpy(), A.std(axis=1, ddof=1))
    assert np.array_equal(t.clip(min=2.0).numpy(), A.clip(min=2.0))


def test_flat_and_choose():
    assert np.array_equal(Tensor(A).flat[1:3].numpy(), A.flat[1:3])
    assert [t.item() for t in Tensor(A).flat] == list(A.flat)
    assert plain(Tensor([0, 1]).choose([[1.0, 2.0], [3.0, 4.0]])).tolist() == [1.0, 4.0]


def test_searchsorted_gives_plain_places():
    assert np.array_equal(plain(Tensor([1.0, 2.0, 3.0]).searchsorted([1.5, 2.5])), [1, 2])


def test_every_public_method_of_tensor_is_tested_here():
    tested = {name for name, _ in METHODS} | {
        "choose",
        "flat",
        "searchsorted",
        "backward",
        "numpy",
        "item",
        "grad",
        "name",
    }
    tested |= {"shape", "ndim", "size", "dtype", "itemsize", "nbytes", "T", "mT", "real", "imag"}
    closed = {"tolist", "tobytes", "as_integer_ratio", "sort", "fill", "put", "resize", "partition"}
    public = {name for name in dir(Tensor) if not name.startswith("_")} - {"value", "node", "recording"}
    public -= {name for name in dir(np.ndarray) if not hasattr(Tensor(np.eye(2)), name)}
    assert public - tested - closed == set()


OPERATORS = [
    lambda x, y: x + y,
    lambda x, y: x - y,
    lambda x, y: x * y,
    lambda x, y: x / y,
    lambda x, y: x**y,
    lambda x, y: x % y,
    lambda x, y: x // y,
    lambda x, y: divmod(x, y)[0],
    lambda x, y: divmod(x, y)[1],
    lambda x, y: divmod(y, x)[0],
    lambda x, y: divmod(y, x)[1],
    lambda x, y: x @ y.T if isinstance(y, (np.ndarray, Tensor)) and y.shape == (2, 3) else x,
    lambda x, y: x == y,
    lambda x, y: x != y,
    lambda x, y: x < y,
    lambda x, y: x <= y,
    lambda x, y: x > y,
    lambda x, y: x >= y,
    lambda x, y: (x > 2) & (y < 5),
    lambda x, y: (x > 2) | (y < 2),
    lambda x, y: (x > 2) ^ (y > 2),
    lambda x, y: -x,
    lambda x, y: +x,
    lambda x, y: abs(-x),
    lambda x, y: ~(x > 2),
    lambda x, y: round(x * 1.1, 1) if isinstance(x, Tensor) else np.round(x * 1.1, 1),
]


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("other", [A[::-1], 2.0, 3], ids=["array", "float", "int"])
def test_operators_do_what_those_of_an_ndarray_do(operator, other):
    expected = operator(A, other)
    assert np.array_equal(plain(operator(Tensor(A), other)), expected)
    if isinstance(other, np.ndarray):
        assert np.array_equal(plain(operator(Tensor(A), Tensor(other))), expected)
        assert np.array_equal(plain(operator(A, Tensor(other))), expected)


def test_logic_of_bool_tensors():
    t, f = Tensor([True, True]), Tensor([True, False])
    for found, expected in [(t & f, [True, False]), (t | f, [True, True]), (t ^ f, [False, True]), (~f, [False, True])]:
        assert plain(found).tolist() == expected


def test_indexing_iteration_length_membership():
    t = Tensor(A)
    assert np.array_equal(t[1].numpy(), A[1]) and t[1, 2].item() == 6.0
    assert np.array_equal(t[:, ::-1].numpy(), A[:, ::-1]) and np.array_equal(t[A > 2].numpy(), A[A > 2])
    assert len(t) == 2 and [row.shape for row in t] == [(3,), (3,)]
    assert 3.0 in t and 9.0 not in t
    a, b = t
    assert np.array_equal((a + b).numpy(), A.sum(axis=0))
    with pytest.raises(TypeError, match=r"no len\(\)"):
        len(Tensor(1.0))
    with pytest.raises(TypeError, match="0-d tensor"):
        list(Tensor(1.0))
    with pytest.raises(IndexError):
        t[2]


def test_truth_is_that_of_the_value():
    assert Tensor(1.0) and not Tensor(0.0)
    with pytest.raises(ValueError, match="ambiguous"):
        bool(Tensor(A))


# ------------------------------------------------------------------------------------------- the explicit ways out


def test_numpy_gives_a_copy_and_item_a_python_number():
    t = Tensor(A)
    t.numpy()[0, 0] = 100.0
    assert t.numpy()[0, 0] == 1.0
    assert type(Tensor(np.float32(2.0)).item()) is float and type(Tensor(2).item()) is int
    with pytest.raises(ValueError, match="size 1"):
        t.item()


def test_the_ways_out_work_at_every_level():
    def fun(x):
        inner = grad(lambda y: y * x * (y.item() + x.item()))(2.0)
        assert type(x.numpy()) is np.ndarray
        return inner

    assert grad(fun)(3.0) == 5.0


# ------------------------------------------------------------------------------------------------------- gradients


def test_backward_sets_the_gradient_of_every_leaf_and_replaces_what_was_there():
    x, y = Tensor([1.0, 2.0]), Tensor(3.0)
    loss = np.sum(x * x * y)
    assert x.grad is None
    for _ in range(2):
        loss.backward()
        assert type(x.grad) is np.ndarray and x.grad.tolist() == [6.0, 12.0]
        assert y.grad == 5.0
    np.sum(x).backward()
    assert x.grad.tolist() == [1.0, 1.0] and y.grad == 5.0


def test_backward_of_a_leaf_itself():
    x = Tensor(3.0)
    x.backward()
    assert x.grad == 1.0


def test_only_leaves_have_a_gradient():
    x = Tensor(3.0)
    y = x * 2.0
    (y * y).backward()
    assert x.grad == 24.0 and y.grad is None


def test_gradients_gives_a_tree_and_touches_nothing():
    params = {"w": Tensor([1.0, 2.0]), "b": (Tensor(3.0), None), "unused": Tensor(np.ones((2, 2), np.float32))}
    loss = np.sum(params["w"] ** 2) * params["b"][0]
    found = gradients(loss, params)
    assert found["w"].tolist() == [6.0, 12.0] and found["b"] == (5.0, None)
    assert found["unused"].tolist() == [[0.0, 0.0]] * 2 and found["unused"].dtype == np.float32
    assert params["w"].grad is None


@pytest.mark.parametrize("data", [3, True, [1, 2], np.uint8(3)])
def test_gradients_of_integer_tensors_are_floats(data):
    x, unused = Tensor(data), Tensor(data)
    loss = np.sum(x * x)
    g, zero = gradients(loss, (x, unused))
    loss.backward()
    assert g.dtype == zero.dtype == x.grad.dtype == np.float64
    assert np.array_equal(g, 2.0 * np.asarray(data))


@pytest.mark.parametrize("way", [lambda t: t.backward(), lambda t: gradients(t, t)], ids=["backward", "gradients"])
def test_only_real_scalars_have_a_gradient(way):
    with pytest.raises(
        OutputError, match=r"needs a scalar output, but this one has shape \(2, 3\).*\.sum\(\).*one element.*jacobian"
    ):
        way(Tensor(A) * 2)
    with pytest.raises(OutputError, match=r"needs a real scalar output.*complex128.*np\.real"):
        way(Tensor(1.0) * 1j)


def test_gradients_names_what_is_no_tensor():
    with pytest.raises(ArgumentError, match=r"inputs\['w'\]\[1\] is a float, not a Tensor. Make it one"):
        gradients(Tensor(1.0), {"w": [Tensor(1.0), 2.0]})
    with pytest.raises(ArgumentError, match="is a float, no tensor: it does not depend on any"):
        gradients(2.0, Tensor(1.0))


def test_gradients_can_be_written_to_without_harm():
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    loss = np.sum(x * y) + np.sum(x) + np.sum(y)
    for _ in range(2):
        loss.backward()
        assert x.grad.tolist() == [4.0, 5.0] and y.grad.tolist() == [2.0, 3.0]
        x.grad[:] = 0.0
        y.grad[:] = 0.0
    assert y.numpy().tolist() == [3.0, 4.0]


def test_the_gradient_of_a_rule_that_returns_its_operand_is_a_copy():
    @derivative(x=lambda g, y: y, y=lambda g, x: x)
    def inner(x, y):
        return np.sum(x * y)

    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    loss = inner(x, y)
    loss.backward()
    x.grad[:] = 0.0
    assert y.numpy().tolist() == [3.0, 4.0]
    loss.backward()
    assert x.grad.tolist() == [3.0, 4.0]


# ---------------------------------------------------------------------------------------------------- copies and texts


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_copies_are_leaves_with_the_value_and_the_name(duplicate):
    for t in (Tensor(A, name="weights"), Tensor(A) * 2):
        twin = duplicate(t)
        assert np.array_equal(twin.numpy(), t.numpy()) and twin.dtype == t.dtype
        assert twin.name == t.name and twin.grad is None
        assert not twin.node.parents
        np.sum(twin * twin).backward()
        assert np.array_equal(twin.grad, 2 * t.numpy()) and t.grad is None


def test_a_copy_inside_a_function_keeps_the_gradient():
    assert grad(lambda x: copy.copy(x) * copy.deepcopy([x])[0])(3.0) == 6.0


def test_repr_is_short_and_names_the_tensor():
    assert repr(Tensor([1.0, 2.0])) == "Tensor([1., 2.])"
    assert repr(Tensor(2.5, name="rate")) == "Tensor(2.5, name='rate')"
    assert len(repr(Tensor(np.zeros((100, 100))))) < 400
    assert repr(Tensor(1.0) * 2) == str(Tensor(2.0)) == "Tensor(2.)"


def test_a_format_is_for_one_number():
    assert f"{Tensor(1.23456):.3f} {Tensor(7):>3d} {Tensor(1.5)}" == "1.235   7 Tensor(1.5)"
    assert f"{Tensor([1.0])}" == "Tensor([1.])"
    with pytest.raises(ArgumentError, match=r"'\.3f' is for one number, not for shape \(2, 3\); format t\.numpy\(\)"):
        f"{Tensor(A):.3f}"


def test_equality_is_elementwise_and_the_hash_is_by_identity():
    x, twin = Tensor([1.0, 2.0]), Tensor([1.0, 2.0])
    assert (x == twin).tolist() == [True, True] and (x != 1.0).tolist() == [False, True]
    assert (x == None).tolist() == [False, False]  # noqa: E711
    assert {x: "x", twin: "twin"}[x] == "x"


# --------------------------------------------------------------------------------------------------- closed ways out

SCALAR = Tensor(1.5)
READING = r"lose its gradient.*np\.sin, not math\.sin.*t\.item\(\) or t\.numpy\(\)"
WRITING = r"immutable.*np\.where\(mask, value, t\)"


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (lambda t: float(t), r"float\(\) of a tensor \(shape \(\)\).*" + READING),
        (lambda t: int(t), r"int\(\) of a tensor.*" + READING),
        (lambda t: complex(t), r"complex\(\) of a tensor.*" + READING),
        (lambda t: math.sin(t), r"float\(\) of a tensor.*" + READING),
        (lambda t: math.floor(t), READING),
        (lambda t: np.asarray(t), "np.asarray, np.array or an assignment.* of a tensor.*" + READING),
        (lambda t: np.array(t), READING),
        (lambda t: np.array([t]), READING),
        (lambda t: np.array([t, 2.0]), "np.stack for an array of tensors"),
        (lambda t: np.array([[t, 2.0]]), "np.stack for an array of tensors"),
        (lambda t: np.float64(t), READING),
        (lambda t: t.tolist(), READING),
        (lambda t: range(t), "An index or a count made of a tensor.*" + READING),
        (lambda t: [1, 2][t], READING),
        (lambda t: A[t], READING),
        (lambda t: A.dot(t), READING),
        (lambda t: "%f".__mod__(t), READING),
        (lambda t: A.copy().__setitem__(0, t[None] if t.ndim else t * np.ones(3)), READING),
        (lambda t: t.__setitem__(0, 1.0), r"t\[…\] = value.*" + "not possible.*np.where"),
        (lambda t: t.__delitem__(0), r"del t\[…\]"),
        (lambda t: t.sort(), r"t\.sort\(\).*np\.sort\(t\)"),
        (lambda t: t.fill(0.0), r"t\.fill\(\)"),
        (lambda t: t.put(0, 1.0), r"t\.put\(\)"),
        (lambda t: t.resize(3), r"t\.resize\(\)"),
        (lambda t: t.partition(0), r"t\.partition\(\)"),
    ],
)
def test_closed_ways_out_say_what_to_write_instead(way, words):
    for attempt in (lambda: way(SCALAR), lambda: grad(way)(1.5)):
        with pytest.raises(LostGradientError, match=words) as caught:
            attempt()
        assert isinstance(caught.value, TypeError) and isinstance(caught.value, AutogradError)


def test_item_assignment_reads_like_the_statement():
    t = Tensor(A)
    with pytest.raises(LostGradientError, match=WRITING):
        t[0] = 1.0


def test_a_tensor_as_one_element_of_an_array_is_refused_by_numpy_with_our_reason_behind():
    array = A.copy()
    with pytest.raises(ValueError, match="setting an array element") as caught:
        array[0, 0] = Tensor(1.0)
    assert isinstance(caught.value.__cause__, LostGradientError)


def test_attributes_cannot_be_set():
    for name in ("shape", "dtype", "grad", "name", "T", "anything"):
        with pytest.raises(AttributeError):
            setattr(Tensor(A), name, None)


def test_math_trunc_is_refused():
    with pytest.raises(LostGradientError, match=r"math.trunc\(\)"):
        math.trunc(Tensor(2.5))


def test_pickling_within_a_recording_is_refused():
    with pytest.raises(LostGradientError, match="Pickling"):
        grad(lambda x: np.sum(x * pickle.loads(pickle.dumps(x))))(np.ones(2))


def test_flat_is_a_row_also_of_a_number():
    assert grad(lambda x: x.flat[0] * 2)(2.0) == 2.0 and Tensor(np.ones((2, 3))).flat.shape == (6,)


def test_item_takes_an_index():
    t = Tensor(np.arange(6.0).reshape(2, 3))
    assert t.item(4) == 4.0 and t.item(1, 0) == 3.0 and type(t.item(0)) is float
