"""Arrays without entries in a picture: they say so wherever others show a number."""

import numpy as np
import pytest

from autograd import draw
from autograd.drawing.numbers import lines, summary


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 40)])
def test_an_empty_array_says_so(shape):
    assert summary(np.zeros(shape)).text == "empty"
    assert lines(np.zeros(shape)) == ["empty"]


@pytest.mark.parametrize("gradients", [False, True])
def test_a_picture_of_empty_arrays_renders(gradients):
    picture = draw(lambda x: np.sum(x**2 @ np.ones((3, 2))), np.zeros((0, 3)), gradients=gradients)
    assert picture.svg().count("empty") >= 2
    assert "></FONT>" not in picture.dot
