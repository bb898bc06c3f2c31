"""Verdicts reach the readers with the generation they opened the way for, and stay as long as it does."""

from datetime import UTC, datetime

import dagster as dg
import duckdb

from orchestration.maintenance.retention import drop_history
from orchestration.publish.pointer import current_generation
from quality.checks import Outcome
from tests.integration.publishing import judge, publish


def test_check_results_are_published_with_those_of_the_runs_before_and_the_history_tells_whose_they_are(settings):
    judge(settings, "stopped", Outcome.FAIL)
    judge(settings, "mended")
    publish(settings, 3)
    with duckdb.connect(str(settings.serving / "lifecycle.duckdb"), read_only=True) as connection:
        latest = connection.execute('select gate, "table", "check", run_id, outcome from marts.data_quality').fetchall()
        history = connection.execute("select run_id, outcome, is_blocking from marts.data_quality_history").fetchall()
        untold = connection.execute(
            "select table_name from duckdb_columns() where table_name like 'data_quality%' and comment is null"
        ).fetchall()
    assert latest == [("g3_marts", "marts.left_mart", "has_rows", "mended", "pass")]
    assert history == [("stopped", "fail", True), ("mended", "pass", False)]
    assert untold == []
    generation = current_generation(settings.serving)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        rested_on = connection.execute("from ops.publication_gates").fetchall()
    assert rested_on == [(generation, "g3_marts", "mended")]


def test_verdicts_a_generation_on_disk_rests_on_outlive_the_others(settings):
    for place, run_id in enumerate(("first", "never published", "second"), start=3):
        judge(settings, run_id)
        if run_id != "never published":
            publish(settings, place)
    judge(settings, "latest")
    far_ahead = datetime(2036, 1, 1, tzinfo=UTC)
    with dg.DagsterInstance.ephemeral() as instance:
        assert drop_history(settings, instance, far_ahead).verdicts == 1
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        left = connection.execute("select run_id from ops.quality_verdicts order by evaluation").fetchall()
    assert left == [("first",), ("second",), ("latest",)]
