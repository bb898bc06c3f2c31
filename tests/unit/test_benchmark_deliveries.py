"""The histories of the incremental benchmark differ in what they are meant to differ in, and share the day."""

from __future__ import annotations

import pytest

from benchmarks.incremental import BEFORE, DAY, HISTORIES, deliver

FILES = (
    "web/events/events-2024-06-30.parquet",
    "web/events/events-2024-09-30.parquet",
    "web/events/events-2025-09-30.parquet",
    "web/events/events-2026-03-31.parquet",
    "web/events/events-2026-06-29.parquet",
    "web/events/events-2026-06-30.parquet",
    "crm/contacts/contacts-2023-12-31.csv",
    "crm/contacts/contacts-2026-06-30.csv",
)


@pytest.fixture
def company(tmp_path):
    for name in FILES:
        path = tmp_path / "company" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "company"


@pytest.mark.parametrize(("history", "events"), [(1, 2), (2, 3), (4, 4)])
def test_a_history_holds_its_events_and_all_records_and_the_day_comes_once(company, tmp_path, history, events):
    inbox = tmp_path / "inbox"
    assert deliver(company, inbox, HISTORIES[history], BEFORE) == events + 1
    assert not list(inbox.rglob("*2026-06-30*"))
    assert deliver(company, inbox, DAY, DAY) == 2
    assert len(list((inbox / "web" / "events").iterdir())) == events + 1
    assert len(list((inbox / "crm" / "contacts").iterdir())) == 2
