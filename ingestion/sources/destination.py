"""The warehouse as dlt's destination: nothing of it stands in dlt's configuration, so none is looked for.

dlt asks a destination some twenty times in a load what it is capable of, and before each answer looks for its settings
in every place where they might stand. `docs/performance.md` says what that cost.
"""

from __future__ import annotations

from dlt.destinations import duckdb
from dlt.destinations.impl.duckdb.configuration import DuckDbClientConfiguration


class Warehouse(duckdb):
    """An open connection to the warehouse, which is all there is to know of it."""

    @property
    def destination_type(self) -> str:
        """What dlt notes of it beside the cursors; it is DuckDB for every version of this project."""
        return "dlt.destinations.duckdb"

    def configuration(
        self, initial_config: DuckDbClientConfiguration, accept_partial: bool = False
    ) -> DuckDbClientConfiguration:
        """The settings to connect with; where dlt asks for what it can get, to know capabilities, those given to it."""
        return initial_config if accept_partial else super().configuration(initial_config)
