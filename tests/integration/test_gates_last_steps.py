"""The last steps of a run alone, as somebody starts them from the UI: bad results are stopped there, too."""

from __future__ import annotations

import uuid

import pytest

from ingestion.warehouse import connect
from orchestration.causes import causes_of
from orchestration.definitions import build_definitions
from orchestration.instance import open_instance
from orchestration.jobs import BACKFILL, DAILY, run_config
from orchestration.publish.pointer import current_generation
from orchestration.run_lock import hold_run_lock, release_run_lock
from tests.conftest import COMPANY_END

PUBLICATION = "serving__publication"
A_STAGE_JUMPS = """update marts.customer_stage_history set stage = 'lost'
    where model = 'three_r' and is_current and hash(customer_id) % 10 < 6"""
A_MART_HALVES = "delete from marts.kpi_summary where hash(kpi, period_start, segment) % 2 = 0"


def run_steps(settings, *steps, job=DAILY):
    """What went wrong in a run of some steps of a job; a problem per step."""
    run_id = str(uuid.uuid4())
    hold_run_lock(settings, run_id)
    try:
        with open_instance(settings) as instance:
            result = (
                build_definitions(settings)
                .resolve_job_def(job)
                .execute_in_process(
                    run_config=run_config(COMPANY_END.isoformat()),
                    instance=instance,
                    run_id=run_id,
                    op_selection=list(steps),
                    raise_on_error=False,
                )
            )
    finally:
        release_run_lock(settings, run_id)
    return [f"{cause.place}: {cause.message}" for cause in causes_of(result.all_events)]


@pytest.mark.parametrize(
    ("damage", "steps", "job", "told"),
    [
        pytest.param(
            A_STAGE_JUMPS,
            ("g2b_population", PUBLICATION),
            DAILY,
            ("Gate 2b: profile → marts is closed", "stage_shares_are_usual__three_r", "lifecycle quality accept"),
            id="a stage that held few people and now holds six of ten",
        ),
        pytest.param(
            A_MART_HALVES,
            ("g3_marts", PUBLICATION),
            BACKFILL,
            ("Gate 3: marts → publish is closed", "row_count_has_not_collapsed", "lifecycle quality accept"),
            id="a mart that has lost half of its rows, in a backfill",
        ),
        pytest.param(
            A_MART_HALVES,
            (PUBLICATION,),
            DAILY,
            ("Not published", "kpi_summary"),
            id="the publication alone, of such a mart",
        ),
        pytest.param(
            A_MART_HALVES,
            (PUBLICATION,),
            BACKFILL,
            ("Not published", "kpi_summary"),
            id="the publication alone, of such a mart, in a backfill",
        ),
    ],
)
def test_what_only_shows_in_the_result_is_stopped_and_readers_keep_what_they_had(
    company, tmp_path, damage, steps, job, told
):
    settings = company.copy_to(tmp_path / "data")
    before = current_generation(settings.serving)
    with connect(settings) as connection:
        connection.execute(damage)
    problems = run_steps(settings, *steps, job=job)
    assert problems
    assert {words for words in told if words not in "\n".join(problems)} == set()
    assert current_generation(settings.serving) == before
