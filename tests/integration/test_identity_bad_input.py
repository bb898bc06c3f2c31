"""Identifiers nobody should trust and decisions nobody can follow, delivered as files and resolved by the models."""

from datetime import date

import pytest

from ingestion.warehouse import connect
from orchestration.identity.connection import connection_between
from orchestration.identity.notes import identity_notes
from orchestration.identity.unusable import why_unusable
from tests.integration.tiny_company import TinyCompany

DAY = date(2024, 6, 30)
IDENTITY = ("build", "--exclude-resource-type", "test", "unit_test", "-s", "+path:dbt_project/models/identity")
MANY = 10_000
AGENTS = 30
LONG = "x" * 5_000
PROBES = ("guest", "Undefined", "0-0", "-1", "x" * 255, "x" * 254, "1111111", "guests", "[object Object]", "test")


def contact(name, *, email="", user="", merged=""):
    return f"{name} | {email} | {user} | {merged} | 2024-01-05T10:00:00Z"


CONTACTS = [
    "contact_id | email | user_id | merged_into_contact_id | created_at",
    *(contact(f"many{number}", email="shared@example.com") for number in range(MANY)),
    contact("round1", merged="round2"),
    contact("round2", merged="round1"),
    contact("self", email="self@example.com", merged="self"),
    contact("dangling", merged="ghost"),
    contact("nowhere", merged="unknown"),
    contact("long", email=f"{LONG}@example.com", user=LONG),
    contact("emoji", email="😀@example.com", user="😀"),
    contact("latin", email="ann@paypal.com"),
    contact("blank1", email=" ", user="null"),
    contact("blank2", email=" ", user="NULL"),
    contact("a", user="a", email="a@example.com"),
    contact("b", user="b", email="b@example.com"),
    contact("c", user="c", email="c@example.com"),
    contact("d", user="d"),
    contact("e", user="e", email="e@example.com"),
    *(contact(f"probe{number}", user=value) for number, value in enumerate(PROBES)),
]
ORDERS = """
order_id | email           | ordered_at        | status | net_amount | currency
cyrillic | ann@раypal.com  | 2024-02-01 10:00Z | paid   | 10.00      | EUR
smiling  | 😀@example.com | 2024-02-01 10:00Z | paid   | 10.00      | EUR
nobody   | at the counter  | 2024-02-01 10:00Z | paid   | 10.00      | EUR
"""
EVENTS = [
    "event_id | anonymous_id | user_id | event | occurred_at",
    *(f"e{number} | callcentre | agent{number} | login | 2024-03-01T10:00:00Z" for number in range(AGENTS)),
]
OVERRIDES = """
override_id | action      | left_type | left_value     | right_type | right_value | reason  | created_at
direct1     | always_link | user_id   | a              | user_id    | b           | twins?  | 2024-05-01T10:00:00Z
direct2     | never_link  | user_id   | b              | user_id    | a           | no!     | 2024-05-01T10:00:00Z
chain1      | always_link | user_id   | c              | email      | e@example.com | same  | 2024-05-01T10:00:00Z
chain2      | always_link | email     | E@example.com  | user_id    | d           | same    | 2024-05-01T10:00:00Z
chain3      | never_link  | user_id   | c              | user_id    | d           | no      | 2024-05-01T10:00:00Z
unknown     | always_link | user_id   | nobody         | user_id    | a           | who?    | 2024-05-01T10:00:00Z
unreadable  | always_link | fax       | 12             | user_id    | a           | what?   | 2024-05-01T10:00:00Z
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    company = TinyCompany(tmp_path_factory.mktemp("strange"))
    company.deliver(
        crm__contacts="\n".join(CONTACTS),
        crm__orders=ORDERS,
        web__events="\n".join(EVENTS),
        reference__identity_overrides=OVERRIDES,
    )
    company.build(DAY, *IDENTITY)
    return company


def violations(company, kind):
    return company.rows(
        f"select severity, identifier_key, linked_key, linked_count, reason from identity.violations"
        f" where violation = '{kind}' order by all"
    )


def test_one_mailbox_on_ten_thousand_contacts_joins_nobody_and_is_audited(company):
    ((people, contacts),) = company.rows(
        "select count(distinct customer_id), count(*) from identity.customer_identifiers_map"
        " where identifier_value like 'files:many%'"
    )
    assert people == contacts == MANY
    found = {(row[0], row[3]) for row in violations(company, "limit") if row[1] == "email:shared@example.com"}
    assert {("quarantine", MANY), ("stop", MANY)} <= found


def test_a_cookie_of_a_call_centre_joins_no_agents_and_is_audited(company):
    agents = company.customers_of(*(f"user_id:agent{number}" for number in range(AGENTS)))
    assert len(set(agents)) == AGENTS
    assert set(company.customers_of("anonymous_id:callcentre")) < set(agents), "it belongs to whoever logged in last"
    assert company.rows(
        "select is_bridging from identity.customer_identifiers_map where identifier_value = 'callcentre'"
    ) == [(False,)]
    assert ("quarantine", "anonymous_id:callcentre", None, AGENTS, "a device with two logins is shared") in violations(
        company, "limit"
    )


def test_contacts_merged_in_a_circle_are_one_customer_and_named(company):
    assert len(set(company.customers_of("contact_id:files:round1", "contact_id:files:round2"))) == 1
    named = {key for _, key, _, _, _ in violations(company, "merge_cycle")}
    assert named == {"contact_id:files:round1", "contact_id:files:round2", "contact_id:files:self"}


def test_a_merge_into_a_contact_nobody_describes_is_named(company):
    assert {row[1:3] for row in violations(company, "dangling_merge")} == {
        ("contact_id:files:dangling", "contact_id:files:ghost"),
        ("contact_id:files:nowhere", None),
    }


def test_an_identifier_of_five_thousand_characters_identifies_nobody_and_its_contact_remains(company):
    assert company.rows("select max(length(identifier_value)) < 255 from identity.customer_identifiers_map") == [
        (True,)
    ]
    assert len(company.customers_of("contact_id:files:long")) == 1


def test_emoji_are_identifiers_like_others(company):
    keys = ("contact_id:files:emoji", "user_id:😀", "email:😀@example.com")
    assert len(company.customers_of(*keys)) == 3
    assert len(set(company.customers_of(*keys))) == 1


def test_a_domain_in_look_alike_letters_is_another_domain(company):
    ((cyrillic,),) = company.rows(
        "select customer_id from identity.customer_identifiers_map where identifier_value like 'ann@xn--%'"
    )
    assert [cyrillic] != company.customers_of("email:ann@paypal.com")
    [(severity, audited, _, _, reason)] = violations(company, "lookalike_domain")
    assert (severity, audited) == ("warn", "email:ann@xn--ypal-43d9g.com")
    assert "several alphabets" in reason


def test_blank_and_placeholder_values_link_nobody(company):
    assert len(set(company.customers_of("contact_id:files:blank1", "contact_id:files:blank2"))) == 2
    assert company.customers_of("user_id:null", "user_id:NULL", "email:") == []


def test_what_names_nobody_is_counted_by_source_type_and_reason(company):
    assert company.rows(
        "select entity, identifier_type, reason, row_count, delivered_row_count from identity.unusable_identifiers"
        " where source = 'files' order by all"
    ) == [
        ("crm_contacts", "contact_id", "blocked", 1, 5),
        ("crm_contacts", "email", "blocked", 1, MANY + 8),
        ("crm_contacts", "user_id", "blocked", 3 + 7, 9 + len(PROBES)),
        ("crm_orders", "any", "nobody_named", 1, 3),
        ("crm_orders", "email", "malformed", 1, 3),
    ]


@pytest.mark.parametrize("value", PROBES)
def test_explain_tells_of_exactly_the_values_the_models_block_that_they_identify_nobody(company, value):
    is_known = company.customers_of(f"user_id:{value}") != []
    with connect(company.settings, read_only=True) as connection:
        why = why_unusable(connection, "user_id", value, is_readable=True, default_country="DE")
    assert (why == "") == is_known


def test_decisions_that_contradict_each_other_are_named_and_none_is_applied(company):
    assert len(set(company.customers_of("user_id:a", "user_id:b"))) == 2
    assert len(set(company.customers_of("user_id:c", "email:e@example.com", "user_id:d"))) == 3
    assert {row[4] for row in violations(company, "contradictory_override")} == {
        "override direct1 (always_link) contradicts direct2: none of them is applied",
        "override direct2 (never_link) contradicts direct1: none of them is applied",
        "override chain1 (always_link) contradicts chain3: none of them is applied",
        "override chain2 (always_link) contradicts chain3: none of them is applied",
        "override chain3 (never_link) contradicts chain1, chain2: none of them is applied",
    }


def test_decisions_about_nobody_and_all_others_not_applied_are_told_after_the_run(company):
    with connect(company.settings, read_only=True) as connection:
        notes = identity_notes(connection)
    assert "identity: override unknown names an identifier that no row has" in notes
    assert "identity: override unreadable names an identifier that no row has" in notes
    assert "identity: override direct1 (always_link) contradicts direct2: none of them is applied" in notes
    assert "identity: 2 contact(s) were merged into a contact that no row describes" in notes
    doubted = {key for _, key, _, _, _ in violations(company, "limit")}
    assert f"identity: {len(doubted)} identifier(s) have too many people behind them: see identity.violations" in notes
    told = "identity: 1 device(s) were used by several people: their events belong to whoever had logged in"
    assert told in notes
    assert "identity: 1 address(es) have a domain that may imitate another one: see identity.violations" in notes
    assert not [note for note in notes if "@" in note]


def test_why_two_agents_are_not_one_is_told(company):
    told = connection_between(company.settings, "user_id:agent1", "user_id:agent2").as_text()
    assert "NOT BELIEVED: a device with two logins is shared" in told
