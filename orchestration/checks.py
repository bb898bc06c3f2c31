"""The gates as blocking Dagster asset checks: one step per gate, one check per declared expectation.

What is checked is declared in `quality/suites`; how, in `quality/gates`. Here verdicts are only carried into Dagster.
"""

from collections.abc import Collection, Iterator

import dagster as dg

from ingestion.settings import Settings
from orchestration.assets.raw import POOL
from orchestration.resources import RunClock
from quality.checks import Check
from quality.suites import checks_of


def check_key(check: Check) -> dg.AssetCheckKey:
    """Dagster's key of a declared check: the table's asset and the check's name."""
    return dg.AssetCheckKey(dg.AssetKey(check.table.split(".")), check.name)


def gate_checks(gate: str, guarded: Collection[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """All checks of one gate as one step that stops everything after it when a required check does not pass.

    Args:
        gate: name of the gate.
        guarded: the tables built right before the gate. Only what comes after them waits for it; checks on tables of
            earlier layers run in the same step and fail it as well, but cannot make those layers wait for a later one.
    """
    specs = [
        dg.AssetCheckSpec(
            check.name,
            asset=check_key(check).asset_key,
            description=check.purpose,
            blocking=check.severity == "error" and check_key(check).asset_key in guarded,
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

        run = clock.begin(settings, context.run.run_id)
        result = run_gate(settings, gate, context.run.run_id, run.as_of)
        page = write_docs(settings)
        declared = {(spec.asset_key, spec.name) for spec in specs}
        for verdict in result.verdicts:
            if (dg.AssetKey(verdict.table_name.split(".")), verdict.check_name) not in declared:
                continue  # a table nobody declared checks for: it fails the gate below, but has no check to report on
            yield dg.AssetCheckResult(
                check_name=verdict.check_name,
                asset_key=dg.AssetKey(verdict.table_name.split(".")),
                passed=verdict.outcome == "pass",
                severity=dg.AssetCheckSeverity.ERROR if verdict.severity == "error" else dg.AssetCheckSeverity.WARN,
                description=verdict.message,
                metadata={
                    "outcome": str(verdict.outcome),
                    "observed": str(verdict.observed),
                    "threshold": str(verdict.threshold),
                    "unexpected_rows": verdict.unexpected_count or 0,
                    "page": dg.MetadataValue.path(page),
                },
            )
        if not result.passed:
            raise dg.Failure(description=result.summary, allow_retries=False)

    return run_checks
