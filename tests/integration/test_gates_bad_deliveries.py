"""Bad deliveries and bad results that are right row by row: each is stopped at its gate, compared with what was usual.

Deliveries go through a whole run of a company of which everything comes as files, results are tried on a copy of the
demo; their first run is the history. A run costs much whatever it finds, so several bad files are delivered at once and
the whole of what the gate refuses is compared. Deliveries that only show in the result: `test_gates_bad_results.py`.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ingestion.files.inbox import load_inbox
from ingestion.warehouse import connect
from orchestration.publish.pointer import current_generation
from orchestration.publish.publisher import PublicationRefusedError, publish
from orchestration.run import run_pipeline
from quality.gates import run_gate
from quality.measurements import Measurement, NothingToAcceptError, accept_measurements, store_measurements
from quality.suites import checks_of
from quality.verdicts import latest_verdicts, refusals
from tests.conftest import COMPANY_END
from tests.integration.bad_files import copy_of, deliver

ORDERS = "raw_files.crm_orders"
EMAILS = "raw_files.email_events"

# One bad file each: entity, columns that replace those of the rows, which rows.
BAD_FILES = {
    "no rows after thousands": ("web_events", "*", "where false"),
    "the same rows under other identifiers": (
        "crm_consents",
        "* replace ('again-' || consent_id as consent_id)",
        "order by occurred_at desc limit 40",
    ),
    "cents for euros": (
        "crm_orders",
        "* replace (net_amount * 100 as net_amount, updated_at + interval 1 hour as updated_at)",
        "where currency = 'EUR' order by ordered_at desc limit 40",
    ),
    "a year too late": (
        "email_events",
        "* replace ('late-' || event_id as event_id, occurred_at + interval 1 year as occurred_at)",
        "order by occurred_at desc limit 60",
    ),
    "a year too early": (
        "social_interactions",
        "* replace (occurred_at - interval 1 year as occurred_at)",
        "order by occurred_at desc limit 60",
    ),
    "half of the e-mails blank": (
        "crm_contacts",
        "* replace (case when hash(contact_id) % 2 = 0 then email end as email)",
        "where email is not null",
    ),
    "a new status": (
        "crm_loyalty_events",
        "* replace ('s-' || event_id as event_id, 'upgraded' as type, occurred_at + interval 1 hour as occurred_at)",
        "limit 12",
    ),
}
STOPPED = {
    ("raw_files.web_events", "delivery_is_not_empty"),
    ("raw_files.crm_consents", "records_are_not_doubled"),
    (ORDERS, "net_amount_is_of_the_usual_size"),
    (EMAILS, "times_are_not_shifted"),
    ("raw_files.social_interactions", "times_are_not_shifted"),
    ("raw_files.crm_contacts", "identifiers_are_filled_as_usual"),
    ("raw_files.crm_loyalty_events", "no_new_unknown_values"),
}


def run(settings, gate, run_id="next", as_of=COMPANY_END):
    return run_gate(settings, gate, run_id, as_of)


def blocked(result):
    return {(one.table_name, one.check_name) for one in result.verdicts if one.is_blocking}


def change(settings, *statements):
    with connect(settings) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def badly_delivered(company_of_files, tmp_path_factory):
    """The company of files after a day on which every source was wrong, and what its run said."""
    settings = copy_of(company_of_files, tmp_path_factory.mktemp("bad") / "data")
    for entity, columns, rows in BAD_FILES.values():
        deliver(settings, entity, columns, rows)
    return settings, run_pipeline(settings, as_of=COMPANY_END)


def test_each_bad_delivery_is_stopped_at_its_check_and_nothing_else_is(badly_delivered):
    settings, outcome = badly_delivered
    with connect(settings, read_only=True) as connection:
        stopped = {(one.table_name, one.check_name) for one in latest_verdicts(connection) if one.is_blocking}
    assert stopped == STOPPED
    assert outcome.summary["failed errors"] == len(STOPPED)


def test_the_run_is_not_green_and_nothing_is_built_or_published(badly_delivered, company_of_files):
    settings, outcome = badly_delivered
    assert not outcome.succeeded
    assert current_generation(settings.serving) == current_generation(company_of_files.serving)
    with connect(settings, read_only=True) as connection, connect(company_of_files, read_only=True) as before:
        orders = "select count(*), max(updated_at) from conformed.crm_orders"
        assert connection.execute(orders).fetchall() == before.execute(orders).fetchall()
    with pytest.raises(PublicationRefusedError) as refused:
        publish(settings, "by-hand")
    assert {check for _, check in STOPPED} == {check for _, check in STOPPED if check in str(refused.value)}


def test_the_run_says_what_was_found_what_is_usual_and_what_to_do(badly_delivered):
    told = "\n".join(badly_delivered[1].problems)
    assert "Gate 1: raw → staging is closed" in told
    remedies = {check.key: check.remedy for check in checks_of("g1_raw")}
    for table, check in STOPPED:
        assert f"✗ {table}\n      {check} failed: observed " in told
        assert remedies[table, check] in told
        assert f"lifecycle quality accept {table} {check}" in remedies[table, check]


@pytest.fixture(scope="module")
def mended(badly_delivered, tmp_path_factory):
    """A copy in which some bad files were delivered again as they should be and the others were accepted."""
    settings = copy_of(badly_delivered[0], tmp_path_factory.mktemp("mended") / "data")
    right = "qualify _load_seq < max(_load_seq) over ()"
    deliver(
        settings,
        "web_events",
        "* replace ('more-' || event_id as event_id, page_url || '?' as page_url)",
        "order by occurred_at desc limit 9",
        "ok",
    )
    deliver(settings, "crm_orders", "* replace (updated_at + interval 2 hour as updated_at)", right, "ok")
    deliver(settings, "social_interactions", "*", right, "ok")
    deliver(settings, "crm_contacts", "*", right, "ok")
    load_inbox(settings)
    accepted = {
        ("raw_files.crm_consents", "records_are_not_doubled"),
        (EMAILS, "times_are_not_shifted"),
        ("raw_files.crm_loyalty_events", "no_new_unknown_values"),
    }
    with connect(settings) as connection:
        for table, check in accepted:
            accept_measurements(connection, table, check, "The source has confirmed it.")
    return settings, run(settings, "g1_raw", "mended")


def test_corrected_and_accepted_deliveries_open_the_gate_again(mended):
    assert blocked(mended[1]) == set()


def test_the_reason_of_an_acceptance_is_kept(mended):
    with connect(mended[0], read_only=True) as connection:
        reasons = connection.execute(
            "select distinct accepted_reason from ops.quality_measurements where accepted_reason is not null"
        ).fetchall()
    assert reasons == [("The source has confirmed it.",)]


def test_what_is_usual_needs_no_acceptance(mended):
    with connect(mended[0]) as connection, pytest.raises(NothingToAcceptError, match="out of its bounds"):
        accept_measurements(connection, "raw_files.crm_orders", "records_are_not_doubled", "Because.")


@pytest.fixture
def people(company, tmp_path):
    return company.copy_to(tmp_path / "data")


def test_a_stage_that_jumps_to_60_percent_is_stopped(people):
    change(
        people,
        """update marts.customer_stage_history set stage = 'lost'
        where model = 'three_r' and is_current and hash(customer_id) % 10 < 6""",
    )
    result = run(people, "g2b_population")
    assert blocked(result) == {("marts.customer_stage_history", "stage_shares_are_usual__three_r")}
    assert "lost" in result.summary
    assert "lifecycle quality accept marts.customer_stage_history stage_shares_are_usual__three_r" in result.summary


def test_a_population_that_is_suddenly_another_one_is_stopped_at_everything_that_jumped(people):
    change(
        people,
        "update marts.customer_profile set acquisition_channel = 'email' where hash(customer_id) % 10 < 6",
        "update marts.customer_profile set email = null where hash(customer_id, 1) % 10 < 6",
        """update marts.customer_profile set full_name = 'A', birth_on = date '2000-01-01', postal_code = '1'
        where hash(customer_id, 2) % 10 < 4""",
        "update lifecycle.touchpoints set channel = 'phone' where hash(touchpoint_id) % 10 < 6",
    )
    result = run(people, "g2b_population")
    assert blocked(result) == {
        ("marts.customer_profile", "acquisition_channels_are_usual"),
        ("marts.customer_profile", "known_people_are_filled_as_usual"),
        ("marts.customer_profile", "people_are_not_doubled"),
    }
    assert "channels_are_usual failed" in result.summary


def test_a_population_that_moved_a_little_goes_on(people):
    change(
        people,
        """update marts.customer_stage_history set stage = 'lost'
        where model = 'three_r' and is_current and hash(customer_id) % 10 = 0""",
        """update marts.customer_profile set acquisition_channel = 'email', email = null
        where hash(customer_id) % 10 = 1""",
    )
    assert blocked(run(people, "g2b_population")) == set()


def test_a_mart_that_loses_half_of_its_rows_is_stopped_and_not_published(people):
    change(people, "delete from marts.kpi_summary where hash(kpi, period_start, segment) % 2 = 0")
    result = run(people, "g3_marts")
    assert ("marts.kpi_summary", "row_count_has_not_collapsed") in blocked(result)
    with connect(people, read_only=True) as connection:
        refused = {(one.table, one.check) for one in refusals(connection, COMPANY_END)}
    assert ("marts.kpi_summary", "row_count_has_not_collapsed") in refused


def test_a_day_without_records_is_stopped_where_the_same_weekday_had_thousands(people):
    """Four earlier runs, a week apart each, are remembered as the gates themselves do it."""
    keys = [("conformed.web_events", name) for name in ("day_is_not_silent", "daily_volume_is_usual")]
    with connect(people) as connection:
        for week in range(1, 5):
            run_id = f"week-{week}"
            usual = [Measurement(key, "", run_id, 10_000.0, 10_000, True) for key in keys]
            store_measurements(connection, "g1b_conformed", run_id, COMPANY_END - timedelta(weeks=week), usual)
        connection.execute(f"delete from conformed.web_events where occurred_at >= date '{COMPANY_END}' - 1")
    result = run(people, "g1b_conformed")
    assert keys[0] in blocked(result)
    assert "daily_volume_is_usual failed" in result.summary, "which is reported and stops nothing"
    assert keys[1] not in blocked(result)


def test_before_there_is_history_a_comparison_is_not_evaluated_and_stops_nothing(people):
    change(people, "delete from ops.quality_measurements")
    result = run(people, "g2b_population")
    assert result.passed
    assert {(str(one.outcome), one.message) for one in result.verdicts} == {
        ("not_evaluated", "too little history: 0 of 1 measurements")
    }


def test_an_earlier_date_is_not_compared_with_later_ones(people):
    result = run(people, "g2b_population", as_of=date(2020, 1, 1))
    assert {str(one.outcome) for one in result.verdicts} == {"not_evaluated"}
