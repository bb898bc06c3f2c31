"""Property: however rows are delivered, what is built after each delivery is what a full refresh builds.

What is delivered is drawn in `drawn_deliveries.py`. Compared are all tables from the conformed entities over the
identities to the touchpoints.
"""

from __future__ import annotations

import dataclasses
import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from tests.integration.compiled_models import CompiledModels, build
from tests.integration.drawn_deliveries import EXPORTS, START, STEPS, steps_of
from tests.integration.tiny_company import TinyCompany

LAYERS = [f"path:dbt_project/models/{layer}" for layer in ("staging", "conformed", "identity")]
# Of the tables of the identity layer those that others read; the rest may hold what the last run worked on alone.
IDENTITY = (
    *("edges", "link_decisions", "violations", "customer_identifiers_map", "customers", "log"),
    *("retired_customer_ids", "device_periods", "unclaimed_devices", "resolved_inputs"),
)
EFFORT = {
    "deadline": None,
    "phases": [Phase.explicit, Phase.generate],
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
    "database": None,
}


@pytest.fixture(scope="module")
def models(ten_people_today, tmp_path_factory):
    directory = tmp_path_factory.mktemp("incremental")
    shutil.copytree(ten_people_today.directory, directory, dirs_exist_ok=True)
    models = CompiledModels(TinyCompany(directory), *LAYERS, "+touchpoints")
    # dbt compiles no model while a test has the warehouse open.
    assert models.refresh
    return models


def deliver(connection, load_seq, table, rows, before=0):
    """Rows of a load, numbered after those there are `before` them."""
    if table in EXPORTS:
        unit, events = rows
        DELIVER[table](connection, load_seq, unit, *events, before=before)
        return
    for number, row in enumerate(rows, start=before + 1):
        values = row | {"_load_seq": load_seq, "_row_number": number}
        names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" for _ in values)
        connection.execute(f"insert into raw_files.{table} ({names}) values ({marks})", list(values.values()))


def deliver_web_export(connection, load_seq, unit, *events, before=0):
    """A file of a vendor whose files are replaced as a whole."""
    for number, (message, user) in enumerate(events, start=before + 1):
        connection.execute(
            """insert into raw_segment.events (export_unit, export_delivery, export_row, message_id, type,
                anonymous_id, user_id, timestamp, _load_seq, _row_number)
            values ($1, $2, $3, $4, 'page', 'device', $5, '2024-01-02T10:00:00Z', $2, $3)""",
            [unit, load_seq, number, message, user],
        )


def deliver_mail_export(connection, load_seq, unit, *events, before=0):
    for number, (event_id, event) in enumerate(events, start=before + 1):
        connection.execute(
            """insert into raw_sendgrid.events (export_unit, export_delivery, export_row, sg_event_id, event,
                email, timestamp, _load_seq, _row_number)
            values ($1, $2, $3, $4, $5, 'a@example.com', 1704189600, $2, $3)""",
            [unit, load_seq, number, event_id, event],
        )


DELIVER = {"segment": deliver_web_export, "sendgrid": deliver_mail_export}


def contents(connection, models):
    compared = [f"identity.{name}" for name in IDENTITY]
    compared += [table for table in models.tables if table not in compared and not table.startswith("identity.")]
    # Which resolution wrote a row is all that may differ.
    columns = "columns(name -> name <> 'resolution_number')"
    return {table: connection.execute(f"select {columns} from {table} order by all").fetchall() for table in compared}


def differences(models, steps, incremental=None, *, one_load=False):
    """Tables whose content depends on how it was built, with both contents; files of a step may be `one_load`."""
    timezone = models.company.settings.timezone
    with models.warehouse() as connection:
        load_seq = 0
        for files, as_of in steps:
            load_seq += 1
            for place, (table, rows) in enumerate(files):
                load_seq += 0 if one_load or not place else 1
                deliver(connection, load_seq, table, rows, place * 1000)
            build(connection, incremental or models.incremental, as_of, timezone)
        step_by_step = contents(connection, models)
        build(connection, models.refresh, as_of, timezone)
        anew = contents(connection, models)
    return {table: (rows, anew[table]) for table, rows in step_by_step.items() if rows != anew[table]}


@pytest.mark.slow
@settings(max_examples=10, **EFFORT)
@given(steps=STEPS)
def test_what_is_built_delivery_by_delivery_is_what_a_full_refresh_builds(models, steps):
    assert differences(models, steps) == {}


@pytest.mark.slow
@settings(max_examples=8, **EFFORT)
@given(steps=steps_of(st.sampled_from([*EXPORTS])))
def test_files_that_are_replaced_leave_what_a_full_refresh_builds(models, steps):
    assert differences(models, steps) == {}


# Each as deliveries of (file, events): the last one replaces a file that came before.
REPLACED = {
    "an_event_that_comes_again_is_as_old_as_before": [[("monday", "x1")], [("monday", "x1")]],
    "an_event_that_moves_to_another_file_is_as_old_as_before": [
        [("monday", "x1")],
        [("monday", "x2"), ("tuesday", "x1")],
    ],
    "an_event_that_an_older_file_still_has_is_told_by_it": [[("monday", "x1"), ("tuesday", "x1")], [("tuesday", "x2")]],
    "an_event_that_comes_back_is_as_old_as_before": [[("monday", "x1")], [("monday", "x2")], [("monday", "x1")]],
    "a_late_event_is_younger_than_its_file": [[("monday", "x1")], [("tuesday", "x3")], [("monday", "x1", "x2")]],
}


@pytest.mark.slow
@pytest.mark.parametrize("deliveries", REPLACED.values(), ids=REPLACED)
def test_a_replaced_file_in_which(models, deliveries):
    # Who logged in differs from file to file, so that it shows which one is believed.
    users = iter(["u1", "u2", "u3", "u1"])
    steps = [
        (
            [("segment", (unit, [(event, next(users)) for event in events])) for unit, *events in files],
            (START + timedelta(days=9)).date(),
        )
        for files in deliveries
    ]
    assert differences(models, steps) == {}
    assert differences(models, steps, one_load=True) == {}


@pytest.mark.slow
def test_what_is_decided_about_an_identifier_before_anybody_has_seen_it_holds_when_it_comes(models):
    override = {
        "override_id": "o1",
        "action": "always_link",
        "left_type": "contact_id",
        "left_value": "files:c1",
        "right_type": "contact_id",
        "right_value": "files:c2",
        "reason": "drawn",
        "created_at": START,
    }
    first, second = ({"contact_id": key, "created_at": START} for key in ("c1", "c2"))
    steps = [
        ([("crm_contacts", [first]), ("reference_identity_overrides", [override])], START.date()),
        ([("crm_contacts", [second])], START.date()),
    ]
    assert differences(models, steps) == {}


@pytest.mark.slow
def test_a_correction_that_names_nobody_takes_the_touchpoint_away(models):
    # Only events that still had a touchpoint were looked up among the stored ones: the old touchpoint stayed for ever.
    consent = {"consent_id": "n1", "contact_id": "c1", "channel": "email", "status": "granted", "occurred_at": START}
    steps = [
        ([("crm_consents", [consent])], START.date()),
        ([("crm_consents", [consent | {"contact_id": None}])], START.date()),
    ]
    assert differences(models, steps) == {}


def test_events_of_a_shared_device_belong_to_whoever_logged_in_last(models):
    users = {"w0": None, "w1": "u1", "w2": None, "w3": "u2", "w4": None, "w5": "u1", "w6": None}
    rows = [
        {
            "event_id": key,
            "anonymous_id": "tablet",
            "user_id": user,
            "event": "login" if user else "page_view",
            "occurred_at": START + timedelta(days=number),
        }
        for number, (key, user) in enumerate(users.items())
    ]
    owners = """
        select any_value(users.identifier_value) from lifecycle.touchpoints
        join identity.customer_identifiers_map as users on users.customer_id = touchpoints.customer_id
            and users.identifier_type = 'user_id'
        where entity = 'web_events' group by touchpoint_id order by touchpoint_id
    """
    alone, together = rows[:3], rows[3:]
    with models.warehouse() as connection:
        found = []
        for load_seq, files in enumerate((alone, together), start=1):
            deliver(connection, load_seq, "web_events", files)
            build(connection, models.incremental, (START + timedelta(days=9)).date(), models.company.settings.timezone)
            found.append([user for (user,) in connection.execute(owners).fetchall()])
    assert found == [["u1", "u1", "u1"], ["u1", "u1", "u1", "u2", "u2", "u1", "u1"]]


def test_events_that_the_newer_delivery_of_their_file_lacks_are_no_events_any_more(models):
    as_of, timezone = START.date() + timedelta(days=5), models.company.settings.timezone
    with models.warehouse() as connection:
        deliver_web_export(connection, 1, "monday", ("stays", "u1"), ("withdrawn", "u2"), ("elsewhere", None))
        deliver_web_export(connection, 1, "tuesday", ("other", "u3"), ("elsewhere", None))
        build(connection, models.incremental, as_of, timezone)
        before = keys_of(connection)
        deliver_web_export(connection, 2, "monday", ("stays", "u1"))
        build(connection, models.incremental, as_of, timezone)
        after = keys_of(connection)
    kept = {"segment:stays", "segment:elsewhere", "segment:other"}
    assert before == dict.fromkeys(before, kept | {"segment:withdrawn"})
    assert after == dict.fromkeys(before, kept)


def keys_of(connection):
    keys = {
        "conformed.web_events": "record_key",
        "lifecycle.touchpoints": "replace(touchpoint_id, 'web_events:', '')",
    }
    return {
        table: {found for (found,) in connection.execute(f"select {key} from {table}").fetchall()}
        for table, key in keys.items()
    }


def changed(model, **parts):
    """The model with a mistake in it. Fails when the mistake changes nothing."""
    wrong = dataclasses.replace(model, **parts)
    assert wrong != model, model.name
    return wrong


# Which model is wrong, what is delivered to it (drawn densely, so that it is found soon), and how it is wrong.
MISTAKES = {
    "deliveries_are_passed_over": (
        "web_events",
        "web_events",
        lambda model: {"statement": model.statement.replace("coalesce(max(load_seq), -1)", "max(load_seq) + 1")},
    ),
    "rows_are_added_and_none_replaced": ("email_events", "email_events", lambda _: {"strategy": "append"}),
    "a_later_delivery_makes_a_record_younger": (
        "crm_consents",
        "crm_consents",
        lambda model: {"statement": model.statement.replace(", stored.first_load_seq", "")},
    ),
    "outdated_touchpoints_are_kept": ("touchpoints", "web_events", lambda _: {"before": ""}),
}


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_property_finds(models, mistake):
    name, delivered, parts = MISTAKES[mistake]
    wrong = [changed(model, **parts(model)) if model.name == name else model for model in models.incremental]
    steps = steps_of(st.sampled_from([delivered, "crm_contacts"]))
    try:
        find(steps, lambda drawn: differences(models, drawn, wrong) != {}, settings=settings(max_examples=40, **EFFORT))
    except NoSuchExample:
        pytest.fail("the property holds although the models are wrong")
