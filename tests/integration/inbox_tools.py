"""Helpers of the inbox tests: put files, load them, look at what came of them."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb

from ingestion.files.inbox import load_inbox
from ingestion.settings import Settings

CONTACTS = "contact_id,email,created_at\nc1,a@example.com,2024-01-01T10:00:00Z\nc2,b@example.com,2024-01-02T10:00:00Z\n"
GOOD = "web/events/good.csv"
GOOD_EVENTS = "event_id,anonymous_id,event,occurred_at\ne1,a1,search,2024-01-01T00:00:00Z\n"
ORDERS_HEADER = "order_id,ordered_at,status,net_amount,currency"
TWO_BAD_ORDERS = f"{ORDERS_HEADER}\no1,2024-01-01,paid,12.50,EUR\no2,2024-01-01,finished,7.50,EUR\no3,,paid,1,EUR\n"


class Inbox:
    """An inbox on a temporary directory."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.settings.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
        return path

    def put_parquet(self, name: str, query: str) -> Path:
        path = self.settings.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute(f"copy ({query}) to '{path}' (format parquet)")
        return path

    def load(self, **options):
        return load_inbox(self.settings, **options)

    def outcome(self, name: str, report=None):
        """What became of one file."""
        (found,) = [file for file in (report or self.load()).files if file.file_name == name]
        return found

    def query(self, text: str):
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(text).fetchall()

    def rejected_rows(self):
        return self.query(
            "select file_name, row_number, column_name, reason from quarantine.rejected_rows order by all"
        )

    def content(self):
        """Everything the inbox ever wrote, without clock times."""
        tables = "schema_name in ('raw_files', 'quarantine', 'ops') order by all"
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            names = connection.execute(f"select schema_name, table_name from duckdb_tables() where {tables}").fetchall()
            return {
                f"{schema}.{table}": connection.execute(
                    f"select columns(c -> c not in ('loaded_at', 'quarantined_at', 'file_stamp')) "
                    f'from {schema}."{table}" order by all'
                ).fetchall()
                for schema, table in names
            }
