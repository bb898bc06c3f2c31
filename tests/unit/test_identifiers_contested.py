"""Which groups of identifiers have to be looked at, and that nothing is ever cut in the others."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.identifiers.contested import Bounds, contested_groups
from ingestion.identifiers.resolution import Cut, Links, connected_components, cut_links

CONTACT, LOGIN, CARD, EMAIL, PHONE, DEVICE = 1, 2, 3, 4, 5, 7
STRONG_TYPES = (CONTACT, LOGIN, CARD)
BOUNDS = Bounds(strong=frozenset(STRONG_TYPES), of_type={CONTACT: 2, EMAIL: 2, PHONE: 5}, people=10, identifiers=6)


def trust_between(types, left, right):
    weaker = max(types[left], types[right])
    return 1 if weaker in STRONG_TYPES else weaker


def contested(types, pairs, apart=(), decided=(), bounds=BOUNDS):
    """The groups of a graph and the set of those that have to be looked at."""
    left, right = (np.array([pair[end] for pair in pairs], dtype=np.int64) for end in (0, 1))
    trust = np.array([0 if pair in decided else trust_between(types, *pair) for pair in pairs], dtype=np.int64)
    groups = connected_components(len(types), left, right)
    found = contested_groups(groups, np.array(types), groups[left], trust, apart, bounds)
    return groups, set(np.flatnonzero(found).tolist()), Links(len(types), left, right, trust)


def is_contested(*arguments, **options):
    return contested(*arguments, **options)[1] == {0}


def test_a_person_with_one_of_everything_is_not_looked_at():
    assert not is_contested([CONTACT, LOGIN, CARD, EMAIL, DEVICE], [(0, 1), (1, 2), (0, 3), (1, 4)])


def test_two_contacts_are_looked_at_whatever_their_source():
    assert is_contested([CONTACT, CONTACT, EMAIL], [(0, 2), (1, 2)])


def test_a_contact_and_a_login_that_a_device_alone_joins_are_looked_at():
    assert is_contested([CONTACT, LOGIN, DEVICE], [(0, 2), (1, 2)])
    assert is_contested([CONTACT, LOGIN, CARD, EMAIL], [(0, 1), (0, 3), (2, 3)])


def test_more_of_a_type_than_a_limit_allows_is_looked_at():
    assert not is_contested([CONTACT, EMAIL, EMAIL], [(0, 1), (0, 2)])
    assert is_contested([CONTACT, EMAIL, EMAIL, EMAIL], [(0, 1), (0, 2), (0, 3)])


def test_more_identifiers_than_a_component_may_have_are_looked_at():
    assert not is_contested([CONTACT, *[DEVICE] * 5], [(0, device) for device in range(1, 6)])
    assert is_contested([CONTACT, *[DEVICE] * 6], [(0, device) for device in range(1, 7)])


def test_the_decision_of_a_person_is_looked_at():
    assert is_contested([EMAIL, PHONE], [(0, 1)], apart=[(0, 1)])
    assert is_contested([EMAIL, PHONE], [(0, 1)], decided=[(0, 1)])
    _, found, _ = contested([EMAIL, PHONE], [], apart=[(0, 1)])
    assert found == set(), "who is not joined need not be kept apart"


def test_fewer_people_than_usual_behind_an_identifier_may_be_allowed():
    strict = Bounds(strong=BOUNDS.strong, of_type={}, people=1, identifiers=50)
    assert is_contested([CONTACT, LOGIN], [(0, 1)], bounds=strict)


@st.composite
def graphs(draw):
    types = draw(st.lists(st.sampled_from([CONTACT, LOGIN, CARD, EMAIL, PHONE, DEVICE]), min_size=2, max_size=12))
    node = st.integers(0, len(types) - 1)
    drawn = draw(st.lists(st.tuples(node, node), max_size=20))
    pairs = sorted({(min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]})
    apart = [pair for pair in draw(st.lists(st.tuples(node, node), max_size=2)) if pair[0] != pair[1]]
    return types, pairs, apart, pairs[: draw(st.integers(0, 1))]


@settings(deadline=None)
@given(graphs())
def test_nothing_is_cut_in_a_group_that_is_not_looked_at(case):
    types, pairs, apart, decided = case
    groups, found, links = contested(types, pairs, apart, decided)
    anchors = [np.flatnonzero(np.array(types) == kind) for kind in STRONG_TYPES]
    cuts = cut_links(links, [kind for kind in anchors if len(kind)], apart, np.array(types), BOUNDS.identifiers)
    assert set(groups[links.left[cuts != Cut.KEPT]].tolist()) <= found


@settings(deadline=None)
@given(graphs())
def test_what_stands_behind_one_identifier_of_a_group_that_is_not_looked_at_keeps_every_limit(case):
    types, pairs, apart, decided = case
    groups, found, _ = contested(types, pairs, apart, decided)
    beside = {node: set() for node in range(len(types))}
    for left, right in pairs:
        beside[left].add(right)
        beside[right].add(left)
    for node, others in beside.items():
        if int(groups[node]) not in found:
            for kind, allowed in BOUNDS.of_type.items():
                assert sum(types[other] == kind for other in others) <= allowed
