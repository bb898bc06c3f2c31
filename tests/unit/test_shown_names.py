"""Messages name what a vendor added by its own words; what may stand for a person is not shown."""

from __future__ import annotations

import pytest

from ingestion.shown_names import shown_file, shown_pointer


@pytest.mark.parametrize(
    "pointer", ["/shoe_size", "/properties/hs_v2_date_entered_lead", "/event/$set", "/a/content-type", "/a/UTM2"]
)
def test_a_member_called_by_an_identifier_is_shown(pointer):
    assert shown_pointer(pointer) == pointer


@pytest.mark.parametrize(
    "member", ["ada@example.org", "ada.berg", "Ada Berg", "Jörg", "+491761234567", "491761234567", "", "a" * 81, "a\nb"]
)
def test_a_member_called_otherwise_is_not_shown(member):
    assert shown_pointer(f"/properties/{member}") == "/properties/(not shown)"


def test_a_long_number_in_an_identifier_is_not_shown():
    assert shown_pointer("/x/hs_date_entered_1390371") == "/x/hs_date_entered_…"
    assert shown_pointer("/x/user_491761234567_seen") == "/x/user_…_seen"


@pytest.mark.parametrize("name", ["events_20260601.jsonl", "2026/06/01/part-0001.json.gz", "2026-06-01T10"])
def test_a_file_called_by_days_and_parts_is_shown(name):
    assert shown_file(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ada@example.org.jsonl.gz", "(not shown).jsonl.gz"),
        ("by person/ada.b@example.org/2026.json", "by person/(not shown)/2026.json"),
        ("mail of ada@example.org sent.json", "mail of (not shown) sent.json"),
    ],
)
def test_an_address_in_the_name_of_a_file_is_not_shown(name, shown):
    assert shown_file(name) == shown
