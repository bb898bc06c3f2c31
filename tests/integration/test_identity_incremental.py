"""Whatever the order of deliveries, building after each equals one full refresh, and customer ids stay."""

import random
from datetime import date

import pytest

from tests.integration.dbt_runs import Warehouse, day

COMPARED = (
    "conformed.web_events",
    "conformed.email_events",
    "conformed.crm_consents",
    "conformed.crm_contacts",
    "identity.edges",
    "identity.link_decisions",
    "identity.violations",
    "identity.customer_identifiers_map",
    "identity.customers",
    "identity.resolved_inputs",
)
SELECT = ("+customers", "+resolved_inputs", "+retired_customer_ids")
PER_LOAD = {
    "crm_contacts": 6,
    "web_events": 25,
    "email_events": 10,
    "crm_consents": 8,
    "reference_fx_rates": 3,
    "reference_identity_overrides": 5,
}


def delivered_row(draw, table):
    """A row of few possible keys, so that the same record comes often, in other versions, late and early."""
    if table == "crm_contacts":
        person = draw.randint(1, 6)
        return {
            "contact_id": f"c{person}",
            "email": f"m{draw.randint(1, 8)}@example.com",
            "user_id": draw.choice([None, f"u{person}", "u1"]),
            "merged_into_contact_id": draw.choice([None, None, None, f"c{draw.randint(1, 7)}"]),
            "created_at": day(person),
            "updated_at": draw.choice([None, day(draw.randint(5, 70))]),
        }
    if table == "web_events":
        return {
            "event_id": f"e{draw.randint(1, 40)}",
            "anonymous_id": f"a{draw.randint(1, 8)}",
            "user_id": draw.choice([None, None, f"u{draw.randint(1, 6)}"]),
            "event": "page_view",
            "occurred_at": day(draw.randint(0, 70)),
            "value_amount": draw.choice([None, 10]),
            "currency": draw.choice([None, "EUR", "USD"]),
        }
    if table == "email_events":
        return {
            "event_id": f"m{draw.randint(1, 15)}",
            "email": f"M{draw.randint(1, 9)}@example.com",
            "type": "open",
            "occurred_at": day(draw.randint(0, 70)),
        }
    if table == "crm_consents":
        return {
            "consent_id": f"n{draw.randint(1, 12)}",
            "contact_id": draw.choice([None, f"c{draw.randint(1, 6)}"]),
            "phone": f"0170 12345{draw.randint(10, 14)}",
            "channel": "phone",
            "status": "granted",
            "occurred_at": day(draw.randint(0, 40)),
        }
    if table == "reference_identity_overrides":
        # Few identifiers, so that some decisions contradict others.
        decided = [("email", "m1@example.com"), ("user_id", "u2"), ("email", "m3@example.com"), ("user_id", "u4")]
        left, right = draw.sample(decided, 2)
        return {
            "override_id": f"o{draw.randint(1, 8)}",
            "action": draw.choice(["always_link", "never_link"]),
            "left_type": left[0],
            "left_value": left[1],
            "right_type": right[0],
            "right_value": right[1],
            "reason": "drawn",
            "created_at": day(draw.randint(0, 70)),
        }
    return {
        "rate_date": day(draw.randint(0, 40)).date(),
        "currency": "USD",
        "rate_to_reporting": draw.choice([0.5, 0.8]),
    }


def contents(warehouse):
    # Which resolution wrote a row is all that may differ.
    columns = "columns(name -> name <> 'resolution_number')"
    return {table: warehouse.rows(f"select {columns} from {table} order by all") for table in COMPARED}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_building_after_each_delivery_equals_one_full_refresh(settings, tmp_path, monkeypatch, seed):
    monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(settings.data_dir))
    draw, warehouse = random.Random(seed), Warehouse(settings, SELECT)  # noqa: S311 - test data
    for month in (1, 3, 2, 4):
        for table in draw.sample(list(PER_LOAD), len(PER_LOAD)):
            warehouse.load(table, [delivered_row(draw, table) for _ in range(PER_LOAD[table])])
        warehouse.build(date(2024, month, 1), run_id=f"run {month}")
    incremental, log = contents(warehouse), warehouse.rows("select * from identity.log order by change_number")

    warehouse.build(date(2024, 4, 1), "--full-refresh", run_id="full refresh")

    refreshed = contents(warehouse)
    for table in COMPARED:
        assert incremental[table] == refreshed[table], table
    assert warehouse.rows("select * from identity.log order by change_number") == log, "a full refresh changed the log"
    assert {change for (change,) in warehouse.rows("select distinct change from identity.log")} >= {"created", "merged"}
    doubted = {kind for (kind,) in warehouse.rows("select distinct violation from identity.violations")}
    assert doubted >= {"limit", "cut_link", "contradictory_override"}
    unlogged = warehouse.rows(
        "select identifier_key, customer_id from identity.customer_identifiers_map except"
        " select identifier_key, max_by(customer_id, change_number) from identity.log group by 1"
    )
    assert unlogged == []
    unresolved = warehouse.rows(
        "select distinct previous_customer_id from identity.log where previous_customer_id is not null except"
        " (select customer_id from identity.customers union select retired_customer_id"
        " from identity.retired_customer_ids)"
    )
    assert unresolved == []
