"""Gate 1 for connectors, raw → staging: what vendors delivered has its declared form, and nothing of it was lost.

Derived from the connectors' declarations. A record that does not fit should be in quarantine already; this gate proves
it, and counts records across the border. A table of a source that is not configured is empty and passes.
"""

from __future__ import annotations

from ingestion.raw import source_columns
from ingestion.sources.model import Connector, RawTable
from ingestion.sources.registry import CONNECTORS
from quality.checks import Check, Severity
from quality.suites.raw import LOADS, QUARANTINE, QUARANTINE_PURPOSE, rows_too_many
from quality.suites.vocabulary import Subject


def checks() -> tuple[Check, ...]:
    """All checks of the connectors' raw tables."""
    return tuple(
        check
        for connector in CONNECTORS
        for resource in connector.resources
        for check in checks_of_table(connector, resource.table)
    )


def checks_of_table(connector: Connector, table: RawTable) -> tuple[Check, ...]:
    """The checks of one raw table."""
    subject = Subject(
        f"{connector.schema}.{table.name}",
        f"Look at `ops.loads` and `quarantine.rejected_rows` of {connector.name}, and at the connector's README.",
    )
    loaded = f"(select * from {LOADS} where source = '{connector.name}' and entity = '{table.name}')"
    return (
        _columns_have_their_types(subject, table),
        _required_fields_are_filled(subject, table),
        _versions_differ(subject, table),
        *_border_checks(subject, loaded, connector, table),
        subject.figure(
            "quarantine_share_is_bearable",
            QUARANTINE_PURPOSE,
            rows_too_many(connector.name, table.name),
            maximum=0,
        ),
        subject.none(
            "no_unknown_fields",
            "The vendor's last delivery brought no fields the connector does not know.",
            f"""select 1 from (select * from {loaded} order by load_seq desc limit 1)
            where len(drift_columns) > 0""",
            severity=Severity.WARN,
        ),
    )


def _columns_have_their_types(subject: Subject, table: RawTable) -> Check:
    expected = ", ".join(f"('{name}', '{kind}')" for name, kind in source_columns(table).items())
    return subject.none(
        "declared_columns",
        "Every declared column is there with its type.",
        f"""select 1 from (values {expected}) as declared (name, type)
        left join (describe {subject.table}) as present on present.column_name = declared.name
        where lower(present.column_type) is distinct from declared.type""",
    )


def _required_fields_are_filled(subject: Subject, table: RawTable) -> Check:
    missing = " or ".join(f'"{field.name}" is null' for field in table.fields if field.required)
    return subject.none(
        "required_fields_are_filled",
        "No record lacks its key or another required field.",
        f"select 1 from {subject.table} where {missing}",
    )


def _versions_differ(subject: Subject, table: RawTable) -> Check:
    """Keys of versioned records: of one record, only what has changed is stored again."""
    key = ", ".join(f'"{name}"' for name in table.key)
    return subject.none(
        "versions_of_a_record_differ",
        f"No record of the newest load ({', '.join(table.key)}) is stored again as it was.",
        f"""select 1 from {subject.table}
        semi join (
            select {key} from {subject.table} where _load_seq = (select max(_load_seq) from {subject.table})
        ) using ({key})
        qualify _content_hash = lag(_content_hash) over (partition by {key} order by _load_seq, _row_number)""",
    )


def _border_checks(subject: Subject, loaded: str, connector: Connector, table: RawTable) -> tuple[Check, ...]:
    """Records counted across the border: delivered = accepted + quarantined + unchanged, and all are really there."""
    return (
        subject.none(
            "delivered_records_are_accounted_for",
            "In every load, delivered records = accepted + quarantined + unchanged ones.",
            f"""select 1 from {loaded}
            where delivered_count is distinct from accepted_count + quarantined_count + unchanged_count""",
        ),
        subject.figure(
            "accepted_records_are_stored",
            "The table holds exactly the records its loads accepted.",
            f"select abs((select count(*) from {subject.table}) - coalesce(sum(accepted_count), 0)) from {loaded}",
            minimum=0,
            maximum=0,
        ),
        subject.figure(
            "quarantined_records_are_kept",
            "The quarantine holds exactly the records the loads rejected.",
            f"""select abs(coalesce(sum(quarantined_count), 0) - (
                select count(*) from {QUARANTINE} where source = '{connector.name}' and entity = '{table.name}'
            )) from {loaded}""",
            minimum=0,
            maximum=0,
        ),
    )
