"""What a build of the identity layer spent its time on: wall time by part, from what dbt noted about its models.

Of seconds in which several models ran at once each has its share, so that the parts add up to the whole; what is left
is dbt itself: starting, reading the project, ending.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path

DBT = "dbt itself"
PARTS: Mapping[str, tuple[str, ...]] = {
    "what has changed": (
        *("resolution_inputs", "changed_inputs", "resolution_scope", "scoped_sightings"),
        *("overrides", "refused_overrides", "contact_merges", "merge_cycles", "matched_contacts", "contact_matches"),
    ),
    "edges": ("edges",),
    "identifiers, links": ("identifiers", "links", "never_linked_pairs"),
    "groups, limits, cuts": (
        *("evidence_groups", "contested_identifiers", "contested_links", "contact_groups", "neighbours"),
        *("strong_breaches", "strong_links", "strong_components", "weak_breaches", "quarantined_identifiers"),
        *("admitted_links", "cut_links", "kept_links", "components"),
    ),
    "customers": (
        *("resolved_identifiers", "customer_identifiers_map", "customers", "link_decisions"),
        *("violations", "decision_violations", "unclaimed_devices", "proposals"),
    ),
    "log and state": (
        *("compared_customers", "log", "retired_customer_ids", "resolutions", "resolved_inputs"),
        *("unusable_identifiers", "lookalike_domains"),
    ),
}
RESOLUTION = ("edges", "identifiers, links", "groups, limits, cuts", "customers")
"""The parts that make customers of sightings; the others find out what to resolve and keep what was found."""

_PART_OF = {model: part for part, models in PARTS.items() for model in models}
Interval = tuple[str, float, float]


def parts_of_build(run_results: Path, seconds: float) -> dict[str, float]:
    """Seconds by part, in the order of PARTS, and of dbt itself.

    Args:
        run_results: file of that name which dbt has written.
        seconds: wall time of the whole build.
    """
    results = json.loads(run_results.read_text(encoding="utf-8"))["results"]
    shares = wall_shares(
        (part_of(result["unique_id"].split(".")[-1]), *(_clock(step[end]) for end in ("started_at", "completed_at")))
        for result in results
        for step in result["timing"]
    )
    found = {part: shares.get(part, 0.0) for part in PARTS}
    return {**found, DBT: seconds - sum(found.values())}


def part_of(model: str) -> str:
    """The part a model belongs to. Raises KeyError for a model nobody has given a part."""
    return "edges" if model.startswith("edges_") else _PART_OF[model]


def wall_shares(intervals: Iterable[Interval]) -> dict[str, float]:
    """Seconds by name; where intervals overlap, every one has its share of the time."""
    intervals = list(intervals)
    moments = sorted({moment for _, start, end in intervals for moment in (start, end)})
    shares: dict[str, float] = defaultdict(float)
    for start, end in pairwise(moments):
        running = [name for name, begin, stop in intervals if begin <= start and end <= stop]
        for name in running:
            shares[name] += (end - start) / len(running)
    return dict(shares)


def _clock(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
