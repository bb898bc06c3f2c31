"""Six people as published and as built anew, by hand: two merged, one split, one renamed, one no longer a visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

PUBLISHED = {
    "c_ann": (["email:ann", "user_id:ann"], True, "lead"),
    "c_bob": (["email:bob"], True, "lead"),
    "c_cay": (["email:cay", "user_id:cay"], True, "repeat_buyer"),
    "c_dan": (["email:dan"], True, "lead"),
    "c_eve": (["email:eve", "anonymous_id:tablet"], True, "lead"),
    "c_web": (["anonymous_id:w"], False, "prospect"),
}
NOW = {
    "c_ann": (["email:ann", "user_id:ann", "email:bob"], True, "repeat_buyer"),
    "c_cay": (["email:cay"], True, "repeat_buyer"),
    "c_cay2": (["user_id:cay"], True, "lead"),
    "c_dan": (["email:dan", "anonymous_id:w"], True, "lead"),
    "c_older_eve": (["email:eve", "user_id:eve"], True, "lead"),
    "c_new": (["email:new", "anonymous_id:tablet"], True, "lead"),
}
ORDERS = [("o1", "c_ann", 10), ("o2", "c_bob", 20), ("o3", "c_cay", 30), ("o4", "c_eve", 40), ("v1", "c_bob", None)]
ORDERS_NOW = [("o1", "c_ann", 10), ("o2", "c_ann", 20), ("o3", "c_cay2", 30), ("o4", "c_older_eve", 40)]


def write(
    connection: DuckDBPyConnection,
    people: Mapping[str, tuple[list[str], bool, str]],
    touchpoints: Sequence[tuple[str, str, int | None]],
) -> None:
    """Marts of people given as {customer: (identifiers, is_identified, segment)}, in place of those that are there."""
    connection.execute(
        """
        create schema if not exists marts;
        create or replace table marts.customer_identifiers
            (customer_id varchar, identifier_type varchar, identifier_value varchar);
        create or replace table marts.customer_profile (
            customer_id varchar, is_identified boolean, identifier_count integer, six_phase_stage varchar,
            relationship_subphase varchar, customer_segment varchar, experience_stage varchar
        );
        create or replace table marts.customer_touchpoints
            (touchpoint_id varchar, customer_id varchar, revenue_amount decimal(18, 2));
        create schema if not exists identity;
        create or replace table identity.unclaimed_devices as select 'anonymous_id:tablet' as identifier_key;
        """
    )
    for customer, (identifiers, is_identified, segment) in people.items():
        for identifier in identifiers:
            connection.execute(
                "insert into marts.customer_identifiers values (?, ?, ?)", [customer, *identifier.split(":")]
            )
        connection.execute(
            "insert into marts.customer_profile values (?, ?, ?, 'purchase', null, ?, null)",
            [customer, is_identified, len(identifiers), segment],
        )
    for touchpoint, customer, amount in touchpoints:
        connection.execute("insert into marts.customer_touchpoints values (?, ?, ?)", [touchpoint, customer, amount])
