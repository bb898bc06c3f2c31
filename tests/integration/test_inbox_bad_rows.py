"""Rows that break the contract: each is quarantined with its reason, and the other rows of its file are loaded."""

import json

import pytest

from ingestion.files.report import RowCounts
from tests.integration.inbox_tools import CONTACTS, GOOD, GOOD_EVENTS, ORDERS_HEADER, Inbox


@pytest.fixture
def inbox(settings):
    """An inbox in which a good file waits behind the bad one."""
    inbox = Inbox(settings)
    inbox.put(GOOD, GOOD_EVENTS)
    return inbox


def quarantined(inbox, name):
    """Counts of a loaded file and the reasons of its bad rows by row number."""
    report = inbox.load()
    outcome = inbox.outcome(name, report)
    assert outcome.status == "loaded", outcome.message
    assert outcome.delivered == outcome.accepted + outcome.quarantined
    assert inbox.outcome(GOOD, report).status == "loaded"
    rows = [(number, column, reason) for file, number, column, reason in inbox.rejected_rows() if file == name]
    assert len(rows) == outcome.quarantined
    return (outcome.delivered, outcome.accepted), rows


def test_text_in_a_number_column_quarantines_the_row_without_its_value_in_the_reason(inbox):
    inbox.put(
        "crm/orders/a.csv",
        f"{ORDERS_HEADER}\no1,2024-01-01,paid,twelve,EUR\no2,2024-01-01,paid,nan,EUR\no3,2024-01-01,paid,1.5,EUR\n",
    )
    counts, rows = quarantined(inbox, "crm/orders/a.csv")
    assert counts == (3, 1)
    assert [(number, column) for number, column, _ in rows] == [(1, "net_amount"), (2, "net_amount")]
    assert all("twelve" not in reason and "write it like 1234.50" in reason for _, _, reason in rows)
    assert [
        json.loads(row)["net_amount"] for (row,) in inbox.query("select row_json from quarantine.rejected_rows")
    ] == [
        "twelve",
        "nan",
    ]


def test_dates_in_several_formats_are_sorted_out(inbox):
    days = ["2024-01-31", "2024-01-31T10:00:00Z", "31.01.2024", "01/31/2024", "31 Jan 2024", "20240131", ""]
    inbox.put("crm/contacts/a.csv", "contact_id,created_at\n" + "".join(f"c{n},{d}\n" for n, d in enumerate(days)))
    counts, rows = quarantined(inbox, "crm/contacts/a.csv")
    assert counts == (7, 2)
    assert [(number, reason.split(";")[0]) for number, _, reason in rows] == [
        (3, "created_at is in a date format that can be misread"),
        (4, "created_at is in a date format that can be misread"),
        (5, "created_at is not a time in ISO 8601"),
        (6, "created_at is not a time in ISO 8601"),
        (7, "created_at is missing, but required"),
    ]


def test_an_unknown_currency_quarantines_the_row(inbox):
    inbox.put("crm/orders/a.csv", f"{ORDERS_HEADER}\no1,2024-01-01,paid,1,XQQ\no2,2024-01-01,paid,1,chf\n")
    counts, rows = quarantined(inbox, "crm/orders/a.csv")
    assert counts == (2, 1)
    assert rows == [(1, "currency", "currency is not an ISO 4217 currency code; write for example EUR, USD or CHF")]


def test_a_row_with_several_problems_is_quarantined_once_with_all_of_them(inbox):
    inbox.put("crm/orders/a.csv", f"{ORDERS_HEADER}\n,yesterday,shipped,,\n")
    counts, rows = quarantined(inbox, "crm/orders/a.csv")
    assert counts == (1, 0)
    ((number, column, reason),) = rows
    assert (number, column) == (1, "order_id")
    assert [part.split()[0] for part in reason.split("; ") if part.split()[0].islower() and "_" in part.split()[0]] == [
        "order_id",
        "ordered_at",
        "net_amount",
    ]
    assert "status is not one of the accepted values" in reason
    assert "currency is missing, but required" in reason


def test_the_report_names_the_most_frequent_reasons_and_no_values(inbox):
    rows = "".join(f"o{n},2024-01-01,secret-{n},1,EUR\n" for n in range(5))
    inbox.put("crm/orders/a.csv", f"{ORDERS_HEADER}\n{rows}")
    outcome = inbox.outcome("crm/orders/a.csv")
    assert outcome.message.startswith("5 of 5 rows are in quarantine: 5 × status is not one of the accepted values")
    assert "secret" not in outcome.message


def test_duplicate_keys_are_all_kept_for_the_conformed_layer_to_resolve(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS + CONTACTS.splitlines()[1] + "\n")
    inbox.put("crm/contacts/b.csv", CONTACTS + "\n")
    inbox.load()
    assert inbox.query("select contact_id, count(*) from raw_files.crm_contacts group by all order by all") == [
        ("c1", 3),
        ("c2", 2),
    ]


def test_lines_with_broken_utf_8_are_quarantined_and_the_others_loaded(inbox):
    inbox.put(
        "crm/contacts/a.csv",
        b"contact_id,created_at,city\nc1,2024-01-01,K\xf6ln\nc2,2024-01-01,K\xc3\xb6ln\nc3,2024-01-01,\xff\xfe\n",
    )
    counts, rows = quarantined(inbox, "crm/contacts/a.csv")
    assert counts == (3, 1)
    assert rows == [(n, None, "the line is not UTF-8; save the file as UTF-8") for n in (1, 3)]
    assert inbox.query("select city from raw_files.crm_contacts") == [("Köln",)]


def test_broken_utf_8_in_json_lines_is_quarantined(inbox):
    inbox.put(
        "crm/contacts/a.jsonl",
        b'{"contact_id": "c1", "created_at": "2024-01-01"}\n{"contact_id": "\xff", "created_at": "2024-01-01"}\n',
    )
    counts, rows = quarantined(inbox, "crm/contacts/a.jsonl")
    assert (counts, [number for number, *_ in rows]) == ((2, 1), [2])


def test_lines_with_too_few_or_too_many_values_are_quarantined(inbox):
    inbox.put("crm/contacts/a.csv", "contact_id,created_at\nc1,2024-01-01\nc2\nc3,2024-01-01,x\nc4,2024-01-01\n")
    counts, rows = quarantined(inbox, "crm/contacts/a.csv")
    assert counts == (4, 2)
    assert [(number, reason) for number, _, reason in rows] == [
        (2, "the line has fewer values than the header"),
        (3, "the line has more values than the header"),
    ]


def test_a_stray_quote_quarantines_every_line_it_swallowed(inbox):
    lines = [
        "contact_id,city,created_at",
        "c1,a,2024-01-01",
        'c2,"b,2024-01-01',
        "c3,c,2024-01-01",
        'c4,"d",2024-01-01',
    ]
    inbox.put("crm/contacts/a.csv", "\n".join([*lines, "c5,e,2024-01-01", ""]))
    (delivered, accepted), rows = quarantined(inbox, "crm/contacts/a.csv")
    assert delivered == 5
    assert {number for number, *_ in rows} == {2, 3, 4}
    assert accepted == 2


def test_the_last_line_of_a_file_cut_off_in_transfer_is_quarantined(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS[:-35])
    counts, rows = quarantined(inbox, "crm/contacts/a.csv")
    assert (counts, len(rows)) == ((2, 1), 1)


def test_lines_that_are_no_json_object_are_quarantined(inbox):
    good = '{"contact_id": "c1", "created_at": "2024-01-01"}'
    inbox.put("crm/contacts/a.jsonl", f'{good}\n\n{good[:20]}\n[1]\n"text"\n{good}\n')
    counts, rows = quarantined(inbox, "crm/contacts/a.jsonl")
    assert counts == (5, 2)
    assert rows == [(number, None, "the line is not a JSON object") for number in (3, 4, 5)]


def test_a_header_in_latin_1_does_not_hide_the_known_columns(inbox):
    inbox.put("crm/contacts/a.csv", b"contact_id,created_at,stra\xdfe\nc1,2024-01-01,x\n")
    counts, rows = quarantined(inbox, "crm/contacts/a.csv")
    assert (counts, rows) == ((1, 1), [])


def test_a_very_long_line_is_read(inbox):
    inbox.put("crm/contacts/a.csv", f"contact_id,created_at,city\nc1,2024-01-01,{'x' * 3_000_000}\nc2,2024-01-01,y\n")
    counts, _ = quarantined(inbox, "crm/contacts/a.csv")
    assert counts == (2, 2)


def test_of_a_long_line_that_cannot_be_read_the_reason_says_that_only_its_beginning_is_kept(inbox):
    inbox.put("crm/contacts/a.csv", f"contact_id,created_at\nc1,2024-01-01,{'x' * 20_000}\nc2,2024-01-01\n")
    counts, rows = quarantined(inbox, "crm/contacts/a.csv")
    assert counts == (2, 1)
    assert rows[0][2] == "the line has more values than the header (kept here: its beginning)"


def test_sql_in_names_and_values_stays_text(inbox):
    evil = "x'); drop table raw_files.crm_contacts; --"
    inbox.put(
        f"crm/contacts/{evil.replace('/', '')}.csv", f'contact_id,created_at,"{evil}"\n"{evil}",2024-01-01,"{evil}"\n'
    )
    inbox.put("crm/contacts/b.jsonl", json.dumps({"contact_id": evil, "created_at": "2024-01-01", evil: evil}) + "\n")
    assert inbox.load().rows == RowCounts(3, 3, 0)
    assert inbox.query("select count(*) from raw_files.crm_contacts where contact_id like 'x''%'") == [(2,)]
