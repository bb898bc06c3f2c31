"""Who is who on small graphs: what joins, what is cut, and that the order of delivery does not matter."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.identifiers.resolution import Cut, Links, connected_components, cut_links, cycles

STRONG, EMAIL, PHONE, DEVICE = 1, 4, 5, 7


def links(count, *rows):
    left, right, trust = (np.array([row[i] for row in rows], dtype=np.int64) for i in range(3))
    return Links(count, left, right, trust)


def resolve(graph, unique_groups=(), apart=(), node_trust=None, component_cap=50):
    groups = [np.array(group, dtype=np.int64) for group in unique_groups]
    trust = np.array(node_trust if node_trust is not None else [1] * graph.count)
    cuts = cut_links(graph, groups, apart, trust, component_cap)
    kept = graph.where(cuts == Cut.KEPT)
    return [Cut(cut) for cut in cuts], connected_components(graph.count, kept.left, kept.right).tolist()


def test_components_are_named_by_their_smallest_member():
    assert connected_components(6, np.array([5, 3, 1]), np.array([4, 5, 0])).tolist() == [0, 0, 2, 3, 3, 3]


def test_no_identifiers_and_no_links_are_fine():
    assert connected_components(0, np.empty(0, int), np.empty(0, int)).tolist() == []
    assert connected_components(2, np.empty(0, int), np.empty(0, int)).tolist() == [0, 1]


def test_a_shared_mailbox_goes_to_the_contact_that_had_it_first():
    graph = links(3, (0, 2, EMAIL), (1, 2, EMAIL))
    cuts, people = resolve(graph, unique_groups=[[0, 1]])
    assert cuts == [Cut.KEPT, Cut.UNIQUE_IDENTIFIERS]
    assert people == [0, 1, 0]


def test_contacts_merged_by_their_source_are_one_person():
    graph = links(3, (0, 1, STRONG), (0, 2, EMAIL), (1, 2, EMAIL))
    cuts, people = resolve(graph, unique_groups=[[0, 1]])
    assert set(cuts) == {Cut.KEPT}
    assert people == [0, 0, 0]


def test_contacts_of_two_sources_are_joined_by_their_mailbox():
    cuts, people = resolve(links(3, (0, 2, EMAIL), (1, 2, EMAIL)), unique_groups=[[0], [1]])
    assert people == [0, 0, 0]
    assert set(cuts) == {Cut.KEPT}


def test_the_weakest_link_of_a_chain_is_cut_and_not_the_last_one():
    graph = links(5, (0, 2, EMAIL), (2, 3, PHONE), (3, 4, EMAIL), (4, 1, EMAIL))
    cuts, people = resolve(graph, unique_groups=[[0, 1]])
    assert cuts == [Cut.KEPT, Cut.UNIQUE_IDENTIFIERS, Cut.KEPT, Cut.KEPT]
    assert people == [0, 1, 0, 1, 1]


def test_a_device_alone_joins_no_two_known_people():
    graph = links(4, (0, 2, DEVICE), (1, 2, DEVICE), (1, 3, EMAIL))
    cuts, people = resolve(graph, unique_groups=[[0], [1]])
    assert cuts == [Cut.KEPT, Cut.SHARED_DEVICE, Cut.KEPT]
    assert people == [0, 1, 0, 1]


def test_a_device_joins_a_known_person_and_addresses():
    cuts, people = resolve(links(3, (0, 2, DEVICE), (1, 2, DEVICE)), unique_groups=[[0]])
    assert set(cuts) == {Cut.KEPT}
    assert people == [0, 0, 0]


def test_a_decision_to_keep_apart_cuts_strong_links_too():
    cuts, people = resolve(links(2, (0, 1, STRONG)), apart=[(0, 1)])
    assert cuts == [Cut.NEVER_LINK]
    assert people == [0, 1]


def test_a_decision_to_keep_apart_changes_nobody_else():
    graph = links(6, (0, 2, EMAIL), (1, 2, EMAIL), (3, 4, EMAIL), (4, 5, PHONE))
    _, before = resolve(graph)
    _, after = resolve(graph, apart=[(0, 1)])
    assert before[3:] == after[3:]
    assert after[0] != after[1]


def test_a_decision_to_link_outweighs_unique_identifiers():
    cuts, people = resolve(links(2, (0, 1, 0)), unique_groups=[[0, 1]])
    assert cuts == [Cut.KEPT]
    assert people == [0, 0]


def test_the_least_trusted_youngest_identifiers_beyond_the_cap_stay_apart():
    graph = links(5, *((0, device, DEVICE) for device in (1, 2, 3)), (0, 4, EMAIL))
    cuts, people = resolve(graph, unique_groups=[[0]], node_trust=[1, 7, 7, 7, 4], component_cap=3)
    assert cuts == [Cut.KEPT, Cut.COMPONENT_CAP, Cut.COMPONENT_CAP, Cut.KEPT]
    assert people == [0, 0, 2, 3, 0]


@st.composite
def graphs(draw):
    count = draw(st.integers(2, 14))
    node = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(node, node), max_size=30, unique_by=lambda pair: tuple(sorted(pair))))
    trust = [draw(st.sampled_from([STRONG, EMAIL, PHONE, DEVICE])) for _ in pairs]
    rows = [(left, right, weight) for (left, right), weight in zip(pairs, trust, strict=True) if left != right]
    group = draw(st.lists(node, unique=True, max_size=5))
    return count, rows, group


@given(graphs())
def test_two_unique_identifiers_are_together_only_when_strong_links_join_them(case):
    count, rows, group = case
    graph = links(count, *rows)
    _, people = resolve(graph, unique_groups=[group] if group else [])
    strong = graph.where(graph.trust == STRONG)
    joined = connected_components(count, strong.left, strong.right)
    for left in group:
        for right in group:
            assert (people[left] != people[right]) or joined[left] == joined[right]


@given(graphs())
def test_strong_links_are_never_cut_without_a_decision(case):
    count, rows, group = case
    graph = links(count, *rows)
    cuts, _ = resolve(graph, unique_groups=[group] if group else [])
    assert all(cut == Cut.KEPT for cut, trust in zip(cuts, graph.trust, strict=True) if trust == STRONG)


@given(graphs())
def test_cutting_is_idempotent(case):
    count, rows, group = case
    graph = links(count, *rows)
    groups = [np.array(group, dtype=np.int64)] if group else []
    trust = np.ones(count, dtype=np.int64)
    kept = graph.where(cut_links(graph, groups, (), trust, 50) == Cut.KEPT)
    assert (cut_links(kept, groups, (), trust, 50) == Cut.KEPT).all()


@settings(deadline=None)
@given(graphs(), graphs(), st.data())
def test_a_component_is_cut_alike_whatever_else_is_resolved_with_it(one, other, data):
    offset = one[0]
    node = st.integers(0, one[0] - 1)
    apart = data.draw(st.lists(st.tuples(node, node).filter(lambda pair: pair[0] != pair[1]), max_size=2))
    cap = data.draw(st.integers(2, 14))
    mixed = [("one", *row) for row in one[1]] + [
        ("other", left + offset, right + offset, trust) for left, right, trust in other[1]
    ]
    mixed = [mixed[position] for position in data.draw(st.permutations(range(len(mixed))))]
    alone = [row[1:] for row in mixed if row[0] == "one"]
    groups = [one[2]] if one[2] else []
    more = [[*one[2], *(member + offset for member in other[2])]] if one[2] or other[2] else []
    cuts_alone, people_alone = resolve(links(one[0], *alone), groups, apart, component_cap=cap)
    cuts, people = resolve(links(one[0] + other[0], *(row[1:] for row in mixed)), more, apart, component_cap=cap)
    assert [cut for cut, row in zip(cuts, mixed, strict=True) if row[0] == "one"] == cuts_alone
    assert people[:offset] == people_alone


def test_following_merges_back_to_the_start_is_a_cycle():
    start, end = np.array([0, 1, 2, 4, 5]), np.array([1, 0, 0, 4, 6])
    assert cycles(7, start, end).tolist() == [True, True, False, False, True, False, False]
    assert cycles(0, start[:0], end[:0]).tolist() == []


def test_a_probable_match_joins_two_contacts_but_never_two_logins_or_two_contacts_of_one_source():
    # contacts 0 and 1 of two sources, contact 2 of the first source, logins 3 (of 0), 4 (of 5), contact 5 of the second
    links = Links(6, np.array([0, 4, 0, 1, 0]), np.array([3, 5, 1, 2, 5]), np.array([1, 1, 6, 6, 6]))
    first, second, logins = np.array([0, 2]), np.array([1, 5]), np.array([3, 4])
    cut = cut_links(links, [first, second, logins], [], np.ones(6), 50)
    assert [Cut(one) for one in cut] == [
        Cut.KEPT,
        Cut.KEPT,
        Cut.KEPT,
        Cut.UNIQUE_IDENTIFIERS,
        Cut.UNIQUE_IDENTIFIERS,
    ]
