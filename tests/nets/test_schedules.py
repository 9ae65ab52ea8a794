"""Schedules against their formulas, entry by entry."""

import math

import numpy as np
import pytest

from nets import schedules
from nets.errors import OptionError


def values(schedule, count):
    return [float(schedule(i)) for i in range(count)]


def test_constant_and_numbers():
    assert values(schedules.as_schedule(0.3), 3) == [0.3] * 3
    with pytest.raises(OptionError, match="learning_rate"):
        schedules.as_schedule(-1)
    with pytest.raises(OptionError, match="learning_rate"):
        schedules.as_schedule("fast")


def test_step_falls_by_its_factor():
    assert values(schedules.step(1.0, every=2, factor=0.5), 6) == [1, 1, 0.5, 0.5, 0.25, 0.25]


def test_exponential_decays_by_its_factor():
    np.testing.assert_allclose(values(schedules.exponential(2.0, decay=0.9), 5), [2 * 0.9**i for i in range(5)])


def test_cosine_stays_at_its_floor():
    expected = [0.1 + 0.9 * (1 + math.cos(math.pi * min(i / 8, 1))) / 2 for i in range(12)]
    np.testing.assert_allclose(values(schedules.cosine(1.0, steps=8, floor=0.1), 12), expected)


def test_warm_up_then_the_schedule_from_its_start():
    later = schedules.exponential(1.0, decay=0.5)
    expected = [0.25, 0.5, 0.75, 1.0, 1.0, 0.5, 0.25]
    np.testing.assert_allclose(values(schedules.warm_up(later, steps=4), 7), expected)


def test_one_cycle_rises_to_its_peak_and_falls():
    rates = values(schedules.one_cycle(0.5, steps=100), 100)
    assert rates[0] == pytest.approx(0.02)
    assert int(np.argmax(rates)) == 29 and max(rates) == pytest.approx(0.5)
    assert rates[-1] == pytest.approx(0.02 / 1e4)
    assert np.all(np.diff(rates[:30]) > 0) and np.all(np.diff(rates[29:]) < 0)


def test_one_cycle_agrees_with_torch():
    schedule = schedules.one_cycle(0.5, steps=20)  # torch 2.13 OneCycleLR(max_lr=0.5, total_steps=20)
    expected = [0.02, 0.3341640786499874, 0.5, 0.3584715008956504, 2e-06]
    np.testing.assert_allclose([float(schedule(i)) for i in (0, 3, 5, 10, 19)], expected, rtol=1e-12)


# optax 0.2.8, float64, at the counts 0, 3, 7, 20
OPTAX = [
    (schedules.exponential(2.0, decay=0.9, every=5), [2.0, 1.8774807867191388, 1.725716727925529, 1.3122]),
    (schedules.step(2.0, every=5, factor=0.5), [2.0, 2.0, 1.0, 0.125]),
    (schedules.cosine(0.3, steps=10, floor=0.03), [0.3, 0.24435100905948387, 0.08564899094051616, 0.03]),
]


@pytest.mark.parametrize(("schedule", "expected"), OPTAX)
def test_the_numbers_of_optax(schedule, expected):
    np.testing.assert_allclose([float(schedule(count)) for count in (0, 3, 7, 20)], expected, rtol=1e-13)


@pytest.mark.parametrize("make", [schedules.step, schedules.exponential, schedules.cosine, schedules.one_cycle])
def test_impossible_lengths_are_refused(make):
    option = "every" if make in (schedules.step, schedules.exponential) else "steps"
    more = {"decay": 0.5} if make is schedules.exponential else {}
    with pytest.raises(OptionError, match=f"{option} must be more than 0"):
        make(1.0, **{option: 0}, **more)
