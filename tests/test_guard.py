"""Arrays that the backward pass needs cannot be changed behind its back, and belong to the user again afterwards."""

import threading

import numpy as np
import pytest

from autograd import Tensor, derivative, grad, make_vjp, value_and_grad
from autograd.guard import COPIED_BYTES, LOCKS

SMALL = 5
LARGE = COPIED_BYTES // 8 + 1


@pytest.fixture(autouse=True)
def nothing_stays_locked():
    yield
    assert not LOCKS.holds


def overwritten(array, fun):
    """``fun``, and then a write into ``array`` before the sweep."""

    def writing(x):
        out = fun(x)
        array.flat[0] = 100.0
        return out

    return writing


# ------------------------------------------------------------------------------------------------- small: copied


def test_small_constant_that_is_overwritten_counts_with_its_first_values():
    c = np.ones(SMALL)
    assert grad(overwritten(c, lambda x: np.sum(x * c)))(np.ones(SMALL)).tolist() == [1.0] * SMALL
    assert c[0] == 100.0


def test_small_argument_that_is_overwritten_counts_with_its_first_values():
    x = np.ones(SMALL)
    assert grad(overwritten(x, lambda z: np.sum(z * z)))(x).tolist() == [2.0] * SMALL


def test_small_argument_that_is_a_view_counts_with_its_first_values():
    owner = np.ones((2, SMALL))
    assert grad(overwritten(owner, lambda z: np.sum(z * z)))(owner[0]).tolist() == [2.0] * SMALL


@derivative(trees=("p",), p=lambda g, p: {"a": g * p["b"], "b": g * p["a"]})
def product_of(p):
    return p["a"] * p["b"]


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_constants_beside_tensors_in_a_tree_are_protected(size):
    for call in (lambda x, c: np.einsum("i,i->", x, c), lambda x, c: np.sum(product_of({"a": x, "b": c}))):
        c = np.ones(size)
        if size == SMALL:
            assert grad(overwritten(c, lambda x, f=call, c=c: f(x, c)))(np.ones(size)).tolist() == [1.0] * size
        else:
            with pytest.raises(ValueError, match="read-only"):
                grad(overwritten(c, lambda x, f=call, c=c: f(x, c)))(np.ones(size))
        _, (twice, _out) = grad(lambda x, f=call, c=c: (f(y := x * 2, c), (y, f(y, c))), has_aux=True)(c)
        assert twice.flags.writeable and c.flags.writeable


def test_index_arrays_and_lists_are_copied():
    for index in (np.array([0, 1]), [0, 1]):

        def pick(x, index=index):
            out = np.sum(x[index])
            index[0] = 4
            return out

        assert grad(pick)(np.zeros(5)).tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("axes", [[1, 0], np.array([1, 0])], ids=["list", "array"])
def test_a_parameter_that_is_a_list_or_an_array_is_copied(axes):
    weights = np.arange(4.0).reshape(2, 2)

    def turn(x):
        out = np.transpose(x, axes)
        axes[0], axes[1] = 0, 1
        return np.sum(out * weights)

    assert grad(turn)(np.zeros((2, 2))).tolist() == weights.T.tolist()


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_memory_mapped_arrays_are_protected_as_any_other(tmp_path, size):
    mapped = np.memmap(tmp_path / "constant", dtype=float, mode="w+", shape=(size,))
    mapped[:] = 1.0
    for fun, x in [(lambda x: np.sum(x * mapped), np.ones(size)), (lambda x: np.sum(x * x) / 2, mapped)]:
        try:
            g = grad(overwritten(mapped, fun))(x)
        except ValueError as error:
            assert size == LARGE and "read-only" in str(error)
        else:
            assert size == SMALL and g.tolist() == [1.0] * size
        mapped[:] = 1.0  # writeable again


# ------------------------------------------------------------------------------------------------- large: read-only


def refuses_to_write(array, fun, x):
    with pytest.raises(ValueError, match="read-only") as caught:
        grad(overwritten(array, fun))(x)
    assert any("Write into a copy (array.copy())" in note for note in caught.value.__notes__)
    assert array.flags.writeable and x.flags.writeable


def test_large_constant_cannot_be_overwritten():
    c = np.ones(LARGE)
    refuses_to_write(c, lambda x: np.sum(x * c), np.ones(LARGE))
    assert c[0] == 1.0


def test_large_argument_cannot_be_overwritten():
    x = np.ones(LARGE)
    refuses_to_write(x, lambda z: np.sum(z * z), x)


def test_the_owner_of_a_large_view_cannot_be_overwritten():
    owner = np.ones((2, LARGE))
    x = owner[0]
    refuses_to_write(owner, lambda z: np.sum(z * z), x)
    x[0] = owner[1, 0] = 3.0


def test_a_view_of_a_view_and_every_owner_are_writeable_again():
    owner = np.ones((4, LARGE))
    middle = owner[1:]
    view = middle[::2]
    grad(lambda z: np.sum(z * z))(view)
    assert owner.flags.writeable and middle.flags.writeable and view.flags.writeable


def test_an_array_that_its_owner_made_read_only_stays_so():
    x = np.ones(LARGE)
    x.flags.writeable = False
    grad(lambda z: np.sum(z * z * x))(x)
    assert not x.flags.writeable


def test_a_read_only_view_of_a_writeable_array_keeps_its_flag():
    owner = np.ones(LARGE)
    view = owner[:]
    view.flags.writeable = False
    grad(lambda z: np.sum(z * z * view))(view)
    assert not view.flags.writeable and owner.flags.writeable


def test_writeable_again_after_an_exception():
    x, c = np.ones(LARGE), np.ones(LARGE)

    def fails(z):
        np.sum(z * c)
        raise KeyError("of the user")

    with pytest.raises(KeyError):
        grad(fails)(x)
    assert x.flags.writeable and c.flags.writeable


def test_an_error_of_the_user_about_something_else_gets_no_note():
    def fails(z):
        raise ValueError("of the user")

    with pytest.raises(ValueError, match="of the user") as caught:
        grad(fails)(np.ones(LARGE))
    assert not hasattr(caught.value, "__notes__")


def test_writeable_again_after_nested_gradients():
    x, c = np.ones(LARGE), np.full(LARGE, 2.0)

    def inner_slope(z):
        g = grad(lambda w: np.sum(w * w * w * c))(z)  # 6 z²
        with pytest.raises(ValueError, match="read-only"):
            c[0] = 3.0  # the outer recording needs it still
        return np.sum(g * c)

    assert grad(inner_slope)(x)[:2].tolist() == [24.0, 24.0]
    assert x.flags.writeable and c.flags.writeable


def test_threads_that_share_an_array_and_its_view():
    owner = np.ones((2, LARGE))
    view = owner[1:]
    failures, barrier = [], threading.Barrier(4)

    def work(array):
        barrier.wait()
        for _ in range(30):
            g = grad(lambda z: np.sum(z * z * array))(array)
            if not np.all(g == 2):
                failures.append(g)

    threads = [threading.Thread(target=work, args=(array,)) for array in (owner, view, owner, view)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert owner.flags.writeable and view.flags.writeable


def test_overlapping_recordings_release_in_any_order():
    owner = np.ones((2, LARGE))
    view = owner[0]
    first = Recording(owner)
    second = Recording(view)
    first.end()
    assert not view.flags.writeable and not owner.flags.writeable
    second.end()
    assert view.flags.writeable and owner.flags.writeable


class Recording:
    """A call of `grad` in a thread of its own that waits, with ``array`` locked, until it is told to end."""

    def __init__(self, array):
        self.started, self.go = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=lambda: grad(self.wait)(array))
        self.thread.start()
        self.started.wait()

    def wait(self, x):
        out = np.sum(x * x)
        self.started.set()
        self.go.wait()
        return out

    def end(self):
        self.go.set()
        self.thread.join()


# ------------------------------------------------------------------------------------------------- tensors by hand


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_a_tensor_by_hand_has_its_own_copy_and_never_locks(size):
    data, c = np.ones(size), np.ones(size)
    x = Tensor(data)
    loss = np.sum(x * x * c)
    data[0] = c[0] = 100.0
    loss.backward()
    assert x.grad.tolist() == [2.0] * size


# ------------------------------------------------------------------------------------------------- what is handed out


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_gradients_are_writeable_and_share_no_memory_with_arguments(size):
    x, c = np.ones(size), np.ones(size)
    for fun in (lambda x: np.sum(x), lambda x: np.sum(x * c), lambda x: np.dot(x, c), lambda x: np.sum(x[::-1] * c)):
        g = grad(fun)(x)
        assert g.flags.writeable
        assert not np.shares_memory(g, x) and not np.shares_memory(g, c)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_auxiliary_arrays_are_writeable_afterwards(size):
    x = np.ones(size)
    _, (same, view, new) = value_and_grad(lambda z: (np.sum(z * z), (z, z[1:], z * 2)), has_aux=True)(x)[0]
    assert same.flags.writeable and view.flags.writeable and new.flags.writeable


@pytest.mark.parametrize("size", [3, 100_000])
@pytest.mark.parametrize("fun", [np.exp, np.tanh, lambda x: x, lambda x: [np.sqrt(x), 2.0], np.ravel])
def test_the_value_that_a_vjp_comes_with_may_be_overwritten(fun, size):
    x = np.full(size, 0.5)
    vjp, value = make_vjp(fun)(x)
    g = [np.ones(size), 0.0] if isinstance(value, list) else np.ones(size)
    before = vjp(g)
    for array in value if isinstance(value, list) else [value]:
        if np.ndim(array):
            array[:] = 9.0
    assert np.array_equal(vjp(g), before)


def test_the_aux_that_a_vjp_comes_with_may_be_overwritten():
    def twice(x):
        y = np.exp(x)
        return y * 2, y

    vjp, _, aux = make_vjp(twice, has_aux=True)(np.zeros(3))
    aux[:] = 9.0
    assert vjp(np.ones(3)).tolist() == [2.0, 2.0, 2.0]
