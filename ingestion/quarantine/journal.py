"""What people decided about quarantined rows, once more beside the warehouse, so that a new warehouse knows it, too.

A rebuilt or restored warehouse reads the same files and records again; each of their rows is recognised by the content
it came in and its place there, never by the number of a load. The file is written whole and takes the old one's place
by a rename. Values of corrections may be personal: it is readable by its owner only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.quarantine.errors import QuarantineError
from ingestion.warehouse import make_private_directory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_COLUMNS = {
    "decision_key": "varchar",
    "source": "varchar",
    "entity": "varchar",
    "origin": "varchar",
    "row_number": "bigint",
    "is_line": "boolean",
    "return_count": "bigint",
    "action": "varchar",
    "reason": "varchar",
    "corrections": "json",
    "decided_at": "timestamp",
}
_NAMES = ", ".join(_COLUMNS)
_IDENTITY = "source, entity, origin, row_number, is_line, return_count"

# A file is recognised by its content and a record of a connector by its own: the vendor numbers nothing. A row judged
# again is the same row, returned once more.
_IDENTIFIED = """
with recursive lineage as (
    select load_seq, content_hash, 0 as return_count from ops.loads where released_from is null
    union all
    select loads.load_seq, lineage.content_hash, lineage.return_count + 1
    from ops.loads as loads
    inner join lineage on loads.released_from = lineage.load_seq
), identified as (
    select
        rows.load_seq, rows.row_number as warehouse_row_number, rows.is_line, rows.state, rows.decided_at,
        rows.source, rows.entity,
        coalesce(lineage.content_hash, md5(rows.row_json::varchar)) as origin,
        if(lineage.content_hash is null, 0, rows.row_number) as row_number,
        lineage.return_count
    from quarantine.rows as rows
    inner join lineage using (load_seq)
)
"""


class Journal:
    """The decisions kept in a file; read once, written whenever the warehouse knows one more.

    Args:
        connection: an open, writable connection to a warehouse with raw tables.
        path: the file; it need not exist.

    Raises:
        QuarantineError: when there is a file that cannot be read.
    """

    def __init__(self, connection: DuckDBPyConnection, path: Path) -> None:
        import duckdb

        self._connection = connection
        self._path = path
        columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
        connection.execute(f"create or replace temp table kept_decisions ({columns})")
        if not path.exists():
            return
        try:
            connection.execute(
                f"insert into kept_decisions select {_NAMES} "
                "from read_json($path, format = 'newline_delimited', columns = $columns)",
                {"path": str(path), "columns": _COLUMNS},
            )
        except duckdb.Error:  # whose words may hold a correction
            raise QuarantineError(
                f"{path} cannot be read, and with it what was decided about rows in quarantine. Put a copy of it back, "
                "or move it away: then only what the warehouse itself remembers is known."
            ) from None

    def recall(self) -> int:
        """Decide again what was decided before about rows this warehouse has not decided about since.

        Of several decisions about a row the last one counts; a row that was judged again stays as it is.

        Returns:
            How many rows.
        """
        if self._connection.execute("select 1 from kept_decisions limit 1").fetchone() is None:
            return 0
        return self._connection.execute(
            f"""insert into quarantine.decisions
            {_IDENTIFIED}, last_kept as (
                select * from kept_decisions
                qualify row_number() over (partition by {_IDENTITY} order by decided_at desc, decision_key) = 1
            )
            select
                (select coalesce(max(decision_id), 0) from quarantine.decisions)
                    + row_number() over (order by identified.load_seq, is_line, identified.warehouse_row_number),
                identified.load_seq, identified.warehouse_row_number, is_line, last_kept.action, last_kept.reason,
                last_kept.corrections, last_kept.decided_at, null, last_kept.decision_key
            from identified
            inner join last_kept using ({_IDENTITY})
            where identified.state <> 'released'
                and (identified.decided_at is null or identified.decided_at < last_kept.decided_at)"""
        ).fetchall()[0][0]

    def keep(self) -> int:
        """Write down every decision of the warehouse the file lacks.

        Returns:
            How many there were.
        """
        execute = self._connection.execute
        execute("update quarantine.decisions set decision_key = uuid()::varchar where decision_key is null")
        kept = execute(
            f"""insert into kept_decisions
            {_IDENTIFIED}
            select
                decisions.decision_key, identified.source, identified.entity, identified.origin, identified.row_number,
                identified.is_line, identified.return_count, decisions.action, decisions.reason, decisions.corrections,
                decisions.decided_at
            from quarantine.decisions as decisions
            inner join identified
                on identified.load_seq = decisions.load_seq and identified.is_line = decisions.is_line
                and identified.warehouse_row_number = decisions.row_number
            where decisions.decision_key not in (select decision_key from kept_decisions)"""
        ).fetchall()[0][0]
        if kept:
            self._write()
        return int(kept)

    def _write(self) -> None:
        make_private_directory(self._path.parent)
        unfinished = self._path.with_name(self._path.name + ".part")
        unfinished.touch(mode=0o600)
        self._connection.execute(
            f"copy (select {_NAMES} from kept_decisions order by decided_at, {_IDENTITY}, decision_key) "
            f"to '{unfinished}' (format json)"
        )
        unfinished.chmod(0o600)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
