"""Data sets, splits and batches: shapes, balance, reproducibility, the last short batch."""

import numpy as np
import pytest

from nets import data
from nets.errors import OptionError

SETS = [(data.moons, 2), (data.circles, 2), (data.spirals, 3), (data.blobs, 3)]


@pytest.mark.parametrize(("make", "classes"), SETS)
def test_shapes_balance_and_seed(make, classes):
    x, y = make(61, seed=3)
    assert x.shape == (61, 2) and y.shape == (61,) and y.dtype.kind == "i"
    assert np.ptp(np.bincount(y, minlength=classes)) <= 1
    assert np.array_equal(make(61, seed=3)[0], x)
    assert not np.array_equal(make(61, seed=4)[0], x)


def test_moons_without_noise_lie_on_their_half_circles():
    x, y = data.moons(50, noise=0.0)
    np.testing.assert_allclose(np.linalg.norm(x[y == 0], axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(x[y == 1] - [1.0, 0.5], axis=1), 1)


def test_a_split_keeps_rows_together_and_loses_none():
    x, y = np.arange(40).reshape(20, 2), np.arange(20)
    x_train, x_test, y_train, y_test = data.train_test_split(x, y, test_size=5)
    assert len(x_train) == len(y_train) == 15 and len(y_test) == 5
    assert sorted([*y_train, *y_test]) == list(range(20))
    assert np.array_equal(x_test[:, 0], 2 * y_test)


def test_an_empty_part_is_refused():
    with pytest.raises(OptionError, match="leaves 0 to train"):
        data.train_test_split(np.arange(3), test_size=3)


def test_minibatches_cover_everything_once():
    batches = list(data.minibatches(np.arange(10), np.arange(10) * 2, batch_size=4, seed=1))
    assert [len(x) for x, _ in batches] == [4, 4, 2]
    assert sorted(np.concatenate([x for x, _ in batches])) == list(range(10))
    assert all(np.array_equal(2 * x, y) for x, y in batches)
    assert [len(x) for (x,) in data.minibatches(np.arange(10), batch_size=4, drop_last=True)] == [4, 4]
    assert [len(x) for (x,) in data.minibatches(np.arange(3), batch_size=4)] == [3]


def test_batches_are_reproducible_and_differ_between_epochs():
    def order(seed, epoch):
        return np.concatenate([x for (x,) in data.batches_of_epoch((np.arange(50),), 8, seed, epoch)])

    assert np.array_equal(order(0, 3), order(0, 3))
    assert not np.array_equal(order(0, 3), order(0, 4))
    assert not np.array_equal(order(0, 3), order(1, 3))


def test_unequal_lengths_are_refused_with_the_shapes():
    with pytest.raises(OptionError, match=r"\[\(3,\), \(4,\)\]"):
        list(data.minibatches(np.arange(3), np.arange(4), batch_size=2))


def test_standardize_uses_the_statistics_of_the_first():
    train = np.array([[1.0, 5.0], [3.0, 5.0]])
    a, b = data.standardize(train, np.array([[5.0, 6.0]]))
    assert np.array_equal(a, [[-1, 0], [1, 0]]) and np.array_equal(b, [[3, 1]])


def test_one_hot_marks_the_label_and_refuses_what_is_none():
    assert np.array_equal(data.one_hot(np.array([[1], [0]]), 3), [[[0, 1, 0]], [[1, 0, 0]]])
    with pytest.raises(OptionError, match="0 … 2, got 0 … 3"):
        data.one_hot(np.array([0, 3]), 3)
    with pytest.raises(OptionError, match="integers"):
        data.one_hot(np.array([0.5]))
