"""What the warehouse has to publish: tables, fingerprints and check results, read in one go.

Whether it may be published is decided before (`quality/verdicts.py`), how it is written lives in `generation.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.publish.generation import Manifest
from orchestration.publish.quality_tables import DATA_QUALITY, DATA_QUALITY_HISTORY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from quality.fingerprint import Fingerprints


@dataclass(frozen=True, slots=True)
class Candidate:
    """The marts of the warehouse as they are.

    Args:
        as_of: the date they look at the world from.
        row_counts: rows by table.
        fingerprints: content fingerprint by table.
        contract_version: version of their contract.
        gate_runs: the run whose verdicts at each gate they rest on.
        quality: the check results to publish beside them, by the name of their table.
    """

    as_of: date
    row_counts: dict[str, int]
    fingerprints: dict[str, str]
    contract_version: str
    gate_runs: Mapping[str, str]
    quality: Mapping[str, pa.Table]

    def is_in(self, manifest: Manifest | None) -> bool:
        """Whether a generation holds exactly this; one whose manifest cannot be read is not taken to."""
        if manifest is None:
            return False
        present = (manifest.as_of, dict(manifest.fingerprints), manifest.contract_version)
        return present == (str(self.as_of), self.fingerprints, self.contract_version)

    def manifest(self, generation: str, run_id: str, published_at: str) -> Manifest:
        """The manifest of a generation of this; what it follows is known when readers are switched to it."""
        return Manifest(
            generation,
            str(self.as_of),
            run_id,
            published_at,
            self.row_counts,
            self.fingerprints,
            self.contract_version,
            self.gate_runs,
        )


def read_candidate(connection: DuckDBPyConnection, known: Fingerprints, as_of: date) -> Candidate:
    """What there is to publish.

    Args:
        connection: an open connection to the warehouse.
        known: fingerprints taken over the same connection.
        as_of: the date the marts look at the world from.
    """
    from orchestration.marts_contract import contract_version
    from quality.published import gate_runs

    row_counts, fingerprints = _contents(connection, known)
    return Candidate(as_of, row_counts, fingerprints, contract_version(), gate_runs(connection), _quality(connection))


def _contents(connection: DuckDBPyConnection, known: Fingerprints) -> tuple[dict[str, int], dict[str, str]]:
    tables = [
        row[0]
        for row in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
        ).fetchall()
    ]
    counts = {table: connection.execute(f"select count(*) from marts.{table}").fetchone()[0] for table in tables}
    return counts, {table: str(known.of([f"marts.{table}"])) for table in tables}


def _quality(connection: DuckDBPyConnection) -> dict[str, pa.Table]:
    import pyarrow as pa

    from quality.published import data_quality_history, data_quality_rows

    return {
        DATA_QUALITY: pa.Table.from_pylist(data_quality_rows(connection)),
        DATA_QUALITY_HISTORY: data_quality_history(connection),
    }
