"""What a person should know about identity after a run: what was not believed, not applied, or leads nowhere.

Only wording; what is wrong was found by the models and stands in `identity.violations` and `identity.device_periods`.
Never names an identifier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHOWN = 20
MERGES = {
    "dangling_merge": "contact(s) were merged into a contact that no row describes",
    "merge_cycle": "contact(s) were merged in a circle: they are one customer, but none of them is the remaining one",
}
DOUBTS = {
    "limit": "identifier(s) have too many people behind them: see identity.violations",
    "cut_link": "link(s) were not believed, for they would join what must stay apart",
    "device": "device(s) were used by several people: their events belong to whoever had logged in",
    "lookalike_domain": "address(es) have a domain that may imitate another one: see identity.violations",
}


def identity_notes(connection: DuckDBPyConnection) -> list[str]:
    """One line per override that was refused or is unknown, and one per kind of what was doubted."""
    known = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'identity' and table_name = 'violations'"
    ).fetchone()
    if not known:
        return []
    overrides = connection.execute(
        "select reason from identity.violations where violation in"
        " ('contradictory_override', 'unknown_override', 'override_on_itself')"
        " group by all order by all"
    ).fetchall()
    merges = connection.execute(
        "select violation, count(*) from identity.violations where violation in ('dangling_merge', 'merge_cycle')"
        " group by all order by all"
    ).fetchall()
    more = [f"identity: … and {len(overrides) - SHOWN} more in identity.violations"] if len(overrides) > SHOWN else []
    return [
        *(f"identity: {reason}" for (reason,) in overrides[:SHOWN]),
        *more,
        *(f"identity: {count:,} {MERGES[violation]}" for violation, count in merges),
        *(f"identity: {count:,} {DOUBTS[kind]}" for kind, count in _doubts(connection)),
    ]


def _doubts(connection: DuckDBPyConnection) -> list[tuple[str, int]]:
    """How many there are of each kind of DOUBTS that there is."""
    counted = connection.execute(
        "select violation, count(distinct coalesce(identifier_key, '') || ' ' || coalesce(linked_key, ''))"
        " from identity.violations"
        " where violation in ('limit', 'lookalike_domain') or (violation = 'cut_link' and reason <> 'never_link')"
        " group by all"
        " union all select 'device', nullif(count(distinct device_key), 0) from identity.device_periods"
        " order by all"
    ).fetchall()
    return [(kind, count) for kind, count in counted if count]
