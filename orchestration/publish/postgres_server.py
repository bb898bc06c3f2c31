"""The Postgres server: how it is reached, and how its errors are told without quoting it.

A server's words may hold values of rows, a driver's words the password; neither is repeated. What is done on the server
is in `postgres.py`.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError

if TYPE_CHECKING:
    from psycopg import Connection, Error

    from ingestion.settings import Settings

_PLACE = {"host": "localhost", "port": "5432", "dbname": ""}
_ADVICE = {
    "08": "Is the server running and reachable from here, and are user, password and database right?",
    "28": "Check user and password.",
    "3D": "Create the database first.",
    "42501": "Its user needs CREATE on the database, and CREATEROLE until the role exists.",
    "53": "The server has run out of disk, memory or connections.",
    "57": "The server stopped it; look at its log.",
    "55": "Somebody holds a lock on the tables; end their transaction.",
    "23": "A key of the contract of the marts does not hold.",
}


class PostgresCopyError(LifecycleError):
    """The generation is published, only its copy in Postgres is not; the message says why and what to do."""


def require_driver() -> None:
    """Raise PostgresCopyError when the driver, an optional package, is not installed."""
    if importlib.util.find_spec("psycopg") is None:
        raise PostgresCopyError(
            "LIFECYCLE_POSTGRES_URL is set, but the package psycopg is missing. `make install` brings it."
        )


def errors() -> type[Error]:
    """The class of all errors of the driver, which is imported late."""
    import psycopg

    return psycopg.Error


@contextmanager
def session(settings: Settings) -> Iterator[Connection]:
    """A connection in UTC and UTF-8 in which every statement stands for itself unless a transaction is opened."""
    import psycopg

    address = settings.postgres_url.get_secret_value() if settings.postgres_url else ""
    with psycopg.connect(address, autocommit=True, connect_timeout=15, client_encoding="UTF8") as server:
        server.execute("set timezone = 'UTC'")
        server.execute("set client_min_messages = 'error'")
        yield server


def place(settings: Settings) -> str:
    """Host, port and database of the URL, without user and password.

    A password that is not percent-encoded would be taken for one of them; the `@` it displaces gives it away.
    """
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(settings.postgres_url.get_secret_value() if settings.postgres_url else "")
    except errors():
        parts = {"port": "unreadable"}
    host, port, database = (str(parts.get(name, default)) for name, default in _PLACE.items())
    if not port.isdecimal() or "@" in host + database:
        raise PostgresCopyError(
            "LIFECYCLE_POSTGRES_URL cannot be read; write postgresql://user:password@host:5432/database, with special "
            "characters of the password percent-encoded."
        )
    return f"{host}:{port}/{database}"


def explained(error: Error, generation: str, where: str) -> PostgresCopyError:
    """What went wrong, by its class and code, and what to do; the error's own text stays out."""
    code = error.sqlstate or "08"
    advice = _ADVICE.get(code) or _ADVICE.get(code[:2]) or "Look at the server's log."
    kind = f"{type(error).__name__}{f', SQLSTATE {error.sqlstate}' if error.sqlstate else ''}"
    return PostgresCopyError(
        f"Generation {generation} is published, but Postgres at {where} could not be brought to it ({kind}). {advice} "
        "Readers there keep what they had. Then run `lifecycle publish` again."
    )
