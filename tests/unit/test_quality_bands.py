"""Bands: what follows from history, what one wild figure cannot do, and when there is too little of it."""

import pytest

from quality.bands import Bounds, bounds_of
from quality.checks import Band

WEEK = [100, 104, 98, 101, 99]


def test_bounds_lie_around_the_median_in_robust_deviations():
    assert bounds_of(Band(spreads=5), WEEK) == Bounds(pytest.approx(100 - 5 * 1.4826), pytest.approx(100 + 5 * 1.4826))


def test_one_wild_figure_moves_the_bounds_little():
    calm, wild = bounds_of(Band(), WEEK), bounds_of(Band(), [*WEEK, 10_000])
    assert wild.high < 1.2 * calm.high


@pytest.mark.parametrize(("count", "is_enough"), [(0, False), (3, False), (4, True)])
def test_too_little_history_gives_no_bounds(count, is_enough):
    assert (bounds_of(Band(minimum_history=4), WEEK[:count]) is not None) is is_enough


def test_without_any_history_there_are_no_bounds_whatever_is_asked_for():
    assert bounds_of(Band(minimum_history=0), []) is None


@pytest.mark.parametrize(
    ("band", "low", "high"),
    [
        (Band(floor=30), 70, 130),
        (Band(share=0.4), 60, 140),
        (Band(factor=10), 10, 1000),
        (Band(floor=30, share=0.4), 60, 140),
        (Band(share=0.4, is_upper=False), 60, None),
        (Band(share=0.4, is_lower=False), None, 140),
    ],
)
def test_a_figure_that_never_moved_may_move_as_far_as_the_floor(band, low, high):
    bounds = bounds_of(band, [100, 100, 100])
    assert (bounds.low, bounds.high) == (low, high)


def test_a_median_below_the_level_is_nothing_to_compare_with():
    band = Band(minimum_level=100)
    assert bounds_of(band, [99, 99]) is None
    assert bounds_of(band, [100, 100]) is not None


def test_bounds_reach_as_far_as_what_a_person_accepted():
    band = Band(floor=10)
    assert bounds_of(band, [100] * 5).high == 110
    assert bounds_of(band, [100] * 5, accepted=[180]).high == 180
    assert bounds_of(band, [100] * 5, accepted=[180]).low == 90


@pytest.mark.parametrize(
    ("value", "is_outside"), [(59.9, True), (60, False), (100, False), (140, False), (140.1, True)]
)
def test_bounds_themselves_are_inside(value, is_outside):
    assert (Bounds(60, 140).excess(value) > 0) is is_outside


def test_nothing_lies_outside_of_no_bounds():
    assert Bounds(None, None).excess(1e12) < 0


def test_a_lower_bound_of_its_own_takes_the_place_of_what_follows_from_history():
    band = Band(at_least=1, is_upper=False, minimum_history=3, minimum_level=50)
    assert bounds_of(band, [100, 5_000, 100]) == Bounds(1, None)
    assert bounds_of(band, [100, 5_000, 100], accepted=[0]) == Bounds(0, None)
    assert bounds_of(band, [5_000, 5_000]) is None
    assert bounds_of(band, [49, 49, 5_000]) is None


@pytest.mark.parametrize(("sample_size", "high"), [(25, 1.05), (100, 0.9), (2_500, 0.78)])
def test_the_share_of_a_small_sample_may_lie_farther_away(sample_size, high):
    band = Band(floor=0.25, sampling_errors=3, is_lower=False)
    assert bounds_of(band, [0.5] * 3, sample_size=sample_size).high == pytest.approx(high)
