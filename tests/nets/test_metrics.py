"""Metrics count what is right, and refuse shapes that do not fit."""

import numpy as np
import pytest

from nets.metrics import accuracy, binary_accuracy


def test_accuracies_count_examples_and_entries():
    logits = np.array([[1.0, 2.0], [2.0, 1.0]])
    assert accuracy(logits, np.array([1, 1])) == 0.5 and accuracy(logits, np.eye(2)[[1, 0]]) == 1.0
    assert binary_accuracy(np.array([-1.0, 2.0]), np.array([0, 1]), threshold=0.0) == 1.0
    assert binary_accuracy(np.array([0.3, -0.2]), np.array([1, 0])) == 1.0  # logits, as binary_cross_entropy takes
    assert binary_accuracy(np.array([0.3, 0.6]), np.array([0, 1]), threshold=0.5) == 1.0
    with pytest.raises(ValueError, match="binary_accuracy"):
        accuracy(logits[:, :1], np.array([[1], [1], [1]]))
    with pytest.raises(ValueError, match="one output per example"):
        accuracy(logits[:, :1], np.array([[1], [0]]))
    with pytest.raises(ValueError, match="entry by entry"):
        binary_accuracy(logits, np.ones(2))
