"""Blame: the birthplace of NaN and Inf, forward and backward, with the operand and the user's line."""

import numpy as np
from drawn_nets import INPUTS, LABELS, document_loss, parameters

from autograd import draw


def test_a_finite_computation_blames_nobody():
    assert draw(document_loss, parameters(), INPUTS, LABELS, blame=True).blame == [
        "Every value and every gradient is finite."
    ]


def test_the_birth_of_a_nan_in_the_forward_pass_is_named():
    def f(weights, x):
        scores = x @ weights
        return np.sum(np.log(scores) * 2)

    picture = draw(f, np.array([1.0, 2.0]), np.array([[1.0, 1.0], [-1.0, 0.0]]), blame=True)
    line = f.__code__.co_firstlineno + 2
    assert picture.blame == [f"NaN is born in log at test_blame.py:{line} in f: because of x (scores) = -1 at [1]."]
    assert picture.diagram.find("log").blame and not picture.diagram.find("sum").blame


def test_a_nan_is_told_from_the_inf_before_it():
    picture = draw(lambda x: np.log(x), np.array([0.0, -1.0]), blame=True)
    assert "NaN is born in log" in picture.blame[0] and picture.blame[0].endswith("because of x = -1 at [1].")
    picture = draw(lambda x: x, np.array([np.inf, np.nan]), blame=True)
    assert picture.blame == ["NaN comes in with the input x at [1]."]


def test_the_operand_that_caused_it():
    picture = draw(lambda x, y: x / y, np.array([1.0, 2.0]), np.array([4.0, 0.0]), blame=True)
    assert "Inf is born in divide" in picture.blame[0] and picture.blame[0].endswith("because of y = 0 at [1].")


def test_the_birth_of_an_inf_in_the_backward_pass_is_named():
    picture = draw(lambda x: np.sum(np.sqrt(x)), np.array([1.0, 0.0]), blame=True)
    assert len(picture.blame) == 1
    assert picture.blame[0].startswith("Inf is born in the backward pass, in the rule of sqrt for x at test_blame.py:")
    assert picture.blame[0].endswith("because of x = 0 at [1].")


def test_a_nan_among_the_inputs_is_named():
    picture = draw(lambda x: x + 1, np.array([[1.0, np.nan]]), blame=True)
    assert picture.blame == ["NaN comes in with the input x at [0, 1]."]


def test_it_is_marked_in_text_and_picture():
    picture = draw(lambda x: np.log(x), np.array([-1.0]), blame=True)
    assert "! NaN is born in log" in picture.text()
    assert "NaN or Inf" in picture.dot


def test_vanishing_and_exploding_gradients_have_a_legend():
    def f(x, y):
        return np.sum(x * 1e-9) + np.sum(y * 1e9)

    dot = draw(f, np.ones(2), np.ones(2), gradients=True).dot
    assert "gradient under 1e-6" in dot and "gradient over 1e6" in dot


def test_a_picture_with_nan_says_how_to_find_where_it_is_born():
    with np.errstate(all="ignore"):
        picture = draw(np.log, np.array([1.0, -1.0]))
    assert "blame=True" in picture.text() and "blame=True" not in draw(np.log, 1.0).text()
