"""Why a value names nobody, although rows may carry it; what is blocked is decided by the seed, as in the models.

Never tells the value itself: it may be somebody's address with a letter missing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# As the macro `is_blocked` has it; a test delivers such values and compares.
_BLOCKED = """
select reason from identity.blocked_identifier_values
where identifier_type in ('any', $kind)
    and case match
        when 'exact' then lower($value) = value
        when 'regex' then regexp_full_match(lower($value), value)
        when 'longer_than' then length($value) > try_cast(value as integer)
    end
order by match, value
limit 1
"""
_NUMBER = re.compile(r"\+?[\d ()./-]{6,}")


def why_unusable(
    connection: DuckDBPyConnection, kind: str, value: str, *, is_readable: bool, default_country: str
) -> str:
    """Why a value identifies nobody, or nothing when somebody could have it.

    Args:
        connection: an open connection to the warehouse.
        kind: type of the identifier; without one what looks like an address or a number is taken for one.
        value: what was asked for, without blanks around it.
        is_readable: whether it has a normal form as that type.
        default_country: country of phone numbers without one.
    """
    delivered = _as_delivered(kind, value)
    blocked = connection.execute(_BLOCKED, {"kind": kind or _looks_like(value), "value": delivered}).fetchone()
    if blocked:
        return f"That value identifies nobody: {blocked[0]} (seed blocked_identifier_values)."
    if is_readable:
        return ""
    if kind == "phone":
        return f"That cannot be read as a phone number of {default_country}; write it with its country code."
    return f"That value identifies nobody: it cannot be read as {kind}."


def _as_delivered(kind: str, value: str) -> str:
    """The value without the source or platform that stands before it in a key."""
    if kind == "contact_id":
        return value.rpartition(":")[2]
    return value.rpartition("/")[2].lstrip("@") if kind == "social_handle" else value


def _looks_like(value: str) -> str:
    if "@" in value:
        return "email"
    return "phone" if _NUMBER.fullmatch(value) else "any"
