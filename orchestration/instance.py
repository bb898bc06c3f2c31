"""The Dagster instance of a data directory: its home, its configuration, and what a dead run left in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.warehouse import make_private_directory

if TYPE_CHECKING:
    from datetime import datetime

    import dagster as dg
    from filelock import FileLock

    from ingestion.settings import Settings


def prepare_home(settings: Settings) -> Path:
    """Create the instance's home with its `dagster.yaml` and point DAGSTER_HOME at it."""
    make_private_directory(settings.data_dir)
    settings.dagster_home.mkdir(exist_ok=True)
    shutil.copyfile(Path(__file__).with_name("dagster.yaml"), settings.dagster_home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(settings.dagster_home)
    os.environ["LIFECYCLE_DATA_DIR"] = str(settings.data_dir)
    return settings.dagster_home


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The instance of the data directory, shared by command line, UI and schedules."""
    import dagster as dg

    home = prepare_home(settings)
    with _lock(home):
        return dg.DagsterInstance.from_config(str(home))


@contextmanager
def readable_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance, to ask for its runs, schedules and daemons only; of a home nobody can write to, a copy of that.

    Its databases cannot be opened without writing beside them. The events of the runs are not copied.
    """
    if os.access(settings.dagster_home, os.W_OK):
        with open_instance(settings) as instance:
            yield instance
        return
    from ingestion.settings import Settings

    with tempfile.TemporaryDirectory(prefix="lifecycle-instance-") as folder:
        copy = Settings(**{**settings.model_dump(), "data_dir": Path(folder)}, _env_file=None)
        for path in settings.dagster_home.glob("*/*.db*"):
            target = copy.dagster_home / path.relative_to(settings.dagster_home)
            make_private_directory(target.parent)
            shutil.copyfile(path, target)
        names = ("DAGSTER_HOME", "LIFECYCLE_DATA_DIR")
        before = {name: os.environ[name] for name in names if name in os.environ}
        try:
            with open_instance(copy) as instance:
                yield instance
        finally:
            for name in names:
                os.environ.pop(name, None)
            os.environ.update(before)


def make_instance(settings: Settings) -> Path:
    """Prepare the home and make its databases where they are missing, before a program that opens them starts.

    Two services that start at the same moment on a fresh home would both make them, and neither could open them.
    """
    home = prepare_home(settings)
    with _lock(home):
        is_made = (home / "history" / "runs.db").exists()
    if not is_made:
        open_instance(settings).dispose()
    return home


def _lock(home: Path) -> FileLock:
    from filelock import FileLock

    return FileLock(home / "instance.lock")


def end_dead_runs(instance: dg.DagsterInstance, *, started_before: datetime | None = None) -> list[str]:
    """Mark runs as failed whose process is gone, and free their places in the pool.

    One of which every step had succeeded is marked as that: starting it again would find nothing to do, and fail. Call
    it only while no other run holds the run lock: then no other run is alive.

    Args:
        instance: where the runs are.
        started_before: leave younger runs alone, which may not have taken the lock yet; None to end all.

    Returns:
        Ids of the runs that were ended.
    """
    import dagster as dg

    alive_states = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING]
    dead = [
        record.dagster_run
        for record in instance.get_run_records(dg.RunsFilter(statuses=alive_states))
        if started_before is None or _began_before(record, started_before)
    ]
    for run in dead:
        if _has_done_everything(instance, run):
            ended = "The process of this run ended before the run did, but every step had succeeded."
            success = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, run.job_name, message=ended)
            instance.report_dagster_event(success, run.run_id)
        else:
            instance.report_run_failed(run, "The process of this run ended before the run did.")
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return [run.run_id for run in dead]


def _has_done_everything(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    import dagster as dg

    plan = run.execution_plan_snapshot_id and instance.get_execution_plan_snapshot(run.execution_plan_snapshot_id)
    if not plan:
        return False
    succeeded = {entry.step_key for entry in instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS)}
    return succeeded >= set(plan.step_keys_to_execute)


def _began_before(record: dg.RunRecord, instant: datetime) -> bool:
    began = record.start_time or record.create_timestamp.timestamp()
    return began < instant.timestamp()
