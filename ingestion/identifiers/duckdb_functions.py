"""The normalisation functions as functions of a DuckDB connection; dbt loads this module as a plugin (`profiles.yml`).

Only tables may use them: a view would ask every reader, BI tools too, to register the functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

from ingestion.identifiers.email import normalise_email
from ingestion.identifiers.phone import normalise_phone

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Plugin(BasePlugin):
    """Registers the functions in the connection dbt works with."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register `normalise_email(text)` and `normalise_phone(text, country, default_country)`."""
        conn.create_function("normalise_email", normalise_email, ["VARCHAR"], "VARCHAR")
        conn.create_function("normalise_phone", normalise_phone, ["VARCHAR", "VARCHAR", "VARCHAR"], "VARCHAR")
