"""A hand-made warehouse of one customer with two orders, as small as the gates allow. Every number is written down."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from quality.suites.marts import MARTS
from quality.suites.marts_acquisition import ATTRIBUTION_MODELS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

AS_OF = date(2024, 6, 30)
CANARY = "canary.person@example.org"

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
create table conformed.crm_orders as select * from (values
    ('files:o1', 'email:' || $canary, true, date '2024-05-01', 100.00::decimal(18, 2)),
    ('files:o2', 'email:' || $canary, true, date '2024-06-29', 50.50)
) as orders (record_key, identifier_key, is_purchase, ordered_on, revenue_amount);
create table conformed.unpriced_records (entity varchar);
create table conformed.web_events as select 'files:w1' as record_key;
create table conformed.social_ad_spend as select 30.00 as spend_amount;
create table lifecycle.lifecycle_moves as
    select model, from_stage, to_stage from (values
        ('six_phase', 'retention'), ('relationship', 'loyalty_growth'), ('three_r', 'repeat_buyer'),
        ('experience', 'loyalty')
    ) as models (model, last_stage), lateral (
        select null as from_stage, 'start' as to_stage union all select 'start', last_stage
    ) as moves;
create table identity.customers as select 'c_1' as customer_id;
create table identity.customer_identifiers_map as select 'email:' || $canary as identifier_key, 'c_1' as customer_id;
create table lifecycle.touchpoints as select * from (values
    ('t1', 'c_1', timestamp '2024-05-01 10:00', 'crm', 'order'),
    ('t2', 'c_1', timestamp '2024-06-29 10:00', 'crm', 'order'),
    ('t3', 'c_1', timestamp '2024-04-01 10:00', 'web', 'page_view')
) as touchpoints (touchpoint_id, customer_id, occurred_at, domain, touchpoint);
"""

_MODELS = {
    "six_phase": ("six_phase_stage", "retention"),
    "relationship": ("relationship_subphase", "loyalty_growth"),
    "three_r": ("customer_segment", "repeat_buyer"),
    "experience": ("experience_stage", "loyalty"),
}

_ROWS: dict[str, tuple[dict[str, str], ...]] = {
    "customer_profile": (
        {
            "customer_id": "'c_1'",
            "email": f"'{CANARY}'",
            "order_count": "2",
            "revenue_amount": "150.50",
            "nps_score": "9",
            "nps_category": "'promoter'",
            "first_seen_at": "timestamp '2024-04-01 10:00'",
            "last_seen_at": "timestamp '2024-06-29 10:00'",
            **{column: f"'{stage}'" for column, stage in _MODELS.values()},
        },
    ),
    "customer_identifiers": (
        {"customer_id": "'c_1'", "identifier_type": "'email'", "identifier_value": f"'{CANARY}'"},
    ),
    "customer_id_history": ({"old_customer_id": "'c_0'", "customer_id": "'c_1'"},),
    "customer_stage_history": tuple(
        {
            "customer_id": "'c_1'",
            "model": f"'{model}'",
            "stage": f"'{stage}'",
            "previous_stage": "null" if stage == "start" else "'start'",
            "entered_at": f"timestamp '{start}'",
            "left_at": end,
            "is_current": current,
        }
        for model, (_, last) in _MODELS.items()
        for stage, start, end, current in (
            ("start", "2024-04-01 10:00", "timestamp '2024-05-01 10:00'", "false"),
            (last, "2024-05-01 10:00", "null", "true"),
        )
    ),
    "customer_touchpoints": tuple(
        {
            "touchpoint_id": f"'t{number}'",
            "customer_id": "'c_1'",
            "occurred_at": "timestamp '2024-05-01 10:00'",
            "touchpoint": "'order'",
            "occurrence": "1",
        }
        for number in (1, 2, 3)
    ),
    "lifecycle_stages": tuple(
        {
            "model": f"'{model}'",
            "stage": f"'{stage}'",
            "label_en": "'Stage'",
            "label_de": "'Stufe'",
            "description": "'A stage.'",
        }
        for model, (_, last) in _MODELS.items()
        for stage in ("start", last)
    ),
    "kpi_summary": (
        {"kpi": "'repeat_rate'", "period_start": "date '2024-06-01'", "segment": "'all'", "denominator": "1"},
    ),
    "kpi_cohort_retention": tuple(
        {
            "cohort_month": "date '2024-05-01'",
            "months_since_first_order": month,
            "cohort_size": "1",
            "active_count": "1",
            "retention_rate": rate,
            "revenue_amount": revenue,
            "is_complete": is_complete,
        }
        for month, rate, revenue, is_complete in (("0", "1", "100.00", "true"), ("1", "null", "50.50", "false"))
    ),
    "kpi_transactions": tuple(
        {
            "ordered_on": f"date '{day}'",
            "channel": "'online'",
            "order_count": "1",
            "buyer_count": "1",
            "new_buyer_count": new,
            "returning_buyer_count": returning,
            "revenue_amount": revenue,
        }
        for day, new, returning, revenue in (("2024-05-01", "1", "0", "100.00"), ("2024-06-29", "0", "1", "50.50"))
    ),
    "kpi_customer_movement": (
        {
            "period_start": "date '2024-06-01'",
            "segment_dimension": "'all'",
            "segment": "'all'",
            "customers_at_start_count": "1",
            "new_count": "0",
            "reactivated_count": "0",
            "lost_count": "0",
            "customers_at_end_count": "1",
        },
    ),
    "kpi_attribution": tuple(
        {
            "source": "'files'",
            "order_id": f"'{order}'",
            "model": f"'{model}'",
            "channel": "'unattributed'",
            "credit": "1",
            "revenue_amount": revenue,
        }
        for model in ATTRIBUTION_MODELS
        for order, revenue in (("o1", "100.00"), ("o2", "50.50"))
    ),
    "kpi_acquisition": (
        {
            "reported_on": "date '2024-05-01'",
            "platform": "'offline'",
            "campaign": "'poster'",
            "channel": "'offline'",
            "spend_amount": "30.00",
            **{f"{model}_conversions_count": "2" for model in ATTRIBUTION_MODELS},
        },
    ),
    "kpi_channel_value": (
        {
            "acquisition_channel": "'offline'",
            "people_count": "1",
            "customer_count": "1",
            "revenue_amount": "150.50",
        },
    ),
    "kpi_clv": (
        {
            "customer_id": "'c_1'",
            "historic_revenue_amount": "150.50",
            "method": "'historic'",
            "reason": "'orders: too few'",
            "value_basis": "'revenue'",
        },
    ),
    "clv_model_fit": (
        {
            "model": "'bg_nbd'",
            "purpose": "'forecast'",
            "calibration_end": f"date '{AS_OF}'",
            "is_used": "false",
            "reason": "'too few'",
        },
    ),
    "kpi_rfm": (
        {
            "customer_id": "'c_1'",
            "recency_days": "1",
            "order_count": "2",
            "revenue_amount": "150.50",
            "recency_score": "1",
            "frequency_score": "1",
            "monetary_score": "1",
            "rfm_segment": "'lapsed'",
        },
    ),
}


def make_warehouse(settings: Settings) -> None:
    """Write the hand-made warehouse; every check of every gate passes on it."""
    with connect(settings) as connection:
        create_raw_tables(connection)
        connection.execute(_RAW_ORDERS, {"canary": CANARY})
        connection.execute(_LOADS)
        for statement in _BEHIND_THE_MARTS.replace("$canary", f"'{CANARY}'").split(";\n"):
            if statement.strip():
                connection.execute(statement)
        for mart in MARTS:
            _create_mart(connection, mart.name, mart.checks()[0].arguments["column_set"])


def _create_mart(connection: DuckDBPyConnection, name: str, columns: list[str]) -> None:
    declared = ", ".join(f'"{column}" {_type_of(column)}' for column in columns)
    connection.execute(f"create table marts.{name} ({declared})")
    for row in _ROWS.get(name, ()):
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
    )
    return "double" if column.endswith(numbers) or column in _NUMBERS else "varchar"


_NUMBERS = {
    *("days_in_stage", "months_since_first_order", "median_days_between_orders"),
    *("credit", "occurrence", "value", "numerator", "denominator", "target_value", "gap"),
    *("impressions", "clicks", "roas", "buyer_rate_lift_low", "buyer_rate_lift_high", "median_first_response_hours"),
    "median_resolution_hours",
    *("frequency", "predicted_orders_12m", "log_likelihood", "holdout_error", "naive_holdout_error", "lift"),
    *("holdout_expected", "holdout_actual", "frequency_value_correlation", "score", "ci_low", "ci_high"),
}
