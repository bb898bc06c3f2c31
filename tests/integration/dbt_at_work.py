"""dbt in the middle of its work: the first layer as a run builds it, and something that happens to it meanwhile."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from orchestration.assets.dbt import LayerTranslator, layer_assets
from orchestration.causes import causes_of
from orchestration.layers import LAYERS
from orchestration.parsed_project import dbt_project
from orchestration.resources import RunClock, dbt_resource
from orchestration.run_lock import release_run_lock

NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")


def make_empty_warehouse(settings):
    """A warehouse nothing was delivered to; its tables can be built all the same."""
    with connect(settings) as connection:
        create_raw_tables(connection)


def build_staging(settings):
    """The causes of what went wrong, as a run tells them."""
    project = dbt_project(settings)
    given = {"settings": settings, "clock": RunClock(as_of="2026-06-30"), "dbt": dbt_resource(project, settings)}
    with dg.DagsterInstance.ephemeral() as instance:
        layer = layer_assets(LAYERS[0], project, LayerTranslator())
        result = dg.materialize([layer], resources=given, instance=instance, raise_on_error=False)
    release_run_lock(settings, result.run_id)
    return causes_of(result.all_events)


@contextmanager
def as_soon_as_dbt_works(settings, act):
    """Call `act` with the process ids of dbt and of the process that holds it once dbt has the warehouse open."""
    is_over = threading.Event()

    def watch():
        while not is_over.is_set():
            for process_id, parent in _dbts():
                if _has_open(process_id, settings.warehouse):
                    act(process_id, parent)
                    return
            time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def _dbts():
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if "orchestration.dbt_server.server" in (folder / "cmdline").read_text():
                yield int(folder.name), int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue  # it has ended meanwhile


def _has_open(process_id, path):
    try:
        return any(one.readlink() == path for one in Path(f"/proc/{process_id}/fd").iterdir())
    except OSError:
        return False
