"""The code location loads without network and database, passes Dagster's own check, and ticks for the right day."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import build_definitions
from orchestration.jobs import daily_schedule

ROOT = Path(__file__).resolve().parents[2]

LOAD_BLOCKED = """
import socket
import sys

import duckdb

def refuse(*arguments, **options):
    raise AssertionError("no network and no database while definitions load")

socket.socket.connect = refuse
duckdb.connect = refuse
from ingestion.settings import Settings
from orchestration.definitions import build_definitions
print(len(build_definitions(Settings(data_dir=sys.argv[1], _env_file=None)).resolve_all_job_defs()))
"""


def test_definitions_load_without_network_or_database(settings, manifest):
    result = subprocess.run(
        [sys.executable, "-c", LOAD_BLOCKED, str(settings.data_dir)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert not settings.warehouse.exists()


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
    schedule = daily_schedule("Europe/Berlin", running=False)
    request = schedule(dg.build_schedule_context(scheduled_execution_time=tick))
    assert request.run_config["resources"]["clock"]["config"]["as_of"] == as_of


def test_the_schedule_is_on_in_the_demo_only(settings, company):
    def status(chosen):
        return build_definitions(chosen).resolve_schedule_def("daily_at_five").default_status

    assert status(settings) is dg.DefaultScheduleStatus.STOPPED
    assert status(company.settings) is dg.DefaultScheduleStatus.RUNNING


def test_each_layer_is_one_step_between_its_gates(company):
    steps = set(build_definitions(company.settings).resolve_job_def("daily").graph.node_dict)
    layers = {"staging", "conformed", "identity", "lifecycle", "profile", "marts"}
    gates = {"g1_raw", "g2_profile", "g3_marts"}
    assert steps == {"sources", "inbox", "ops__loads_every_source_was_loaded", *layers, *gates, "serving__publication"}
