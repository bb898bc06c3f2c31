"""Files that cannot be read: each gets a clear message, stays in place, and the rest of the delivery goes on."""

import gzip

import pytest

from ingestion.contract import entity_named
from ingestion.files.report import RowCounts
from orchestration.status import read_status
from quality.suites.raw import checks_of_entity
from tests.integration.inbox_tools import CONTACTS, GOOD, GOOD_EVENTS, Inbox


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


def test_an_address_in_the_name_of_a_file_or_a_column_is_not_told(inbox):
    inbox.put("crm/contacts/anna@secret.example.csv", "contact_id,created_at,of anna@secret.example\nc1,2024-01-01,x\n")
    inbox.put("crm/contacts/bert@secret.example.xlsx", "no format of ours")
    inbox.put("crm/contacts/cora@secret.example.csv", "")
    messages = "\n".join(inbox.load().all_messages)
    assert "secret" not in messages
    assert "crm/contacts/(not shown).csv: columns the contract lacks are kept as JSON: of (not shown)." in messages
    assert "crm/contacts/(not shown).csv: the file is empty" in messages


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


def open_rejections(inbox):
    """How many files are rejected, as the status tells it, and as the first gate's check of contacts counts it."""
    checks = {check.name: check for check in checks_of_entity(entity_named("crm_contacts"))}
    return read_status(inbox.settings)["files_rejected"], inbox.query(checks["no_file_was_rejected"].figure)[0][0]


def test_a_corrected_file_is_no_longer_counted_as_rejected(inbox):
    # A rejection stayed in the status and in the first gate for ever: only the same content took it away.
    inbox.put("crm/contacts/a.csv", "contact_id\nc1\n")
    inbox.put("crm/contacts/b.csv", "contact_id\nc1\n")
    inbox.load()
    assert open_rejections(inbox) == (2, 2)
    inbox.put("crm/contacts/a.csv", "contact_id,email\nc1,\n")
    inbox.load()
    assert open_rejections(inbox) == (2, 2)
    inbox.put("crm/contacts/a.csv", CONTACTS)
    inbox.load()
    assert open_rejections(inbox) == (1, 1)


def test_a_rejected_file_is_tried_again_and_recorded_once(inbox):
    inbox.put("crm/contacts/a.csv", "contact_id\nc1\n")
    for _ in range(3):
        inbox.load()
    assert inbox.query("select count(*) from ops.loads where status = 'rejected'") == [(1,)]


def test_a_file_in_utf_16_says_so(inbox):
    inbox.put("crm/contacts/a.csv", CONTACTS.encode("utf-16"))
    assert rejection(inbox, "crm/contacts/a.csv") == "the file is UTF-16. Save it as UTF-8 and deliver it again."


def test_a_quote_that_is_never_closed_rejects_the_file_instead_of_losing_what_follows(inbox):
    lines = "".join(f"c{n},2024-01-01,x\n" for n in range(1000))
    inbox.put("crm/contacts/a.csv", f'contact_id,created_at,city\n{lines}c1000,2024-01-01,"open\n{lines}')
    assert "never closed" in rejection(inbox, "crm/contacts/a.csv")


def test_a_file_of_no_json_objects_is_rejected(inbox):
    inbox.put("crm/contacts/a.jsonl", '[{"contact_id": "c1"}]\n')
    assert "one object per line" in rejection(inbox, "crm/contacts/a.jsonl")


def test_a_truncated_parquet_file_is_rejected(inbox):
    path = inbox.put_parquet(
        "crm/contacts/a.parquet", "select 'c' || i as contact_id, now() as created_at from range(9999) t(i)"
    )
    inbox.put("crm/contacts/a.parquet", path.read_bytes()[:-2000])
    assert "damaged, cut off in transfer or no Parquet file" in rejection(inbox, "crm/contacts/a.parquet")


@pytest.mark.parametrize("offset", [4, 20, 60, 200, -300, -60, -20])
def test_a_parquet_file_damaged_anywhere_stops_no_other(inbox, offset):
    path = inbox.put_parquet(
        "crm/contacts/a.parquet",
        "select 'c' || i as contact_id, timestamp '2024-01-01' as created_at from range(99) t(i)",
    )
    whole = path.read_bytes()
    begin = offset % len(whole)
    for filling in (b"\x00", b"\x2a", b"\xff"):
        length = min(12, len(whole) - begin)
        inbox.put("crm/contacts/a.parquet", whole[:begin] + filling * length + whole[begin + length :])
        report = inbox.load()
        assert inbox.outcome("crm/contacts/a.parquet", report).status in ("rejected", "loaded")
        assert inbox.outcome(GOOD, report).status in ("loaded", "skipped")


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
