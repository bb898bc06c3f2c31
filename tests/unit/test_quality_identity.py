"""A customer with two of what a person has one of is counted, unless a source or a person says that both are one."""

import duckdb
import pytest

from quality.suites.identity import UNJOINED_DOUBLES

IDENTIFIERS = [
    ("contact_id:files:1", "c_merged"),
    ("contact_id:files:2", "c_merged"),
    ("contact_id:files:3", "c_doubled"),
    ("contact_id:files:4", "c_doubled"),
    ("email:d@example.com", "c_doubled"),
    ("contact_id:files:5", "c_two_sources"),
    ("contact_id:shop:5", "c_two_sources"),
    ("user_id:6", "c_two_logins"),
    ("user_id:7", "c_two_logins"),
]
LINKS = [
    ("contact_id:files:1", "contact_id:files:2", 1, True),
    ("contact_id:files:3", "email:d@example.com", 4, True),
    ("contact_id:files:4", "email:d@example.com", 4, True),
    ("user_id:6", "user_id:7", 1, False),
]


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema identity")
        connection.execute(
            "create table identity.customer_identifiers_map"
            " (identifier_key varchar, customer_id varchar, identifier_type varchar)"
        )
        connection.executemany(
            "insert into identity.customer_identifiers_map values ($1, $2, split_part($1, ':', 1))", IDENTIFIERS
        )
        connection.execute(
            "create table identity.link_decisions (left_key varchar, right_key varchar, trust integer, is_kept boolean)"
        )
        connection.executemany("insert into identity.link_decisions values (?, ?, ?, ?)", LINKS)
        yield connection


def doubles(connection):
    return {customer for (customer,) in connection.execute(UNJOINED_DOUBLES).fetchall()}


def test_only_customers_whose_unique_identifiers_nothing_strong_joins_are_counted(connection):
    assert doubles(connection) == {"c_doubled", "c_two_logins"}


def test_a_decision_joins_them(connection):
    connection.execute("update identity.link_decisions set trust = 0, is_kept = true where left_key = 'user_id:6'")
    assert doubles(connection) == {"c_doubled"}


def test_a_contact_that_got_another_login_joins_both(connection):
    connection.execute(
        "insert into identity.link_decisions values"
        " ('user_id:6', 'contact_id:files:5', 1, true), ('contact_id:files:5', 'user_id:7', 1, true)"
    )
    connection.execute(
        "update identity.customer_identifiers_map set customer_id = 'c_two_logins' where customer_id = 'c_two_sources'"
    )
    assert doubles(connection) == {"c_doubled"}
