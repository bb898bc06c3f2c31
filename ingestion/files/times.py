"""Reading points in time and days, out of text and out of typed columns.

Times without an offset are business local time. An hour that does not exist (clocks go forward) counts as the hour
after it; an hour that exists twice (clocks go back) counts as the second one, in winter time. Years run from 1000 to
9999: what lies outside is a placeholder of some system, not a time.
"""

from __future__ import annotations

from ingestion.files import sql

_ISO = r"[1-9]\d{3}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?( ?([Zz]|[+-]\d{2}(:?\d{2})?))?)?"
_OFFSET = r"([Zz]|[+-]\d\d(:?\d\d)?)$"
_ISO_DAY = r"[1-9]\d{3}-\d{2}-\d{2}([T ]00:00(:00([.,]0+)?)?( ?[Zz])?)?"
_GERMAN = r"\d{1,2}\.\d{1,2}\.\d{4}( \d{2}:\d{2}(:\d{2})?)?"
_GERMAN_PARTS = r"^(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)$"
OTHER_FORMAT = r"^\d{1,4}[./]\d{1,2}[./]\d{1,4}"


def iso_text(text: str, *, german: bool) -> str:
    """SQL of the text in ISO form; `31.12.2025[ 14:30[:00]]` is turned round where `german` exports are expected."""
    if not german:
        return text
    return (
        f"case when regexp_full_match({text}, '{_GERMAN}')"
        f" then regexp_replace({text}, '{_GERMAN_PARTS}', '\\3-' || lpad(split_part({text}, '.', 2), 2, '0') || '-'"
        f" || lpad(split_part({text}, '.', 1), 2, '0') || '\\4') else {text} end"
    )


def has_offset(iso: str) -> str:
    """SQL that says whether an ISO text ends with `Z` or an offset."""
    return f"(length({iso}) > 10 and regexp_matches({iso}, '{_OFFSET}'))"


def timestamp_from_text(iso: str, offset_flag: str, timezone: str) -> str:
    """SQL of the instant (naive, UTC) an ISO text names, null when it names none.

    Args:
        iso: SQL of the text in ISO form.
        offset_flag: SQL of `has_offset`.
        timezone: business time zone for texts without an offset.
    """
    filled = (
        f"replace(regexp_replace(regexp_replace(upper({iso}), '^(.{{10}}[T ]\\d\\d:\\d\\d)($|Z| ?[+-])', '\\1:00\\2'),"
        " ' (Z|[+-])', '\\1'), ',', '.')"
    )
    aware = f"coalesce(try_cast({iso} as timestamptz), try_cast({filled} as timestamptz))"
    naive = f"coalesce(try_cast({iso} as timestamp), try_cast({filled} as timestamp))"
    return (
        f"case when not regexp_full_match({iso}, '{_ISO}') then null"
        f" when {offset_flag} then {utc_of_aware(aware)} else {utc_of_local(naive, timezone)} end"
    )


def within_years(value: str, kind: str, then: str) -> str:
    """SQL of `then` where a typed date or time lies in the years that are read, null elsewhere (also for infinity)."""
    first, last = (f"cast('{year}' as {kind})" for year in ("1000-01-01", "9999-12-31"))
    return f"case when {value} between {first} and {last} then {then} end"


def utc_of_aware(aware: str) -> str:
    """SQL of the naive UTC time of a timestamp with time zone, whatever the session's zone."""
    return f"make_timestamp(epoch_us({aware}))"


def utc_of_local(naive: str, timezone: str) -> str:
    """SQL of the naive UTC time of a local business time."""
    if timezone == "UTC":
        return f"({naive})"
    return utc_of_aware(f"timezone({sql.literal(timezone)}, {naive})")


def date_from_text(iso: str) -> str:
    """SQL of the day an ISO text names; a midnight behind the day is accepted, any other time is not."""
    return f"case when regexp_full_match({iso}, '{_ISO_DAY}') then try_cast(left({iso}, 10) as date) end"


def date_from_timestamp(naive: str) -> str:
    """SQL of the day of a timestamp that is a midnight, null otherwise."""
    return f"case when {naive} = date_trunc('day', {naive}) then cast({naive} as date) end"


def date_from_aware(aware: str, timezone: str) -> str:
    """SQL of the day of an instant that is midnight in the business time zone or in UTC, null otherwise."""
    local = f"timezone({sql.literal(timezone)}, {aware})"
    return f"coalesce({date_from_timestamp(local)}, {date_from_timestamp(utc_of_aware(aware))})"
