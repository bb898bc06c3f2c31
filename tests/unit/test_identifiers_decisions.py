"""Decisions about identity that contradict each other: which are refused, whatever their order."""

from hypothesis import given
from hypothesis import strategies as st

from ingestion.identifiers.decisions import Decision, Refusal, refusals


def link(name, left, right):
    return Decision(name, True, left, right)


def apart(name, left, right):
    return Decision(name, False, left, right)


def test_two_decisions_that_say_the_opposite_are_both_refused():
    assert refusals([link("1", "a", "b"), apart("2", "b", "a")]) == [Refusal("1", "2"), Refusal("2", "1")]


def test_a_chain_of_links_contradicts_a_decision_to_keep_its_ends_apart():
    found = refusals([link("1", "a", "b"), link("2", "b", "c"), link("3", "c", "d"), apart("9", "a", "c")])
    assert found == [Refusal("1", "9"), Refusal("2", "9"), Refusal("9", "1, 2")]


def test_links_beside_the_chain_stay_in_force():
    beside = [link("4", "b", "x"), link("5", "x", "y"), link("6", "m", "n"), apart("7", "m", "a"), apart("8", "q", "r")]
    found = refusals([link("1", "a", "b"), apart("2", "a", "b"), *beside])
    assert {refusal.override_id for refusal in found} == {"1", "2"}


def test_keeping_an_identifier_apart_from_itself_contradicts_itself():
    assert refusals([apart("1", "a", "a"), link("2", "a", "a")]) == [Refusal("1", "1")]


def test_nothing_decided_is_nothing_refused():
    assert refusals([]) == []


DECISIONS = st.lists(
    st.builds(Decision, st.uuids().map(str), st.booleans(), st.sampled_from("abcdef"), st.sampled_from("abcdef")),
    max_size=12,
    unique_by=lambda decision: decision.override_id,
)


@given(DECISIONS, st.randoms())
def test_what_is_left_contradicts_nothing_and_the_order_does_not_matter(decisions, chance):
    refused = refusals(decisions)
    names = {refusal.override_id for refusal in refused}
    assert refusals([decision for decision in decisions if decision.override_id not in names]) == []
    shuffled = list(decisions)
    chance.shuffle(shuffled)
    assert refusals(shuffled) == refused
