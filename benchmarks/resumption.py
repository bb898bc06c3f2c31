"""Start a dead run again from where it died, in this process: what the daemon's retry does, without the daemon.

`python -m benchmarks.resumption` in the data directory's environment; ends with 1 when the run fails.
"""

from __future__ import annotations

import logging
import sys

import dagster as dg

from ingestion.settings import load_settings
from orchestration.definitions import build_definitions
from orchestration.instance import end_dead_runs, open_instance
from orchestration.jobs import DAILY


def daily_job() -> dg.JobDefinition:
    """The job as the daemon finds it."""
    return build_definitions(load_settings()).resolve_job_def(DAILY)


def main() -> int:
    """Mark the latest run as dead and run what it has left, as a run that names it as its parent."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with open_instance(load_settings()) as instance:
        end_dead_runs(instance)
        [dead] = instance.get_runs(limit=1)
        if dead.is_success:  # it died after its last step
            return 0
        options = dg.ReexecutionOptions.from_failure(dead.run_id, instance)
        result = dg.execute_job(
            dg.reconstructable(daily_job), instance, run_config=dead.run_config, reexecution_options=options
        )
    for event in () if result.success else result.get_step_failure_events():
        print(event.step_key, event.step_failure_data.error_display_string, file=sys.stderr)
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main())
