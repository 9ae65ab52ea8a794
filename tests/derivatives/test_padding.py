"""The chapter on padding: every mode."""

import numpy as np
import pytest
from referee import Case

from autograd import AutogradError, Tensor, grad, jit

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
    *[Case(np.pad, lambda x, c, options=options: np.pad(x, options[0], constant_values=c), (M, c), name=f"frame {i}")
      for i, (c, *options) in enumerate([(np.float64(3.0), 2), (V[:2], 1), (M[:2, :2], ((1, 2), (2, 1))),
                                         (M[:2, :1], 1), (V[:1], ((0, 2), (1, 0)))])],
    Case(np.pad, lambda x, a, b: np.pad(x, 2, constant_values=((a, 1.0), (2.0, b * a))),
         (M, np.float64(1.5), np.float64(-2.0)), name="frame of a nested list"),
    *[Case(np.pad, lambda x, e, width=width: np.pad(x, width, "linear_ramp", end_values=e), (M, e), name=f"ramp {i}")
      for i, (e, width) in enumerate([(np.float64(3.0), 2), (V[:2], 1), (M[:2, :2], ((1, 2), (2, 1)))])],
    case(M, 2, "maximum", stat_length=((2, 1), (3, 9))), case(np.zeros((0, 3)), 1, "constant"),
]  # fmt: skip


def test_a_mode_without_a_derivative_is_an_error():
    with pytest.raises(AutogradError, match="Use one of: constant"):
        np.pad(Tensor(V), 1, lambda *args: None)


def test_constants_take_the_dtype_of_the_array():
    x = V.astype(np.float32)
    assert np.pad(Tensor(x), 1, constant_values=Tensor(0.1)).dtype == np.float32
    gradient = grad(lambda c: np.sum(np.pad(x + 0 * c, 1, constant_values=c)))(np.float32(0.1))
    assert gradient == 2 and gradient.dtype == np.float32


@pytest.mark.skipif(not NAMES_AXES, reason="a dict of axes came with NumPy 2.2")
def test_constants_by_axis():
    frame = {0: (1, 2), -1: 3}
    constants = grad(lambda c: np.sum(np.pad(c * M, frame, constant_values={0: (c, 2.0), 1: c})))(3.0)
    np.testing.assert_allclose(constants, np.sum(M) + 1 * 4 + 6 * 6)


def test_compiled_constants_are_inputs():
    padded = jit(lambda x, c: np.pad(x, 1, constant_values=c))
    for c in (1.0, 2.0):
        np.testing.assert_array_equal(padded(M, c), np.pad(M, 1, constant_values=c))
