"""A hand-made warehouse of one customer with two orders, as small as the gates allow. Every number is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.contract import ENTITIES, Entity
from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from quality.suites.marts import MARTS
from quality.suites.staged import staged
from tests.integration.gate_rows import AS_OF, CANARY, ROWS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

_RAW_ORDERS = """
insert into raw_files.crm_orders (order_id, email, ordered_at, status, net_amount, currency, _load_seq, _row_number)
values ('o1', $canary, '2024-05-01 10:00', 'paid', 100, 'EUR', 1, 1),
    ('o2', $canary, '2024-06-29 10:00', 'paid', 50.5, 'EUR', 1, 2)
"""
_LOADS = """
insert into ops.loads (load_seq, source, entity, file_name, content_hash, status, delivered_count, accepted_count,
    quarantined_count, drift_columns)
values (1, 'files', 'crm_orders', 'crm/orders/a.csv', 'abc', 'loaded', 2, 2, 0, [])
"""
_BEHIND_THE_MARTS = """
create schema conformed; create schema identity; create schema lifecycle; create schema marts;
create table ops.run_context as select date '2024-06-30' as as_of, timestamp '2024-07-01' as as_of_end;
create table conformed.crm_orders as select *, revenue_amount as net_amount_original from (values
    ('files:o1', 'email:' || $canary, true, date '2024-05-01', timestamp '2024-05-01 10:00', 100.00::decimal(18, 2)),
    ('files:o2', 'email:' || $canary, true, date '2024-06-29', timestamp '2024-06-29 10:00', 50.50)
) as orders (record_key, identifier_key, is_purchase, ordered_on, ordered_at, revenue_amount);
create table conformed.unpriced_records (entity varchar, record_key varchar);
create table conformed.crm_survey_responses as
    select 'files:r1' as record_key, timestamp '2024-06-29 10:00' as responded_at;
create table lifecycle.satisfaction_answers as select record_key from conformed.crm_survey_responses;
create table conformed.web_events as select 'files:w1' as record_key, 12.5 as value_amount;
create table conformed.crm_order_lines as
    select 'files:o1:1' as record_key, 'files' as source, 'o1' as order_id, 1 as line_number;
create table conformed.crm_subscriptions as select 'files:s1' as record_key;
create table conformed.crm_deals as select 'files:d1' as record_key;
create table conformed.social_ad_spend as
    select 'files:offline:poster' as record_key, 30.00 as spend_amount, date '2024-05-01' as spend_date;
create table lifecycle.lifecycle_moves as
    select model, from_stage, to_stage from (values
        ('six_phase', 'retention'), ('relationship', 'loyalty_growth'), ('three_r', 'repeat_buyer'),
        ('experience', 'loyalty')
    ) as models (model, last_stage), lateral (
        select null as from_stage, 'start' as to_stage union all select 'start', last_stage
    ) as moves;
-- c_2 is known by a telephone number nobody owns: nothing ever happened to them, so the marts do not have them.
create table identity.customers as select unnest(['c_1', 'c_2']) as customer_id;
create table identity.customer_identifiers_map as select 'email:' || $canary as identifier_key, 'c_1' as customer_id
union all select 'phone:+491', 'c_2';
create table identity.link_decisions (left_key varchar, right_key varchar, trust integer, is_kept boolean);
create table identity.violations (violation varchar, severity varchar, reason varchar);
create table identity.device_periods (device_key varchar);
create table identity.unusable_identifiers as select 'malformed' as reason, 5 as row_count, 100 as delivered_row_count;
create table lifecycle.touchpoints as select * from (values
    ('t1', 'c_1', timestamp '2024-05-01 10:00', 'crm', 'order'),
    ('t2', 'c_1', timestamp '2024-06-29 10:00', 'crm', 'order'),
    ('t3', 'c_1', timestamp '2024-04-01 10:00', 'web', 'page_view')
) as touchpoints (touchpoint_id, customer_id, occurred_at, domain, touchpoint);
"""


def make_warehouse(settings: Settings) -> None:
    """Write the hand-made warehouse; every check of every gate passes on it."""
    with connect(settings) as connection:
        create_raw_tables(connection)
        connection.execute(_RAW_ORDERS, {"canary": CANARY})
        connection.execute(_LOADS)
        for statement in _BEHIND_THE_MARTS.replace("$canary", f"'{CANARY}'").split(";\n"):
            if statement.strip():
                connection.execute(statement)
        for entity in ENTITIES:
            _create_layers(connection, entity)
        for mart in MARTS:
            _create_mart(connection, mart.name, mart.checks()[0].arguments["column_set"])


def _create_layers(connection: DuckDBPyConnection, entity: Entity) -> None:
    """The entity's conformed table, with all its columns, and staging models that delivered exactly its records."""
    table = f"conformed.{entity.table}"
    connection.execute(f"create table if not exists {table} (record_key varchar)")
    for column in entity.columns:
        connection.execute(f'alter table {table} add column if not exists "{column.name}" {column.type.duckdb}')
    connection.execute(f"alter table {table} add column if not exists source varchar")
    connection.execute("create schema if not exists staging")
    for model in staged(entity):
        is_delivered = f"contains('{model}', 'files')"
        connection.execute(f"create table {model} as select *, 1::bigint as load_seq from {table} where {is_delivered}")
    if entity.table == "crm_orders":
        connection.execute("update staging.stg_files__crm_orders set net_amount = net_amount_original")


def _create_mart(connection: DuckDBPyConnection, name: str, columns: list[str]) -> None:
    declared = ", ".join(f'"{column}" {_type_of(column)}' for column in columns)
    connection.execute(f"create table marts.{name} ({declared})")
    for row in ROWS.get(name, ()):
        values = {**row, "as_of": f"date '{AS_OF}'"}
        names = ", ".join(f'"{column}"' for column in values)
        connection.execute(f"insert into marts.{name} ({names}) values ({', '.join(values.values())})")


def _type_of(column: str) -> str:
    """The column's type by the column grammar."""
    if column.endswith("_at"):
        return "timestamp"
    if column.endswith(("_on", "_month", "period_start")) or column == "as_of":
        return "date"
    if column.startswith(("is_", "has_")):
        return "boolean"
    if column.endswith("_amount"):
        return "decimal(18, 2)"
    numbers = (
        "_count",
        "_rate",
        "_score",
        "_days",
        "_number",
        "_size",
        "_alive",
        "order",
        "_buyer",
        "_lift",
        "_since_first_order",
        "_between",
    )
    return "double" if column.endswith(numbers) or column in _NUMBERS else "varchar"


_NUMBERS = {
    *("days_in_stage", "months_since_first_order", "median_days_between_orders"),
    *("credit", "occurrence", "value", "numerator", "denominator", "target_value", "gap"),
    *("impressions", "clicks", "roas", "buyer_rate_lift_low", "buyer_rate_lift_high", "median_first_response_hours"),
    *("median_resolution_hours", "nps", "share", "priority"),
    *("frequency", "predicted_orders_12m", "log_likelihood", "holdout_error", "naive_holdout_error", "lift"),
    *("holdout_expected", "holdout_actual", "frequency_value_correlation", "score", "ci_low", "ci_high"),
}
