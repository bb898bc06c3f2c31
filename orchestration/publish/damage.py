"""A published generation whose file cannot be read: how it is told, and how it is noticed.

What a generation holds is compared when it is written (`generation.py`); here is what is met later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from orchestration.publish.pointer import DATABASE

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.settings import Settings


class DamagedGenerationError(LifecycleError):
    """A published generation cannot be read; the message says which one and what to do."""


@contextmanager
def damage_told(settings: Settings) -> Iterator[None]:
    """Raise DamagedGenerationError where the engine cannot read the published file."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.SerializationException) as error:
        raise DamagedGenerationError(
            f"The published file {settings.serving / DATABASE} cannot be read: it is damaged. `lifecycle publish` "
            "writes it anew (with --accept-identity-changes where the marts have changed meanwhile: there is nothing "
            "to compare them with); `lifecycle rollback` shows the generation before it."
        ) from error


def can_be_opened(database: Path) -> bool:
    """Whether the engine can open a published file."""
    import duckdb

    try:
        duckdb.connect(str(database.resolve()), read_only=True).close()
    except (duckdb.IOException, duckdb.SerializationException):
        return False
    return True
