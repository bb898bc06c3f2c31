"""How a mart is declared for gate 3: by its key, its readers' columns, its rates and its further statements.

The declarations themselves stand in `marts_customer.py` and `marts_kpi.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from quality.checks import Band, Check, Severity
from quality.suites.vocabulary import Subject

SCHEMA = "marts"
ORDERS = "conformed.crm_orders"

# Marts grow with their history; one that has lost two fifths of its rows has lost its input or a join.
NOT_COLLAPSED = Band(spreads=0, share=0.4, minimum_level=20, is_upper=False)

_REMEDY = (
    "Nothing is published; the last good generation stays. Correct the model in dbt_project/models/marts, run again."
)


@dataclass(frozen=True, slots=True)
class Mart:
    """The declaration of one mart.

    Args:
        name: table in the schema `marts`.
        key: columns that identify a row and are never null; a nullable part of the key stands in `nullable_key`.
        columns: further columns readers rely on.
        rates: columns between 0 and 1.
        counts: columns that are never negative.
        sizes: columns that are never less than 1, for a row without that would not be there.
        nullable_key: columns of the key that may be null.
        may_be_empty: whether a correct run can leave it without rows.
        is_steady: whether it cannot lose many rows from one day to the next; a mart of what is due just now can.
        statements: further checks.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rates: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    nullable_key: tuple[str, ...] = ()
    may_be_empty: bool = True
    is_steady: bool = True
    statements: tuple[Check, ...] = field(default=())

    def checks(self) -> tuple[Check, ...]:
        """All checks of the mart."""
        subject = subject_of(self.name)
        whole_key = (*self.key, *self.nullable_key)
        columns = dict.fromkeys((*whole_key, *self.columns, *self.rates, *self.counts, *self.sizes, "as_of"))
        return (
            subject.has_columns(list(columns)),
            *(() if self.may_be_empty else (subject.has_rows(),)),
            *subject.filled(*self.key, "as_of"),
            subject.unique(*whole_key),
            subject.is_at_as_of(),
            self._row_count_has_not_collapsed(subject),
            *(subject.between(column, 0, 1) for column in self.rates),
            *(subject.between(column, 0) for column in self.counts),
            *(subject.between(column, 1) for column in self.sizes),
            *self.statements,
        )

    def _row_count_has_not_collapsed(self, subject: Subject) -> Check:
        return subject.measured(
            "row_count_has_not_collapsed",
            f"{subject.table} has not suddenly lost a large part of its rows.",
            f"""select '' as category, null as batch, count(*) as value, count(*) as sample_size, true as is_judged
            from {subject.table}""",
            NOT_COLLAPSED,
            severity=Severity.ERROR if self.is_steady else Severity.WARN,
        )


def subject_of(name: str) -> Subject:
    """The mart of that name as a subject of checks."""
    return Subject(f"{SCHEMA}.{name}", _REMEDY)
