"""Dagster's event log in SQLite with its connections kept open, as `dagster.yaml` names it.

A run writes thousands of events. The library opens and closes a database for each of them, and the last connection to
close writes the whole log back to the file: more time than the steps themselves need. Nothing else differs, neither
what is stored nor where.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import sqlalchemy
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy.pool import StaticPool

if TYPE_CHECKING:
    from dagster._serdes import ConfigurableClassData

_BUSY_SECONDS = 20
_OPEN_DATABASES = 8
_FOLDER = Path("history") / "runs"  # below the instance's home, where the library keeps it


class EventLog(SqliteEventLogStorage):
    """The event log of an instance.

    Args:
        home: the instance's home.
        inst_data: how Dagster can make the same storage in another process.
    """

    def __init__(self, home: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sqlalchemy.Engine] = OrderedDict()
        self._tables: set[str] = set()
        super().__init__(base_dir=str(Path(home) / _FOLDER), inst_data=inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """What `dagster.yaml` has to give."""
        return {"home": dg.StringSource}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: dict[str, Any]) -> EventLog:
        """The storage that `dagster.yaml` describes."""
        return cls(inst_data=inst_data, **config_value)

    def store_event(self, event: dg.EventLogEntry) -> None:
        """Store an event and touch the run's file: who watches a run watches that, and new events lie beside it."""
        super().store_event(event)
        os.utime(self.path_for_shard(event.run_id))

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table; one that was there is not asked for again at every event."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def wipe(self) -> None:
        """Remove all runs."""
        self._close()
        self._tables.clear()
        super().wipe()

    def dispose(self) -> None:
        """Close all databases."""
        self._close()
        super().dispose()

    def _close(self) -> None:
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sqlalchemy.Connection]:
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def _engine(self, shard: str) -> sqlalchemy.Engine:
        if shard not in self._engines:
            engine = sqlalchemy.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
            )
            sqlalchemy.event.listen(engine, "connect", _trust_the_operating_system)
            self._initdb(engine)
            self._engines[shard] = engine
            if len(self._engines) > _OPEN_DATABASES:
                self._engines.popitem(last=False)[1].dispose()
        self._engines.move_to_end(shard)
        return self._engines[shard]


def _trust_the_operating_system(connection: Any, _record: object) -> None:  # noqa: ANN401 (a DBAPI connection)
    """Survive the death of the process without waiting for the disk at every event."""
    connection.execute("pragma synchronous = normal")
