"""The gates as blocking Dagster asset checks: one step per gate, one check per declared expectation.

What is checked is declared in `quality/suites`; how, in `quality/gates`. Here verdicts are only carried into Dagster.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

import dagster as dg

from ingestion.settings import Settings
from orchestration.assets.raw import POOL
from orchestration.resources import RunClock
from quality.checks import Check
from quality.suites import checks_of
from quality.verdicts import Verdict


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
    specs = {check_key(check): _spec(check, guarded) for check in checks_of(gate)}

    @dg.multi_asset_check(name=gate, specs=list(specs.values()), can_subset=False, pool=POOL)
    def run_checks(
        context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
    ) -> Iterator[dg.AssetCheckResult]:
        from quality.docs import write_docs
        from quality.gates import run_gate

        run = clock.begin(settings, context.run.run_id)
        result = run_gate(settings, gate, context.run.run_id, run.as_of)
        page = write_docs(settings)
        for verdict in result.verdicts:
            key = dg.AssetCheckKey(dg.AssetKey(verdict.table_name.split(".")), verdict.check_name)
            if key in specs:  # a table nobody declared checks for fails the gate, but has no check to report on
                yield _result(key, verdict, page)
        if not result.passed:
            raise dg.Failure(description=result.summary, allow_retries=False)

    return run_checks


def _spec(check: Check, guarded: Collection[dg.AssetKey]) -> dg.AssetCheckSpec:
    key = check_key(check)
    return dg.AssetCheckSpec(
        check.name,
        asset=key.asset_key,
        description=check.purpose,
        blocking=check.is_required and key.asset_key in guarded,
        metadata={"severity": str(check.severity), "owner": check.owner, "remedy": check.remedy},
    )


def _result(key: dg.AssetCheckKey, verdict: Verdict, page: Path) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=key.name,
        asset_key=key.asset_key,
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
