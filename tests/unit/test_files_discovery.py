"""What the inbox looks at, passes over and refuses."""

import os
import tempfile
from pathlib import Path

from ingestion.files.discovery import discover


def put(inbox, name):
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    return path


def test_files_are_found_in_the_order_of_their_paths(tmp_path):
    names = ["web/events/b.csv", "crm/orders/z.parquet", "crm/orders/a.jsonl.gz", "web/events/A.CSV.GZ"]
    for name in names:
        put(tmp_path, name)
    found = discover(tmp_path)
    assert [file.name for file in found.files] == sorted(names)
    assert [file.format for file in found.files] == [".jsonl.gz", ".parquet", ".csv.gz", ".csv"]
    assert found.messages == ()


def test_unfinished_files_are_passed_over_until_they_are_renamed(tmp_path):
    for name in (".orders.csv", "orders.csv.tmp", "orders.csv.part"):
        put(tmp_path, f"crm/orders/{name}")
    assert discover(tmp_path) == type(discover(tmp_path))((), ())
    (tmp_path / "crm/orders/orders.csv.part").rename(tmp_path / "crm/orders/orders.csv")
    assert [file.name for file in discover(tmp_path).files] == ["crm/orders/orders.csv"]


def test_an_unknown_entity_folder_names_the_nearest_known_ones(tmp_path):
    put(tmp_path, "crm/order/orders.csv")
    (message,) = discover(tmp_path).messages
    assert message.startswith("crm/order: is not an entity of the contract. Did you mean crm/orders")


def test_an_unknown_domain_names_the_nearest_known_ones(tmp_path):
    put(tmp_path, "e-mail/events/a.csv")
    (message,) = discover(tmp_path).messages
    assert message == "e-mail: is not a domain of the contract. Did you mean email?"


def test_an_unknown_format_names_the_nearest_known_ones(tmp_path):
    put(tmp_path, "crm/orders/orders.json")
    put(tmp_path, "crm/orders/orders.xlsx")
    json_message, excel_message = discover(tmp_path).messages
    assert ".json is not a format the inbox reads. Did you mean .jsonl" in json_message
    assert ".csv" in excel_message


def test_a_file_outside_an_entity_s_folder_says_where_to_put_it(tmp_path):
    put(tmp_path, "orders.csv")
    put(tmp_path, "crm/orders.csv")
    put(tmp_path, "crm/orders/2024/orders.csv")
    messages = discover(tmp_path).messages
    assert [message.partition(":")[0] for message in messages] == ["crm/orders.csv", "crm/orders/2024", "orders.csv"]
    assert "Put its files into crm/orders/" in messages[1]


def test_links_that_leave_the_inbox_are_refused_and_others_followed(tmp_path):
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    secret = put(outside, "crm/orders/secret.csv")
    inside = put(inbox, "crm/orders/a.csv")
    (inbox / "crm/orders/b.csv").symlink_to(inside)
    (inbox / "crm/orders/c.csv").symlink_to(secret)
    (inbox / "web").symlink_to(outside / "crm")
    found = discover(inbox)
    assert [file.name for file in found.files] == ["crm/orders/a.csv", "crm/orders/b.csv"]
    assert [message.partition(":")[0] for message in found.messages] == ["crm/orders/c.csv", "web"]
    assert all("refused" in message for message in found.messages)


def test_links_in_a_circle_and_links_to_nothing_are_reported(tmp_path):
    put(tmp_path, "crm/orders/a.csv")
    (tmp_path / "crm/orders/loop.csv").symlink_to("loop.csv")
    (tmp_path / "crm/orders/gone.csv").symlink_to("nowhere.csv")
    found = discover(tmp_path)
    assert [file.name for file in found.files] == ["crm/orders/a.csv"]
    assert len(found.messages) == 2


def test_a_folder_without_permission_is_reported_and_the_rest_is_found():
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder)
        put(inbox, "crm/orders/a.csv")
        put(inbox, "web/events/a.csv")
        (inbox / "crm/orders").chmod(0)
        inbox.chmod(0o755)
        # Permission bits do not bind root, so root looks at the folder as nobody.
        as_root = os.geteuid() == 0
        if as_root:
            os.seteuid(65534)
        try:
            found = discover(inbox)
        finally:
            if as_root:
                os.seteuid(0)
            (inbox / "crm/orders").chmod(0o755)
    assert [file.name for file in found.files] == ["web/events/a.csv"]
    (message,) = found.messages
    assert message.startswith("crm/orders: the folder cannot be read (Permission denied)")


def test_an_inbox_that_does_not_exist_is_empty(tmp_path):
    assert discover(tmp_path / "nowhere").files == ()
