"""Between DuckDB relations and the arrays of `resolution.py`: what the Python models of dbt call.

Numbers of identifiers and links start at 1 in tables and at 0 in arrays; only this module knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.identifiers.decisions import Decision, refusals
from ingestion.identifiers.resolution import Cut, Links, connected_components, cut_links, cycles

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation


def component_table(identifiers: DuckDBPyRelation, links: DuckDBPyRelation) -> pa.Table:
    """Identifier and component number of every identifier; a component is named by its smallest number.

    Args:
        identifiers: with `identifier_number` 1 … n.
        links: with `left_number` and `right_number`.
    """
    count = _count(identifiers)
    ends = links.project("left_number - 1 as left_end, right_number - 1 as right_end").fetchnumpy()
    components = connected_components(count, ends["left_end"], ends["right_end"])
    return pa.table({"identifier_number": np.arange(1, count + 1), "component_number": components + 1})


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
    rows = links.project("link_number, left_number, right_number, trust").order("link_number").fetchnumpy()
    graph = Links(_count(identifiers), rows["left_number"] - 1, rows["right_number"] - 1, rows["trust"])
    (cap,) = limits.filter("linked_type = 'component'").project("allowed").fetchone()
    cuts = cut_links(
        graph,
        unique_groups=_unique_groups(identifiers),
        apart=[(left - 1, right - 1) for left, right in apart.project("left_number, right_number").fetchall()],
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


def _count(identifiers: DuckDBPyRelation) -> int:
    (count,) = identifiers.aggregate("count(*)").fetchone()
    return count


def _unique_groups(identifiers: DuckDBPyRelation) -> list[np.ndarray]:
    members = identifiers.filter("unique_group is not null")
    groups = members.project("unique_group").distinct().order("unique_group").fetchall()
    return [
        members.filter(f"unique_group = '{group}'").order("identifier_number").fetchnumpy()["identifier_number"] - 1
        for (group,) in groups
    ]
