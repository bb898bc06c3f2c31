"""The code location loads without network and database, passes Dagster's own check, and ticks for the right day."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from pydantic import SecretStr

from ingestion.contract import ENTITIES, Pii
from ingestion.warehouse import connect
from orchestration.assets.previews import mart_previews
from orchestration.assets.sources import STALE_AFTER, source_assets
from orchestration.definitions import build_definitions
from orchestration.jobs import daily_schedule

ROOT = Path(__file__).resolve().parents[2]

# As sitecustomize it is in force in every Python process below, too: in an empty data directory dbt parses in its own.
GUARD = """
import socket

import duckdb

def refuse(*arguments, **options):
    raise AssertionError("no network and no database while definitions load")

socket.socket.connect = refuse
duckdb.connect = refuse
"""

LOAD = """
import sys

from ingestion.settings import Settings
from orchestration.definitions import build_definitions
print(len(build_definitions(Settings(data_dir=sys.argv[1], _env_file=None)).resolve_all_job_defs()))
"""


CONNECTIONS = {
    "network": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "database": "import duckdb; duckdb.connect()",
}


@pytest.fixture
def guarded(tmp_path):
    """The environment of a process that, like every process it starts, reaches neither network nor database."""
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
    inherited = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(tmp_path / "guard"), inherited]))}


def test_definitions_load_without_network_or_database(settings, guarded):
    result = subprocess.run(
        [sys.executable, "-c", LOAD, str(settings.data_dir)],
        cwd=ROOT,
        env=guarded,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert not settings.warehouse.exists()


@pytest.mark.parametrize("reached", CONNECTIONS)
def test_the_guard_of_loading_holds_in_processes_below(guarded, reached):
    child = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {CONNECTIONS[reached]!r}]))"
    result = subprocess.run(
        [sys.executable, "-c", child], cwd=ROOT, env=guarded, capture_output=True, text=True, check=False
    )
    assert "no network and no database while definitions load" in result.stderr


def test_dagsters_own_check_of_the_definitions_passes(settings):
    result = subprocess.run(
        [Path(sys.executable).with_name("dg"), "check", "defs"],
        cwd=ROOT,
        env={**os.environ, "LIFECYCLE_DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("tick", "as_of"),
    [
        (datetime(2026, 7, 1, 3, 0, tzinfo=UTC), "2026-06-30"),
        (datetime(2026, 1, 1, 4, 0, tzinfo=UTC), "2025-12-31"),
    ],
)
def test_a_tick_runs_for_the_last_complete_day_of_the_business(tick, as_of):
    schedule = daily_schedule("Europe/Berlin", running=False, catches_up=False)
    [request] = schedule(dg.build_schedule_context(scheduled_execution_time=tick))
    assert request.run_config["resources"]["clock"]["config"]["as_of"] == as_of


def test_the_schedule_is_on_in_the_demo_and_where_the_setting_says_so(settings, company):
    def status(chosen, name="daily_at_five"):
        return build_definitions(chosen).resolve_schedule_def(name).default_status

    on, off = dg.DefaultScheduleStatus.RUNNING, dg.DefaultScheduleStatus.STOPPED
    assert status(settings) is off
    assert status(company.settings) is on
    assert status(company.settings, "maintenance_on_sundays") is off
    assert status(company.settings.model_copy(update={"schedules_on": True}), "maintenance_on_sundays") is on


@pytest.fixture(scope="module")
def definitions(company):
    return build_definitions(company.settings)


def test_only_the_sensors_that_begin_something_new_wait_to_be_switched_on(definitions):
    off = {sensor.name for sensor in definitions.sensors if sensor.default_status is dg.DefaultSensorStatus.STOPPED}
    assert {sensor.name for sensor in definitions.sensors} - off == {
        "failed_run",
        "dead_run",
        "retry_not_begun",
        "publication_late",
        "source_silent",
        "waiting_alerts",
    }
    assert off == {"new_files", "built_daily"}


@pytest.mark.parametrize(
    ("job", "config"),
    [
        ("daily", {"as_of": "", "full_refresh": False, "since": "", "until": ""}),
        ("full_refresh", {"as_of": "", "full_refresh": True, "since": "", "until": ""}),
        ("backfill", {"as_of": "", "full_refresh": False, "since": "", "until": ""}),
    ],
)
def test_every_job_of_the_pipeline_runs_all_steps_and_says_what_it_asks_for(definitions, job, config):
    resolved = definitions.resolve_job_def(job)
    assert set(resolved.graph.node_dict) == set(definitions.resolve_job_def("daily").graph.node_dict)
    assert resolved.run_config["resources"]["clock"]["config"] == config


def test_maintenance_backs_up_before_it_rebuilds_and_drops(definitions):
    steps = [node.name for node in definitions.resolve_job_def("maintenance").graph.nodes_in_topological_order]
    assert steps == ["backup", "compaction", "retention"]


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [("YYYY-MM-DD", "", "not a date"), ("2026-06-30", "2026-06-01", "before it begins")],
)
def test_a_window_that_is_none_is_refused_with_what_is_wrong(settings, since, until, said):
    from ingestion.errors import LifecycleError
    from orchestration.resources import RunClock

    with pytest.raises(LifecycleError, match=said):
        RunClock(since=since, until=until).window(settings)


def test_a_window_reaches_from_midnight_to_midnight_of_the_business(settings):
    from orchestration.resources import RunClock

    window = RunClock(since="2026-03-28", until="2026-03-29").window(settings)
    assert (window.since.isoformat(), window.until.isoformat()) == (
        "2026-03-28T00:00:00+01:00",
        "2026-03-30T00:00:00+02:00",
    )
    assert RunClock().window(settings) is None


def test_what_dagster_is_told_about_dead_runs_and_retries_is_what_it_does(settings):
    """The launcher of one machine has no health check: `dead_run` ends dead runs, the daemon starts them again."""
    from orchestration.instance import open_instance

    with open_instance(settings) as instance:
        assert not instance.run_launcher.supports_check_run_worker_health
        assert (instance.run_retries_enabled, instance.run_retries_max_retries) == (True, 1)
        assert instance.run_monitoring_enabled
        assert not instance.run_retries_retry_on_asset_or_op_failure


def test_what_is_due_every_day_can_be_seen_to_be_late_and_what_nobody_set_up_cannot(specs, settings):
    late = specs["serving/publication"].freshness_policy
    assert late.fail_window.to_timedelta() == timedelta(hours=settings.publication_late_hours)
    configured = settings.model_copy(
        update={"hubspot_base_url": "https://api.hubapi.com", "hubspot_token": SecretStr("t")}
    )
    due = {spec.key.path[0] for spec in source_assets(configured).specs if spec.freshness_policy}
    hubspot = {spec.freshness_policy for spec in source_assets(configured).specs if spec.key.path[0] == "raw_hubspot"}
    assert due == {"raw_hubspot"}
    assert {policy.fail_window.to_timedelta() for policy in hubspot} == {STALE_AFTER}


def test_the_marts_of_a_built_company_are_shown_with_its_funnel_and_its_heat_map(company):
    with connect(company.settings, read_only=True) as connection:
        shown = mart_previews(connection, ["kpi_stage_conversion", "kpi_cohort_retention", "kpi_summary"])
        [(entered, cohort)] = connection.execute(
            "select (select sum(entered_count) from marts.kpi_stage_conversion where model = 'three_r' and is_mature), "
            "(select strftime(max(cohort_month), '%Y-%m') from marts.kpi_cohort_retention "
            "where is_complete and months_since_first_order = 1)"
        ).fetchall()
    assert {mart: set(found) for mart, found in shown.items()} == {
        "kpi_stage_conversion": {"preview", "stage_funnel"},
        "kpi_cohort_retention": {"preview", "cohort_heat_map"},
        "kpi_summary": {"preview"},
    }
    steps = re.findall(r"^.+ → .+%  [\d,]+ of ([\d,]+)$", shown["kpi_stage_conversion"]["stage_funnel"].value, re.M)
    assert sum(int(count.replace(",", "")) for count in steps) == entered > 0
    heat_map = shown["kpi_cohort_retention"]["cohort_heat_map"].value
    assert re.search(rf"^{cohort} ", heat_map, re.M)
    assert "█" in heat_map


def test_each_layer_is_one_step_between_its_gates(company):
    steps = set(build_definitions(company.settings).resolve_job_def("daily").graph.node_dict)
    layers = {"staging", "conformed", "identity", "lifecycle", "profile", "marts"}
    gates = {"g1_raw", "g1b_conformed", "g2_profile", "g2b_population", "g3_marts"}
    ends = {"serving__publication", "ops__run_report"}
    assert steps == {"sources", "inbox", "ops__loads_every_source_was_loaded", *layers, *gates, *ends}


@pytest.fixture(scope="module")
def specs(company):
    graph = build_definitions(company.settings).resolve_asset_graph()
    return {key.to_user_string(): graph.get(key) for key in graph.materializable_asset_keys}


def test_every_asset_says_its_layer_domain_owner_and_the_privacy_class_of_what_it_holds(specs):
    for name, spec in specs.items():
        assert spec.tags["layer"], name
        assert spec.tags["domain"], name
        assert spec.tags["pii"] in {"direct", "quasi", "none"}, name
        assert spec.owners, name
        assert spec.kinds, name


@pytest.mark.parametrize(
    ("asset", "domain", "pii"),
    [
        ("raw_files/crm_contacts", "crm", "direct"),
        ("staging/stg_files__crm_contacts", "crm", "direct"),
        ("conformed/email_events", "email", "direct"),
        ("conformed/reference_fx_rates", "reference", "none"),
        ("conformed/social_ad_spend", "social", "none"),
        ("identity/identifiers", "identity", "direct"),
        ("lifecycle/stage_catalogue", "lifecycle", "none"),
        ("lifecycle/touchpoints", "lifecycle", "direct"),
        ("marts/customer_profile", "customer", "direct"),
        ("marts/customer_identifiers", "customer", "direct"),
        ("marts/customer_stage_history", "customer", "quasi"),
        ("marts/lifecycle_stages", "customer", "none"),
        ("marts/kpi_summary", "kpi", "none"),
        ("quarantine/rejected_rows", "quarantine", "direct"),
        ("ops/loads", "ops", "none"),
        ("serving/publication", "serving", "direct"),
    ],
)
def test_domain_and_privacy_class_follow_from_contract_and_columns(specs, asset, domain, pii):
    assert (specs[asset].tags["domain"], specs[asset].tags["pii"]) == (domain, pii)


def test_no_mart_with_personal_columns_passes_as_harmless(specs, manifest):
    personal = {column.name for entity in ENTITIES for column in entity.columns if column.pii is Pii.DIRECT}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and personal & set(node["columns"]):
            assert specs[f"{node['schema']}/{node['name']}"].tags["pii"] == "direct", node["name"]


def test_every_asset_links_to_documents_columns_checks_and_code(specs, company):
    dictionary = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    headings = {line.lstrip("# ").replace("/", "") for line in dictionary.splitlines() if line.startswith("#")}
    for name, spec in specs.items():
        file, _, heading = spec.metadata["data_dictionary"].value.partition("#")
        assert Path(file) == ROOT / "docs" / "data-dictionary.md", name
        assert not heading or heading in headings, name
        assert Path(spec.metadata["documentation"].value).exists(), name
        assert spec.metadata["quality_page"] == dg.MetadataValue.url("http://127.0.0.1:3080/quality/index.html")
        [*_, code] = spec.metadata["dagster/code_references"].code_references
        assert Path(code.file_path).exists(), name


def test_the_code_of_a_model_is_its_own_file(specs):
    references = specs["marts/customer_profile"].metadata["dagster/code_references"].code_references
    assert {Path(reference.file_path).name for reference in references} >= {"customer_profile.sql"}
