"""Why a value names nobody, although rows may carry it; what is blocked is decided by the seed, as in the models.

Never tells the value itself: it may be somebody's address with a letter missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# As the macro `is_blocked` has it.
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


def why_unusable(connection: DuckDBPyConnection, kind: str, value: str, *, is_readable: bool) -> str:
    """Why a value identifies nobody, or nothing when somebody could have it.

    Args:
        connection: an open connection to the warehouse.
        kind: type of the identifier; without one an address is asked for as such, all else for what no type may be.
        value: what was asked for, without blanks around it.
        is_readable: whether it has a normal form as that type.
    """
    asked_as = kind or ("email" if "@" in value else "any")
    blocked = connection.execute(_BLOCKED, {"kind": asked_as, "value": value}).fetchone()
    if blocked:
        return f"That value identifies nobody: {blocked[0]} (seed blocked_identifier_values)."
    if not is_readable:
        return f"That value identifies nobody: it cannot be read as {kind}. Rows with it count as malformed."
    return ""
