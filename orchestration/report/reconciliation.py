"""Expected = materialised = checked: a run that left something out without a failure is not a good run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError

if TYPE_CHECKING:
    import dagster as dg

MOST_NAMED = 10


class UnreconciledRunError(LifecycleError):
    """Something a run was asked for was neither done nor reported as failed; the message names it."""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a run was asked for and what it did.

    Args:
        expected_assets, materialised_assets: numbers of tables.
        expected_checks, evaluated_checks: numbers of checks.
        missing: names of what was asked for and not done.
        has_failed: whether a step failed, which explains what is missing.
    """

    expected_assets: int
    materialised_assets: int
    expected_checks: int
    evaluated_checks: int
    missing: tuple[str, ...]
    has_failed: bool

    def require_complete(self) -> None:
        """Raises UnreconciledRunError when something is missing that no failed step explains."""
        if self.missing and not self.has_failed:
            more = f" and {len(self.missing) - MOST_NAMED} more" if len(self.missing) > MOST_NAMED else ""
            raise UnreconciledRunError(
                f"{len(self.missing)} of {self.expected_assets + self.expected_checks} things this run was asked for "
                f"were skipped without a failure: {', '.join(self.missing[:MOST_NAMED])}{more}. Run again; if it "
                "happens again, the step that should have made them ends without saying so."
            )


def reconcile(events: Iterable[dg.DagsterEvent], without: dg.AssetKey | None = None) -> Reconciliation:
    """Compare what was planned with what was done.

    Args:
        events: all events of a run so far.
        without: an asset left out: the one that asks, which is not done yet.
    """
    assets: dict[str, set[str]] = {"ASSET_MATERIALIZATION_PLANNED": set(), "ASSET_MATERIALIZATION": set()}
    checks: dict[str, set[str]] = {"ASSET_CHECK_EVALUATION_PLANNED": set(), "ASSET_CHECK_EVALUATION": set()}
    has_failed = False
    for event in events:
        kind = event.event_type_value
        has_failed = has_failed or kind == "STEP_FAILURE"
        if kind in assets and event.asset_key != without:
            assets[kind].add(event.asset_key.to_user_string())
        elif kind in checks:
            found = event.event_specific_data
            checks[kind].add(f"{found.asset_key.to_user_string()}:{found.check_name}")
    planned, done = assets.values()
    asked, answered = checks.values()
    missing = (*sorted(planned - done), *(f"check {name}" for name in sorted(asked - answered)))
    return Reconciliation(
        len(planned), len(planned & done), len(asked), len(asked & answered), missing, has_failed=has_failed
    )
