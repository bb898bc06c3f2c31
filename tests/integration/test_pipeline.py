"""The whole pipeline on the sample company: one run, a second one, an earlier date, a killed one, bad files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from pydantic import SecretStr

from ingestion.contract import ENTITIES
from ingestion.files.inbox import load_inbox
from ingestion.raw import create_raw_tables
from ingestion.sandbox.server.account import EXPORTS, PUTS
from ingestion.settings import Settings
from ingestion.sources.registry import CONNECTORS
from ingestion.warehouse import connect
from orchestration.loading import NoDataError, require_data, require_input
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import current_generation, generation_names
from orchestration.publish.publisher import PublicationRefusedError, publish, rollback
from orchestration.run import RunOutcome, run_pipeline
from orchestration.run_context import RunContext, end_of_day
from tests.conftest import COMPANY_END

EARLIER = COMPANY_END - timedelta(days=91)
PEOPLE_AND_ORDERS = "select count(*), sum(order_count), max(last_seen_at)::varchar from marts.customer_profile"
LIFECYCLE = Path(sys.executable).with_name("lifecycle")


def served(settings, query):
    with duckdb.connect(str(settings.serving / "lifecycle.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def command(settings, *arguments):
    variables = {**os.environ, "LIFECYCLE_DATA_DIR": str(settings.data_dir)}
    return subprocess.run([LIFECYCLE, *arguments], env=variables, capture_output=True, text=True, check=False)


def published_content(settings):
    return read_manifest(settings.serving, current_generation(settings.serving)).fingerprints


def test_every_asset_of_the_graph_was_materialised_and_every_check_evaluated(company):
    from orchestration.definitions import build_definitions
    from orchestration.instance import open_instance

    graph = build_definitions(company.settings).resolve_asset_graph()
    with open_instance(company.settings) as instance:
        missing = [key for key in graph.materializable_asset_keys if not instance.get_latest_materialization_event(key)]
        states = instance.event_log_storage.get_latest_asset_check_execution_by_key(list(graph.asset_check_keys))
    assert missing == []
    assert set(graph.asset_check_keys) - set(states) == set()


def test_what_was_not_believed_about_people_is_a_warning_of_identity_in_the_ui_and_in_the_summary(company):
    from dagster import AssetCheckKey, AssetCheckSeverity, AssetKey

    from orchestration.instance import open_instance

    key = AssetCheckKey(AssetKey(["identity", "violations"]), "g2_profile")
    with open_instance(company.settings) as instance:
        state = instance.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
    evaluation = state.event.dagster_event.asset_check_evaluation_data
    assert (evaluation.passed, evaluation.severity) == (False, AssetCheckSeverity.WARN)
    with connect(company.settings, read_only=True) as connection:
        counted = dict(
            connection.execute(
                "select violation, count(*) from identity.violations where severity = 'quarantine' group by all"
                " union all select 'device', count(distinct device_key) from identity.device_periods"
            ).fetchall()
        )
    lines = str(evaluation.metadata["expectations"].value)
    assert f"| no_identifier_is_shared | failed (warn) | {counted['limit']}" in lines
    assert f"| every_device_is_of_one_person | failed (warn) | {counted['device']}" in lines
    assert f"identity: {counted['device']} device(s) were used by several people" in company.said


def test_delivered_rows_are_accepted_or_quarantined(company):
    with connect(company.settings, read_only=True) as connection:
        wrong = connection.execute(
            "select file_name from ops.loads where status = 'loaded' "
            "and delivered_count <> accepted_count + quarantined_count + unchanged_count"
        ).fetchall()
        tables = [f"raw_files.{entity.table}" for entity in ENTITIES]
        tables += [f"{one.schema}.{resource.table.name}" for one in CONNECTORS for resource in one.resources]
        kept = sum(connection.execute(f"select count(*) from {table}").fetchone()[0] for table in tables)
        accepted = connection.execute("select sum(accepted_count) from ops.loads").fetchone()[0]
        quarantined = connection.execute("select sum(quarantined_count) from ops.loads").fetchone()[0]
        rejected = connection.execute("select count(*) from quarantine.rejected_rows").fetchone()[0]
        silent = connection.execute(
            "select source from (select unnest(?) as source) anti join (select source from ops.loads "
            "where accepted_count > 0) using (source)",
            [[*PUTS, *EXPORTS]],
        ).fetchall()
    assert wrong == []
    assert silent == [], "every vendor delivers to the demo"
    assert kept == accepted
    assert rejected == quarantined > 0


def test_everybody_stands_in_exactly_one_stage_of_each_of_the_four_models(company):
    # Devices of several people used to be people of their own, without any touchpoint and hence without a stage.
    with connect(company.settings, read_only=True) as connection:
        people = connection.execute("select count(*) from marts.customer_profile").fetchone()[0]
        devices = connection.execute("select count(*) from identity.unclaimed_devices").fetchone()[0]
        stages = connection.execute("""
            select model, count(*), count(distinct customer_id) from marts.customer_stage_history
            where is_current group by model order by model
        """).fetchall()
    assert devices > 0, "the sample company has devices of several people"
    assert stages == [(model, people, people) for model in ("experience", "relationship", "six_phase", "three_r")]


def test_bi_reads_the_serving_file_while_another_process_writes_the_warehouse(company, tmp_path):
    settings = company.copy_to(tmp_path / "data")
    writer = "import duckdb,sys; c=duckdb.connect(sys.argv[1]); c.execute('begin; create table t as select 1'); "
    process = subprocess.Popen(
        [sys.executable, "-c", writer + "print('writing', flush=True); sys.stdin.read()", str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().strip() == "writing"
        assert served(settings, "select count(*) > 0 from marts.customer_profile") == [(True,)]
        state = json.loads(command(settings, "status", "--json").stdout)
        assert str(process.pid) in state["warehouse"]
        assert state["served_generation"] == current_generation(settings.serving)
    finally:
        process.communicate("")


def test_parquet_files_hold_the_same_rows_as_the_tables(company):
    for table, rows in served(
        company.settings, "select table_name, estimated_size from duckdb_tables() where schema_name = 'marts'"
    ):
        path = company.settings.serving / "parquet" / f"{table}.parquet"
        assert duckdb.sql(f"select count(*) from '{path}'").fetchone() == (rows,)


def kill_a_run_in_the_middle(company, settings):
    process = company.checkout.start(".venv/bin/lifecycle run --as-of 2026-06-30", LIFECYCLE_DATA_DIR=settings.data_dir)
    killed_after = next((line for line in process.stdout if "conformed" in line), None)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return killed_after


@pytest.fixture(scope="module")
def replayed(company, tmp_path_factory):
    """A copy whose next run was killed, then built anew for a date three months earlier, then forward again."""
    settings = company.copy_to(tmp_path_factory.mktemp("replayed") / "data")
    killed_after = kill_a_run_in_the_middle(company, settings)
    earlier = company.checkout.run(
        ".venv/bin/lifecycle run --full-refresh", f"--as-of={EARLIER}", LIFECYCLE_DATA_DIR=settings.data_dir
    )
    profile = served(settings, PEOPLE_AND_ORDERS)[0]
    return Replayed(settings, killed_after, earlier, profile, run_pipeline(settings, as_of=COMPANY_END))


@dataclass(frozen=True)
class Replayed:
    settings: Settings
    killed_after: str | None
    earlier: subprocess.CompletedProcess[str]
    earlier_profile: tuple[int, int, str]
    forward: RunOutcome


def test_a_full_refresh_after_a_killed_run_finishes(replayed):
    assert replayed.killed_after, "the run ended before it could be killed"
    assert replayed.earlier.returncode == 0, replayed.earlier.stderr


def test_going_on_from_a_full_refresh_of_an_earlier_date_gives_what_was_there_before(company, replayed):
    assert replayed.forward.succeeded, replayed.forward.problems
    assert published_content(replayed.settings) == published_content(company.settings)


def test_a_killed_run_is_shown_as_failed_and_blocks_nobody(replayed):
    from orchestration.instance import open_instance

    with open_instance(replayed.settings) as instance:
        states = [record.dagster_run.status.value for record in instance.get_run_records()]
    assert states == ["SUCCESS", "SUCCESS", "FAILURE", "SUCCESS"]


def test_an_earlier_as_of_gives_the_profile_of_that_date(company, replayed):
    people, orders, last_seen = replayed.earlier_profile
    with connect(replayed.settings, read_only=True) as connection:
        known_orders = connection.execute(
            "select count(*) from conformed.crm_orders where ordered_at < ? and not is_test",
            [f"{EARLIER + timedelta(days=1)} 00:00:00"],
        ).fetchone()[0]
    later_people, later_orders, _ = served(company.settings, PEOPLE_AND_ORDERS)[0]
    assert last_seen < str(EARLIER + timedelta(days=1))
    assert 0 < orders <= known_orders
    assert 0 < people < later_people
    assert orders < later_orders


def test_rollback_is_a_pointer_move_and_publish_after_it_needs_no_build(replayed):
    settings = replayed.settings
    newest = current_generation(settings.serving)
    assert rollback(settings) == generation_names(settings.serving)[-2] == current_generation(settings.serving)
    assert served(settings, "select distinct as_of from marts.customer_profile") == [(EARLIER,)]
    assert rollback(settings, newest) == newest


def test_data_changed_after_its_checks_is_not_published(company, tmp_path):
    settings = company.copy_to(tmp_path / "data")
    before = current_generation(settings.serving)
    with connect(settings) as connection:
        connection.execute("update marts.customer_profile set revenue_amount = revenue_amount * 100")
    with pytest.raises(PublicationRefusedError, match="customer_profile"):
        publish(settings, "by-hand")
    assert current_generation(settings.serving) == before


def test_marts_without_any_check_run_are_not_published(company, tmp_path):
    settings = company.copy_to(tmp_path / "data")
    with connect(settings) as connection:
        connection.execute("drop table ops.quality_verdicts")
    with pytest.raises(PublicationRefusedError, match="did not run"):
        publish(settings, "by-hand")


def test_an_empty_inbox_says_what_to_put_where_and_publishes_nothing(settings):
    result = command(settings, "run")
    assert result.returncode == 4
    assert f"The inbox {settings.inbox} is empty" in result.stderr
    assert str(settings.inbox / "crm" / "contacts" / "contacts.csv") in result.stderr
    assert "nothing was published" in result.stderr
    assert current_generation(settings.serving) is None
    assert not settings.dagster_home.exists(), "it is told before Dagster and dbt start"


def test_an_empty_inbox_stops_nobody_who_has_loaded_before_or_has_a_source(settings):
    with connect(settings) as connection:
        create_raw_tables(connection)
    with pytest.raises(NoDataError, match="is empty"):
        require_input(settings)
    require_input(settings.model_copy(update={"hubspot_token": SecretStr("token")}))
    with connect(settings) as connection:
        connection.execute(
            "insert into ops.loads (source, entity, status, delivered_count, accepted_count, quarantined_count, "
            "unchanged_count) values ('files', 'crm_orders', 'loaded', 1, 1, 0, 0)"
        )
    require_input(settings)


def test_a_run_started_elsewhere_finds_out_that_there_is_nothing_when_it_loads(settings):
    report = load_inbox(settings)
    with pytest.raises(NoDataError, match=f"Nothing could be loaded. The inbox {settings.inbox} is empty"):
        require_data(settings, report, RunContext("run", COMPANY_END, end_of_day(COMPANY_END, settings.timezone)))


def test_an_as_of_before_all_data_is_refused_with_the_first_date_there_is(company, tmp_path):
    settings = company.copy_to(tmp_path / "data")
    before = current_generation(settings.serving)
    outcome = run_pipeline(settings, as_of=date(1999, 1, 1))
    assert not outcome.succeeded
    assert any("1999-01-01" in problem and "2023" in problem for problem in outcome.problems)
    assert not {"people", "rows accepted", "stages"} & outcome.summary.keys(), "figures of an earlier run"
    assert current_generation(settings.serving) == before


def test_a_run_that_finds_the_warehouse_held_names_the_holder_and_what_to_do(company, tmp_path):
    settings = company.copy_to(tmp_path / "data")
    hold = f"import duckdb, sys; held = duckdb.connect({str(settings.warehouse)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        outcome = command(settings, "run", "--as-of", str(COMPANY_END))
        holder.stdin.close()
    assert outcome.returncode != 0
    assert f"is in use by process {holder.pid}" in outcome.stderr
    assert f"kill {holder.pid}" in outcome.stderr
    assert "serving/lifecycle.duckdb" in outcome.stderr.replace("\n", "")


def test_explain_masks_personal_data_unless_asked(company):
    [(value,)] = served(
        company.settings,
        "select identifier_value from marts.customer_identifiers where identifier_type = 'email' order by 1 limit 1",
    )
    masked = command(company.settings, "explain", value)
    assert masked.returncode == 0, masked.stderr
    assert "c_" in masked.stdout
    assert value not in masked.stdout
    assert value in command(company.settings, "explain", value, "--reveal").stdout
