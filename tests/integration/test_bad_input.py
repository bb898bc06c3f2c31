"""Broken deliveries go through a `lifecycle run`: each is named, the rest is published, nothing is lost."""

from __future__ import annotations

import pytest

from ingestion.warehouse import connect
from orchestration.publish.pointer import current_generation

CANARY = "canary.person@example.net"

REJECTED = {
    "crm/tickets/tabs.csv": b"ticket_id\topened_at\nt-1\t2024-06-01T10:00:00Z\n",
    "crm/orders/no_amount.csv": b"order_id,ordered_at,status,currency\no-x,2024-06-01T10:00:00Z,paid,EUR\n",
    "web/events/truncated.parquet": b"PAR1\x15\x04\x15\x10",
    "email/events/empty.csv": b"",
}
QUARANTINED = {
    "crm/orders/text_in_number.csv": (
        b"order_id,email,ordered_at,status,net_amount,currency\n"
        b"bad-1,canary.person@example.net,2024-06-01T10:00:00Z,paid,twelve,EUR\n"
        b"good-1,canary.person@example.net,2024-06-01T10:00:00Z,paid,12.00,EUR\n"
    ),
    "crm/orders/unknown_currency.csv": (
        b"order_id,email,ordered_at,status,net_amount,currency\n"
        b"bad-2,canary.person@example.net,2024-06-01T10:00:00Z,paid,12.00,XQZ\n"
    ),
    "crm/tickets/many_date_formats.csv": (
        b"ticket_id,email,opened_at\n"
        b"d-1,canary.person@example.net,2024-06-01T10:00:00Z\n"
        b"d-2,canary.person@example.net,06/01/2024 10:00\n"
        b"d-3,canary.person@example.net,2024-06-01 10:00\n"
    ),
}
DUPLICATES = (
    b"ticket_id,email,opened_at\n"
    b"twice,canary.person@example.net,2024-06-01T10:00:00Z\n"
    b"twice,canary.person@example.net,2024-06-01T10:00:00Z\n"
)
UNKNOWN_FOLDER = "crm/order/orders.csv"


@pytest.fixture(scope="module")
def broken(company, tmp_path_factory):
    settings = company.copy_to(tmp_path_factory.mktemp("broken") / "data")
    files = {**REJECTED, **QUARANTINED, "crm/tickets/duplicates.csv": DUPLICATES, UNKNOWN_FOLDER: b"order_id\n1\n"}
    for name, content in files.items():
        path = settings.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    latin = settings.inbox / "crm" / "tickets" / "latin1.csv"
    latin.write_bytes("ticket_id,topic,opened_at\nu-1,Rücksendung,2024-06-01T10:00:00Z\n".encode("latin-1"))
    before = current_generation(settings.serving)
    result = company.checkout.run(".venv/bin/lifecycle run", LIFECYCLE_DATA_DIR=settings.data_dir)
    return settings, result, before


def notes(broken):
    """What the run said about files."""
    _, result, _ = broken
    return [line for line in result.stdout.splitlines() if line.startswith("! ")]


def rows(settings, query):
    with connect(settings, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_rest_goes_on_and_is_published(broken):
    settings, result, before = broken
    assert result.returncode == 0, result.stderr
    assert current_generation(settings.serving) > before
    assert rows(settings, "select count(*) from conformed.crm_orders where order_id = 'good-1'") == [(1,)]


@pytest.mark.parametrize("name", [*REJECTED, UNKNOWN_FOLDER])
def test_a_file_that_cannot_be_read_is_named(broken, name):
    assert [note for note in notes(broken) if name in note or name.rsplit("/", 1)[0] in note]


def test_a_missing_column_is_named(broken):
    [note] = [note for note in notes(broken) if "no_amount.csv" in note]
    assert "net_amount" in note


@pytest.mark.parametrize(
    ("name", "column", "expected"),
    [
        ("crm/orders/text_in_number.csv", "net_amount", 1),
        ("crm/orders/unknown_currency.csv", "currency", 1),
        ("crm/tickets/many_date_formats.csv", "opened_at", 1),
    ],
)
def test_a_bad_value_quarantines_its_row_with_row_and_column(broken, name, column, expected):
    settings, _, _ = broken
    found = rows(
        settings,
        "select row_number, column_name, row_json is not null from quarantine.rejected_rows "
        f"where file_name = '{name}'",
    )
    assert len(found) == expected
    assert all(row > 0 and where == column and kept for row, where, kept in found)


def test_a_key_delivered_twice_is_one_record_and_both_deliveries_are_kept(broken):
    settings, _, _ = broken
    assert rows(settings, "select count(*) from raw_files.crm_tickets where ticket_id = 'twice'") == [(2,)]
    assert rows(settings, "select count(*) from conformed.crm_tickets where ticket_id = 'twice'") == [(1,)]


def test_broken_utf8_loses_no_row_silently(broken):
    settings, _, _ = broken
    kept = rows(settings, "select count(*) from raw_files.crm_tickets where ticket_id = 'u-1'")[0][0]
    quarantined = rows(settings, "select count(*) from quarantine.rejected_rows where file_name like '%latin1.csv'")
    rejected = rows(settings, "select count(*) from ops.loads where file_name like '%latin1.csv' and status='rejected'")
    assert kept == 0
    assert quarantined[0][0] + rejected[0][0] == 1


def test_personal_data_stays_out_of_messages_checks_and_logs(broken):
    settings, result, _ = broken
    assert CANARY not in result.stdout + result.stderr
    texts = rows(settings, "select coalesce(reason, '') from quarantine.rejected_rows")
    verdicts = rows(settings, "select v::varchar from ops.quality_verdicts v")
    assert not [text for (text,) in [*texts, *verdicts] if CANARY in text]
    everywhere = [*settings.dagster_home.rglob("*"), *settings.docs.rglob("*"), *(settings.data_dir / "dbt").rglob("*")]
    leaks = [path for path in everywhere if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert leaks == []
