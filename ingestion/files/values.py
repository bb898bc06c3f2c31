"""From a delivered value to a typed one: the SQL for every contract column, by what the file holds.

One `ColumnSql` per column says how the value is cleaned, read, judged and explained. All of it is vectorised SQL; no
value passes through Python. Which rows are then kept is decided in `insertion.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ingestion.contract import Column, ValueType
from ingestion.contract.currencies import currency_codes
from ingestion.files import sql, times
from ingestion.files.numbers import PointMeaning, number_hint, plain_number
from ingestion.files.typed_values import as_text, typed_value

_BLANKS = " \t\r\n\u00a0\ufeff"
_TRUE = "('true', '1', 'yes', 'ja', 't', 'y')"
_FALSE = "('false', '0', 'no', 'nein', 'f', 'n')"


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """How the values of one file are to be understood.

    Args:
        timezone: business time zone, for times without an offset.
        german: the file is delimited by `;`: decimal commas and dates like 31.12.2025 are accepted.
        point: what a lone point in a number means, where `german`.
    """

    timezone: str
    german: bool = False
    point: PointMeaning = PointMeaning.UNKNOWN

    @property
    def number_style(self) -> PointMeaning | None:
        """What a lone point means where decimal commas are allowed; None where they are not."""
        return self.point if self.german else None

    @property
    def reading(self) -> str:
        """The rules as the register keeps them, so that rows can be judged again: `plain`, or `german:<point>`."""
        return f"german:{self.point}" if self.german else "plain"

    @classmethod
    def kept(cls, timezone: str, reading: str) -> ReadingRules:
        """The rules a register kept."""
        german, _, point = reading.partition(":")
        return cls(timezone, german=True, point=PointMeaning(point)) if german == "german" else cls(timezone)


@dataclass(frozen=True, slots=True)
class ColumnSql:
    """The steps from a delivered value to a typed one; each step may refer to the columns of the step before.

    Args:
        column: the contract's column.
        raw: the delivered value. Available to later steps as `r_<column>`.
        clean: the same, trimmed, blank as null. Available as `t_<column>`.
        mark: an intermediate form worth computing once. Available as `m_<column>`.
        value: the typed value, null when there is none or it cannot be read. Available as `v_<column>`.
        flag: whether reading loses something and the original has to be kept. Available as `l_<column>`.
        bad: whether the row cannot be accepted because of this column; never null. Null when it cannot happen.
        reason: why, in words without the value.
    """

    column: Column
    raw: str
    clean: str
    value: str
    mark: str | None = None
    flag: str | None = None
    bad: str | None = None
    reason: str | None = None


def column_sql(column: Column, delivered: str, delivered_type: str, rules: ReadingRules) -> ColumnSql:
    """The SQL that reads one column.

    Args:
        column: the contract's column.
        delivered: SQL of the delivered value.
        delivered_type: its DuckDB type.
        rules: how the file is to be understood.
    """
    typed = typed_value(column, f"t_{column.name}", delivered_type, rules.timezone)
    if typed is None:
        return _from_text(column, as_text(delivered, delivered_type), rules)
    value, flag = typed
    return _judged(column, ColumnSql(column, raw=delivered, clean=f"r_{column.name}", value=value, flag=flag), rules)


def _from_text(column: Column, delivered: str, rules: ReadingRules) -> ColumnSql:
    text, mark = f"t_{column.name}", f"m_{column.name}"
    readers = {
        ValueType.TEXT: _text_steps,
        ValueType.TIMESTAMP: _timestamp_steps,
        ValueType.DATE: _date_steps,
        ValueType.AMOUNT: _number_steps,
        ValueType.NUMBER: _number_steps,
        ValueType.INTEGER: _number_steps,
        ValueType.BOOLEAN: _boolean_steps,
        ValueType.CURRENCY: _currency_steps,
        ValueType.JSON: _json_steps,
    }
    steps = readers[column.type](column, text, mark, rules)
    return _judged(column, ColumnSql(column, raw=delivered, clean=_trimmed(f"r_{column.name}"), **steps), rules)


def _trimmed(text: str) -> str:
    """SQL of a text without blanks around it, null when nothing is left.

    Trimming costs more than everything else done to a text, so only texts that begin or end with a blank are trimmed.
    """
    ends = " or ".join(f"suffix({text}, {sql.literal(blank)})" for blank in _BLANKS)
    begins = " or ".join(f"prefix({text}, {sql.literal(blank)})" for blank in _BLANKS if blank > "!")
    # Texts below '!' begin with a space or a control character, or are empty.
    at_the_edge = f"{text} < '!' or {ends} or {begins}"
    return f"case when {at_the_edge} then nullif(trim({text}, {sql.literal(_BLANKS)}), '') else {text} end"


def _text_steps(column: Column, text: str, _mark: str, _rules: ReadingRules) -> dict[str, str]:
    if not column.choices:
        return {"value": text}
    choices = ", ".join(sql.literal(choice) for choice in column.choices)
    return {"value": f"cast(try_cast(lower({text}) as enum({choices})) as varchar)"}


def _timestamp_steps(_column: Column, text: str, mark: str, rules: ReadingRules) -> dict[str, str]:
    iso = times.iso_text(text, german=rules.german)
    value = times.timestamp_from_text(mark, times.has_offset(mark), rules.timezone)
    return {"mark": iso, "value": value, "flag": f"{mark} is not null and not {times.has_offset(mark)}"}


def _date_steps(_column: Column, text: str, mark: str, rules: ReadingRules) -> dict[str, str]:
    return {"mark": times.iso_text(text, german=rules.german), "value": times.date_from_text(mark)}


def _number_steps(column: Column, text: str, mark: str, rules: ReadingRules) -> dict[str, str]:
    steps = {"mark": plain_number(text, rules.number_style)}
    if column.type is ValueType.AMOUNT:
        steps["value"] = f"try_cast({mark} as {column.type.duckdb})"
        steps["flag"] = f"coalesce(regexp_matches({mark}, '\\.\\d{{4}}\\d*[1-9]'), false)"
    elif column.type is ValueType.INTEGER:
        whole = f"regexp_full_match({mark}, '[+-]?\\d+(\\.0*)?')"
        steps["value"] = f"case when {whole} then try_cast(split_part({mark}, '.', 1) as bigint) end"
    else:
        steps["value"] = f"case when isfinite(try_cast({mark} as double)) then try_cast({mark} as double) end"
    return steps


def _boolean_steps(_column: Column, text: str, mark: str, _rules: ReadingRules) -> dict[str, str]:
    return {
        "mark": f"lower({text})",
        "value": f"case when {mark} in {_TRUE} then true when {mark} in {_FALSE} then false end",
    }


def _currency_steps(_column: Column, text: str, _mark: str, _rules: ReadingRules) -> dict[str, str]:
    codes = ", ".join(sql.literal(code) for code in sorted(currency_codes()))
    return {"value": f"cast(try_cast(upper({text}) as enum({codes})) as varchar)"}


def _json_steps(_column: Column, text: str, _mark: str, _rules: ReadingRules) -> dict[str, str]:
    return {"value": f"case when json_valid({text}) then cast({text} as json) end"}


def _judged(column: Column, steps: ColumnSql, rules: ReadingRules) -> ColumnSql:
    text, value = f"t_{column.name}", f"v_{column.name}"
    missing, unreadable = f"{text} is null", f"({value} is null and {text} is not null)"
    bad: list[str] = []
    reasons: list[tuple[str, str]] = []
    if column.required:
        bad.append(missing)
        reasons.append((missing, "is missing, but required"))
    if column.type is not ValueType.TEXT or column.choices:
        bad.append(unreadable)
        if column.type in (ValueType.TIMESTAMP, ValueType.DATE):
            other = f"{unreadable} and regexp_matches(cast({text} as varchar), '{times.OTHER_FORMAT}')"
            reasons.append((other, f"is in a date format that can be misread; {_advice(column, rules)}"))
        reasons.append((unreadable, f"{_complaint(column)}; {_advice(column, rules)}"))
    for limit, sign, word in ((column.minimum, "<", "smaller"), (column.maximum, ">", "greater")):
        if limit is not None:
            bad.append(f"coalesce({value} {sign} {limit}, false)")
            reasons.append((bad[-1], f"is {word} than {limit:g}"))
    if not bad:
        return steps
    words = " ".join(f"when {condition} then {sql.literal(f'{column.name} {why}')}" for condition, why in reasons)
    return replace(steps, bad=f"({' or '.join(bad)})", reason=f"case {words} end")


def _complaint(column: Column) -> str:
    return {
        ValueType.TEXT: "is not one of the accepted values",
        ValueType.TIMESTAMP: "is not a time in ISO 8601",
        ValueType.DATE: "is not a day in ISO 8601",
        ValueType.AMOUNT: "is not an amount below 10^14",
        ValueType.NUMBER: "is not a number",
        ValueType.INTEGER: "is not a whole number",
        ValueType.BOOLEAN: "is neither true nor false",
        ValueType.CURRENCY: "is not an ISO 4217 currency code",
        ValueType.JSON: "is not JSON",
    }[column.type]


def _advice(column: Column, rules: ReadingRules) -> str:
    return {
        ValueType.TEXT: f"choose from {', '.join(column.choices)}",
        ValueType.TIMESTAMP: f"write it like 2025-12-31T14:30:00+01:00{' or 31.12.2025 14:30' if rules.german else ''}",
        ValueType.DATE: f"write it like 2025-12-31{' or 31.12.2025' if rules.german else ''}",
        ValueType.AMOUNT: number_hint(rules.number_style),
        ValueType.NUMBER: number_hint(rules.number_style),
        ValueType.INTEGER: "write it like 1234",
        ValueType.BOOLEAN: "write true or false (also 1/0, yes/no, ja/nein)",
        ValueType.CURRENCY: "write for example EUR, USD or CHF",
        ValueType.JSON: 'write it like {"name": "value"}',
    }[column.type]
