"""Why a run failed: what was found wrong in the data, and what kept it from being looked at, are two things."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.dbt import NOT_RUN, _as_told
from orchestration.causes import causes_of


def causes_told(**metadata):
    """Causes of a run in which a check does not pass and then the step fails, as dbt's steps do."""

    @dg.asset(check_specs=[dg.AssetCheckSpec("unique_key", asset="staged")])
    def staged():
        yield dg.AssetCheckResult(passed=False, metadata=metadata)
        raise RuntimeError("No space left on device")

    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([staged], instance=instance, raise_on_error=False)
    return [(cause.place, cause.message.partition(".")[0]) for cause in causes_of(result.all_events)]


def test_a_test_that_found_rows_is_a_cause_besides_the_failure_of_its_step():
    assert causes_told(status="fail") == [("check staged: unique_key", "failed"), ("staged", "The disk is full")]


def test_a_test_that_could_not_be_run_is_no_cause_because_its_step_says_what_kept_it():
    assert causes_told(status="error") == [("staged", "The disk is full")]


def test_a_test_that_could_not_be_run_is_shown_as_that_and_never_as_passed():
    told = {
        status: _as_told(dg.AssetCheckResult(passed=status == "pass", metadata={"status": status}))
        for status in ("pass", "fail", "error")
    }
    assert {status: one.description for status, one in told.items()} == {"pass": None, "fail": None, "error": NOT_RUN}
    assert [status for status, one in told.items() if one.passed] == ["pass"]
    assert told["error"].metadata["status"].value == "error"
