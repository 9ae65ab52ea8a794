"""Plots draw what they say, without a screen."""

import numpy as np
import pytest

from nets.errors import OptionError

pytest.importorskip("matplotlib")

from nets import data, plots
from nets.layers import dense, serial

X, Y = data.moons(30)


def test_learning_curves_draw_what_the_history_has():
    history = {"loss": [3.0, 2.0], "accuracy": [0.1, 0.2], "val_accuracy": [0.0, 0.1]}
    ax = plots.learning_curves(history, ["loss", "accuracy"])
    assert [line.get_label() for line in ax.get_lines()] == ["loss", "accuracy", "val_accuracy"]
    assert list(ax.get_lines()[2].get_ydata()) == [0.0, 0.1]
    with pytest.raises(OptionError, match="no 'speed'; it has loss"):
        plots.learning_curves(history, ["speed"])
    assert len(plots.learning_curves(history, "accuracy").get_lines()) == 2
    with pytest.raises(OptionError, match=r"such as run\.history, not a list"):
        plots.learning_curves([3.0, 2.0])


@pytest.mark.parametrize(
    "predict",
    [
        lambda x: x[:, 1] - 0.25,
        lambda x: x[:, 1:] - 0.25,
        lambda x: np.stack([0.25 - x[:, 1], x[:, 1] - 0.25], axis=1),
        lambda x: (x[:, 1] > 0.25).astype(int),
    ],
)
def test_a_decision_boundary_separates_by_any_kind_of_prediction(predict):
    ax = plots.decision_boundary(predict, X, Y, resolution=20)
    levels, points = ax.collections[0], ax.collections[-1]
    assert len(points.get_offsets()) == 30
    heights = [np.mean(path.vertices[:, 1]) for path in levels.get_paths() if len(path.vertices)]
    assert len(heights) == 2 and heights[0] < 0.25 < heights[1]
    ax.figure.canvas.draw()


def test_a_boundary_needs_a_plane():
    with pytest.raises(OptionError, match=r"\(30, 3\)"):
        plots.decision_boundary(lambda x: x, np.ones((30, 3)), Y)


def test_histograms_count_what_is_not_finite():
    figure = plots.histograms({"W": np.arange(100.0), "b": [np.array([1.0, np.nan, np.inf])]}, bins=10)
    first, second = figure.axes
    assert [patch.get_height() for patch in first.patches] == [10] * 10
    assert "mean 50" in first.get_title() and "2 not finite" in second.get_title() and "['b'][0]" in second.get_title()


def test_a_confusion_matrix_counts_labels_by_row_and_predictions_by_column():
    scores = np.eye(3)[[0, 1, 1, 2, 0]]
    ax = plots.confusion_matrix(scores, np.array([0, 1, 2, 2, 0]), names=["a", "b", "c"])
    assert ax.images[0].get_array().tolist() == [[2, 0, 0], [0, 1, 0], [0, 1, 1]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b", "c"]
    with pytest.raises(OptionError, match="5 predictions for 3 labels"):
        plots.confusion_matrix(scores, np.array([0, 1, 2]))


def test_drawing_into_given_axes():
    ax = plots.learning_curves({"loss": [1.0]})
    assert plots.learning_curves({"loss": [2.0]}, ax=ax) is ax and len(ax.get_lines()) == 2


def test_negative_classes_are_not_counted_from_the_end():
    with pytest.raises(OptionError, match="counted from 0, not from -1"):
        plots.confusion_matrix(np.array([0, 1]), np.array([-1, 1]))


def test_a_net_alone_predicts_nothing():
    net = serial(dense(1))
    with pytest.raises(OptionError, match=r"lambda x: net.apply\(params, x\)"):
        plots.decision_boundary(net, np.zeros((3, 2)), np.zeros(3))
