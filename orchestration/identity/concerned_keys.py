"""Whom new decisions concern: the people they name, and those whom other decisions join to them in the next run.

Other decisions are those that wait for the run, and those the last one refused that contradict nothing any more once a
decision they contradicted is replaced. Which rows these people have is said by `concerned_rows.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingestion.identifiers.decisions import Decision, refusals
from orchestration.identity.overrides import followed_decisions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.identity.overrides import Override


def concerned_keys(
    connection: DuckDBPyConnection, overrides: Sequence[Override], waiting: Sequence[Override]
) -> list[str]:
    """Identifiers, at least one of every evidence group the overrides concern.

    Args:
        connection: to the warehouse.
        overrides: the new decisions.
        waiting: earlier ones the last run did not know, without those replaced.
    """
    new = [one.decision for one in (*waiting, *overrides)]
    others = [*(one.decision for one in waiting), *_revived(followed_decisions(connection), new)]
    keys = {key for override in overrides for key in override.keys}
    ends = keys | {key for one in others for key in (one.left, one.right)}
    groups = dict(
        connection.execute(
            "select identifier_key, evidence_group from identity.customer_identifiers_map"
            " where identifier_key in (select unnest(?::varchar[]))",
            [list(ends)],
        ).fetchall()
    )
    while joined := [one for one in others if _touches(one, keys, groups)]:
        keys |= {key for one in joined for key in (one.left, one.right)}
        others = [one for one in others if one not in joined]
    return sorted(keys)


def _revived(earlier: Sequence[Decision], new: Sequence[Decision]) -> list[Decision]:
    """Decisions that were refused and, with the new ones, no longer are."""
    replaced = {one.override_id for one in new}
    remaining = [one for one in earlier if one.override_id not in replaced]
    before = {one.override_id for one in refusals(earlier)}
    after = {one.override_id for one in refusals([*remaining, *new])}
    return [one for one in remaining if one.override_id in before - after]


def _touches(decision: Decision, keys: set[str], groups: dict[str, int]) -> bool:
    near = {groups.get(key) for key in keys} - {None}
    return any(key in keys or groups.get(key) in near for key in (decision.left, decision.right))
