"""Collapsing: what is merged, what stays open, and that nothing is lost."""

import numpy as np
import pytest
from drawn_nets import chain

from autograd import draw, scope


def layered(x, layers=20, width=15):
    for i in range(layers):
        with scope(f"layer {i}"), scope("inside"):
            for _ in range(width):
                x = np.tanh(x) + x
    return np.sum(x)


def operations(picture):
    return sum(box.count for box in picture.diagram.boxes if box.kind not in ("input", "constant"))


def is_in_order(diagram):
    place = {box.id: i for i, box in enumerate(diagram.boxes)}
    return len(place) == len(diagram.boxes) and all(place[a.source] < place[a.target] for a in diagram.arrows)


@pytest.mark.parametrize("limit", [5, 12, 40, 200, 600])
def test_any_limit_is_kept_and_no_operation_is_lost(limit):
    picture = draw(layered, np.ones(2), max_nodes=limit)
    assert len(picture.diagram.boxes) <= limit
    assert operations(picture) == 601
    assert is_in_order(picture.diagram)


def test_the_deepest_scopes_collapse_first():
    boxes = draw(layered, np.ones(2), max_nodes=200).diagram.boxes
    groups = [box for box in boxes if box.kind == "group"]
    assert groups[0].operation == "+30 ops" and groups[0].name == "inside" and groups[0].scope == ("layer 0",)
    assert groups[0].detail == "15 add, 15 tanh" or groups[0].detail == "15 tanh, 15 add"
    assert len(groups) < 20, "it stops as soon as the picture fits"


def test_chains_collapse_to_one_box_with_its_value():
    picture = draw(chain, 1.0, 1000)
    group = next(box for box in picture.diagram.boxes if box.kind == "group")
    assert group.operation == "+999 ops" and picture.diagram.boxes[-1].result == "result"
    np.testing.assert_allclose(np.tanh(group.value), picture.diagram.boxes[-1].value)


def test_none_switches_collapsing_off():
    assert len(draw(chain, 1.0, 300, max_nodes=None).diagram.boxes) == 302


def test_the_first_value_that_is_not_finite_stays_open():
    def f(x):
        x = chain(x, 300)
        with np.errstate(all="ignore"):
            x = np.log(x - 2)
        return chain(x, 300)

    boxes = draw(f, 1.0, max_nodes=20).diagram.boxes
    assert [box.operation for box in boxes if box.operation in ("subtract", "log")] == ["subtract", "log"]


def test_the_path_of_the_largest_gradient_stays_open():
    def f(x):
        small = x
        for _ in range(150):
            small = 0.9 * small
        large = np.square(np.square(5 * x))
        return small + large

    boxes = draw(f, 2.0, gradients=True, max_nodes=40).diagram.boxes
    assert [box.operation for box in boxes].count("square") == 2


def test_inputs_collapse_when_there_are_too_many():
    boxes = draw(lambda xs: sum(xs), [float(i) for i in range(500)], max_nodes=50).diagram.boxes
    assert len(boxes) <= 50 and any("inputs" in box.operation for box in boxes)


def test_gradients_along_merged_arrows_add_up():
    def f(x):
        with scope("many"):
            y = np.tanh(x) + np.exp(x) + np.square(x)
        return y * 1.0

    diagram = draw(f, 0.5, gradients=True, max_nodes=5, constants=False).diagram
    whole = draw(f, 0.5, gradients=True, max_nodes=None, constants=False).diagram
    assert len(whole.boxes) == 7 and len(diagram.boxes) <= 5
    out_of_x = [arrow.gradient for arrow in diagram.arrows if arrow.source == "v0"]
    assert len(out_of_x) == 1
    np.testing.assert_allclose(out_of_x[0], whole.boxes[0].gradient)
