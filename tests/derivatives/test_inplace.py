"""Functions that change an array in place say what to write instead."""

import numpy as np
import pytest

from autograd import Tensor
from autograd.errors import LostGradientError

CALLS = [
    lambda x, t: np.copyto(x, t),
    lambda x, t: np.put(x, [0], t),
    lambda x, t: np.putmask(x, x > 0, t),
    lambda x, t: np.place(x, x > 0, t),
    lambda x, t: np.put_along_axis(x, np.array([[0]]), t, axis=1),
    lambda x, t: np.fill_diagonal(x, t),
    lambda x, t: np.add.at(x, [0], t),
    lambda x, t: x.__iadd__(t),
]


@pytest.mark.parametrize("call", CALLS)
def test_the_gradient_is_not_lost_silently(call):
    x = np.ones((1, 1))
    with pytest.raises(LostGradientError):
        call(x, Tensor(2.0))
    np.testing.assert_array_equal(x, 1.0)


def test_item_assignment_into_an_array_names_the_cure():
    x = np.ones(2)
    with pytest.raises((ValueError, TypeError)) as caught:
        x[0] = Tensor(2.0)
    assert "np.stack" in str(caught.value) + str(caught.value.__cause__)


@pytest.mark.parametrize("call", CALLS[:5])
def test_the_message_names_the_cure(call):
    with pytest.raises(LostGradientError, match=r"assigns.*in place.*(where|index_update)"):
        call(np.ones((1, 1)), Tensor(2.0))


COVERED = (np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask)
