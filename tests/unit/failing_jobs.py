"""Jobs of one step that fail or not, under the name of the daily one."""

from __future__ import annotations

import dagster as dg


def job_that(act):
    @dg.op(name="work")
    def work():
        act()

    @dg.job(name="daily", executor_def=dg.in_process_executor)
    def daily():
        work()

    return daily


def fail_with(error):
    def act():
        raise error

    return act


def run(instance, act):
    return job_that(act).execute_in_process(instance=instance, raise_on_error=False).run_id
