"""The gates as blocking Dagster asset checks: one step per gate, one check per table with all its expectations.

What is checked is declared in `quality/suites`; how, in `quality/gates`. Here verdicts are only carried into Dagster:
hundreds of expectations become one check per table, whose page lists each with what was found and what must be.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import dagster as dg

from ingestion.settings import Settings
from orchestration.assets.raw import POOL
from orchestration.documents import document_url
from orchestration.resources import RunClock
from quality.checks import Check, Outcome
from quality.suites import checks_of
from quality.verdicts import Verdict
from quality.wording import counts_of, state_of


def all_gate_checks(
    delivered: Collection[dg.AssetKey], layers: Mapping[str, dg.AssetsDefinition]
) -> list[dg.AssetChecksDefinition]:
    """Every gate at its border.

    Args:
        delivered: the raw tables, from files and sources.
        layers: the layers by name.
    """
    guarded = {
        "g1_raw": delivered,
        "g1b_conformed": layers["conformed"].keys,
        "g2_profile": layers["profile"].keys,
        "g2b_population": layers["profile"].keys,
        "g3_marts": layers["marts"].keys,
    }
    return [gate_checks(gate, keys) for gate, keys in guarded.items()]


def gate_checks(gate: str, guarded: Collection[dg.AssetKey]) -> dg.AssetChecksDefinition:
    """All checks of one gate as one step that stops everything after it when a required check does not pass.

    A run that asks for some of them, for example one for the days of a single table, runs the whole gate all the same
    and shows those it was asked for.

    Args:
        gate: name of the gate.
        guarded: the tables built right before the gate. Only what comes after them waits for it; checks on tables of
            earlier layers run in the same step and fail it as well, but cannot make those layers wait for a later one.
    """
    tables = dict.fromkeys(check.table for check in checks_of(gate))
    specs = [
        _spec(gate, table, [check for check in checks_of(gate) if check.table == table], guarded) for table in tables
    ]

    @dg.multi_asset_check(name=gate, specs=specs, can_subset=True, pool=POOL)
    def run_checks(
        context: dg.AssetCheckExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
    ) -> Iterator[dg.AssetCheckResult]:
        from quality.docs import write_docs
        from quality.gates import run_gate

        run = clock.begin(settings, context.run.run_id)
        result = run_gate(settings, gate, context.run.run_id, run.as_of)
        url = document_url(settings, write_docs(settings))
        asked = {key.asset_key for key in context.selected_asset_check_keys}
        for table in (table for table in tables if table_key(table) in asked):
            yield _result(gate, table, [found for found in result.verdicts if found.table_name == table], url)
        if not result.passed:
            raise dg.Failure(description=result.summary, allow_retries=False)

    return run_checks


def table_key(table: str) -> dg.AssetKey:
    """Asset key of a table given as `schema.table`."""
    return dg.AssetKey(table.split("."))


def _spec(gate: str, table: str, checks: Sequence[Check], guarded: Collection[dg.AssetKey]) -> dg.AssetCheckSpec:
    purposes = "\n".join(f"- {check.purpose}" for check in checks)
    return dg.AssetCheckSpec(
        gate,
        asset=table_key(table),
        description=f"{len(checks)} expectations:\n{purposes}",
        blocking=table_key(table) in guarded,
        metadata={"owners": sorted({check.owner for check in checks}), "expectations": len(checks)},
    )


def _result(gate: str, table: str, verdicts: Sequence[Verdict], url: str) -> dg.AssetCheckResult:
    """One check of a table: passed when nothing speaks against it and something was evaluated."""
    failing = [found for found in verdicts if found.is_blocking or found.outcome in (Outcome.FAIL, Outcome.ERROR)]
    has_passed = any(found.outcome == Outcome.PASS for found in verdicts)
    stops = any(found.is_blocking for found in failing) or not verdicts
    counts = counts_of(verdicts)
    return dg.AssetCheckResult(
        check_name=gate,
        asset_key=table_key(table),
        passed=has_passed and not failing,
        severity=dg.AssetCheckSeverity.ERROR if stops else dg.AssetCheckSeverity.WARN,
        description="; ".join(f"{found.check_name}: {found.message}" for found in failing)
        or ", ".join(f"{count} {state}" for state, count in counts.items() if count),
        metadata={
            **{state.replace(" ", "_"): count for state, count in counts.items()},
            "rows": verdicts[0].row_count or 0 if verdicts else 0,
            "expectations": dg.MetadataValue.md(_markdown(verdicts)),
            "page": dg.MetadataValue.url(url),
        },
    )


def _markdown(verdicts: Sequence[Verdict]) -> str:
    lines = [
        f"| {found.check_name} | {state_of(found)} | {found.observed or ''} | {found.threshold} | {found.message} |"
        for found in verdicts
    ]
    return "\n".join(["| expectation | state | found | must be | message |", "| --- | --- | --- | --- | --- |", *lines])
