"""Decisions about quarantined rows outlive the warehouse: a rebuilt or restored one decides the same again."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingestion.quarantine.decisions import DISCARD, decide
from ingestion.quarantine.errors import QuarantineError
from ingestion.quarantine.journal import Journal
from ingestion.quarantine.rows import Selection
from ingestion.warehouse import connect
from orchestration.cli.app import app
from tests.integration.inbox_tools import ORDERS_HEADER

STATES = "select row_id, state, decision_reason from quarantine.rows order by all"
ORDERS = "select order_id, status, net_amount from raw_files.crm_orders order by all"


def command(inbox, *words):
    environment = {"LIFECYCLE_DATA_DIR": str(inbox.settings.data_dir)}
    done = CliRunner().invoke(app, ["quarantine", *words, "--yes"], env=environment)
    assert done.exit_code == 0, done.output


def rebuild(inbox):
    inbox.settings.warehouse.unlink()
    return inbox.load()


def kept(inbox):
    return [json.loads(line) for line in inbox.settings.quarantine_decisions.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def decided(inbox):
    """One order corrected and accepted, one released in vain and then discarded."""
    command(inbox, "release", "1:2", "--set", "status=paid", "--reason", "slip of the shop")
    command(inbox, "release", "1:3", "--reason", "let us see")
    inbox.load()
    command(inbox, "discard", "2:3", "--reason", "nobody knows when")
    return inbox


def test_a_rebuilt_warehouse_accepts_and_discards_what_the_old_one_did(decided):
    before = decided.query(STATES), decided.query(ORDERS)
    assert [state for _, state, _ in before[0]] == ["released", "released", "discarded"]
    report = rebuild(decided)
    assert (decided.query(STATES), decided.query(ORDERS)) == before
    assert [file.file_name for file in report.files] == ["crm/orders/a.csv", "crm/orders/a.csv (released rows)"]
    content = decided.content()
    decided.load()
    assert decided.content() == content, "what was decided again is decided once"


def test_rows_are_recognised_by_the_content_of_their_file_whatever_else_is_loaded_first(decided):
    decided.put("crm/contacts/0.csv", "contact_id,created_at\nc1,2024-01-01\nc2,never\n")
    decided.put("crm/orders/0.csv", f"{ORDERS_HEADER}\no8,2024-01-01,finished,1,EUR\no9,,paid,1,EUR\n")
    (decided.settings.inbox / "crm/orders/a.csv").rename(decided.settings.inbox / "crm/orders/moved.csv")
    rebuild(decided)
    found = decided.query("select file_name, row_number, state from quarantine.rows order by all")
    assert found == [
        ("crm/contacts/0.csv", 2, "open"),
        ("crm/orders/0.csv", 1, "open"),
        ("crm/orders/0.csv", 2, "open"),
        ("crm/orders/moved.csv", 2, "released"),
        ("crm/orders/moved.csv", 3, "discarded"),
        ("crm/orders/moved.csv", 3, "released"),
    ]
    assert decided.query("select count(*), count(distinct load_seq) from ops.loads") == [(4, 4)]


def test_an_older_warehouse_put_back_learns_what_was_decided_since(inbox, tmp_path):
    backup = shutil.copy(inbox.settings.warehouse, tmp_path / "backup.duckdb")
    command(inbox, "discard", "1:3", "--reason", "first thought")
    command(inbox, "release", "1:3", "--set", "ordered_at=2024-01-02", "--reason", "second thought")
    shutil.copy(backup, inbox.settings.warehouse)
    inbox.load()
    assert inbox.query(STATES) == [("1:2", "open", None), ("1:3", "released", "second thought")]
    assert [row[0] for row in inbox.query(ORDERS)] == ["o1", "o3"]


def test_a_decision_taken_since_is_not_replaced_by_an_older_one(decided):
    decided.query("update quarantine.decisions set decided_at = decided_at + interval 1 day, reason = 'newer'")
    decided.load()
    assert {reason for _, _, reason in decided.query(STATES)} == {"newer"}


def test_decisions_of_a_warehouse_that_kept_no_file_are_written_down_by_the_next_run(inbox):
    with connect(inbox.settings) as connection:
        decide(connection, Selection(), DISCARD, "an earlier version")
        connection.execute("update quarantine.decisions set decision_key = null")
    assert not inbox.settings.quarantine_decisions.exists()
    inbox.load()
    assert [one["reason"] for one in kept(inbox)] == ["an earlier version"] * 2
    assert {state for _, state, _ in (rebuild(inbox), inbox.query(STATES))[1]} == {"discarded"}


def test_a_record_a_vendor_delivers_again_is_discarded_again(inbox):
    as_record = (
        "update quarantine.rejected_rows set source = 'hubspot', entity = 'deals', row_number = 7 where row_number = 2",
        "update ops.loads set content_hash = null",
    )
    for statement in as_record:
        inbox.query(statement)
    command(inbox, "discard", "--source", "hubspot", "--reason", "a test record")
    inbox.query("delete from quarantine.decisions")
    inbox.query("update quarantine.rejected_rows set row_number = 1 where source = 'hubspot'")
    with connect(inbox.settings) as connection:
        assert Journal(connection, inbox.settings.quarantine_decisions).recall() == 1
    assert ("1:1", "discarded", "a test record") in inbox.query(STATES)


def test_the_file_is_readable_by_its_owner_only_and_complete_or_as_before(decided, monkeypatch):
    path = decided.settings.quarantine_decisions
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    before = path.read_bytes()

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with connect(decided.settings) as connection, pytest.raises(KeyboardInterrupt):
            decide(connection, Selection(row_ids=("2:3",)), "release", "after all")
            Journal(connection, path).keep()
    assert path.read_bytes() == before
    decided.load()
    assert [one["reason"] for one in kept(decided)] == [
        "slip of the shop", "let us see", "nobody knows when", "after all",
    ]  # fmt: skip


def test_a_journal_that_cannot_be_read_stops_the_run_instead_of_forgetting(decided):
    decided.settings.quarantine_decisions.write_text('{"reason": "Zoe Canary\n', encoding="utf-8")
    with pytest.raises(QuarantineError, match=r"decisions\.jsonl cannot be read") as told:
        rebuild(decided)
    assert "Canary" not in str(told.value)
