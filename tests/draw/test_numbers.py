"""How arrays are written: all of a small one, a summary of a large one, at every extreme."""

import numpy as np
import pytest

from autograd.drawing.numbers import is_finite, lines, magnitude, number, summary, written_out


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.0, "0"), (-0.0, "0"), (1 / 3, "0.3333"), (123456.0, "1.235e+05"), (np.nan, "nan"), (-np.inf, "-inf"),
     (np.True_, "True"),
     (np.int8(-3), "-3"), (1 + 2j, "1+2j"), (5e-324, "4.941e-324")],
)  # fmt: skip
def test_a_number_has_four_significant_digits(x, text):
    assert number(x) == text


def test_small_arrays_are_written_out_and_others_are_not():
    assert written_out(np.float64(2.5)) == [["2.5"]]
    assert written_out(np.array([1.0, -10.0])) == [["1", "-10"]]
    assert written_out(np.ones((4, 6))) is not None
    assert all(written_out(x) is None for x in (np.ones((5, 5)), np.ones(7), np.ones((2, 2, 2)), np.ones((0, 3))))
    assert lines(np.ones((0, 3))) == ["empty"]


def test_a_summary_counts_apart_what_is_not_finite():
    brief = summary(np.array([0.0, 1.0, 2.0, 3.0, np.nan, np.inf, -np.inf]))
    assert (brief.low, brief.mean, brief.high, brief.nans, brief.infs) == (0, 1.5, 3, 1, 2)
    assert brief.text == "0 · 1.5 · 3, 1 NaN, 2 Inf"
    assert len(brief.bins) == len(brief.bar) == 9 and max(brief.bins) == 1


@pytest.mark.parametrize("value", [1e308, -1e308, 1e-310, 0.0, 7.0])
def test_summaries_do_not_overflow(value):
    brief = summary(np.array([value] * 50))
    assert (brief.low, brief.mean, brief.high) == (value, value, value)
    summary(np.array([-1.7e308, 1.7e308] * 20))
    assert magnitude(np.array([value] * 4)) == pytest.approx(abs(value), rel=1e-9)


def test_a_summary_of_nothing_but_nans():
    assert summary(np.full(30, np.nan)).text == "30 NaN" and lines(np.full(30, np.nan)) == ["30 NaN"]


def test_is_finite_looks_at_every_entry():
    assert is_finite(None) and is_finite(3) and is_finite(np.ones(3)) and is_finite(np.array([True]))
    assert (
        not is_finite(np.array([1, np.nan]))
        and not is_finite(float("inf"))
        and not is_finite(np.complex128(complex(0, np.inf)))
    )
