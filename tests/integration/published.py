"""A generation written from a warehouse built without gates: what readers of published files are tested with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from orchestration.publish.generation import Manifest, write_generation
from orchestration.publish.pointer import GENERATIONS, point_to
from orchestration.publish.quality_tables import DATA_QUALITY
from quality.fingerprint import table_fingerprint

if TYPE_CHECKING:
    from ingestion.settings import Settings

QUALITY_ROW = {
    "gate": "g3_marts",
    "table": "marts.kpi_rfm",
    "check": "row_count",
    "severity": "warn",
    "outcome": "fail",
    "is_blocking": False,
    "observed": "3",
    "threshold": "at least 4",
    "message": "1 row fewer than usual",
    "unexpected_count": None,
    "row_count": 3,
    "quarantined_count": None,
    "run_id": "run",
    "as_of": date(2024, 6, 30),
    "batch": None,
}


def publish_unchecked(settings: Settings, as_of: date) -> str:
    """Write all marts of the warehouse as generation 1 and point readers at it."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        found = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts' order by 1")
        fingerprints = {name: str(table_fingerprint(connection, f"marts.{name}")) for (name,) in found.fetchall()}
        counts = {name: connection.execute(f"select count(*) from marts.{name}").fetchone()[0] for name in fingerprints}
    name = f"000001_{as_of}"
    (settings.serving / GENERATIONS).mkdir(parents=True, exist_ok=True)
    manifest = Manifest(name, str(as_of), "run", datetime(2024, 7, 1, tzinfo=UTC).isoformat(), counts, fingerprints)
    write_generation(settings, manifest, {DATA_QUALITY: pa.Table.from_pylist([QUALITY_ROW])})
    point_to(settings.serving, name)
    return name
