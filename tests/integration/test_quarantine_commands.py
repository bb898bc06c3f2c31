"""The quarantine at the command line: listed, shown, decided about, and masked unless asked for."""

import json

from typer.testing import CliRunner

from ingestion.quarantine.masking import shape, shown_values
from orchestration.cli.app import app
from tests.integration.inbox_tools import ORDERS_HEADER, Inbox


def states(inbox):
    return dict(inbox.query("select row_id, state from quarantine.rows"))


def command(inbox, *words):
    environment = {"LIFECYCLE_DATA_DIR": str(inbox.settings.data_dir)}
    return CliRunner().invoke(app, ["quarantine", *words], env=environment)


def test_the_commands_list_show_release_and_discard(inbox):
    listed = json.loads(command(inbox, "list", "--json").stdout)
    assert [(row["row"], row["column"]) for row in listed] == [("1:2", "status"), ("1:3", "ordered_at")]
    told = command(inbox, "list", "--entity", "crm/orders").stdout
    assert "1:2" in told and "crm/orders" in told and "crm_orders" not in told
    assert max(map(len, told.splitlines())) <= 120
    assert "quarantine show" in told and "release" in told and "discard" in told
    assert command(inbox, "list", "--entity", "crm_orders").stdout == told
    assert json.loads(command(inbox, "list", "--problem", "status", "--summary", "--json").stdout)[0]["rows"] == 1
    done = command(inbox, "release", "1:2", "--reason", "typo", "--set", "status=paid", "--yes")
    assert done.stdout == "1 row(s) released; the next run (`lifecycle run`) judges them again: 1 of crm/orders.\n"
    assert json.loads(command(inbox, "discard", "--all", "--reason", "old", "--yes", "--json").stdout)["counts"] == {
        "crm_orders": 2
    }
    assert set(states(inbox).values()) == {"discarded"}


def test_a_decision_needs_a_reason_and_a_selection_and_asks(inbox):
    assert command(inbox, "discard", "--all").exit_code == 2
    assert command(inbox, "discard", "--reason", "old").exit_code == 2
    assert command(inbox, "release", "1:2", "--reason", "x", "--set", "status").exit_code == 2
    assert command(inbox, "discard", "--all", "--reason", "old").exit_code == 1, "nobody confirmed"
    assert set(states(inbox).values()) == {"open"}


def test_values_are_masked_unless_asked_for(settings):
    inbox = Inbox(settings)
    canary = "Zoe.Canary+7@example.com"
    header = f"{ORDERS_HEADER},email"
    inbox.put("crm/orders/a.csv", f"{header}\no1,2024-01-01,{canary},12.50,EUR,{canary}\n")
    inbox.load()
    shown = command(inbox, "show", "1:1").stdout
    everything = command(inbox, "list").stdout + shown + command(inbox, "show", "1:1", "--json").stdout
    assert "Canary" not in everything and "o1" not in shown
    assert "Aaa.Aaaaaa+9@aaaaaaa.aaa" in shown and "12.50" in shown
    assert canary in command(inbox, "show", "1:1", "--reveal").stdout


def test_a_shape_keeps_what_a_format_consists_of_and_no_letter_or_digit():
    assert shape("Jürgen O'Neil 31/12/2024") == "Aaaaaa A'Aaaa 99/99/9999"
    assert shape("x" * 100).endswith("… (100 characters)")


def test_only_what_was_read_as_a_harmless_type_is_shown():
    row = '{"order_id": "Anna", "net_amount": 5, "status": "paid", "currency": "Anna", "shoe": 42}'
    assert shown_values("crm_orders", row, "currency is not an ISO 4217 currency code; write EUR", reveal=False) == {
        "order_id": "Aaaa",
        "net_amount": "5",
        "status": "paid",
        "currency": "Aaaa",
        "shoe": "99",
    }
