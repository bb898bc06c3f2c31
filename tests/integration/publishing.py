"""A warehouse of two small marts whose rows all carry one number, and readers that look at what is published of it."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from unittest.mock import patch

import duckdb

from ingestion.raw import create_raw_tables
from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.publish import publisher
from quality.checks import Gate, Outcome, Severity
from quality.verdicts import Verdict, store_verdicts

AS_OF = date(2026, 6, 30)
ROWS = 500
NUMBERS = "select max(number), min(number), count(*)::integer from {}"


def build(settings: Settings, number: int) -> None:
    """Let every row of the warehouse's marts carry `number`."""
    with connect(settings) as connection:
        create_raw_tables(connection)
        connection.execute("create schema if not exists marts")
        for table in ("left_mart", "right_mart"):
            connection.execute(f"create or replace table marts.{table} as select {number} as number from range({ROWS})")
            connection.execute(f"comment on column marts.{table}.number is 'the number'")


def publish(settings: Settings, number: int) -> None:
    """Build and publish `number`; whether the checks passed is not the question here."""
    build(settings, number)
    publish_built(settings, number)


def publish_built(settings: Settings, number: int) -> None:
    """Publish what was built last, as the run of that number."""
    with patch.object(publisher, "_require_passes", lambda *_: AS_OF):
        publisher.publish(settings, f"run {number}", accepts_identity_changes=True)


def judge(settings: Settings, run_id: str, outcome: Outcome = Outcome.PASS) -> None:
    """Store a verdict of one check at the last gate, as a run that got so far does."""
    now, day = datetime(2026, 7, 1), AS_OF
    verdict = Verdict(
        run_id, Gate.MARTS, "marts.left_mart", "has_rows", Severity.ERROR, outcome,
        "500", "at least 1", 0, ROWS, "f", "d", day, now, "", outcome is not Outcome.PASS,
    )  # fmt: skip
    with connect(settings) as connection:
        store_verdicts(connection, Gate.MARTS, run_id, [verdict])


def seen(serving: Path) -> int:
    """The number readers see now; database and Parquet files are whole and agree on it."""
    with duckdb.connect(str(serving / "lifecycle.duckdb"), read_only=True) as connection:
        found = {
            connection.execute(NUMBERS.format(f"marts.{table}")).fetchone() for table in ("left_mart", "right_mart")
        }
        (generation,) = connection.execute("select generation from meta.generation").fetchone()
    with duckdb.connect() as connection:
        for table in ("left_mart", "right_mart"):
            found.add(connection.execute(NUMBERS.format(f"'{serving}/parquet/{table}.parquet'")).fetchone())
    ((number, same, rows),) = found
    assert (number, rows) == (same, ROWS)
    assert (serving / "current").readlink().name == generation
    return number


if __name__ == "__main__":  # a publisher that kills itself the moment it reaches a step
    import os
    import signal

    from orchestration.publish import generation, pointer, succession

    folder, step, when, call = sys.argv[1:]
    owner = next(module for module in (generation, pointer, succession, publisher) if step in vars(module))
    original, calls = getattr(owner, step), []

    def deadly(*arguments: object) -> object:
        calls.append(step)
        if len(calls) == int(call) and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments)
        if len(calls) == int(call):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    for module in (generation, pointer, succession, publisher):
        if step in vars(module):
            setattr(module, step, deadly)
    publisher.GRACE_SECONDS = 0
    publish(Settings(data_dir=Path(folder), generations_kept=2, _env_file=None), 3)
