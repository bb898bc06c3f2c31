"""Bad deliveries and bad results that are right row by row: each is stopped at its gate, compared with what was usual.

Deliveries are tried on a company of which everything comes as files, results on a copy of the demo, whose own run is
the history. A gate costs seconds whatever it finds, so several bad files are delivered at once and the whole of what
the gate refuses is compared.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ingestion.files.inbox import load_inbox
from ingestion.sandbox.company import write_company
from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.publish.pointer import current_generation
from orchestration.publish.publisher import PublicationRefusedError, publish
from orchestration.run import run_pipeline
from quality.gates import run_gate
from quality.measurements import Measurement, NothingToAcceptError, accept_measurements, store_measurements
from quality.verdicts import refusals
from tests.conftest import COMPANY_END, COMPANY_PEOPLE

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


def deliver(settings, entity, columns, rows, name="bad"):
    """Put a file into the inbox that holds rows of the entity's raw table, changed."""
    domain, _, folder = entity.partition("_")
    path = settings.inbox / domain / folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect(settings) as connection:
        connection.execute(
            f"""copy (
                select {columns} from (
                    select * exclude (_load_seq, _row_number, _extra, _original) from raw_files.{entity} {rows}
                )
            ) to '{path}' (header, timestampformat '%Y-%m-%dT%H:%M:%SZ')"""
        )


def run(settings, gate, run_id="next", as_of=COMPANY_END):
    return run_gate(settings, gate, run_id, as_of)


def blocked(result):
    return {(one.table_name, one.check_name) for one in result.verdicts if one.is_blocking}


def change(settings, *statements):
    with connect(settings) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def badly_delivered(tmp_path_factory):
    """A company of files after a day on which every source was wrong, and what gate 1 says to it."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("bad") / "data", _env_file=None)
    write_company(COMPANY_PEOPLE, 7, COMPANY_END, settings.inbox, settings.data_dir / "truth")
    load_inbox(settings)
    assert run(settings, "g1_raw", "history").passed
    for entity, columns, rows in BAD_FILES.values():
        deliver(settings, entity, columns, rows)
    load_inbox(settings)
    return settings, run(settings, "g1_raw")


def test_each_bad_delivery_is_stopped_at_its_check_and_nothing_else_is(badly_delivered):
    assert blocked(badly_delivered[1]) == STOPPED
    assert not badly_delivered[1].passed


def test_the_summary_says_what_was_found_what_is_usual_and_what_to_do(badly_delivered):
    summary = badly_delivered[1].summary
    assert "Gate 1: raw → staging is closed" in summary
    for table, check in STOPPED:
        assert table in summary
        assert f"lifecycle quality accept {table} {check}" in summary
    assert "have the source corrected, deliver the rows again" in summary


@pytest.fixture(scope="module")
def mended(badly_delivered, tmp_path_factory):
    """A copy in which some bad files were delivered again as they should be and the others were accepted."""
    import shutil

    folder = tmp_path_factory.mktemp("mended") / "data"
    shutil.copytree(badly_delivered[0].data_dir, folder, symlinks=True)
    settings = Settings(data_dir=folder, _env_file=None)
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


def test_two_bad_deliveries_end_a_run_before_anything_is_built_and_the_last_generation_stays(company, tmp_path):
    """The one test through the whole pipeline: what a person sees, and what readers go on seeing."""
    settings = company.copy_to(tmp_path / "data")
    before = current_generation(settings.serving)
    for bad in ("a year too early", "a new status"):
        deliver(settings, *BAD_FILES[bad])
    outcome = run_pipeline(settings, as_of=COMPANY_END)
    assert not outcome.succeeded
    told = "\n".join(outcome.problems)
    assert "times_are_not_shifted" in told
    assert "no_new_unknown_values" in told
    assert "Gate 1: raw → staging is closed" in told
    assert outcome.summary["failed errors"] == 2
    with pytest.raises(PublicationRefusedError, match=r"times_are_not_shifted|no_new_unknown_values"):
        publish(settings, "by-hand")
    assert current_generation(settings.serving) == before == current_generation(company.settings.serving)
