"""The run report as an asset: the last step of every run, also of one that failed.

It depends on nothing, since a step whose inputs are missing would be skipped, and a run that skips silently is what it
must notice. It comes last by its priority: steps run one at a time, and any other that can run goes first.
"""

import dagster as dg

from ingestion.contract import Pii
from ingestion.settings import Settings
from orchestration.assets.raw import OWNER, POOL
from orchestration.resources import RunClock

RUN_REPORT = dg.AssetKey(["ops", "run_report"])
LAST = {"dagster/priority": "-1000"}


@dg.asset(
    key=RUN_REPORT,
    group_name="ops",
    owners=[OWNER],
    kinds={"json", "markdown"},
    tags={"layer": "ops", "domain": "ops", "pii": Pii.NONE.value},
    op_tags=LAST,
    pool=POOL,
    description="What the run did: rows at every border, durations, memory, quarantine, what changed for readers. "
    "Fails when something the run was asked for was neither done nor reported as failed.",
)
def run_report(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
) -> dg.MaterializeResult:
    """Reconcile the run and write its report."""
    from orchestration.report.collection import collect_report
    from orchestration.report.document import as_markdown, write_report

    run = clock.foresee(settings, context.run.run_id)
    report, reconciliation = collect_report(settings, context.instance, run, RUN_REPORT)
    path = write_report(settings, report)
    reconciliation.require_complete()
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.md(as_markdown(report)),
            "file": dg.MetadataValue.path(path),
            "seconds": report["seconds"],
            "peak_memory_bytes": report["peak_memory_bytes"]["run"],
            "expected": reconciliation.expected_assets,
            "materialised": reconciliation.materialised_assets,
            "checked": reconciliation.evaluated_checks,
        }
    )
