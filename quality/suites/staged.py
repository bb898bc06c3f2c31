"""Gate 1b against history, for connectors: what a vendor delivered is like its earlier deliveries.

Files have the columns of the contract and are judged at gate 1 (`deliveries.py`). Vendors have shapes of their own;
only their staging models say which of their fields is the amount, the time and the e-mail address. The words are the
same.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from ingestion.contract import ENTITIES, Entity, EntityKind
from ingestion.sources.model import Connector
from ingestion.sources.registry import CONNECTORS
from quality.checks import Check
from quality.suites.deliveries import AMOUNTS, IDENTIFYING, amounts, blanks
from quality.suites.loads import LoadsOf, StagedDeliveries
from quality.suites.raw import SILENT_DAYS_WARN
from quality.suites.times import times_are_not_shifted
from quality.suites.vocabulary import Subject

# Not from the settings, whose libraries would make reading the suites slow.
_STAGING = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "staging"


def staged(entity: Entity) -> tuple[str, ...]:
    """The staging models of an entity, as `schema.table`."""
    return tuple(f"staging.{model}" for model in _staging_models() if model.endswith(f"__{entity.table}"))


def checks() -> tuple[Check, ...]:
    """All checks of connectors' deliveries against earlier ones."""
    return tuple(
        check
        for connector in CONNECTORS
        for entity in ENTITIES
        if f"staging.{_model(connector, entity)}" in staged(entity)
        for check in _checks_of(connector, entity)
    )


def _checks_of(connector: Connector, entity: Entity) -> tuple[Check, ...]:
    subject = Subject(
        f"staging.{_model(connector, entity)}",
        f"Compare what {connector.title} delivered last (tables of the schema {connector.schema}) with what it shows "
        f"itself; once it is mended there, `lifecycle sources load {connector.name} --since <day>` reads it again.",
    )
    loads_of = _loads_of(connector, entity, subject.table)
    compared = (
        *(check for check in blanks(subject, entity, loads_of) if check.name == "identifiers_are_filled_as_usual"),
        *amounts(subject, entity, loads_of),
        *times_are_not_shifted(subject, entity, loads_of),
        *_freshness(subject, entity),
    )
    return (
        subject.none(
            "records_name_themselves_and_their_load",
            "Every record has a key and the load it came in.",
            f"select 1 from {subject.table} where record_key is null or load_seq is null",
        ),
        *(replace(check, is_about_rows=True) for check in compared),
    )


def _loads_of(connector: Connector, entity: Entity, table: str) -> LoadsOf:
    asked = {*IDENTIFYING, entity.clock, AMOUNTS.get(entity.table, ("",))[0], "currency"}
    return partial(
        StagedDeliveries,
        connector.name,
        entity.table,
        table,
        ("record_key",),
        place=f"what {connector.title} delivered last",
        columns=tuple(column.name for column in entity.columns if column.name in asked),
    )


def _freshness(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """A vendor that once delivered events and then falls silent is suspicious, whatever the others deliver."""
    if entity.clock is None or entity.kind is not EntityKind.EVENT:
        return ()
    return (subject.not_silent(entity.clock, SILENT_DAYS_WARN),)


def _model(connector: Connector, entity: Entity) -> str:
    return f"stg_{connector.name}__{entity.table}"


@cache
def _staging_models() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _STAGING.glob("*/*.sql")))
