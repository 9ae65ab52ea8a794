"""Losses: values, derivatives to order 2, the far ends, and the shapes that are refused."""

import numpy as np
import pytest
from referee import check

from autograd import grad, hessian, jit, value_and_grad
from nets import losses
from nets.errors import LossError, OptionError

Z = np.array([[2.0, -1.0, 0.5], [0.1, 0.2, -3.0]])
T = np.array([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])
LABELS = np.array([2, 0])
INF = np.inf

# torch 2.13, float64: cross_entropy, binary_cross_entropy_with_logits, huber_loss, kl_div(reduction="batchmean").
TORCH = [
    (losses.softmax_cross_entropy(Z, T), 1.2634407575848363),
    (losses.softmax_cross_entropy_with_integer_labels(Z, LABELS), 1.2534407575848363),
    (losses.binary_cross_entropy(Z, T), 0.7375649272950344),
    (losses.huber(Z, T, delta=0.7), 0.5416666666666666),
    (losses.kl_divergence(losses.log_softmax(Z), T), 0.7486142505525495),
]


@pytest.mark.parametrize(("value", "expected"), TORCH)
def test_the_numbers_of_torch(value, expected):
    assert float(value) == pytest.approx(expected, rel=1e-13)


def test_values_worked_out_by_hand():
    p, t = np.array([1.0, -2.0]), np.array([0.0, 1.0])
    assert losses.mean_squared_error(p, t) == 5.0
    assert losses.mean_absolute_error(p, t) == 2.0
    assert losses.hinge(p, np.array([1.0, 1.0])) == 1.5
    assert losses.l2({"W": p, "b": [t]}) == 6.0


OF_TWO = [
    losses.mean_squared_error,
    losses.mean_absolute_error,
    losses.huber,
    losses.binary_cross_entropy,
    losses.softmax_cross_entropy,
    losses.hinge,
]


@pytest.mark.parametrize("loss", OF_TWO)
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_derivatives(loss, reduction):
    check(lambda p, t: np.square(loss(p, t, reduction=reduction)), (Z, np.abs(T + 0.1)), order=2)


def test_derivatives_with_one_argument_fixed():
    check(lambda z: losses.softmax_cross_entropy_with_integer_labels(z, LABELS), (Z,), order=2)
    check(lambda z: np.square(losses.kl_divergence(z, T)), (Z,), order=2)
    check(lambda t: losses.kl_divergence(Z, t), (T + 0.1,), order=2)
    check(lambda p: losses.l2([p]), (Z,), order=2)


@pytest.mark.parametrize("loss", OF_TWO)
def test_reductions_agree(loss):
    each = loss(Z, T, reduction="none")
    assert loss(Z, T) == pytest.approx(np.mean(each)) and loss(Z, T, reduction="sum") == pytest.approx(np.sum(each))
    with pytest.raises(OptionError, match="'average'"):
        loss(Z, T, reduction="average")


# logits, targets, value, gradient, Hessian
FAR_BINARY = [
    (1000.0, 1.0, 0.0, 0.0, 0.0),
    (1000.0, 0.0, 1000.0, 1.0, 0.0),
    (-1000.0, 1.0, 1000.0, -1.0, 0.0),
    (-1000.0, 0.5, 500.0, -0.5, 0.0),
    (INF, 1.0, 0.0, 0.0, 0.0),
    (INF, 0.0, INF, 1.0, 0.0),
    (-INF, 0.0, 0.0, 0.0, 0.0),
    (-INF, 1.0, INF, -1.0, 0.0),
]


@pytest.mark.parametrize(("z", "t", "value", "slope", "curvature"), FAR_BINARY)
def test_binary_cross_entropy_far_out(z, t, value, slope, curvature):
    def loss(z):
        return losses.binary_cross_entropy(z, np.array([t]))

    assert loss(np.array([z])) == value
    assert grad(loss)(np.array([z])) == [slope]
    assert hessian(loss)(np.array([z])) == [[curvature]]
    assert not np.signbit(loss(np.array([z])))


FAR_SOFTMAX = [
    ([1000.0, 0.0, -1000.0], 0, 0.0, [0, 0, 0]),
    ([1000.0, 0.0, -1000.0], 2, 2000.0, [1, 0, -1]),
    ([INF, 0.0, 0.0], 0, 0.0, [0, 0, 0]),
    ([INF, 0.0, 0.0], 1, INF, [1, -1, 0]),
    ([-INF, 0.0, 0.0], 1, np.log(2), [0, -0.5, 0.5]),
    ([-INF, -INF, 3.0], 2, 0.0, [0, 0, 0]),
    ([-INF, 0.0, -1000.0], 0, INF, [-1, 1, 0]),
]


@pytest.mark.parametrize(("z", "label", "value", "slope"), FAR_SOFTMAX)
@pytest.mark.parametrize("hot", [False, True])
def test_softmax_cross_entropy_far_out(z, label, value, slope, hot):
    z = np.array([z])
    shares = np.array(slope) + np.eye(3)[label]  # softmax(z), whose Hessian is diag(p) - p pᵀ

    def loss(z):
        if hot:
            return losses.softmax_cross_entropy(z, np.eye(3)[[label]])
        return losses.softmax_cross_entropy_with_integer_labels(z, np.array([label]))

    assert loss(z) == pytest.approx(value, abs=1e-15)
    np.testing.assert_allclose(grad(loss)(z), [slope], atol=1e-15)
    np.testing.assert_allclose(hessian(loss)(z)[0, :, 0], np.diag(shares) - np.outer(shares, shares), atol=1e-15)
    assert not np.signbit(loss(z))


@pytest.mark.parametrize("compiled", [False, True])
def test_far_out_without_a_warning_also_compiled(compiled):
    binary = value_and_grad(losses.binary_cross_entropy)
    softmax = value_and_grad(losses.softmax_cross_entropy_with_integer_labels)
    binary, softmax = (jit(binary), jit(softmax)) if compiled else (binary, softmax)
    value, slope = binary(np.array([1000.0, -1000.0, INF, -INF]), np.array([1.0, 0.0, 1.0, 0.0]))
    assert value == 0 and np.array_equal(slope, np.zeros(4))
    value, slope = softmax(np.array([[INF, 0.0, -1000.0], [1000.0, -INF, 0.0]]), np.array([0, 0]))
    assert value == 0 and np.array_equal(slope, np.zeros((2, 3)))


def test_the_loss_of_logits_keeps_its_digits():
    # log(1 + exp(-40)), where 40 - 40 would be 0
    assert losses.binary_cross_entropy(np.array([40.0]), np.array([1.0])) == pytest.approx(np.exp(-40.0), rel=1e-12)


@pytest.mark.parametrize("loss", [*OF_TWO, losses.kl_divergence])
def test_a_column_against_a_row_is_refused_with_the_cure(loss):
    p, t = np.full((5, 1), 0.5), np.full(5, 0.5)
    with pytest.raises(LossError, match=r"\(5, 1\), targets \(5,\)"):
        loss(p, t)
    with pytest.raises(LossError, match=r"\(5,\), targets \(5, 1\)"):
        loss(t, p)
    with pytest.raises(LossError, match=r"\(5,\), targets \(\)"):
        loss(t, np.float64(1.0))


def test_the_error_of_shapes_names_the_cure():
    with pytest.raises(LossError, match=r"Use targets\[:, None\], or predictions\[:, 0\]\."):
        losses.mean_squared_error(np.ones((5, 1)), np.ones(5))
    with pytest.raises(LossError, match=r"Use targets\[:, 0\]\."):
        losses.mean_squared_error(np.ones(5), np.ones((5, 1)))
    with pytest.raises(LossError, match="with_integer_labels"):
        losses.softmax_cross_entropy(Z, LABELS)
    with pytest.raises(LossError, match=r"labels\[:, 0\]"):
        losses.softmax_cross_entropy_with_integer_labels(Z, LABELS[:, None])
    with pytest.raises(LossError, match="Use softmax_cross_entropy, for one-hot"):
        losses.softmax_cross_entropy_with_integer_labels(Z, T)
    with pytest.raises(LossError, match="astype"):
        losses.softmax_cross_entropy_with_integer_labels(Z, LABELS * 1.0)
    with pytest.raises(LossError, match=r"0 … 2, got 0 … 3"):
        losses.softmax_cross_entropy_with_integer_labels(Z, np.array([0, 3]))


@pytest.mark.parametrize("edge", [1000.0, -1000.0, INF, -INF])
def test_huber_far_out(edge):
    def loss(p):
        return losses.huber(p, np.zeros(1), delta=2.0)

    p = np.array([edge])
    assert loss(p) == 2 * (abs(edge) - 1) and grad(loss)(p) == [2 * np.sign(edge)] and hessian(loss)(p) == [[0]]


def test_lists_are_arrays():
    assert losses.mean_squared_error([1.0, 3.0], [1, 1]) == 2.0
    assert losses.softmax_cross_entropy([[0.0, 0.0]], [[0.5, 0.5]]) == pytest.approx(np.log(2))
    assert losses.softmax_cross_entropy_with_integer_labels([[0.0, 0.0]], [1]) == pytest.approx(np.log(2))


@pytest.mark.parametrize("loss", [*OF_TWO, losses.kl_divergence])
def test_what_is_no_number_or_nothing_is_refused(loss):
    with pytest.raises(LossError, match=r"compares numbers, not an ndarray of object, shape \(\)"):
        loss(None, None)
    with pytest.raises(LossError, match=r"no examples"):
        loss(np.ones((0, 3)), np.ones((0, 3)))


def test_huber_needs_room_for_its_parabola():
    with pytest.raises(OptionError, match="more than 0, not -1"):
        losses.huber(Z, T, delta=-1)


def test_float32_stays_float32():
    z = Z.astype(np.float32)
    loss, slope = losses.softmax_cross_entropy_with_integer_labels, None
    slope = grad(lambda z: loss(z, LABELS))(z)
    assert loss(z, LABELS).dtype == slope.dtype == np.float32
    assert losses.mean_squared_error(z, T.astype(np.float32)).dtype == np.float32
