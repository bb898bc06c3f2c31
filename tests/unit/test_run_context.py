"""A run has one clock: which date it gets, and where its day ends."""

from datetime import date, datetime

import pytest

from ingestion.warehouse import connect
from orchestration.run_context import RunContextError, begin_run, end_of_day, foresee_run, read_run_context


@pytest.mark.parametrize(
    ("day", "timezone", "end"),
    [
        (date(2026, 1, 15), "Europe/Berlin", datetime(2026, 1, 15, 23, 0)),
        (date(2026, 7, 15), "Europe/Berlin", datetime(2026, 7, 15, 22, 0)),
        (date(2026, 3, 29), "Europe/Berlin", datetime(2026, 3, 29, 22, 0)),
        (date(2026, 10, 25), "Europe/Berlin", datetime(2026, 10, 25, 23, 0)),
        (date(2026, 1, 15), "UTC", datetime(2026, 1, 16, 0, 0)),
        (date(2026, 1, 15), "Pacific/Kiritimati", datetime(2026, 1, 15, 10, 0)),
    ],
)
def test_a_day_ends_at_midnight_in_the_business_time_zone(day, timezone, end):
    assert end_of_day(day, timezone) == end


def test_all_steps_of_a_run_share_one_date(settings):
    first = begin_run(settings, "run-1", as_of=date(2026, 1, 1), loads=True)
    again = begin_run(settings, "run-1", as_of=date(2026, 2, 2), loads=False)
    assert first == again


def test_a_loading_run_without_a_date_looks_from_today(settings):
    assert begin_run(settings, "run-1", as_of=None, loads=True).as_of == settings.today()


def test_a_run_without_loading_keeps_the_date_its_input_was_built_for(settings):
    begin_run(settings, "run-1", as_of=date(2026, 1, 1), loads=True)
    assert begin_run(settings, "run-2", as_of=None, loads=False).as_of == date(2026, 1, 1)


def test_a_run_without_loading_refuses_another_date_and_names_the_command(settings):
    begin_run(settings, "run-1", as_of=date(2026, 1, 1), loads=True)
    with pytest.raises(RunContextError, match="lifecycle run --as-of 2026-02-01"):
        begin_run(settings, "run-2", as_of=date(2026, 2, 1), loads=False)


def test_the_warehouse_holds_exactly_one_context(settings):
    begin_run(settings, "run-1", as_of=date(2026, 1, 1), loads=True)
    begin_run(settings, "run-2", as_of=date(2025, 1, 1), loads=True)
    with connect(settings, read_only=True) as connection:
        assert connection.execute("select count(*) from ops.run_context").fetchone() == (1,)
        assert read_run_context(connection).run_id == "run-2"


def test_what_a_run_would_begin_with_can_be_foreseen_and_is_not_written(settings):
    built = begin_run(settings, "run-1", as_of=date(2026, 6, 30), loads=True)
    for loads in (True, False):
        assert foresee_run(settings, "run-2", as_of=date(2026, 5, 1), loads=loads).as_of == date(2026, 5, 1)
    assert foresee_run(settings, "run-2", as_of=None, loads=False).as_of == built.as_of
    assert foresee_run(settings, "run-1", as_of=None, loads=True) == built
    with connect(settings, read_only=True) as connection:
        assert read_run_context(connection) == built
