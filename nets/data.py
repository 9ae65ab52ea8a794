"""Data: small classic data sets, and what is done to data before training. All of it reproducible by ``seed``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nets.errors import OptionError
from nets.options import whole_number
from nets.seeds import generator, seed_of, split

__all__ = ["blobs", "circles", "minibatches", "moons", "one_hot", "spirals", "standardize", "train_test_split", "xor"]

Array = np.ndarray[Any, Any]


def xor() -> tuple[Array, Array]:
    """Return the four points of exclusive or: x: (4, 2), y: (4, 1). No straight line separates them.

    >>> x, y = xor()
    >>> y.ravel()
    array([0., 1., 1., 0.])
    """
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])


def moons(count: int = 200, *, noise: float = 0.1, seed: Any = 0) -> tuple[Array, Array]:
    """Return two interleaved half circles: x: (count, 2), y: (count,) of 0 and 1.

    >>> moons(10)[0].shape
    (10, 2)
    """
    labels, rng = _labels(count, 2, seed)
    angle = np.pi * rng.random(count)
    upper = _on_the_circle(angle)
    x = np.where(labels[:, None] == 0, upper, np.array([1.0, 0.5]) - upper)
    return x + noise * rng.normal(size=x.shape), labels


def circles(count: int = 200, *, noise: float = 0.05, factor: float = 0.5, seed: Any = 0) -> tuple[Array, Array]:
    """Return a circle (0) around a smaller one (1) of radius ``factor``: x: (count, 2), y: (count,).

    >>> x, y = circles(10, noise=0.0)
    >>> bool(np.allclose(np.linalg.norm(x[y == 1], axis=1), 0.5))
    True
    """
    labels, rng = _labels(count, 2, seed)
    angle = 2 * np.pi * rng.random(count)
    radius = np.where(labels == 0, 1.0, factor)
    x = radius[:, None] * _on_the_circle(angle)
    return x + noise * rng.normal(size=x.shape), labels


def spirals(
    count: int = 300, *, classes: int = 3, noise: float = 0.03, turns: float = 0.75, seed: Any = 0
) -> tuple[Array, Array]:
    """Return ``classes`` spiral arms around the origin: x: (count, 2), y: (count,) of 0 … classes - 1.

    >>> np.unique(spirals(30)[1])
    array([0, 1, 2])
    """
    labels, rng = _labels(count, classes, seed)
    radius = 0.1 + 0.9 * rng.random(count)
    angle = 2 * np.pi * (turns * radius + labels / classes)
    x = radius[:, None] * _on_the_circle(angle)
    return x + noise * rng.normal(size=x.shape), labels


def blobs(
    count: int = 200, *, classes: int = 3, features: int = 2, spread: float = 0.5, seed: Any = 0
) -> tuple[Array, Array]:
    """Return ``classes`` round clouds of standard deviation ``spread``, centres in the cube [-4, 4].

    x: (count, features), y: (count,) of 0 … classes - 1.

    >>> blobs(9, features=5)[0].shape
    (9, 5)
    """
    labels, rng = _labels(count, classes, seed)
    centres = rng.uniform(-4, 4, (classes, features))
    return centres[labels] + spread * rng.normal(size=(count, features)), labels


def _labels(count: int, classes: int, seed: Any) -> tuple[Array, np.random.Generator]:
    """Labels in random order, as many of each class as possible."""
    whole_number(count, "The number of examples")
    whole_number(classes, "The number of classes")
    rng = generator(seed)
    return rng.permutation(np.arange(count) % classes), rng


def _on_the_circle(angle: Array) -> Array:
    """The points of the unit circle at these angles: (count,) -> (count, 2)."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def train_test_split(*arrays: Any, test_size: float | int = 0.25, seed: Any = 0) -> tuple[Any, ...]:
    """Return each array in two parts, ``x_train, x_test, y_train, y_test``, with the same random examples in each.

    ``test_size`` is a share of the examples, or their number. Raises `OptionError` when a part would be empty.

    >>> x_train, x_test, y_train, y_test = train_test_split(np.arange(8), np.arange(8))
    >>> len(x_train), len(x_test), bool(np.all(x_test == y_test))
    (6, 2, True)
    """
    count = example_count(arrays)
    test = test_size if isinstance(test_size, int) else round(count * test_size)
    if not 0 < test < count:
        raise OptionError(
            f"test_size={test_size} of {count} examples leaves {count - test} to train and {test} to test. "
            f"Pass a share between 0 and 1, or a number from 1 to {count - 1}."
        )
    order = generator(seed).permutation(count)
    return tuple(np.asarray(array)[part] for array in arrays for part in (order[test:], order[:test]))


def minibatches(*arrays: Any, batch_size: int, seed: Any = None, drop_last: bool = False) -> Iterator[tuple[Any, ...]]:
    """Yield the arrays in parts of ``batch_size`` examples, in random order unless ``seed`` is None.

    The last batch has what is left over, or is dropped with ``drop_last``.

    >>> [len(x) for (x,) in minibatches(np.arange(10), batch_size=4)]
    [4, 4, 2]
    """
    count = example_count(arrays)
    whole_number(batch_size, "batch_size")
    arrays = tuple(np.asarray(array) for array in arrays)
    order = None if seed is None else generator(seed).permutation(count)
    for start in range(0, count - (batch_size - 1 if drop_last else 0), batch_size):
        part = slice(start, start + batch_size) if order is None else order[start : start + batch_size]
        yield tuple([array[part] for array in arrays])


def batches_of_epoch(arrays: tuple[Any, ...], batch_size: int, seed: Any, epoch: int) -> Iterator[tuple[Any, ...]]:
    """The shuffled batches of one epoch: a function of the seed and the epoch, so that training can resume anywhere."""
    return minibatches(*arrays, batch_size=batch_size, seed=split(seed_of(seed), f"epoch {epoch}"))


def example_count(arrays: tuple[Any, ...]) -> int:
    """Return the common length of the arrays. Raises `OptionError` when there is none."""
    shapes = [np.shape(array) for array in arrays]
    if not shapes or any(not shape for shape in shapes) or len({shape[0] for shape in shapes}) != 1:
        raise OptionError(
            f"The arrays must have one number of examples (rows), got the shapes {shapes}. Pass a row for each example."
        )
    if not shapes[0][0]:
        raise OptionError(f"There is nothing to learn from: no examples (rows) in arrays of shapes {shapes}.")
    return int(shapes[0][0])


def standardize(train: Any, *others: Any) -> tuple[Array, ...]:
    """Return (x - mean) / deviation of each array, mean and deviation taken over the examples of the first.

    A feature that never varies is only centred.

    >>> x, = standardize(np.array([[1.0], [3.0]]))
    >>> x.ravel()
    array([-1.,  1.])
    """
    example_count((train,))
    train = np.asarray(train)
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1)
    return tuple((np.asarray(x) - mean) / scale for x in (train, *others))


def one_hot(labels: Any, classes: int | None = None) -> Array:
    """Return a 1 at the place of each label: (…) of integers becomes (…, classes) of 0.0 and 1.0.

    Raises `OptionError` for labels that are not integers from 0 to classes - 1.

    >>> one_hot(np.array([2, 0]))
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise OptionError(f"Labels are integers, got {labels.dtype}; use labels.astype(int).")
    classes = int(labels.max(initial=-1)) + 1 if classes is None else classes
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        raise OptionError(
            f"Labels of {classes} classes lie in 0 … {classes - 1}, got {labels.min()} … {labels.max()}. "
            f"Count them from 0."
        )
    return (labels[..., None] == np.arange(classes)).astype(float)
