"""A run killed at any instant loses nothing and doubles nothing; files that change are read again."""

import signal
import subprocess
import sys

import pytest

from ingestion.files.report import RowCounts
from tests.integration.inbox_tools import CONTACTS, Inbox

# The child kills itself the moment it reaches the named step for the second file.
CHILD = """
import os, signal, sys
from pathlib import Path
from ingestion.files import loading, register
from ingestion.settings import Settings

owner, name, when = {
    "before the rows": (loading, "insert_accepted", "before"),
    "between rows and quarantine": (loading, "insert_quarantined", "before"),
    "between rows and register": (register.Register, "record", "before"),
    "before the commit": (register.Register, "record", "after"),
    "after the commit": (register.Register, "remember", "before"),
}[sys.argv[2]]
original, calls = getattr(owner, name), []

def deadly(*arguments):
    calls.append(name)
    if len(calls) == 2 and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = original(*arguments)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, deadly)
from ingestion.files.inbox import load_inbox
load_inbox(Settings(data_dir=Path(sys.argv[1]), _env_file=None))
"""
STEPS = (
    "before the rows",
    "between rows and quarantine",
    "between rows and register",
    "before the commit",
    "after the commit",
)


def deliver(inbox):
    for number in range(3):
        rows = "".join(f"f{number}r{row},x@example.com,{'' if row % 7 == 0 else '2024-01-01'}\n" for row in range(50))
        inbox.put(f"crm/contacts/{number}.csv.gz", f"contact_id,email,created_at\n{rows}")


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_run_is_finished_by_the_next_one_as_if_nothing_had_happened(settings, tmp_path, step):
    inbox = Inbox(settings)
    deliver(inbox)
    killed = subprocess.run([sys.executable, "-c", CHILD, str(settings.data_dir), step], check=False)
    assert killed.returncode == -signal.SIGKILL
    inbox.load()

    undisturbed = Inbox(type(settings)(data_dir=tmp_path / "undisturbed", _env_file=None))
    deliver(undisturbed)
    report = undisturbed.load()
    assert report.rows == RowCounts(150, 126, 24)
    assert inbox.content() == undisturbed.content()
    assert list(settings.data_dir.glob(".inbox-*")) == [], "copies of a killed run are removed"


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(settings, monkeypatch):
    inbox = Inbox(settings)
    path = inbox.put("crm/contacts/a.csv", CONTACTS)
    from ingestion.files import loading

    original = loading.insert_accepted

    def grow(*arguments):
        path.write_text(CONTACTS + "c3,,2024-01-01\n", encoding="utf-8")
        return original(*arguments)

    monkeypatch.setattr(loading, "insert_accepted", grow)
    outcome = inbox.outcome("crm/contacts/a.csv")
    assert (outcome.status, outcome.message) == (
        "skipped",
        "was written to while it was read; the next run reads it again.",
    )
    assert inbox.query("select count(*) from raw_files.crm_contacts") == [(0,)]
    monkeypatch.undo()
    assert inbox.load().rows == RowCounts(3, 3, 0)


def test_rows_that_do_not_add_up_stop_the_run_and_keep_nothing(settings, monkeypatch):
    inbox = Inbox(settings)
    inbox.put("crm/contacts/a.csv", CONTACTS)
    from ingestion.files import loading
    from ingestion.files.errors import CountMismatchError

    monkeypatch.setattr(loading, "insert_quarantined", lambda *_arguments: 0)
    inbox.put("crm/contacts/b.csv", CONTACTS + "c3,,\n")
    with pytest.raises(CountMismatchError, match="3 rows were delivered, but 2 accepted and 0 quarantined"):
        inbox.load()
    assert inbox.query("select count(*) from raw_files.crm_contacts") == [(2,)]
    monkeypatch.undo()
    assert inbox.load().rows == RowCounts(3, 2, 1)


def test_a_file_that_vanishes_is_reported_and_the_rest_goes_on(settings, monkeypatch):
    inbox = Inbox(settings)
    inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.put("crm/contacts/b.csv", CONTACTS + "c3,,2024-01-01\n")
    from ingestion.files import inbox as front

    original = front.fingerprint_of

    def vanish(path):
        if path.name == "a.csv":
            path.unlink()
        return original(path)

    monkeypatch.setattr(front, "fingerprint_of", vanish)
    report = inbox.load()
    assert inbox.outcome("crm/contacts/a.csv", report).message == "cannot be opened (No such file or directory)."
    assert report.rows == RowCounts(3, 3, 0)


def test_a_warehouse_held_by_another_process_is_reported_with_its_holder(settings):
    inbox = Inbox(settings)
    inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.load()
    from ingestion.warehouse import WarehouseLockedError

    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WarehouseLockedError, match=str(holder.pid)):
            inbox.load()
        holder.stdin.close()
    assert inbox.load().skipped == 1


def test_a_full_disk_stops_the_run_and_is_not_blamed_on_the_file(settings, monkeypatch):
    import duckdb

    inbox = Inbox(settings)
    inbox.put("crm/contacts/a.csv", CONTACTS)
    from ingestion.files import loading

    def no_space(*_arguments):
        raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr(loading, "insert_accepted", no_space)
    with pytest.raises(duckdb.IOException, match="No space left"):
        inbox.load()
    monkeypatch.undo()
    assert inbox.query("select count(*) from ops.loads") == [(0,)]
    assert inbox.load().rows == RowCounts(2, 2, 0)
