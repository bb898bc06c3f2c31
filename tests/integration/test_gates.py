"""The gates on a hand-made warehouse: they open on good data, close on bad data, and never show a person's data."""

import shutil
from html.parser import HTMLParser

import dagster as dg
import pytest

from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.checks import gate_checks, table_key
from orchestration.resources import RunClock
from quality.checks import Gate, Outcome
from quality.docs import write_docs
from quality.gates import run_gate
from quality.published import data_quality_rows
from quality.suites import GATES, checks_of
from quality.verdicts import UNDECLARED, latest_verdicts, refusals
from tests.integration.gate_tables import AS_OF, CANARY, make_warehouse


@pytest.fixture
def warehouse(settings):
    """The hand-made warehouse, not examined yet."""
    make_warehouse(settings)
    return settings


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """The hand-made warehouse after all gates, and what they found; only to be read."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("examined") / "data", _env_file=None)
    make_warehouse(settings)
    return settings, {gate: run_gate(settings, gate, "run", AS_OF) for gate in GATES}


@pytest.fixture
def examined_copy(examined, settings):
    """A copy of the examined warehouse, to be changed."""
    shutil.copytree(examined[0].data_dir, settings.data_dir)
    return settings


def change(settings, *statements):
    with connect(settings) as connection:
        for statement in statements:
            connection.execute(statement)


def not_passed(result, severity="error"):
    """What did not pass; of the required checks what stops the publication."""
    return {
        (verdict.table_name, verdict.check_name): str(verdict.outcome)
        for verdict in result.verdicts
        if verdict.outcome != Outcome.PASS
        and verdict.severity == severity
        and (verdict.is_blocking or severity == "warn")
    }


@pytest.mark.parametrize("gate", GATES)
def test_gate_opens_on_good_data(examined, gate):
    result = examined[1][gate]
    assert not_passed(result) == {}
    assert result.passed
    assert "open" in result.summary.splitlines()[0]


def test_a_verdict_on_what_was_delivered_names_the_newest_load_and_one_on_all_there_is_names_none(examined):
    settings, found = examined
    with connect(settings, read_only=True) as connection:
        newest = dict(
            connection.execute(
                "select 'raw_' || source || '.' || entity, max(load_seq)::varchar from ops.loads group by all"
            ).fetchall()
        )
    named = {(one.table_name, one.batch) for one in found[Gate.RAW].verdicts if one.table_name in newest}
    assert named == set(newest.items())
    assert {one.batch for one in found[Gate.MARTS].verdicts} == {None}


def test_publication_is_allowed_after_all_gates_and_only_until_the_data_changes(examined_copy):
    with connect(examined_copy, read_only=True) as connection:
        assert refusals(connection, AS_OF) == []
    change(examined_copy, "update marts.customer_profile set city = 'Bonn'")
    with connect(examined_copy, read_only=True) as connection:
        refused = refusals(connection, AS_OF)
    assert {refusal.reason for refusal in refused} == {"ran_on_other_data"}
    assert "marts.customer_profile" in {refusal.table for refusal in refused}


def test_missing_table_is_an_error_and_blocks(warehouse):
    change(warehouse, "drop table lifecycle.touchpoints")
    result = run_gate(warehouse, "g2_profile", "run", AS_OF)
    assert set(not_passed(result).values()) == {"error"}
    assert "lifecycle.touchpoints does not exist" in result.summary


def test_missing_column_is_an_error_of_the_checks_that_need_it_and_of_no_other(warehouse):
    change(warehouse, "alter table marts.kpi_transactions drop column revenue_amount")
    found = not_passed(run_gate(warehouse, "g3_marts", "run", AS_OF))
    assert found == {
        ("marts.kpi_transactions", "has_its_columns"): "fail",
        ("marts.kpi_transactions", "revenue_equals_the_orders"): "error",
    }


def test_mart_without_a_suite_is_not_evaluated_and_blocks(warehouse):
    change(warehouse, "create table marts.surprise as select 1 as id")
    result = run_gate(warehouse, "g3_marts", "run", AS_OF)
    assert not_passed(result) == {
        ("marts.customer_profile", "every_mart_is_examined"): "fail",
        ("marts.surprise", UNDECLARED): "not_evaluated",
    }
    assert "Declare the table" in result.summary


def test_warning_is_reported_and_does_not_block(warehouse):
    change(warehouse, "insert into conformed.unpriced_records (entity) values ('crm_orders')")
    result = run_gate(warehouse, "g1b_conformed", "run", AS_OF)
    assert result.passed
    assert not_passed(result, "warn")[("conformed.crm_orders", "every_amount_is_priced")] == "fail"
    assert "every_amount_is_priced" in result.summary


def test_answers_off_their_scale_are_reported_and_do_not_block(warehouse):
    change(
        warehouse,
        "insert into conformed.crm_survey_responses (record_key, responded_at) "
        "values ('files:r2', timestamp '2024-06-29 10:00')",
    )
    result = run_gate(warehouse, "g3_marts", "run", AS_OF)
    assert result.passed
    assert not_passed(result, "warn")[("marts.kpi_satisfaction", "answers_lie_on_their_questions_scale")] == "fail"


def test_check_without_data_is_not_evaluated_and_no_pass(examined):
    found = not_passed(examined[1]["g1_raw"], "warn")
    assert found[("raw_files.web_events", "is_not_unusually_silent")] == "not_evaluated"


def test_no_value_of_a_person_reaches_verdicts_page_or_refusals(warehouse, caplog):
    """Bad rows hold the canary in every checked text column, so that any list of unexpected values would show it."""
    change(
        warehouse,
        f"update raw_files.crm_orders set status = '{CANARY}', channel = '{CANARY}', currency = '{CANARY}'",
        f"update marts.customer_profile set nps_category = '{CANARY}', six_phase_stage = '{CANARY}'",
        f"update marts.customer_stage_history set stage = '{CANARY}', model = '{CANARY}'",
        "insert into marts.customer_identifiers select * from marts.customer_identifiers",
        f"alter table marts.customer_profile alter column order_count type varchar using '{CANARY}'",
    )
    summaries = [run_gate(warehouse, gate, "run", AS_OF).summary for gate in GATES]
    page = write_docs(warehouse).read_text(encoding="utf-8")
    with connect(warehouse, read_only=True) as connection:
        stored = str(connection.execute("from ops.quality_verdicts").fetchall())
        told = str(refusals(connection, AS_OF)) + str(data_quality_rows(connection))
    for place in (*summaries, page, stored, told, caplog.text):
        assert CANARY not in place
        assert "canary" not in place


class _References(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("src", "href")]


def test_page_shows_every_check_and_needs_no_network(examined_copy):
    change(examined_copy, "update marts.customer_profile set nps_score = 11")
    run_gate(examined_copy, "g3_marts", "later", AS_OF)
    page = write_docs(examined_copy)
    text = page.read_text(encoding="utf-8")
    references = _References()
    references.feed(text)
    assert references.found == []
    assert "http://" not in text
    assert "https://" not in text
    assert page == examined_copy.docs / "quality" / "index.html"
    assert [check.name for gate in GATES for check in checks_of(gate) if check.name not in text] == []
    assert "1 failed" in text


def test_page_can_be_written_before_any_gate_ran(warehouse):
    assert write_docs(warehouse).read_text(encoding="utf-8").count("did not run yet") == len(GATES)


def test_a_run_that_asks_for_the_checks_of_one_table_runs_the_whole_gate_and_shows_that_table(warehouse):
    """A backfill of one table's days was refused: what Dagster selects with a table is its part of the gate."""
    change(warehouse, "drop table ops.run_context", "update lifecycle.touchpoints set touchpoint = null")
    profile = table_key("marts.customer_profile")
    asked = dg.AssetSelection.checks(dg.AssetCheckKey(profile, "g2_profile"))
    job = dg.Definitions(
        asset_checks=[gate_checks("g2_profile", {profile})],
        jobs=[dg.define_asset_job("one_table", asked)],
        resources={"settings": warehouse, "clock": RunClock(as_of=str(AS_OF))},
        executor=dg.in_process_executor,
    ).resolve_job_def("one_table")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    shown = result.get_asset_check_evaluations()
    assert [(one.asset_key, one.passed) for one in shown] == [(profile, True)]
    assert not result.success, "another table's checks fail, and with them the gate"
    with connect(warehouse, read_only=True) as connection:
        tables = {verdict.table_name for verdict in latest_verdicts(connection) if verdict.run_id == result.run_id}
    assert tables == {check.table for check in checks_of("g2_profile")}
