"""What a person may decide in view of earlier decisions, loaded or still in the inbox; identity tables by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingestion.files.inbox import load_inbox
from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from orchestration.identity import overrides as delivery
from orchestration.identity.concerned_keys import concerned_keys
from orchestration.identity.decisions import Author, decided, linked, split, unlinked
from orchestration.identity.overrides import ALWAYS, NEVER, DecisionError, Override, deliver, waiting_overrides
from orchestration.identity.review import ProposedMatch, with_decisions
from tests import no_overrides

NOON = datetime(2024, 6, 30, 12, tzinfo=UTC)
# Eight people with a contact and a login each; the second has an address, too.
TABLES = """
create schema identity;
create table identity.link_decisions as select 1 as left_key;
create table identity.blocked_identifier_values (identifier_type varchar, match varchar, value varchar, reason varchar);
create table identity.customer_identifiers_map as
    select identifier_type || ':' || identifier_value as identifier_key, *, 1 as load_seq, 1 as trust,
        timestamp '2024-01-05' as first_seen_at
    from (
        select 'contact_id' as identifier_type, 'files:' || n as identifier_value, 'c_' || n as customer_id,
            n as evidence_group from range(1, 9) as people (n)
        union all select 'user_id', 'u' || n, 'c_' || n, n from range(1, 9) as people (n)
        union all select 'email', 'two@example.com', 'c_2', 2
    );
"""


class Desk:
    """Somebody who decides about eight people, none of whom a run has joined."""

    def __init__(self, settings):
        self.settings, self.author = settings, Author("asked them", NOON, settings)
        with connect(settings) as connection:
            create_raw_tables(connection)
            connection.execute(TABLES)
            connection.execute(no_overrides.TABLES)

    def known(self, override_id, action, left, right):
        """A decision the last run knew."""
        with connect(self.settings) as connection:
            connection.execute(
                "insert into identity.overrides values (?, ?, 'user_id:' || ?, 'user_id:' || ?, '2024-05-01')",
                [override_id, action, left, right],
            )

    def asks(self, question, *arguments):
        with connect(self.settings, read_only=True) as connection:
            return question(connection, *arguments, self.author)

    def decides(self, question, *arguments):
        found = self.asks(question, *arguments)
        if found.overrides:
            deliver(self.settings, found.overrides)
        return found

    def waiting(self):
        with connect(self.settings, read_only=True) as connection:
            return [(one.override_id, one.action) for one in waiting_overrides(self.settings, connection)]


@pytest.fixture
def desk(settings):
    return Desk(settings)


def test_the_opposite_of_a_decision_that_waits_replaces_it_and_the_run_loads_the_later_one_last(desk):
    # Three decisions lay in the inbox, each with an id of its own; all contradicted each other, none was applied.
    (first,) = desk.decides(linked, ["u1", "u2"]).overrides
    second = desk.decides(unlinked, "u2", "u1")
    assert [one.override_id for one in second.overrides] == [first.override_id]
    assert "in place of an earlier decision that no run has applied yet" in second.as_text()
    third = desk.decides(unlinked, "u1", "u2")
    assert third.overrides == ()
    assert third.as_text().startswith(f"Decided already: {first.override_id} that no run has applied yet")
    assert desk.waiting() == [(first.override_id, NEVER)]
    load_inbox(desk.settings)
    assert desk.waiting() == []
    with connect(desk.settings, read_only=True) as connection:
        loaded = connection.execute("select action from raw_files.reference_identity_overrides order by _load_seq")
        assert loaded.fetchall() == [(ALWAYS,), (NEVER,)]


def test_a_later_decision_is_loaded_later_also_when_the_clock_was_set_back_meanwhile(desk, monkeypatch):
    (one,) = desk.asks(linked, ["u1", "u2"]).overrides
    folder = desk.settings.inbox / "reference" / "identity_overrides"
    for second, action in ((30, ALWAYS), (10, NEVER), (20, ALWAYS)):
        moment = NOON.replace(second=second)
        monkeypatch.setattr(delivery, "utc_now", lambda moment=moment: moment)
        deliver(desk.settings, [replace(one, action=action, reason=str(second))])
    texts = [path.read_text() for path in sorted(folder.iterdir(), key=lambda path: path.name)]
    assert [second for text in texts for second in ("30", "10", "20") if f",{second}," in text] == ["30", "10", "20"]


def test_a_decision_that_is_loaded_and_dated_after_the_day_of_the_last_run_is_replaced_too(desk):
    with connect(desk.settings) as connection:
        connection.execute(
            "insert into conformed.reference_identity_overrides values"
            " ('later', 'always_link', 'user_id', 'u1', 'email', 'Two@Example.com', '2024-06-01')"
        )
    found = desk.asks(unlinked, "two@example.com", "u1")
    assert [one.override_id for one in found.overrides] == ["later"]


def test_the_same_decision_for_earlier_days_is_a_decision(desk):
    (one,) = desk.decides(linked, ["u1", "u2"]).overrides
    desk.author = replace(desk.author, decided_at=NOON.replace(day=1))
    assert [again.override_id for again in desk.asks(linked, ["u1", "u2"]).overrides] == [one.override_id]


def test_a_decision_that_contradicts_one_that_waits_is_refused_and_names_its_two_identifiers(desk):
    desk.decides(linked, ["u1", "two@example.com"])
    desk.decides(linked, ["two@example.com", "u3"])
    with pytest.raises(DecisionError, match=r"cli-\w+ \(user_id:u1 – email:t\*\*\*@example.com\)"):
        desk.asks(unlinked, "u1", "u3")


def test_a_decision_nobody_would_follow_is_refused_also_when_the_others_are_not_followed_already(desk):
    for known in (("V9", ALWAYS, "u5", "u6"), ("V10", ALWAYS, "u6", "u7"), ("V11", NEVER, "u5", "u7")):
        desk.known(*known)
    with pytest.raises(DecisionError, match=r"V11 \(user_id:u5 – user_id:u7\)"):
        desk.asks(decided, [(ALWAYS, "user_id:u5", "user_id:u8"), (ALWAYS, "user_id:u8", "user_id:u7")])
    with pytest.raises(DecisionError, match=r"V10 .*, V9 "):
        desk.asks(unlinked, "u5", "u7")


def test_decisions_of_one_command_are_held_against_each_other(desk):
    pairs = [(ALWAYS, "user_id:u1", "user_id:u2"), (ALWAYS, "user_id:u2", "user_id:u3")]
    assert len(desk.asks(decided, pairs).overrides) == 2
    with pytest.raises(DecisionError, match="contradict each other"):
        desk.asks(decided, [*pairs, (NEVER, "user_id:u1", "user_id:u3")])


def test_people_are_concerned_whom_decisions_join_that_were_refused_and_no_longer_are(desk):
    # V9 and V10 become valid when V11 is turned into a link: two customers were shown, the run made one of three.
    for known in (("V9", ALWAYS, "u5", "u6"), ("V10", ALWAYS, "u6", "u7"), ("V11", NEVER, "u5", "u7")):
        desk.known(*known)
    found = desk.asks(linked, ["u5", "u7"])
    assert [one.override_id for one in found.overrides] == ["V11"]
    assert set(keys_of(desk, found.overrides)) == {"user_id:u5", "user_id:u6", "user_id:u7"}


def test_people_are_concerned_whom_decisions_join_that_wait_and_nobody_else(desk):
    desk.decides(linked, ["contact_id:files:2", "u3"])
    desk.decides(linked, ["contact_id:files:3", "u4"])
    desk.decides(linked, ["u5", "u6"])
    found = desk.asks(linked, ["u1", "u2"])
    joined = {"contact_id:files:2", "user_id:u3", "contact_id:files:3", "user_id:u4"}
    assert set(keys_of(desk, found.overrides)) == {"user_id:u1", "user_id:u2"} | joined


def keys_of(desk, overrides):
    with connect(desk.settings, read_only=True) as connection:
        return concerned_keys(connection, overrides, waiting_overrides(desk.settings, connection))


def test_a_whole_customer_cannot_be_split_off_itself(desk):
    with pytest.raises(DecisionError, match="c_2 is a whole customer; name the identifiers"):
        desk.asks(split, ["c_2"])


def test_a_split_tells_both_identifiers_it_decides_about(desk):
    told = desk.asks(split, ["two@example.com"]).as_text()
    assert "(never_link): email:t***@example.com – contact_id:files:2" in told


def test_a_proposal_that_is_decided_says_so_before_the_next_run(desk):
    waiting = ProposedMatch("p_1", "user_id:u1", "user_id:u2", 0.9, {}, "waiting", None, 0)
    other = replace(waiting, proposal_id="p_2", right="user_id:u3")
    desk.decides(decided, [(ALWAYS, "user_id:u2", "user_id:u1")])
    desk.decides(decided, [(NEVER, "user_id:u2", "user_id:u1")])
    with connect(desk.settings, read_only=True) as connection:
        listed = with_decisions([waiting, other], connection, desk.settings)
    assert [one.next_status for one in listed] == ["rejected", None]
    assert "waiting (rejected, which no run has applied yet)" in listed[0].as_text(reveal=False)


def test_files_that_are_no_decisions_of_the_command_line_are_passed_over(desk):
    folder = desk.settings.inbox / "reference" / "identity_overrides"
    folder.mkdir(parents=True)
    (folder / "decision-by-hand.csv").write_text("override_id;action\nV1;always_link\n")
    (folder / "overrides.csv").write_text(",".join(Override.__slots__) + "\nV1,always_link,user_id,u1,user_id,u2,x,y\n")
    assert desk.waiting() == []
