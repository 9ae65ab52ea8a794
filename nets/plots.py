"""Pictures of training and of nets, drawn with matplotlib (``pip install matplotlib``).

Every function draws into ``ax``, or into new axes, and returns them:
``learning_curves(run.history).figure.savefig("loss.png")``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import errors, trees
from nets.errors import OptionError

__all__ = ["confusion_matrix", "decision_boundary", "histograms", "learning_curves"]

#: Wong, "Points of view: color blindness", 2011: colours that everybody can tell apart.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000")


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    return _figure().subplots()


def _figure(**options: Any) -> Any:
    """A figure that belongs to nobody: it needs no screen, and is freed with its last reference."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError("Plots need matplotlib: pip install matplotlib") from error
    return Figure(layout="constrained", **options)


def learning_curves(history: dict[str, list[float]], names: str | Sequence[str] = ("loss",), *, ax: Any = None) -> Any:
    """Draw entries of a history over the epochs; the validation's, dashed, in the colour of the training's.

    ``names`` may be one name. Raises `OptionError` for a name that the history does not have, and for no history.

    >>> ax = learning_curves({"loss": [1.0, 0.5], "val_loss": [1.1, 0.7]})
    >>> [line.get_label() for line in ax.get_lines()]
    ['loss', 'val_loss']
    """
    if not isinstance(history, dict):
        raise OptionError(
            f"A history is a dict of lists, such as run.history, not {errors.with_article(type(history))}."
        )
    ax = _axes(ax)
    names = [names] if isinstance(names, str) else names
    for name, colour in zip(names, COLOURS * len(names), strict=False):
        if name not in history:
            raise OptionError(f"The history has no {name!r}; it has {', '.join(history)}.")
        for label, style in ((name, "-"), (f"val_{name}", "--")):
            if label in history:
                ax.plot(range(1, len(history[label]) + 1), history[label], style, color=colour, label=label)
    ax.set_xlabel("epoch")
    ax.legend()
    return ax


def decision_boundary(
    predict: Callable[[Any], Any], x: Any, labels: Any, *, resolution: int = 200, margin: float = 0.1, ax: Any = None
) -> Any:
    """Draw which class ``predict`` gives to each point of the plane, under the examples.

    predict: (points, 2) -> classes, integers (points,), or scores (points, classes), of which the largest wins, or one
    score (points,) or (points, 1), positive for class 1. x: (examples, 2), labels: integers, one per example.

    >>> ax = decision_boundary(lambda x: x[:, 0], np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([0, 1]))
    >>> len(ax.collections) >= 2
    True
    """
    if not callable(predict):
        raise OptionError("What predicts is a function of points alone: lambda x: net.apply(params, x).")
    x, labels = np.asarray(x), np.asarray(labels).reshape(len(x)).astype(int)
    if x.ndim != 2 or x.shape[1] != 2:
        raise OptionError(f"A decision boundary is drawn in a plane: x is (examples, 2), not {x.shape}.")
    ax = _axes(ax)
    reach = np.ptp(x, axis=0) * margin
    low, high = x.min(axis=0) - reach, x.max(axis=0) + reach
    across, up = np.linspace(low[0], high[0], resolution), np.linspace(low[1], high[1], resolution)
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    classes = _classes(predict(points)).reshape(resolution, resolution)
    count = int(max(classes.max(), labels.max())) + 1
    colours = [COLOURS[i % len(COLOURS)] for i in range(count)]
    ax.contourf(across, up, classes, levels=np.arange(count + 1) - 0.5, colors=colours, alpha=0.3)
    ax.scatter(*x.T, c=[colours[label] for label in labels], edgecolors="black", linewidths=0.5, s=20)
    return ax


def _classes(scores: Any) -> Any:
    scores = np.asarray(scores)
    if scores.ndim == 2 and scores.shape[1] > 1:
        return np.argmax(scores, axis=1)
    return scores.ravel() if scores.dtype.kind in "iub" else (scores.ravel() > 0).astype(int)


def histograms(tree: Any, *, bins: int = 50, figure: Any = None) -> Any:
    """Draw a histogram of every array of a tree, weights or gradients, titled by path, mean and deviation; the figure.

    >>> figure = histograms({"W": np.arange(10.0), "b": np.zeros(3)})
    >>> [ax.get_title().split(chr(10))[0] for ax in figure.axes]
    ["['W']", "['b']"]
    """
    leaves = trees.leaves_with_paths(tree)
    columns = min(len(leaves), 3) or 1
    rows = -(-len(leaves) // columns) or 1
    figure = _figure(figsize=(4 * columns, 2.6 * rows)) if figure is None else figure
    for i, (path, leaf) in enumerate(leaves):
        values = np.ravel(leaf)
        finite = values[np.isfinite(values)]
        ax = figure.add_subplot(rows, columns, i + 1)
        ax.hist(finite, bins=max(1, min(bins, finite.size)), color=COLOURS[0])
        lost = f", {values.size - finite.size} not finite" if finite.size < values.size else ""
        mean, deviation = (finite.mean(), finite.std()) if finite.size else (np.nan, np.nan)
        ax.set_title(f"{path}\nmean {mean:.2g}, deviation {deviation:.2g}{lost}", fontsize=9)
    return figure


def confusion_matrix(predictions: Any, labels: Any, names: Sequence[str] | None = None, *, ax: Any = None) -> Any:
    """Draw how often each class (row) was taken for each other (column).

    predictions: classes (examples,) or scores (examples, classes); labels: integers (examples,).

    >>> ax = confusion_matrix(np.array([0, 1, 1]), np.array([0, 1, 0]))
    >>> ax.get_xlabel(), [text.get_text() for text in ax.texts]
    ('predicted', ['1', '1', '0', '1'])
    """
    predicted, labels = _classes(predictions).astype(int), np.asarray(labels).ravel()
    if predicted.shape != labels.shape:
        raise OptionError(f"There are {predicted.size} predictions for {labels.size} labels. Pass one for each.")
    if min(predicted.min(initial=0), labels.min(initial=0)) < 0:
        raise OptionError(f"Classes are counted from 0, not from {min(predicted.min(), labels.min())}.")
    count = int(max(predicted.max(initial=0), labels.max(initial=0))) + 1
    count = max(count, len(names or ()))
    table = np.zeros((count, count), int)
    np.add.at(table, (labels, predicted), 1)
    ax = _axes(ax)
    ax.imshow(table, cmap="Blues")
    for (row, column), number in np.ndenumerate(table):
        colour = "white" if number > table.max() / 2 else "black"
        ax.text(column, row, str(number), ha="center", va="center", color=colour, fontsize=8)
    ax.set_xticks(range(count), names or range(count))
    ax.set_yticks(range(count), names or range(count))
    ax.set_xlabel("predicted")
    ax.set_ylabel("label")
    return ax
