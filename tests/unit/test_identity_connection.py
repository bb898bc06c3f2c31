"""How two identifiers hang together, on identity tables written by hand."""

import json

import pytest
from typer.testing import CliRunner

from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from orchestration.cli.app import app
from orchestration.identity.connection import Link, connection_between, shortest_chain
from tests import no_overrides

TABLES = """
create schema identity;
create table identity.blocked_identifier_values (identifier_type varchar, match varchar, value varchar, reason varchar);
create table identity.customer_identifiers_map as
    select *, split_part(identifier_key, ':', 1) as identifier_type,
        substring(identifier_key, strpos(identifier_key, ':') + 1) as identifier_value,
        timestamp '2024-01-05' as first_seen_at, 1 as load_seq, 1 as trust
    from (values
        ('contact_id:files:1', 'c_ann', 1, true), ('user_id:ann', 'c_ann', 1, true),
        ('email:ann@example.com', 'c_ann', 1, true), ('anonymous_id:tablet', 'c_ann', 1, true),
        ('contact_id:files:2', 'c_bob', 1, true), ('email:bob@example.com', 'c_bob', 1, true),
        ('phone:+491701234567', 'c_tel', 1, false), ('anonymous_id:kiosk', 'c_bob', 1, false),
        ('contact_id:files:3', 'c_cay', 2, true), ('email:info@firm.example', 'c_info', 3, false),
        ('email:home@example.com', 'c_home', 4, false)
    ) as rows (identifier_key, customer_id, evidence_group, is_bridging);
create table identity.link_decisions as
    select *, timestamp '2024-01-05' as first_seen_at, reason is null as is_kept from (values
        ('contact_id:files:1', 'user_id:ann', 1, null), ('contact_id:files:1', 'email:ann@example.com', 4, null),
        ('user_id:ann', 'anonymous_id:tablet', 7, null), ('contact_id:files:2', 'email:bob@example.com', 4, null),
        ('contact_id:files:2', 'anonymous_id:tablet', 7, 'shared_device'),
        ('contact_id:files:1', 'phone:+491701234567', 5, 'quarantine'),
        ('contact_id:files:1', 'anonymous_id:kiosk', 7, 'quarantine'),
        ('contact_id:files:2', 'anonymous_id:kiosk', 7, 'quarantine')
    ) as rows (left_key, right_key, trust, reason);
create table identity.edges as
    select *, timestamp '2024-01-05' as first_seen_at, 1 as load_seq from (values
        ('contact_user', 'contact_id:files:1', 'user_id:ann', 'files:1'),
        ('contact_email', 'contact_id:files:1', 'email:ann@example.com', 'files:1'),
        ('web_login', 'user_id:ann', 'anonymous_id:tablet', 'files:e1'),
        ('order_device', 'contact_id:files:2', 'anonymous_id:tablet', 'files:o1'),
        ('record_email', 'contact_id:files:1', 'email:info@firm.example', 'files:m1|ann@example.com'),
        ('record_email', 'contact_id:files:3', 'email:info@firm.example', 'files:m2'),
        ('record_email', 'contact_id:files:1', 'email:home@example.com', 'files:m3'),
        ('record_email', 'contact_id:files:3', 'email:home@example.com', 'files:m4')
    ) as rows (rule, left_key, right_key, record_key);
create table identity.violations as
    select * from (values
        ('limit', 'quarantine', 'a phone on three contacts is shared', 'phone:+491701234567', null),
        ('limit', 'quarantine', 'a mailbox with two logins is shared', 'email:home@example.com', null),
        ('limit', 'warn', 'more than ten people are suspicious', 'email:home@example.com', null),
        ('contradictory_override', 'refused', 'override V11 (never_link) contradicts V9: none of them is applied',
            'contact_id:files:2', 'contact_id:files:1')
    ) as rows (violation, severity, reason, identifier_key, linked_key);
create table identity.role_mailboxes as select 'info' as local_part;
"""


@pytest.fixture
def resolved(settings):
    with connect(settings) as connection:
        create_raw_tables(connection)
        connection.execute(TABLES)
        connection.execute(no_overrides.TABLES)
    return settings


def test_one_customer_is_explained_by_the_shortest_chain_and_its_weakest_link(resolved):
    found = connection_between(resolved, "ann@example.com", "anonymous_id:tablet")
    assert [link.rule for link in found.chain] == ["contact_email", "contact_user", "web_login"]
    text = found.as_text()
    assert text.startswith("email:a***@example.com and anonymous_id:tablet are one customer: c_ann")
    assert text.index("Weakest link") < text.rindex("web_login")


def test_two_customers_are_explained_by_the_link_that_is_not_believed(resolved):
    found = connection_between(resolved, "user_id:ann", "bob@example.com")
    assert [link.reason is None for link in found.chain] == [True, False, True]
    assert "NOT BELIEVED: a device alone does not join two known people" in found.as_text()


def test_a_quarantined_identifier_is_explained_by_its_limit(resolved):
    assert "a phone on three contacts is shared" in connection_between(resolved, "files:1", "0170 1234567").as_text()


def test_a_mailbox_both_were_seen_with_is_named_with_the_reason_it_joins_nobody_and_masked(resolved):
    found = connection_between(resolved, "contact_id:files:1", "contact_id:files:3")
    assert found.chain == ()
    mailbox = "Both were seen with email:{}, which joins nobody: {}."
    told = found.as_text()
    assert mailbox.format("i***@firm.example", "it is a role mailbox") in told
    # Every mailbox that joins nobody was called a role mailbox, also one that is shared by people.
    assert mailbox.format("h***@example.com", "a mailbox with two logins is shared") in told
    shown = connection_between(resolved, "contact_id:files:1", "contact_id:files:3", reveal=True)
    assert "email:info@firm.example" in shown.as_text()


def test_data_about_two_identifiers_holds_the_weakest_link_and_what_both_share(resolved):
    joined = connection_between(resolved, "ann@example.com", "anonymous_id:tablet").as_record()
    assert joined["weakest_link"] == joined["links"][-1]
    assert joined["weakest_link"]["rule"] == "web_login"
    apart = connection_between(resolved, "contact_id:files:1", "contact_id:files:3").as_record()
    assert apart["weakest_link"] is None
    assert apart["shared_mailboxes"] == [
        {"identifier": "email:h***@example.com", "joins_nobody_because": "a mailbox with two logins is shared"},
        {"identifier": "email:i***@firm.example", "joins_nobody_because": "it is a role mailbox"},
    ]


def test_a_decision_on_the_pair_that_is_not_followed_is_told_with_its_reason(resolved):
    found = connection_between(resolved, "contact_id:files:1", "contact_id:files:2")
    reason = "override V11 (never_link) contradicts V9: none of them is applied"
    assert f"Decided, but not followed\n  {reason}" in found.as_text()
    assert found.as_record()["refused_decisions"] == [reason]
    assert "Decided" not in connection_between(resolved, "contact_id:files:1", "contact_id:files:3").as_text()


def test_a_device_of_several_people_hangs_together_with_whoever_logged_in_last_by_no_link(resolved):
    told = connection_between(resolved, "contact_id:files:2", "anonymous_id:kiosk").as_text()
    assert "are one customer: c_bob" in told
    assert "No links join them: the device has several users" in told


def test_an_identifier_hangs_together_with_itself(resolved):
    found = connection_between(resolved, "user_id:ann", "user_id:ann")
    assert found.chain == ()
    assert "one customer" in found.as_text()


def link(left, right, trust=4, reason=None):
    return Link(left, right, trust, reason, "", None, None)


def test_a_longer_chain_that_is_believed_is_nearer_than_a_doubted_link():
    doubted, first, second = link("a", "c", reason="quarantine"), link("a", "b"), link("b", "c")
    assert shortest_chain([doubted, first, second], "a", "c") == [first, second]
    assert shortest_chain([doubted], "a", "c") == [doubted]


def test_of_equally_long_chains_the_more_trusted_counts_and_without_any_there_is_none():
    weak, strong = [link("a", "x", 7), link("x", "c", 7)], [link("a", "y", 1), link("y", "c", 4)]
    assert shortest_chain([*weak, *strong], "a", "c") == strong
    assert shortest_chain([*weak, *strong], "a", "z") == []


def test_the_command_line_tells_of_two_identifiers_how_they_hang_together(resolved, monkeypatch):
    monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(resolved.data_dir))
    asked = ["explain", "ann@example.com", "anonymous_id:tablet"]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0, told.output
    assert told.output.startswith("email:a***@example.com and anonymous_id:tablet are one customer: c_ann")
    assert "ann@example.com" in CliRunner().invoke(app, [*asked, "--reveal"]).output
    as_data = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)
    assert [link["rule"] for link in as_data["links"]] == ["contact_email", "contact_user", "web_login"]
    apart = CliRunner().invoke(app, ["explain", "user_id:ann", "bob@example.com"])
    assert "NOT BELIEVED" in apart.output
