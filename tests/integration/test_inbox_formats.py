"""Well-formed deliveries in every format, and what is kept beside the values."""

import json
from datetime import datetime
from decimal import Decimal

import pytest

from ingestion.contract import ENTITIES, ValueType
from ingestion.files.report import RowCounts, read_load_report
from ingestion.warehouse import connect
from tests.integration.inbox_tools import CONTACTS, ORDERS_HEADER, Inbox


@pytest.fixture
def inbox(settings):
    return Inbox(settings)


JSONL = (
    '{"contact_id": "c1", "email": "a@example.com", "created_at": "2024-01-01T10:00:00Z"}\n'
    '{"created_at": "2024-01-02T10:00:00Z", "contact_id": "c2", "email": "b@example.com"}\n'
)
PARQUET = (
    "select * from (values ('c1', 'a@example.com', timestamptz '2024-01-01 10:00:00+00'), "
    "('c2', 'b@example.com', timestamptz '2024-01-02 10:00:00+00')) as t(contact_id, email, created_at)"
)


@pytest.mark.parametrize(
    "name", ["a.csv", "a.csv.gz", "a.jsonl", "a.jsonl.gz", "a.parquet", "odd [1]*?'ä.csv", "A.CSV"]
)
def test_every_format_brings_the_same_rows(inbox, name):
    path = f"crm/contacts/{name}"
    if name.endswith(".parquet"):
        inbox.put_parquet(path, PARQUET)
    else:
        inbox.put(path, JSONL if "jsonl" in name else CONTACTS)
    report = inbox.load()
    assert (report.loaded, report.rows) == (1, RowCounts(2, 2, 0))
    assert inbox.query(
        "select contact_id, email, created_at, _load_seq, _row_number, _extra, _original from raw_files.crm_contacts"
    ) == [
        ("c1", "a@example.com", datetime(2024, 1, 1, 10), 1, 1, None, None),
        ("c2", "b@example.com", datetime(2024, 1, 2, 10), 1, 2, None, None),
    ]


def test_every_entity_of_the_contract_can_be_delivered_as_csv_and_parquet(inbox):
    samples = {
        ValueType.TEXT: "x",
        ValueType.TIMESTAMP: "2024-01-01T10:00:00Z",
        ValueType.DATE: "2024-01-01",
        ValueType.AMOUNT: "1.5",
        ValueType.NUMBER: "1.5",
        ValueType.INTEGER: "3",
        ValueType.BOOLEAN: "true",
        ValueType.CURRENCY: "EUR",
        ValueType.JSON: "{}",
    }
    for entity in ENTITIES:
        values = {c.name: c.choices[0] if c.choices else samples[c.type] for c in entity.columns}
        inbox.put(f"{entity.path}/a.csv", ",".join(values) + "\n" + ",".join(f'"{v}"' for v in values.values()) + "\n")
        inbox.put_parquet(f"{entity.path}/b.parquet", "select " + ", ".join(f"'{v}' as {n}" for n, v in values.items()))
    report = inbox.load()
    assert report.rows_by_entity == {entity.table: RowCounts(2, 2, 0) for entity in ENTITIES}, report.all_messages


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_byte_order_marks_line_ends_and_quoted_line_breaks_are_understood(inbox, line_end, mark):
    lines = ["Contact_ID ,CREATED_AT,street", 'c1,2024-01-01,"Main ""St""', '12, left"', "c2,2024-01-01,x", ""]
    inbox.put("crm/contacts/a.csv", mark + line_end.join(lines).encode())
    assert inbox.load().rows == RowCounts(2, 2, 0)
    assert inbox.query(
        "select contact_id, replace(replace(street, chr(13), '|'), chr(10), '|') from raw_files.crm_contacts"
    ) == [
        ("c1", f'Main "St"{"|" * len(line_end)}12, left'),
        ("c2", "x"),
    ]


def test_mixed_line_ends_lose_no_row(inbox):
    inbox.put(
        "crm/contacts/a.csv", b"contact_id,created_at\r\nc1,2024-01-01\nc2,2024-01-01\r\nc3,2024-01-01\rc4,2024-01-01"
    )
    assert inbox.load().rows == RowCounts(4, 4, 0)


def test_a_german_export_is_read_with_semicolons_commas_and_german_dates(inbox):
    inbox.put(
        "crm/orders/a.csv",
        "sep=;\norder_id;ordered_at;status;net_amount;currency\n"
        "o1;31.12.2024 10:00;Paid;1.234,50;eur\no2;2024-12-31;paid;1.000;EUR\n",
    )
    assert inbox.load().rows == RowCounts(2, 2, 0)
    assert inbox.query("select ordered_at, status, net_amount, currency, _original from raw_files.crm_orders") == [
        (datetime(2024, 12, 31, 9), "paid", Decimal("1234.5"), "EUR", '{"ordered_at":"31.12.2024 10:00"}'),
        (datetime(2024, 12, 30, 23), "paid", Decimal(1000), "EUR", '{"ordered_at":"2024-12-31"}'),
    ]


def test_the_original_text_is_kept_where_reading_lost_something(inbox):
    inbox.put(
        "crm/orders/a.csv",
        f"{ORDERS_HEADER}\no1,2024-07-01 10:00,paid,1.23456,EUR\no2,2024-07-01T10:00:00+02:00,paid,1.50000,EUR\n",
    )
    inbox.load()
    assert inbox.query("select order_id, ordered_at, _original from raw_files.crm_orders") == [
        ("o1", datetime(2024, 7, 1, 8), '{"ordered_at":"2024-07-01 10:00","net_amount":"1.23456"}'),
        ("o2", datetime(2024, 7, 1, 8), None),
    ]


def test_columns_the_contract_lacks_are_kept_and_reported(inbox):
    inbox.put("crm/contacts/a.csv", "contact_id,created_at,Shoe size,\nc1,2024-01-01,42,\nc2,2024-01-01,,\n")
    inbox.put("crm/contacts/b.jsonl", '{"contact_id": "c3", "created_at": "2024-01-01", "tags": {"a": [1, null]}}\n')
    inbox.put_parquet(
        "crm/contacts/c.parquet", "select 'c4' as contact_id, date '2024-01-01' as created_at, [1] as tags"
    )
    report = inbox.load()
    assert report.drift == {"crm_contacts": ("column 4", "shoe size", "tags")}
    extras = dict(inbox.query("select contact_id, _extra from raw_files.crm_contacts"))
    assert {key: extra and json.loads(extra) for key, extra in extras.items()} == {
        "c1": {"shoe size": "42", "column 4": None},
        "c2": None,
        "c3": {"tags": {"a": [1, None]}},
        "c4": {"tags": [1]},
    }
    assert inbox.query("select drift_columns from ops.loads order by load_seq") == [
        (["shoe size", "column 4"],),
        (["tags"],),
        (["tags"],),
    ]


def test_a_file_with_a_header_alone_is_loaded_with_no_rows(inbox):
    inbox.put("crm/contacts/a.csv", "contact_id,created_at\n")
    inbox.put_parquet("crm/contacts/b.parquet", f"{PARQUET} limit 0")
    report = inbox.load()
    assert (report.loaded, report.rows) == (2, RowCounts(0, 0, 0))


def test_a_second_run_loads_nothing_and_changes_nothing(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.put("crm/orders/bad.csv", "order_id\no1\n")
    inbox.load()
    before = inbox.content()
    report = inbox.load()
    assert (report.loaded, report.skipped, report.rejected) == (0, 1, 1)
    assert inbox.content() == before


def test_the_same_content_under_another_name_is_loaded_once(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.put("crm/contacts/b.csv", CONTACTS)
    report = inbox.load()
    assert (report.loaded, report.skipped) == (1, 1)
    assert "crm/contacts/b.csv: has the same content as crm/contacts/a.csv, which was loaded." in report.all_messages


def test_a_touched_file_is_recognised_by_its_content(inbox):
    path = inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.load()
    path.write_text(CONTACTS, encoding="utf-8")
    assert inbox.load().skipped == 1


def test_a_replaced_file_is_loaded_as_a_later_delivery(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.load()
    inbox.put("crm/contacts/a.csv", CONTACTS.replace("a@example.com", "z@example.com"))
    assert inbox.load().loaded == 1
    assert inbox.query("select email from raw_files.crm_contacts where contact_id = 'c1' order by _load_seq") == [
        ("a@example.com",),
        ("z@example.com",),
    ]


def test_the_report_can_be_read_back_from_the_warehouse(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS + "c3,,\n")
    inbox.put("crm/orders/bad.csv", "order_id\no1\n")
    report = inbox.load()
    with connect(inbox.settings, read_only=True) as connection:
        remembered = read_load_report(connection)
    assert remembered.files == report.files
    assert remembered.rows_by_entity == report.rows_by_entity == {"crm_contacts": RowCounts(3, 2, 1)}


def test_progress_is_told_file_by_file(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.put("crm/orders/bad.csv", "order_id\no1\n")
    lines = []
    inbox.load(progress=lines.append)
    assert lines[0] == "[1/2] crm/contacts/a.csv: 2 rows"
    assert lines[1].startswith("[2/2] crm/orders/bad.csv: rejected: required columns missing")


def test_row_numbers_follow_the_file_also_when_it_is_read_in_parallel(inbox):
    inbox.put_parquet("web/events/a.parquet", EVENTS.format(rows=300_000))
    inbox.put(
        "web/events/b.csv",
        "\n".join(
            ["event_id,anonymous_id,event,occurred_at"]
            + [f"e{i},a,search,2024-01-01T00:00:00Z" for i in range(300_000)]
        ),
    )
    inbox.load()
    assert inbox.query(
        "select _load_seq, count(*), count(*) filter (event_id = 'e' || (_row_number - 1)) from raw_files.web_events "
        "group by all order by all"
    ) == [(1, 300_000, 300_000), (2, 300_000, 300_000)]


EVENTS = (
    "select 'e' || i as event_id, 'a' as anonymous_id, 'search' as event, "
    "timestamptz '2024-01-01 00:00:00+00' as occurred_at from range({rows}) as t(i)"
)
