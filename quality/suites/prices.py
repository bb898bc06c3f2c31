"""Gate 1b, the prices: what cannot be told in the reporting currency is missing from the figures, and is counted.

Rates themselves are examined as delivered rows at gate 1.
"""

from __future__ import annotations

from ingestion.contract import Entity
from quality.checks import Check, Severity
from quality.suites.vocabulary import Subject

UNPRICED = "conformed.unpriced_records"

# What has no exchange rate is missing from the figures, and a person with only such orders from the customers. A
# handful of records never stops the company's figures, more than one in twenty does.
UNPRICED_SHARE_ERROR = 0.05
UNPRICED_RECORDS_TOLERATED = 5
# Priced records of each entity with amounts; web events stay where they are and only lose their value.
PRICED = {
    "crm_orders": "true",
    "crm_order_lines": "true",
    "crm_subscriptions": "true",
    "crm_deals": "true",
    "social_ad_spend": "true",
    "web_events": "value_amount is not null",
}


def checks_of(entity: Entity) -> tuple[Check, ...]:
    """The checks of one entity's prices; none when its records have no amounts."""
    return _prices_of(entity.table, PRICED[entity.table]) if entity.table in PRICED else ()


def _prices_of(entity: str, is_priced: str) -> tuple[Check, ...]:
    records = Subject(
        f"conformed.{entity}",
        f"Deliver what {UNPRICED} names as missing (exchange rates, currencies, orders) to the inbox, run again.",
    )
    unpriced = f"(select count(*) from {UNPRICED} where entity = '{entity}')"
    priced = f"(select count(*) from {records.table} where {is_priced})"
    return (
        records.figure(
            "every_amount_is_priced",
            "Every amount has an exchange rate; what has none is missing from the figures.",
            f"select {unpriced}",
            reads=(UNPRICED,),
            maximum=0,
            severity=Severity.WARN,
        ),
        records.figure(
            "unpriced_share_is_bearable",
            f"At most one record in twenty has no exchange rate (up to {UNPRICED_RECORDS_TOLERATED} records always).",
            f"""select case
                when {unpriced} <= {UNPRICED_RECORDS_TOLERATED} then 0
                else {unpriced} / ({unpriced} + {priced})
            end""",
            reads=(UNPRICED,),
            minimum=0,
            maximum=UNPRICED_SHARE_ERROR,
        ),
    )
