"""What the warehouse remembers of publications: `ops.publications`, and which verdicts each rested on.

When a row is due is decided in `publisher.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from orchestration.publish.generation import Manifest

PUBLICATIONS = "ops.publications"
GATES = "ops.publication_gates"


def create_history(connection: DuckDBPyConnection) -> None:
    """Create the tables that are missing. Calling it again changes nothing."""
    connection.execute("create schema if not exists ops")
    connection.execute(
        f"""
        create table if not exists {PUBLICATIONS} (
            generation varchar not null,
            action varchar not null,
            as_of date not null,
            run_id varchar not null,
            recorded_at timestamp not null,
            row_count bigint not null
        )
        """
    )
    # The verdicts of a generation are those of `run_id` at `gate` in ops.quality_verdicts.
    connection.execute(
        f"create table if not exists {GATES} "
        "(generation varchar not null, gate varchar not null, run_id varchar not null, primary key (generation, gate))"
    )


def known_generations(connection: DuckDBPyConnection) -> set[str]:
    """The generations the history tells of."""
    return {row[0] for row in connection.execute(f"select generation from {PUBLICATIONS}").fetchall()}


def gate_runs_of(connection: DuckDBPyConnection, generations: Sequence[str]) -> list[tuple[str, str]]:
    """Gate and run of the verdicts the generations rest on."""
    return connection.execute(
        f"select distinct gate, run_id from {GATES} where generation in (select unnest(?::varchar[]))",
        [list(generations)],
    ).fetchall()


def add_to_history(
    connection: DuckDBPyConnection, manifest: Manifest, action: str, run_id: str, recorded_at: datetime
) -> None:
    """Remember that a generation was published or rolled back to, and by whose verdicts it may be read.

    Args:
        connection: an open, writable connection to a warehouse with a history.
        manifest: of the generation.
        action: `published` or `rolled_back`.
        run_id: the run that did it; empty for the one that wrote the generation.
        recorded_at: when, with a time zone.
    """
    connection.execute(
        f"insert into {PUBLICATIONS} values (?, ?, ?, ?, ?, ?)",
        [
            manifest.generation,
            action,
            manifest.as_of,
            run_id or manifest.run_id,
            recorded_at.astimezone(UTC).replace(tzinfo=None),
            sum(manifest.row_counts.values()),
        ],
    )
    for gate, evaluated_by in (manifest.gate_runs or {}).items():
        connection.execute(
            f"insert into {GATES} values (?, ?, ?) on conflict do nothing", [manifest.generation, gate, evaluated_by]
        )
