"""The normalisation functions as functions of a DuckDB connection; dbt loads this module as a plugin (`profiles.yml`).

Only tables may use them: a view would ask every reader, BI tools too, to register the functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

from ingestion.identifiers.email import mixes_alphabets, normalise_email
from ingestion.identifiers.phone import normalise_phone

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Plugin(BasePlugin):
    """Registers the functions in the connection dbt works with."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register the functions of `ingestion/identifiers` under their names.

        Those are `normalise_email(text)`, `normalise_phone(text, country, default_country)` and
        `mixes_alphabets(mailbox)`. The first two return null for what is no address or number, which DuckDB
        allows only to functions that also take nulls.
        """
        conn.create_function("normalise_email", _email, ["VARCHAR"], "VARCHAR", null_handling="special")
        conn.create_function("normalise_phone", _phone, ["VARCHAR"] * 3, "VARCHAR", null_handling="special")
        conn.create_function("mixes_alphabets", mixes_alphabets, ["VARCHAR"], "BOOLEAN")


def _email(text: str | None) -> str | None:
    return None if text is None else normalise_email(text)


def _phone(text: str | None, country: str | None, default_country: str) -> str | None:
    return None if text is None else normalise_phone(text, country or "", default_country)
