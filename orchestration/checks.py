"""The gates as blocking Dagster asset checks: one step per gate, one check per declared expectation.

What is checked is declared in `quality/suites`; how, in `quality/gates`. Here verdicts are only carried into Dagster.
"""

from collections.abc import Iterator

import dagster as dg

from ingestion.settings import Settings
from orchestration.assets.raw import POOL
from orchestration.resources import RunClock
from quality.suites import Check, checks_of

GATES = ("g1_raw", "g2_profile", "g3_marts")


def check_key(check: Check) -> dg.AssetCheckKey:
    """Dagster's key of a declared check: the table's asset and the check's name."""
    return dg.AssetCheckKey(dg.AssetKey(check.table.split(".")), check.name)


def gate_checks(gate: str) -> dg.AssetChecksDefinition:
    """All checks of one gate as one step that stops everything after it when a required check does not pass."""
    specs = [
        dg.AssetCheckSpec(
            check.name,
            asset=dg.AssetKey(check.table.split(".")),
            description=check.purpose,
            blocking=check.severity == "error",
            metadata={"gate": gate, "severity": check.severity, "owner": check.owner},
        )
        for check in checks_of(gate)
    ]

    @dg.multi_asset_check(name=gate, specs=specs, can_subset=False, pool=POOL)
    def run_checks(
        context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
    ) -> Iterator[dg.AssetCheckResult]:
        from quality.docs import write_docs

        from quality.gates import run_gate

        run = clock.begin(settings, context.run_id)
        result = run_gate(settings, gate, context.run_id, run.as_of)
        page = write_docs(settings)
        for verdict in result.verdicts:
            yield dg.AssetCheckResult(
                check_name=verdict.check_name,
                asset_key=dg.AssetKey(verdict.table_name.split(".")),
                passed=verdict.outcome == "pass",
                severity=dg.AssetCheckSeverity.ERROR if verdict.severity == "error" else dg.AssetCheckSeverity.WARN,
                description=verdict.message,
                metadata={
                    "outcome": verdict.outcome,
                    "observed": str(verdict.observed),
                    "threshold": str(verdict.threshold),
                    "unexpected_rows": verdict.unexpected_count or 0,
                    "page": dg.MetadataValue.path(page),
                },
            )

    return run_checks
