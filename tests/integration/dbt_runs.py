"""A tiny warehouse for tests of dbt models: rows put straight into raw, dbt run in this process on some models."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from typing import Any

from ingestion.raw import create_raw_tables
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.warehouse import connect
from orchestration.run_context import end_of_day
from tests.integration.tiny_company import parsed_manifest


class Warehouse:
    """A warehouse in which loads are made by hand.

    Args:
        settings: its data directory.
        select: the models to run.
    """

    def __init__(self, settings: Settings, select: tuple[str, ...]) -> None:
        self.settings, self.select, self.load_seq = settings, select, 0
        with connect(settings) as connection:
            create_raw_tables(connection)
            connection.execute(
                "create table if not exists ops.run_context (run_id varchar, as_of date, as_of_end timestamp,"
                " timezone varchar, reporting_currency varchar, default_country varchar)"
            )

    def load(self, table: str, rows: list[dict[str, Any]]) -> None:
        """One more load: the rows as one file of the entity."""
        self.load_seq += 1
        with connect(self.settings) as connection:
            for number, row in enumerate(rows, start=1):
                values = row | {"_load_seq": self.load_seq, "_row_number": number}
                columns = ", ".join(f'"{name}"' for name in values)
                marks = ", ".join("?" for _ in values)
                connection.execute(f"insert into raw_files.{table} ({columns}) values ({marks})", list(values.values()))

    def build(self, as_of: date, *arguments: str, run_id: str = "run") -> None:
        """Run the selected models."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        with connect(self.settings) as connection:
            connection.execute("delete from ops.run_context")
            connection.execute(
                "insert into ops.run_context values (?, ?, ?, ?, 'EUR', 'DE')",
                [run_id, as_of, end_of_day(as_of, self.settings.timezone), self.settings.timezone],
            )
        data = self.settings.data_dir
        folders = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
        folders += ["--target-path", str(data / "dbt"), "--log-path", str(data / "logs")]
        chosen = ["--select", *self.select, "--exclude-resource-type", "test", "unit_test"]
        os.environ["LIFECYCLE_DATA_DIR"] = str(data)
        frame = ["--quiet", "--no-write-json", "build"]
        result = dbtRunner(manifest=parsed_manifest()).invoke([*frame, *folders, *chosen, *arguments])
        # dbt keeps the file open for its process; the next reader of this test needs it closed.
        DuckDBConnectionManager.close_all_connections()
        failed = [
            f"{one.node.name}: {one.message}" for one in result.result or () if one.status not in ("success", "pass")
        ]
        assert result.success and not failed, failed or result.exception

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer to a query."""
        with connect(self.settings, read_only=True) as connection:
            return connection.execute(query).fetchall()


def day(offset: int) -> datetime:
    """Noon of the day that many days after 1 January 2024, naive UTC as in raw."""
    return datetime(2024, 1, 1, 12) + timedelta(days=offset)
