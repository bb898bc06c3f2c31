"""The suites as data: named once, complete, cheap to read."""

import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta

import duckdb
import pytest

from ingestion.contract import ENTITIES
from ingestion.sources.registry import CONNECTORS
from quality.checks import Check, Severity
from quality.suites import GATES, checks_of, raw
from quality.suites.marts import MARTS

ALL = [check for gate in GATES for check in checks_of(gate)]


def test_a_check_has_one_name_per_table_over_all_gates():
    assert [key for key, count in Counter(check.key for check in ALL).items() if count > 1] == []


@pytest.mark.parametrize("field", ["purpose", "remedy", "owner"])
def test_every_check_says_what_it_is_for_and_what_to_do(field):
    assert [check.key for check in ALL if not getattr(check, field).strip()] == []


def test_names_are_slugs():
    assert [check.key for check in ALL if not check.name.isidentifier() or check.name != check.name.lower()] == []


def test_every_raw_table_is_examined():
    examined = {check.table for check in checks_of("g1_raw")}
    pulled = {f"{one.schema}.{resource.table.name}" for one in CONNECTORS for resource in one.resources}
    assert examined == {f"raw_files.{entity.table}" for entity in ENTITIES} | pulled


def test_every_required_column_of_the_contract_must_be_filled():
    stated = {check.key for check in checks_of("g1_raw") if check.severity is Severity.ERROR}
    expected = {
        (f"raw_files.{entity.table}", f"filled__{column}") for entity in ENTITIES for column in entity.required_columns
    }
    assert expected <= stated


def test_every_choice_of_the_contract_is_checked():
    stated = {check.key: check for check in checks_of("g1_raw")}
    for entity in ENTITIES:
        for column in entity.columns:
            if column.choices:
                check = stated[(f"raw_files.{entity.table}", f"accepted__{column.name}")]
                assert check.arguments["value_set"] == list(column.choices)


def test_every_mart_must_carry_key_and_as_of():
    stated = {check.key for gate in GATES for check in checks_of(gate) if check.severity is Severity.ERROR}
    for mart in MARTS:
        table = f"marts.{mart.name}"
        assert {(table, f"filled__{column}") for column in mart.key} <= stated
        assert (table, "is_at_as_of") in stated
        assert any(key[0] == table and key[1].startswith("unique__") for key in stated)


def test_unknown_gate_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="g1_raw"):
        checks_of("g4_dream")


def test_a_looser_threshold_is_another_definition():
    check = checks_of("g1_raw")[0]
    fields = {name: getattr(check, name) for name in Check.__dataclass_fields__}
    assert Check(**fields).definition == check.definition
    assert Check(**fields | {"arguments": {"min_value": 0, "max_value": 1}}).definition != check.definition


def test_reading_the_suites_imports_neither_great_expectations_nor_the_database():
    """The orchestration shows every check at import time; Great Expectations alone would cost seconds."""
    code = (
        "import sys, time; start = time.process_time(); from quality.suites import GATES, checks_of;"
        "[checks_of(gate) for gate in GATES]; seconds = time.process_time() - start;"
        "heavy = {'great_expectations', 'sqlalchemy', 'duckdb', 'pandas'} & set(sys.modules);"
        "sys.exit(f'{heavy} {seconds}' if heavy or seconds > 0.3 else 0)"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize(
    ("priced", "unpriced", "bears"), [(0, 0, True), (0, 5, True), (113, 6, False), (114, 6, True), (0, 6, False)]
)
@pytest.mark.parametrize("entity", ["crm_orders", "crm_subscriptions", "web_events"])
def test_up_to_one_record_in_twenty_without_a_rate_is_borne_and_a_handful_always(entity, priced, unpriced, bears):
    checks = {check.key: check for check in checks_of("g1b_conformed")}
    check = checks[(f"conformed.{entity}", "unpriced_share_is_bearable")]
    with duckdb.connect() as connection:
        connection.execute(f"""create schema conformed;
            create table conformed.unpriced_records as select '{entity}' as entity from range({unpriced});
            create table conformed.{entity} as select 10 as value_amount from range({priced});
            insert into conformed.{entity} select null from range({1000 if entity == "web_events" else 0});
        """)
        (share,) = connection.execute(check.figure).fetchone()
    assert check.severity is Severity.ERROR
    assert (check.arguments["min_value"] <= share <= check.arguments["max_value"]) is bears


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("no_source_is_broken", ("limit", "stop", "")),
        ("nobody_is_suspiciously_large", ("limit", "warn", "")),
        ("no_identifier_is_shared", ("limit", "quarantine", "")),
        ("cut__unique_identifiers", ("cut_link", "cut", "unique_identifiers")),
        ("cut__shared_device", ("cut_link", "cut", "shared_device")),
        ("cut__component_cap", ("cut_link", "cut", "component_cap")),
        ("contradictory_override", ("contradictory_override", "refused", "")),
        ("unknown_override", ("unknown_override", "warn", "")),
        ("override_on_itself", ("override_on_itself", "warn", "")),
        ("dangling_merge", ("dangling_merge", "warn", "")),
        ("merge_cycle", ("merge_cycle", "warn", "")),
        ("lookalike_domain", ("lookalike_domain", "warn", "")),
        ("every_device_is_of_one_person", None),
    ],
)
def test_what_was_not_believed_about_people_is_counted_by_kind_and_only_a_broken_source_stops(name, row):
    counted = {check.name: check for check in checks_of("g2_profile") if check.table == "identity.violations"}
    with duckdb.connect() as connection:
        connection.execute("""create schema identity;
            create table identity.violations (violation varchar, severity varchar, reason varchar);
            insert into identity.violations values ('cut_link', 'cut', 'never_link');
            create table identity.device_periods (device_key varchar);
        """)
        before = {check.name: connection.execute(check.figure).fetchone()[0] for check in counted.values()}
        if row:
            connection.execute("insert into identity.violations values (?, ?, ?)", row)
        else:
            connection.execute("insert into identity.device_periods values ('d'), ('d')")
        after = {check.name: connection.execute(check.figure).fetchone()[0] for check in counted.values()}
    assert before == dict.fromkeys(counted, 0), "what a person has decided is no violation"
    assert {one for one, count in after.items() if count} == {name}
    assert after[name] == 1
    assert counted[name].arguments["max_value"] == 0
    assert counted[name].is_required is (name == "no_source_is_broken")


def test_a_source_whose_identifiers_often_cannot_be_read_is_a_warning():
    [check] = [one for one in checks_of("g2_profile") if one.table == "identity.unusable_identifiers"]
    with duckdb.connect() as connection:
        connection.execute("""create schema identity;
            create table identity.unusable_identifiers as select * from (values
                ('malformed', 5, 100), ('blocked', 90, 100), ('nobody_named', 90, 100)
            ) as counted (reason, row_count, delivered_row_count);
        """)
        bearable = connection.execute(check.figure).fetchone()
        connection.execute("insert into identity.unusable_identifiers values ('malformed', 6, 100)")
        too_many = connection.execute(check.figure).fetchone()
    assert (bearable, too_many) == ((0,), (1,))
    assert not check.is_required


def test_the_advice_about_unknown_columns_speaks_of_columns_and_not_of_quarantine():
    found = [check for check in raw.checks() if check.name == "no_unknown_columns"]
    assert found
    assert all("quarantine" not in check.remedy and "drift_columns" in check.remedy for check in found)


@pytest.mark.parametrize(
    ("pauses", "silence", "is_unusual"),
    [
        pytest.param([1] * 40, 7, False, id="every day: a week is bearable"),
        pytest.param([1] * 40, 8, True, id="every day: more is not"),
        pytest.param([1] * 40 + [10], 10, False, id="every day but for one pause: as long again"),
        pytest.param([1] * 40 + [10], 11, True, id="every day but for one pause: longer"),
        pytest.param([3, 20, 9, 14], 40, False, id="now and then: twice the longest pause"),
        pytest.param([3, 20, 9, 14], 41, True, id="now and then: longer"),
    ],
)
def test_what_comes_now_and_then_may_rest_longer_than_what_comes_every_day(pauses, silence, is_unusual):
    (check,) = [
        one
        for one in checks_of("g1b_conformed")
        if (one.table, one.name) == ("staging.stg_hubspot__crm_activities", "is_not_unusually_silent")
    ]
    with duckdb.connect() as connection:
        connection.execute("create schema staging")
        connection.execute("create table staging.stg_hubspot__crm_activities (occurred_at timestamp)")
        day = datetime(2024, 1, 1, 12)
        for pause in [0, *pauses]:
            day += timedelta(days=pause)
            connection.execute("insert into staging.stg_hubspot__crm_activities values (?)", [day])
        as_of = (day + timedelta(days=silence)).date()
        (excess,) = connection.execute(check.figure.replace(":as_of", f"date '{as_of}'")).fetchone()
    assert (excess > 0) is is_unusual
