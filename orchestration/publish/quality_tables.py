"""The tables of check results every generation holds beside the marts: columns, what they say, and keys.

They are written by the publication and not by dbt, so that what dbt declares for the marts is declared here: the data
dictionary, the contract of the marts, the comments in DuckDB and the keys in Postgres all follow from it. Which
verdicts the rows come from is decided in `quality/published.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DATA_QUALITY = "data_quality"
DATA_QUALITY_HISTORY = "data_quality_history"


@dataclass(frozen=True, slots=True)
class QualityTable:
    """One table of check results.

    Args:
        description: what one row is.
        key: columns that identify a row.
        columns: type and description by name.
    """

    description: str
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]]

    @property
    def types(self) -> dict[str, str]:
        """The columns' types by name."""
        return {name: kind for name, (kind, _) in self.columns.items()}


_DESCRIBED = {
    "run_id": ("varchar", "Run that gave the verdict."),
    "gate": ("varchar", "Border the check guards: g1_raw, g1b_conformed, g2_profile, g2b_population or g3_marts."),
    "table": ("varchar", "Table the check is about, with its schema in the warehouse."),
    "check": ("varchar", "Name of the check, unique within its gate and table."),
    "severity": ("varchar", "error: without a pass nothing is published; warn: it is told."),
    "outcome": ("varchar", "pass, fail, error (could not be calculated) or not_evaluated; only pass is a pass."),
    "is_blocking": ("boolean", "Whether the verdict stops a publication."),
    "observed": ("varchar", "The figure that was judged, or the share of rows that break the check; never a value."),
    "threshold": ("varchar", "What had to be observed."),
    "message": ("varchar", "Why it did not pass, without personal data; empty for a pass."),
    "unexpected_count": ("bigint", "Rows that break the check, where it counts rows."),
    "row_count": ("bigint", "Rows of the table when it was checked."),
    "quarantined_count": ("bigint", "Rows of the raw table that wait in quarantine; null for other tables."),
    "batch": (
        "varchar",
        "Load the verdict is about, as numbered in ops.loads: the newest of a raw table, or the one whose figure was "
        "judged; null where the verdict is about all there is.",
    ),
    "evaluated_at": ("timestamp", "When the verdict was given, in UTC."),
    "as_of": ("date", "The date the run looked at the world from."),
}


def _described(*names: str) -> dict[str, tuple[str, str]]:
    return {name: _DESCRIBED[name] for name in names}


_VERDICT = ("gate", "table", "check", "severity", "outcome", "is_blocking", "observed", "threshold")

QUALITY_TABLES: Mapping[str, QualityTable] = {
    DATA_QUALITY: QualityTable(
        "One row per check: the verdicts the generation was published with.",
        ("gate", "table", "check"),
        _described(
            *_VERDICT, "message", "unexpected_count", "row_count", "quarantined_count", "run_id", "as_of", "batch"
        ),
    ),
    DATA_QUALITY_HISTORY: QualityTable(
        "One row per check and run: the verdicts of the last 30 runs of each gate before the publication, of stopped "
        "runs too.",
        ("run_id", "gate", "table", "check"),
        _described("run_id", *_VERDICT, "unexpected_count", "row_count", "batch", "evaluated_at", "as_of"),
    ),
}
