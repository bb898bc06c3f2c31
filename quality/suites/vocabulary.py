"""The words the suites are written in: one small function per kind of statement.

Each makes a `Check` with a stable name and a plain purpose. A statement used by one suite only stands in that suite.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quality.checks import Band, Check, Severity


@dataclass(frozen=True, slots=True)
class Subject:
    """A table under examination, with what to do when one of its checks does not pass.

    Args:
        table: `schema.table`.
        remedy: what to do.
        owner: who repairs it.
    """

    table: str
    remedy: str
    owner: str = "data engineering"

    def has_columns(self, columns: Sequence[str]) -> Check:
        """Every column in `columns` exists."""
        return self._check(
            "has_its_columns",
            "ExpectTableColumnsToMatchSet",
            {"column_set": list(columns), "exact_match": False},
            f"{self.table} has all columns its readers rely on.",
        )

    def has_rows(self, severity: Severity = Severity.ERROR) -> Check:
        """The table is not empty."""
        return self._check(
            "has_rows",
            "ExpectTableRowCountToBeBetween",
            {"min_value": 1},
            f"{self.table} is not empty.",
            severity=severity,
        )

    def filled(self, *columns: str) -> tuple[Check, ...]:
        """No null in any of the columns."""
        return tuple(
            self._check(
                f"filled__{column}",
                "ExpectColumnValuesToNotBeNull",
                {"column": column},
                f"{column} is filled in every row.",
            )
            for column in columns
        )

    def unique(self, *columns: str) -> Check:
        """No two rows share the values of all `columns`; two nulls are the same value.

        Not Great Expectations' own checks: theirs of one column scans an event table three times, theirs of several
        takes two nulls for different and lets such duplicates pass.
        """
        listed = ", ".join(f'"{column}"' for column in columns)
        return self.none(
            f"unique__{'__'.join(columns)}",
            f"There is one row per {' × '.join(columns)}.",
            f"select {listed} from {self.table} group by {listed} having count(*) > 1",
        )

    def one_of(self, column: str, values: Iterable[str]) -> Check:
        """Values of `column` come from a closed list; null is allowed."""
        accepted = list(values)
        return self._check(
            f"accepted__{column}",
            "ExpectColumnValuesToBeInSet",
            {"column": column, "value_set": accepted},
            f"{column} is one of its accepted values.",
        )

    def between(self, column: str, minimum: float | None, maximum: float | None = None) -> Check:
        """Values of `column` lie inside the bounds; null is allowed."""
        return self._check(
            f"within__{column}",
            "ExpectColumnValuesToBeBetween",
            {"column": column, "min_value": minimum, "max_value": maximum},
            f"{column} lies inside its bounds.",
        )

    def matches(self, column: str, pattern: str, purpose: str) -> Check:
        """Values of `column` match the whole regular expression; null is allowed."""
        return self._check(
            f"format__{column}", "ExpectColumnValuesToMatchRegex", {"column": column, "regex": pattern}, purpose
        )

    def ordered(self, earlier: str, later: str) -> Check:
        """`later` is not before `earlier` where both are known."""
        return self._check(
            f"ordered__{earlier}__{later}",
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {
                "column_A": later,
                "column_B": earlier,
                "or_equal": True,
                "ignore_row_if": "either_value_is_missing",
            },
            f"{later} is never before {earlier}.",
        )

    def figure(
        self,
        name: str,
        purpose: str,
        sql: str,
        *,
        reads: Sequence[str] = (),
        minimum: float | None = None,
        maximum: float | None = None,
        severity: Severity = Severity.ERROR,
    ) -> Check:
        """The one number the SQL calculates lies inside the bounds."""
        return Check(
            name=name,
            table=self.table,
            expectation="ExpectColumnMaxToBeBetween",
            arguments={"min_value": minimum, "max_value": maximum},
            purpose=purpose,
            remedy=self.remedy,
            figure=sql,
            reads=tuple(reads),
            severity=severity,
            owner=self.owner,
        )

    def none(
        self,
        name: str,
        purpose: str,
        rows: str,
        *,
        reads: Sequence[str] = (),
        severity: Severity = Severity.ERROR,
    ) -> Check:
        """There is no row in the answer of the query `rows`: it selects what must not exist."""
        sql = f"select count(*) from ({rows})"
        return self.figure(name, purpose, sql, reads=reads, minimum=0, maximum=0, severity=severity)

    def not_silent(self, clock: str, days: int) -> Check:
        """What once brought events does not rest for longer than it ever has, and at least for some days.

        The longest pause of something that comes now and then says little of the next one: twice as long is bearable.
        """
        return self.figure(
            "is_not_unusually_silent",
            f"The source is not silent for more days than in its longest pause so far (at least {days}; twice as long "
            "when it does not bring something on most days).",
            f"""with days as (
                select distinct {clock}::date as day from {self.table} where {clock}::date <= :as_of
            ), pauses as (
                select day, day - lag(day) over (order by day) as pause from days
            )
            select :as_of - max(day)
                - greatest({days}, coalesce(max(pause) * case when median(pause) > 1 then 2 else 1 end, 0))
            from pauses""",
            maximum=0,
            severity=Severity.WARN,
        )

    def measured(
        self,
        name: str,
        purpose: str,
        sql: str,
        limit: Band | float,
        *,
        remedy: str = "",
        reads: Sequence[str] = (),
        severity: Severity = Severity.ERROR,
    ) -> Check:
        """What the SQL measures (the columns of `Check.measures`) is as usual or, given a number, not above it."""
        return Check(
            name=name,
            table=self.table,
            expectation="ExpectColumnMaxToBeBetween",
            arguments={} if isinstance(limit, Band) else {"max_value": limit},
            purpose=purpose,
            remedy=f"{remedy or self.remedy} {self._accepting(name)}",
            measures=sql,
            band=limit if isinstance(limit, Band) else None,
            reads=tuple(reads),
            severity=severity,
            owner=self.owner,
        )

    def _accepting(self, name: str) -> str:
        return f"If it is right: `lifecycle quality accept {self.table} {name} --reason …`, then run again."

    def is_at_as_of(self) -> Check:
        """Every row carries the as_of of the run."""
        return self.none(
            "is_at_as_of",
            "Every row was calculated for the as_of of this run.",
            f"select 1 from {self.table} where as_of is distinct from :as_of",
        )

    def _check(
        self,
        name: str,
        expectation: str,
        arguments: dict[str, object],
        purpose: str,
        severity: Severity = Severity.ERROR,
    ) -> Check:
        return Check(
            name=name,
            table=self.table,
            expectation=expectation,
            arguments=arguments,
            purpose=purpose,
            remedy=self.remedy,
            severity=severity,
            owner=self.owner,
        )
