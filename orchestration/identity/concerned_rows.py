"""The copy previews and verifications work on: a warehouse with the rows of the people concerned and nobody else's.

What is a figure of all customers (how often people buy, what an average lead scores) is copied as it is: one customer
more or less does not move it. Which models run on the copy is said by `copied_people.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingestion.warehouse import attach_warehouse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from orchestration.identity.overrides import Override

RULES = {
    "identity": ("blocked_identifier_values", "role_mailboxes", "identifier_limits"),
    "lifecycle": ("channel_rules", "lifecycle_moves", "stage_catalogue", "touchpoint_types"),
}
OF_EVERYBODY = ("base_cadence", "lead_score_averages")
"""Models of the lifecycle layer that say something about all customers together."""
# Rows that name nobody, by the rows they are part of.
PARTS = {
    "crm_order_lines": ("crm_orders", ("source", "order_id")),
    "crm_subscription_versions": ("crm_subscriptions", ("record_key",)),
}


def copy_concerned(
    settings: Settings, copy: Settings, keys: Sequence[str], overrides: Sequence[Override]
) -> dict[str, str]:
    """Make the copy.

    Args:
        settings: of the warehouse.
        copy: of the copy, whose warehouse does not exist yet.
        keys: identifiers whose evidence groups are copied.
        overrides: decisions the copy knows beside those delivered.

    Returns:
        The present customer of every identifier concerned.
    """
    with attach_warehouse(settings) as connection:
        connection.execute(f"attach '{copy.data_dir / 'warehouse.duckdb'}' as copied")
        for schema in ("conformed", "identity", "lifecycle", "ops"):
            connection.execute(f"create schema copied.{schema}")
        connection.execute(
            "create temp table concerned as select identifier_key, customer_id from"
            " warehouse.identity.customer_identifiers_map where evidence_group in (select evidence_group from"
            " warehouse.identity.customer_identifiers_map where identifier_key in (select unnest(?::varchar[])))",
            [keys],
        )
        _copy_rules(connection)
        connection.execute("create table copied.ops.run_context as from warehouse.ops.run_context")
        _copy_people(connection)
        _copy_overrides(connection, overrides)
        return dict(connection.execute("from concerned").fetchall())


def _copy_rules(connection: DuckDBPyConnection) -> None:
    present = set(
        connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
        ).fetchall()
    )
    whole = [(schema, name) for schema, names in RULES.items() for name in names]
    for schema, name in (*whole, *(("lifecycle", name) for name in OF_EVERYBODY)):
        if (schema, name) in present:
            connection.execute(f"create table copied.{schema}.{name} as from warehouse.{schema}.{name}")


def _copy_people(connection: DuckDBPyConnection) -> None:
    """Every table that names people, by the columns that do; and what belongs to those rows."""
    tables: dict[str, list[str]] = {}
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'warehouse'"
        " and (schema_name = 'conformed' or (schema_name = 'identity' and table_name = 'sightings'))"
        " and column_name like '%\\_key' escape '\\' and column_name <> 'record_key' order by all"
    ).fetchall():
        tables.setdefault(f"{schema}.{table}", []).append(column)
    for table, columns in tables.items():
        names_one = " or ".join(f"{column} in (select identifier_key from concerned)" for column in columns)
        connection.execute(f"create table copied.{table} as from warehouse.{table} where {names_one}")
    for part, (whole, columns) in PARTS.items():
        connection.execute(
            f"create table copied.conformed.{part} as from warehouse.conformed.{part}"
            f" semi join copied.conformed.{whole} using ({', '.join(columns)})"
        )
    connection.execute(
        "create table copied.identity.contact_matches as from warehouse.identity.contact_matches"
        " where left_key in (select identifier_key from concerned)"
        " and right_key in (select identifier_key from concerned)"
    )


def _copy_overrides(connection: DuckDBPyConnection, overrides: Sequence[Override]) -> None:
    """Earlier overrides without those replaced, and the new ones as if the run at hand knew them."""
    connection.execute(
        "create table copied.conformed.reference_identity_overrides as"
        " from warehouse.conformed.reference_identity_overrides where override_id not in (select unnest(?::varchar[]))",
        [[override.override_id for override in overrides]],
    )
    for override in overrides:
        connection.execute(
            "insert into copied.conformed.reference_identity_overrides by name"
            " select 'files:' || $1 as record_key, 'files' as source, $1 as override_id, $2 as action,"
            " $3 as left_type, $4 as left_value, $5 as right_type, $6 as right_value, $7 as reason,"
            " as_of_end - interval '1' microsecond as created_at, 9223372036854775807 as load_seq,"
            " 9223372036854775807 as first_load_seq from copied.ops.run_context",
            [
                *(override.override_id, override.action, override.left_type, override.left_value),
                *(override.right_type, override.right_value, override.reason),
            ],
        )
