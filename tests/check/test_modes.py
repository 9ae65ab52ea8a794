"""Forward and reverse mode are judged apart, and `check_grads` passes its modes on."""

import numpy as np
import pytest
from autograd.test_util import check_grads

from autograd import GradientCheckError, check_gradients, linear
from autograd.errors import ArgumentError

X = np.random.default_rng(0).normal(size=(3, 2))


def affine(x):
    return 2 * x + np.arange(2.0)


affine = linear(affine, x=lambda g: 2 * g)  # its transpose is right, but it is not linear: pushing forward is wrong


def loss(x):
    return np.sum(np.tanh(affine(x)))


def test_a_right_gradient_is_right_in_both_modes():
    report = check_gradients(lambda x: np.sum(np.tanh(x @ x.T)), X, order=3)
    assert report and report.mode == "reverse and forward"


@pytest.mark.parametrize("mode", ["forward", "both"])
def test_a_wrong_forward_mode(mode):
    report = check_gradients(loss, X, mode=mode, raise_error=False)
    assert (report.verdict, report.mode, report.operation) == ("wrong", "forward", "affine")
    assert report.index[1] == 1  # the constant is 0 in column 0
    assert "affine(x)" in report.source


def test_the_other_mode_does_not_see_it():
    assert check_gradients(loss, X, mode="reverse")


def test_check_grads_judges_the_modes_that_it_is_given():
    check_grads(lambda x, scale=1.0: np.tanh(scale * x))(X, scale=2.0)
    check_grads(loss, modes=["rev"], order=1)(X)
    with pytest.raises(GradientCheckError):
        check_grads(loss, modes=["fwd"], order=1)(X)
    with pytest.raises(ArgumentError, match="backward"):
        check_grads(loss, modes=["backward"])(X)
