"""Bad input: each kind gets a clear message, nothing is lost, and the rest of the delivery goes on."""

import gzip
import json

import pytest

from ingestion.files.report import RowCounts
from tests.integration.inbox_tools import CONTACTS, ORDERS_HEADER, Inbox

GOOD = "web/events/good.csv"
GOOD_EVENTS = "event_id,anonymous_id,event,occurred_at\ne1,a1,search,2024-01-01T00:00:00Z\n"


@pytest.fixture
def inbox(settings):
    """An inbox in which a good file waits behind the bad one."""
    inbox = Inbox(settings)
    inbox.put(GOOD, GOOD_EVENTS)
    return inbox


def rejection(inbox, name):
    """The message a file is rejected with; the good file behind it is loaded, the bad one stays and is recorded."""
    report = inbox.load()
    outcome = inbox.outcome(name, report)
    assert outcome.status == "rejected"
    assert inbox.outcome(GOOD, report).status == "loaded"
    assert (inbox.settings.inbox / name).exists()
    assert inbox.query(f"select status, message from ops.loads where file_name = '{name}'") == [
        ("rejected", outcome.message)
    ]
    assert report.rows == RowCounts(1, 1, 0)
    return outcome.message


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


def test_an_empty_inbox_says_what_to_put_where(settings):
    report = Inbox(settings).load()
    assert report.is_empty
    (message,) = report.messages
    assert f"{settings.inbox}/crm/contacts/contacts.csv with the columns contact_id and created_at" in message
    assert "lifecycle demo" in message


@pytest.mark.parametrize(("delimiter", "word"), [("\t", "tab"), ("|", "vertical bar")])
def test_a_wrong_delimiter_is_named(inbox, delimiter, word):
    inbox.put("crm/contacts/a.csv", CONTACTS.replace(",", delimiter))
    assert rejection(inbox, "crm/contacts/a.csv") == (
        f"the values are separated by {word}. Save the file with comma or semicolon between the values."
    )


def test_a_missing_required_column_is_named_with_what_it_may_be_called(inbox):
    inbox.put("crm/orders/a.csv", "order_id,order_at,state,net_amount\no1,2024-01-01,paid,1\n")
    message = rejection(inbox, "crm/orders/a.csv")
    assert "required columns missing: ordered_at (is it the column 'order_at'?), status" in message
    assert "crm/orders knows order_id, net_amount" in message


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_a_missing_required_column_is_named_in_every_format(inbox, name):
    if name.endswith("parquet"):
        inbox.put_parquet(f"crm/contacts/{name}", "select 'c1' as contact_id")
    else:
        inbox.put(f"crm/contacts/{name}", '{"contact_id": "c1"}\n')
    assert "required column missing: created_at." in rejection(inbox, f"crm/contacts/{name}")


def test_a_file_without_a_header_never_shows_its_values(inbox):
    inbox.put("crm/contacts/a.csv", "c1,anna.secret@example.com,2024-01-01\nc2,bert@example.com,2024-01-01\n")
    message = rejection(inbox, "crm/contacts/a.csv")
    assert "Is the first line the header?" in message
    assert "secret" not in message


def test_a_column_that_comes_twice_is_named(inbox):
    inbox.put("crm/contacts/a.csv", "contact_id,created_at,Email,email\nc1,2024-01-01,a,b\n")
    assert "column email is there twice" in rejection(inbox, "crm/contacts/a.csv")


def test_a_mended_file_is_loaded_and_its_rejection_is_closed(inbox):
    inbox.put("crm/contacts/a.csv", "contact_id\nc1\n")
    rejection(inbox, "crm/contacts/a.csv")
    inbox.put("crm/contacts/a.csv", CONTACTS)
    assert inbox.load().rows == RowCounts(2, 2, 0)


def test_a_rejected_file_is_tried_again_and_recorded_once(inbox):
    inbox.put("crm/contacts/a.csv", "contact_id\nc1\n")
    for _ in range(3):
        inbox.load()
    assert inbox.query("select count(*) from ops.loads where status = 'rejected'") == [(1,)]


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


def test_a_file_in_utf_16_says_so(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS.encode("utf-16"))
    assert rejection(inbox, "crm/contacts/a.csv") == "the file is UTF-16. Save it as UTF-8 and deliver it again."


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


def test_a_quote_that_is_never_closed_rejects_the_file_instead_of_losing_what_follows(inbox):
    lines = "".join(f"c{n},2024-01-01,x\n" for n in range(1000))
    inbox.put("crm/contacts/a.csv", f'contact_id,created_at,city\n{lines}c1000,2024-01-01,"open\n{lines}')
    assert "never closed" in rejection(inbox, "crm/contacts/a.csv")


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


def test_a_file_of_no_json_objects_is_rejected(inbox):
    inbox.put("crm/contacts/a.jsonl", '[{"contact_id": "c1"}]\n')
    assert "one object per line" in rejection(inbox, "crm/contacts/a.jsonl")


def test_a_truncated_parquet_file_is_rejected(inbox):
    path = inbox.put_parquet(
        "crm/contacts/a.parquet", "select 'c' || i as contact_id, now() as created_at from range(9999) t(i)"
    )
    inbox.put("crm/contacts/a.parquet", path.read_bytes()[:-2000])
    assert "damaged, cut off in transfer or no Parquet file" in rejection(inbox, "crm/contacts/a.parquet")


@pytest.mark.parametrize("damage", ["cut off", "flipped", "no gzip at all"])
@pytest.mark.parametrize("name", ["a.csv.gz", "a.jsonl.gz"])
def test_a_damaged_gzip_file_is_rejected_as_a_whole(inbox, name, damage):
    lines = "".join(f"c{n},2024-01-01\n" for n in range(50_000))
    packed = gzip.compress(f"contact_id,created_at\n{lines}".encode())
    middle = len(packed) // 2
    damaged = {
        "cut off": packed[:middle],
        "flipped": packed[:-6] + b"\x00\x00" + packed[-4:],
        "no gzip at all": b"contact_id,created_at\n",
    }[damage]
    path = inbox.put(f"crm/contacts/{name}", "")
    path.write_bytes(damaged)
    assert "gzip file is damaged or was cut off" in rejection(inbox, f"crm/contacts/{name}")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet", "a.csv.gz"])
def test_a_file_of_0_bytes_is_rejected(inbox, name):
    inbox.put(f"crm/contacts/{name}", "").write_bytes(b"")
    assert "empty (0 bytes)" in rejection(inbox, f"crm/contacts/{name}")


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.csv.gz", "a.jsonl.gz"])
def test_a_file_of_blank_lines_is_rejected(inbox, name):
    inbox.put(f"crm/contacts/{name}", "\n\n")
    assert rejection(inbox, f"crm/contacts/{name}")


def test_an_unknown_entity_folder_is_reported_and_the_rest_goes_on(inbox):
    inbox.put("crm/custmers/a.csv", CONTACTS)
    inbox.put("crm/contacts/a.xlsx", b"PK")
    report = inbox.load()
    assert report.rows == RowCounts(1, 1, 0)
    assert [message.partition(":")[0] for message in report.messages] == ["crm/contacts/a.xlsx", "crm/custmers"]


def test_a_renamed_binary_file_is_no_csv(inbox):
    inbox.put("crm/contacts/a.csv", b"PK\x03\x04\x00\x00\x00binary")
    assert "not text" in rejection(inbox, "crm/contacts/a.csv")


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
