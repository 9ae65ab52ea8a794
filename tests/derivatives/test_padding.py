"""The chapter on padding: every mode."""

import numpy as np
import pytest
from referee import Case

from autograd import AutogradError, Tensor

rng = np.random.default_rng(9)
V, M = rng.normal(size=4), rng.normal(size=(3, 4))
STRIDED = rng.normal(size=(6, 4))[::-2, ::2]
NAMES_AXES = np.lib.NumpyVersion(np.__version__) >= "2.2.0"  # in a dict
WIDTHS = (0, 2, (2,), (1, 2), ((1, 3),), ((0, 2), (1, 0)))


def case(x, width, mode, **options):
    name = " ".join([mode, repr(width), *map(repr, options.items())])
    return Case(np.pad, lambda x: np.pad(x, width, mode, **options), (x,), name=name)


CASES = [
    *[case(M, width, mode) for width in WIDTHS
      for mode in ("constant", "edge", "reflect", "symmetric", "wrap", "linear_ramp", "mean", "maximum", "minimum",
                   "median")],
    Case(np.pad, lambda x: np.pad(x, 1), (STRIDED,)),
    case(V, 9, "reflect"), case(V, 9, "wrap"), case(V, (5, 7), "symmetric"),
    case(V, (5, 7), "reflect", reflect_type="odd"), case(M, 2, "symmetric", reflect_type="odd"),
    case(M, 1, "constant", constant_values=3.0),
    case(M, ((1, 2), (0, 1)), "constant", constant_values=((1, 2), (3, 4))),
    case(M, 2, "linear_ramp", end_values=((1, 2), (3, 4))), case(V, (1, 3), "mean", stat_length=2),
    *([case(M, {0: (1, 2), -1: 3}, mode) for mode in ("constant", "edge")] if NAMES_AXES else []),
    case(M, 2, "maximum", stat_length=((2, 1), (3, 9))), case(np.zeros((0, 3)), 1, "constant"),
]  # fmt: skip


def test_a_mode_without_a_derivative_is_an_error():
    with pytest.raises(AutogradError, match="Use one of: constant"):
        np.pad(Tensor(V), 1, lambda *args: None)
