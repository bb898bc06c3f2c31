"""Explaining who an identifier belongs to, on identity tables written by hand."""

import pytest

from ingestion.settings import PROJECT_ROOT
from ingestion.warehouse import WarehouseMissingError, connect
from orchestration.identity.explanation import explain
from orchestration.identity.lookup import UnknownIdentifierError, masked

TABLES = """
create schema identity;
create table identity.customers as select unnest(['c_anna', 'c_shop']) as customer_id;
create table identity.retired_customer_ids as select 'c_old' as retired_customer_id, 'c_anna' as customer_id;
create table identity.customer_identifiers_map as
    select *, 'files' as source, timestamp '2024-01-05' as first_seen_at, true as is_bridging, 1 as load_seq
    from (values
        ('contact_id:files:17', 'c_anna', 'contact_id', 'files:17', 1),
        ('email:anna@example.com', 'c_anna', 'email', 'anna@example.com', 4),
        ('phone:+491701234567', 'c_anna', 'phone', '+491701234567', 5),
        ('user_id:17', 'c_shop', 'user_id', '17', 2),
        ('loyalty_id:L00000185', 'c_anna', 'loyalty_id', 'L00000185', 3),
        ('social_handle:tiktok/tilda_107', 'c_anna', 'social_handle', 'tiktok/tilda_107', 6)
    ) as rows (identifier_key, customer_id, identifier_type, identifier_value, trust);
create table identity.edges as
    select *, timestamp '2024-01-05' as first_seen_at, 1 as load_seq from (values
        ('contact_email', 'contact_id:files:17', 'email:anna@example.com', 'files:17'),
        ('contact_phone', 'contact_id:files:17', 'phone:+491701234567', 'files:17')
    ) as rows (rule, left_key, right_key, record_key);
create table identity.link_decisions as
    select 'email:anna@example.com' as left_key, 'contact_id:files:17' as right_key, true as is_kept
    union all select 'contact_id:files:17', 'phone:+491701234567', false;
create table identity.violations as
    select 'shared_device' as reason, 'email:anna@example.com' as identifier_key, 'anonymous_id:shared' as linked_key;
"""
BLOCKED = PROJECT_ROOT / "dbt_project" / "seeds" / "identity" / "blocked_identifier_values.csv"


@pytest.fixture
def resolved(settings):
    with connect(settings) as connection:
        connection.execute(TABLES)
        connection.execute(
            f"create table identity.blocked_identifier_values as from read_csv('{BLOCKED}', all_varchar=true)"
        )
    return settings


@pytest.mark.parametrize(
    "asked",
    [" Anna@Example.com ", "0170 1234567", "files:17", "contact_id:files:17", "email:anna@example.com", "c_anna"],
)
def test_a_customer_is_found_by_each_identifier_as_people_write_it(resolved, asked):
    assert explain(resolved, asked).customer_id == "c_anna"


@pytest.mark.parametrize(
    "asked",
    [
        *("loyalty_id:l00000185", "social_handle:TikTok/@tilda_107", "social_handle:@Tilda_107"),
        *("EMAIL: Anna@Example.com", "Phone:0170 1234567", "CONTACT_ID:files:17", "contact_id:17"),
    ],
)
def test_after_a_type_a_value_is_understood_as_it_is_without_one(resolved, asked):
    # The type was taken off addresses and numbers only, and only in lower case: the other forms were found bare alone.
    assert explain(resolved, asked).customer_id == "c_anna"


def test_a_type_says_which_of_several_identifiers_is_meant(resolved):
    assert explain(resolved, "User_id:17").customer_id == "c_shop"
    with pytest.raises(UnknownIdentifierError, match="No customer has"):
        explain(resolved, "loyalty_id:17")


def test_an_explanation_shows_kept_edges_and_what_was_not_believed(resolved):
    found = explain(resolved, "files:17")
    assert [(edge.rule, edge.record_key) for edge in found.edges] == [("contact_email", "files:17")]
    assert [doubt.reason for doubt in found.doubts] == ["shared device"]
    assert "contact_email" in found.as_text()


def test_personal_data_is_masked_unless_asked_for(resolved):
    hidden, shown = explain(resolved, "files:17").as_text(), explain(resolved, "files:17", reveal=True).as_text()
    assert "anna@example.com" not in hidden
    assert "+491701234567" not in hidden
    assert "anna@example.com" in shown
    assert masked("social_handle:instagram/anna") == "social_handle:instagram/a***"
    assert masked("user_id:anna@example.com") == "user_id:a***@example.com"
    assert masked("contact_id:files:anna.b@example.com") == "contact_id:files:a***@example.com"


@pytest.mark.parametrize(
    ("identifier_key", "expected"),
    [
        ("user_id:+491701234567", "user_id:+49***67"),
        ("user_id:0049 170 1234567", "user_id:0049***67"),
        ("user_id:(0170) 123-4567", "user_id:(017***67"),
        ("user_id:0170/1234567", "user_id:017***67"),
        ("contact_id:files:+1 (202) 555-0143", "contact_id:files:+1***43"),
        ("anonymous_id:anna@example.com|+491701234567", "anonymous_id:a***@example.com|+49***67"),
        ("loyalty_id:LC-004711", "loyalty_id:LC***11"),
    ],
)
def test_an_address_or_number_is_masked_whatever_the_type_says(identifier_key, expected):
    # Only addresses were looked for outside the type phone: a login by phone number and the card came out in full.
    assert masked(identifier_key) == expected


@pytest.mark.parametrize(
    "identifier_key",
    [
        *("user_id:17", "contact_id:files:10000042", "contact_id:files:0000123456", "anonymous_id:c-0170-1234567"),
        *("anonymous_id:01234567-8901-2345-6789-012345678901", "user_id:U0170123456", "contact_id:files:0123456"),
    ],
)
def test_an_opaque_id_is_shown_as_it_is(identifier_key):
    assert masked(identifier_key) == identifier_key


def test_a_retired_id_leads_to_the_present_customer(resolved):
    found = explain(resolved, "c_old")
    assert (found.customer_id, found.asked_id) == ("c_anna", "c_old")


def test_a_bare_id_that_means_two_customers_is_refused_with_the_choices(resolved):
    with pytest.raises(UnknownIdentifierError, match="contact_id, user_id"):
        explain(resolved, "17")


def test_an_unknown_identifier_is_an_error_without_the_value(resolved):
    with pytest.raises(UnknownIdentifierError) as refused:
        explain(resolved, "nobody@example.com")
    assert "nobody" not in str(refused.value)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Guest", "placeholder of a person"),
        ("user_id:guest", "placeholder of a person"),
        ("test@test.com", "test address"),
        ("phone: +49 111 1111111", "one digit repeated"),
        ("x" * 255, "longer than any real identifier"),
        ("email:anna at example", "cannot be read as email"),
        ("Phone:12", "cannot be read as a phone number of DE; write it with its country code"),
        ("+49 111 1111111", "one digit repeated"),
        ("contact_id:files:null", "placeholder of a program"),
        ("contact_id:unknown", "placeholder of a person"),
        ("social_handle:instagram/@guest", "placeholder of a person"),
    ],
)
def test_a_value_that_may_be_nobodys_is_told_with_the_reason_and_never_shown(resolved, asked, told):
    with pytest.raises(UnknownIdentifierError, match=told) as refused:
        explain(resolved, asked)
    value = asked.rpartition(":")[2].strip()
    assert value not in str(refused.value)


@pytest.mark.parametrize("asked", ["user1", "12345678", "user_id:1111111", "fax:12", "guests"])
def test_a_value_somebody_could_have_is_only_unknown(resolved, asked):
    with pytest.raises(UnknownIdentifierError, match="No customer has that identifier"):
        explain(resolved, asked)


def test_without_a_warehouse_the_error_says_how_to_make_one(settings):
    with pytest.raises(WarehouseMissingError, match="lifecycle"):
        explain(settings, "c_anna")
