"""Gate 1, raw → staging: what was delivered keeps the contract, and nothing of it was lost.

Derived from the contract: a column is written down once, there. Rows that break it should already be in quarantine;
this gate proves it, and counts rows and files across the border.
"""

from __future__ import annotations

from dataclasses import replace

from ingestion.contract import ENTITIES, Column, Entity, EntityKind, ValueType
from quality.checks import Check, Severity
from quality.suites.vocabulary import Subject

RAW_SCHEMA = "raw_files"
SOURCE = "files"
LOADS = "ops.loads"
OPEN_REJECTIONS = "ops.open_rejections"
QUARANTINE = "quarantine.rejected_rows"
BALANCE = "quarantine.balance"
LIMITS = "quarantine.limits"

QUARANTINE_SHARE_WARN = 0.02
QUARANTINE_PURPOSE = (
    "No row more is open in quarantine than the share LIFECYCLE_QUARANTINE_SHARE_ALLOWED of those delivered "
    "(LIFECYCLE_QUARANTINE_ROWS_ALLOWED rows always)."
)
SILENT_DAYS_WARN = 7
UNKNOWN_COLUMNS_REMEDY = (
    "The rows were accepted; the unknown columns are kept as JSON and no model reads them. "
    "`ops.loads.drift_columns` names them. If one is a column of the contract under another name, rename it in the "
    "files of inbox/{path}; otherwise nothing has to be done."
)


def checks() -> tuple[Check, ...]:
    """All checks of the raw tables."""
    return tuple(check for entity in ENTITIES for check in checks_of_entity(entity))


def checks_of_entity(entity: Entity) -> tuple[Check, ...]:
    """The checks of one entity's raw table."""
    subject = Subject(
        f"{RAW_SCHEMA}.{entity.table}",
        f"Look at the files in inbox/{entity.path} and at `ops.loads`, have the source corrected, deliver again. "
        f"`lifecycle quarantine list --entity {entity.path}` shows rows in quarantine: release or discard them; "
        "LIFECYCLE_QUARANTINE_SHARE_ALLOWED and LIFECYCLE_QUARANTINE_ROWS_ALLOWED say how many may be open.",
    )
    return (
        _columns_have_their_types(subject, entity),
        *subject.filled(*entity.required_columns),
        *(check for column in entity.columns for check in _value_checks(subject, column)),
        *_border_checks(subject, entity),
        *_delivery_checks(subject, entity),
    )


def _columns_have_their_types(subject: Subject, entity: Entity) -> Check:
    expected = ", ".join(f"('{column.name}', '{column.type.duckdb}')" for column in entity.columns)
    return subject.none(
        "contract_columns",
        "Every column of the contract is there with its type.",
        f"""select 1 from (values {expected}) as contract (name, type)
        left join (describe {subject.table}) as present on present.column_name = contract.name
        where replace(lower(present.column_type), ' ', '') is distinct from replace(contract.type, ' ', '')""",
    )


def _value_checks(subject: Subject, column: Column) -> tuple[Check, ...]:
    found: list[Check] = []
    if column.choices:
        found.append(subject.one_of(column.name, column.choices))
    if column.minimum is not None or column.maximum is not None:
        found.append(subject.between(column.name, column.minimum, column.maximum))
    if column.type is ValueType.CURRENCY:
        found.append(subject.matches(column.name, "^[A-Za-z]{3}$", f"{column.name} has the form of an ISO 4217 code."))
    return tuple(found)


def _border_checks(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """Rows counted across the border: delivered = accepted + quarantined, and both are really there."""
    loaded = _loaded(entity)
    return (
        subject.none(
            "delivered_rows_are_accounted_for",
            "In every load, delivered rows = accepted rows + quarantined rows.",
            f"select 1 from {loaded} where delivered_count is distinct from accepted_count + quarantined_count",
        ),
        subject.figure(
            "accepted_rows_are_stored",
            "The table holds exactly the rows its loads accepted.",
            f"select abs((select count(*) from {subject.table}) - coalesce(sum(accepted_count), 0)) from {loaded}",
            minimum=0,
            maximum=0,
        ),
        subject.figure(
            "quarantined_rows_are_kept",
            "The quarantine holds exactly the rows the loads rejected.",
            f"""select abs(coalesce(sum(quarantined_count), 0) - (
                select count(*) from {QUARANTINE}
                where source = '{SOURCE}' and entity = '{entity.table}'
                    and load_seq in (select load_seq from {loaded})
            )) from {loaded}""",
            minimum=0,
            maximum=0,
        ),
    )


def _delivery_checks(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """How good and how fresh the deliveries are."""
    loaded = _loaded(entity)
    share = f"""select coalesce(max(case
        when open_count <= rows_allowed then 0 else open_count / nullif(delivered_count, 0)
    end), 0) from {BALANCE}, {LIMITS} where source = '{SOURCE}' and entity = '{entity.table}'"""
    return (
        subject.figure(
            "quarantine_share_is_bearable",
            QUARANTINE_PURPOSE,
            rows_too_many(SOURCE, entity.table),
            maximum=0,
        ),
        subject.figure(
            "quarantine_share_is_small",
            "At most 2 % of the delivered rows are open in quarantine (LIFECYCLE_QUARANTINE_ROWS_ALLOWED always).",
            share,
            minimum=0,
            maximum=QUARANTINE_SHARE_WARN,
            severity=Severity.WARN,
        ),
        subject.none(
            "no_file_was_rejected",
            "No file of this entity is rejected as a whole; a corrected one no longer counts.",
            f"select 1 from {OPEN_REJECTIONS} where source = '{SOURCE}' and entity = '{entity.table}'",
            severity=Severity.WARN,
        ),
        replace(subject, remedy=UNKNOWN_COLUMNS_REMEDY.format(path=entity.path)).none(
            "no_unknown_columns",
            "No file brought columns the contract does not know.",
            f"select 1 from {loaded} where len(drift_columns) > 0",
            severity=Severity.WARN,
        ),
        *_freshness(subject, entity),
    )


def rows_too_many(source: str, table: str) -> str:
    """SQL of how many rows more are open in quarantine than the settings allow; decided rows do not count."""
    return f"""select coalesce(max(
        greatest(open_count - greatest(rows_allowed, floor(share_allowed * delivered_count)), 0)
    ), 0) from {BALANCE}, {LIMITS} where source = '{source}' and entity = '{table}'"""


def _freshness(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """An entity that once delivered events and then falls silent is suspicious; records may rest."""
    if entity.clock is None or entity.kind is not EntityKind.EVENT:
        return ()
    return (subject.not_silent(entity.clock, SILENT_DAYS_WARN),)


def _loaded(entity: Entity) -> str:
    """The entity's successful loads, as a subquery."""
    return f"(select * from {LOADS} where source = '{SOURCE}' and entity = '{entity.table}' and status = 'loaded')"
