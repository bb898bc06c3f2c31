"""Removal effects against chains small enough to work out by hand, and against what must hold for every chain."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from ingestion.attribution import removal_effects

CHANNELS = ("direct", "email", "search", "social")


def transitions_of(paths):
    """Counts of the moves of `(channels, led_to_an_order)` paths."""
    counts = {}
    for channels, ordered in paths:
        states = ["(start)", *channels, "(order)" if ordered else "(none)"]
        for move in pairwise(states):
            counts[move] = counts.get(move, 0) + 1
    return counts


def test_a_chain_worked_out_by_hand():
    """Paths: search → email → order; search → none; email → order; email → none.

    From the start half go to search, half to email; search goes on to email in 1 of 2; email to an order in 2 of 3.
    P(order) = 1/2·1/2·2/3 + 1/2·2/3 = 1/2. Without search 1/3 is left, without email nothing.
    """
    paths = [(["search", "email"], True), (["search"], False), (["email"], True), (["email"], False)]
    assert removal_effects(transitions_of(paths)) == pytest.approx({"search": 1 / 3, "email": 1.0})


def test_a_channel_of_lost_paths_only_has_no_effect():
    effects = removal_effects(transitions_of([(["email"], True), (["display"], False)]))
    assert effects == pytest.approx({"email": 1.0, "display": 0.0})


def test_an_effect_of_nothing_is_not_below_nothing():
    # The chance without display comes out of the equations as more than the whole, by an error in its last digit.
    lost = ["social", "email", "search", "email", "web"]
    paths = [(lost, False), (["social", "web"], True), (["social", "email", "display"], False)]
    assert removal_effects(transitions_of(paths))["display"] == 0.0


def test_without_any_order_there_are_no_effects():
    assert removal_effects(transitions_of([(["email"], False)])) == {}


def test_without_any_path_there_are_no_effects():
    assert removal_effects({}) == {}


def test_a_channel_that_repeats_itself_weighs_as_if_it_were_touched_once():
    once = [(["email", "direct"], True), (["direct"], False), (["email"], True)]
    again = [(["email", "email", "email", "direct"], True), (["direct"], False), (["email", "email"], True)]
    assert removal_effects(transitions_of(again)).keys() == removal_effects(transitions_of(once)).keys()
    assert removal_effects(transitions_of([(["email"] * 5, True), (["email"] * 2, False)])) == {"email": 1.0}


PATHS = st.lists(
    st.tuples(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=6), st.booleans()), min_size=1, max_size=12
)


@effort(deadline=None, max_examples=60)
@given(paths=PATHS)
def test_effects_are_those_of_walking_the_chain_step_by_step(paths):
    transitions = transitions_of(paths)
    effects = removal_effects(transitions)
    if not any(ordered for _, ordered in paths):
        assert effects == {}
        return
    everything = walked(transitions, without=None)
    for channel in {channel for channels, _ in paths for channel in channels}:
        expected = 1 - walked(transitions, without=channel) / everything
        assert effects[channel] == pytest.approx(expected, abs=1e-6)
        assert 0 <= effects[channel] <= 1


@effort(deadline=None, max_examples=60)
@given(paths=PATHS)
def test_every_channel_of_a_path_to_an_order_has_an_effect(paths):
    effects = removal_effects(transitions_of(paths))
    credited = {channel for channels, ordered in paths if ordered for channel in channels}
    assert all(effects[channel] > 0 for channel in credited)


def walked(transitions, without):
    """Chance of an order by walking many steps with the whole crowd, one move after the other."""
    totals = {}
    for (source, _), count in transitions.items():
        totals[source] = totals.get(source, 0) + count
    shares = [(source, target, count / totals[source]) for (source, target), count in transitions.items()]
    crowd, ordered = {"(start)": 1.0}, 0.0
    while sum(crowd.values()) > 1e-9:
        arriving = {}
        for source, target, share in shares:
            moved = share * crowd.get(source, 0.0)
            if target == "(order)":
                ordered += moved
            elif target not in ("(none)", without):
                arriving[target] = arriving.get(target, 0.0) + moved
        crowd = arriving
    return ordered
