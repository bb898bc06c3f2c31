"""Between DuckDB relations and the arrays of `resolution.py`: what the Python models of dbt call.

Numbers of identifiers and links start at 1 in tables and at 0 in arrays; only this module knows.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.identifiers.contested import Bounds, contested_groups
from ingestion.identifiers.decisions import Decision, refusals
from ingestion.identifiers.resolution import Cut, Links, connected_components, cut_links, cycles

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation


def evidence_table(
    identifiers: DuckDBPyRelation, links: DuckDBPyRelation, apart: DuckDBPyRelation, limits: DuckDBPyRelation
) -> pa.Table:
    """Of every identifier the group any links join it to, named by its smallest number, and whether it is contested.

    Args:
        identifiers: with `identifier_number` 1 … n, `identifier_type`, `trust` and `unique_group`.
        links: with `left_number`, `right_number` and `trust`.
        apart: pairs `left_number`, `right_number` that a person has decided never to link.
        limits: the seed `identifier_limits`.
    """
    rows = identifiers.project("identifier_number - 1 as position, trust").fetchnumpy()
    count = len(rows["position"])
    types = np.empty(count, dtype=np.int8)
    types[rows["position"]] = rows["trust"]
    ends = links.project("left_number - 1 as left_end, right_number - 1 as right_end, trust").fetchnumpy()
    groups = connected_components(count, ends["left_end"], ends["right_end"])
    contested = contested_groups(
        groups, types, groups[ends["left_end"]], ends["trust"], _pairs(apart), _bounds(identifiers, limits)
    )
    return pa.table(
        {
            "identifier_number": np.arange(1, count + 1, dtype=np.int32),
            "component_number": (groups + 1).astype(np.int32),
            "is_contested": contested[groups],
        }
    )


def component_table(identifiers: DuckDBPyRelation, links: DuckDBPyRelation) -> pa.Table:
    """Identifier and component number of every identifier; a component is named by its smallest number.

    Args:
        identifiers: with `identifier_number`.
        links: with `left_number` and `right_number`.
    """
    numbers = _numbers(identifiers)
    ends = links.project("left_number, right_number").fetchnumpy()
    left, right = (np.searchsorted(numbers, ends[f"{side}_number"]) for side in ("left", "right"))
    components = connected_components(len(numbers), left, right)
    return pa.table({"identifier_number": numbers, "component_number": numbers[components]})


def cut_table(
    identifiers: DuckDBPyRelation, links: DuckDBPyRelation, apart: DuckDBPyRelation, limits: DuckDBPyRelation
) -> pa.Table:
    """Number and reason of every link that must not join.

    Args:
        identifiers: with `identifier_number`, `trust` and `unique_group`.
        links: the admitted links with `link_number`, ends and `trust`.
        apart: pairs `left_number`, `right_number` that a person has decided never to link.
        limits: the seed `identifier_limits`, for the size of a component.
    """
    numbers = _numbers(identifiers)
    rows = links.project("link_number, left_number, right_number, trust").order("link_number").fetchnumpy()
    left, right = (np.searchsorted(numbers, rows[f"{side}_number"]) for side in ("left", "right"))
    (cap,) = limits.filter("linked_type = 'component'").project("allowed").fetchone()
    cuts = cut_links(
        Links(len(numbers), left, right, rows["trust"]),
        unique_groups=_unique_groups(identifiers, numbers),
        apart=_places(numbers, _pairs(apart)),
        node_trust=identifiers.order("identifier_number").project("trust").fetchnumpy()["trust"],
        component_cap=cap,
    )
    is_cut = cuts != Cut.KEPT
    reasons = pa.array([cut.name.lower() for cut in Cut])
    return pa.table({"link_number": rows["link_number"][is_cut], "reason": reasons.take(pa.array(cuts[is_cut]))})


def refused_override_table(overrides: DuckDBPyRelation) -> pa.Table:
    """Override id and the ids it contradicts of every decision that is not followed.

    Args:
        overrides: with `override_id`, `action`, `left_key` and `right_key`; null keys name nobody and decide nothing.
    """
    rows = overrides.filter("left_key is not null and right_key is not null")
    decisions = [
        Decision(override_id, action == "always_link", left, right)
        for override_id, action, left, right in rows.project("override_id, action, left_key, right_key").fetchall()
    ]
    found = refusals(decisions)
    return pa.table(
        {
            "override_id": pa.array([refusal.override_id for refusal in found], pa.string()),
            "contradicts": pa.array([refusal.contradicts for refusal in found], pa.string()),
        }
    )


def cycle_table(merges: DuckDBPyRelation) -> pa.Table:
    """Key of every contact that merges lead back to.

    Args:
        merges: with `merged_key` and `into_key`.
    """
    ends = merges.project("merged_key, into_key").fetch_arrow_table()
    count = ends.num_rows
    keys = pa.chunked_array([*ends["merged_key"].chunks, *ends["into_key"].chunks], pa.string()).combine_chunks()
    names = pc.unique(keys)
    numbers = pc.index_in(keys, names).to_numpy(zero_copy_only=False)
    return pa.table({"identifier_key": names.filter(pa.array(cycles(len(names), numbers[:count], numbers[count:])))})


def _numbers(identifiers: DuckDBPyRelation) -> np.ndarray:
    """All identifier numbers, ascending: their places are the nodes of a graph."""
    return np.sort(identifiers.project("identifier_number").fetchnumpy()["identifier_number"])


def _pairs(apart: DuckDBPyRelation) -> list[tuple[int, int]]:
    return [(left - 1, right - 1) for left, right in apart.project("left_number, right_number").fetchall()]


def _places(numbers: np.ndarray, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs of which both ends are among the numbers, as their places."""
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2) + 1
    places = np.searchsorted(numbers, ends[np.isin(ends, numbers).all(axis=1)])
    return [(int(left), int(right)) for left, right in places]


def _bounds(identifiers: DuckDBPyRelation, limits: DuckDBPyRelation) -> Bounds:
    """The tightest limits on what may stand behind one identifier, as bounds of a whole group."""
    kinds = identifiers.project("identifier_type, trust, unique_group is not null").distinct().fetchall()
    allowed = dict(limits.aggregate("linked_type, min(allowed)").fetchall())
    return Bounds(
        strong=frozenset(code for _, code, is_unique in kinds if is_unique),
        of_type={code: allowed[name] for name, code, _ in kinds if name in allowed},
        people=allowed.get("any", sys.maxsize),
        identifiers=allowed.get("component", sys.maxsize),
    )


def _unique_groups(identifiers: DuckDBPyRelation, numbers: np.ndarray) -> list[np.ndarray]:
    members = identifiers.filter("unique_group is not null").project("unique_group, identifier_number").fetchnumpy()
    names, group_of = np.unique(members["unique_group"].astype(str), return_inverse=True)
    places = np.searchsorted(numbers, members["identifier_number"])
    return [np.sort(places[group_of == group]) for group in range(len(names))]
