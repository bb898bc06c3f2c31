"""The adapter: every kind of expectation passes on good rows, fails on bad ones, and errors on what it cannot read."""

import subprocess
import sys

import duckdb
import pytest

from quality.adapter.dialect import FetchedCursor, lend
from quality.adapter.outcomes import redacted
from quality.adapter.session import expectation_session
from quality.checks import Check, Outcome
from quality.suites import GATES, checks_of
from quality.suites.vocabulary import Subject

TABLE = "examined.people"
SUBJECT = Subject(TABLE, "Correct the rows.")

GOOD_ROWS = """
    select * from (values
        (1, 'a', 'paid', 10.0::double, timestamp '2024-01-01', timestamp '2024-01-02', 'EUR'),
        (2, 'b', 'open', 20.0, timestamp '2024-01-01', null, null),
        (3, 'c', null, null, timestamp '2024-01-03', timestamp '2024-01-03', 'usd')
    ) as people (id, "group", status, amount, started_at, ended_at, currency)
"""

PROVEN = {
    "filled": (SUBJECT.filled("id")[0], "update examined.people set id = null where id = 2", 1),
    "filled reserved word": (SUBJECT.filled("group")[0], """update examined.people set "group" = null""", 3),
    "one of": (SUBJECT.one_of("status", ["paid", "open"]), "update examined.people set status = 'lost'", 3),
    "between": (SUBJECT.between("amount", 0, 20), "update examined.people set amount = 20.01 where id = 1", 1),
    "at least": (SUBJECT.between("amount", 0), "update examined.people set amount = -1 where id = 1", 1),
    "matches": (
        SUBJECT.matches("currency", "^[A-Za-z]{3}$", "Currency has three letters."),
        "update examined.people set currency = 'EURO' where id = 1",
        1,
    ),
    "ordered": (
        SUBJECT.ordered("started_at", "ended_at"),
        "update examined.people set ended_at = timestamp '2023-12-31' where id = 1",
        1,
    ),
    "has columns": (SUBJECT.has_columns(["id", "status"]), "alter table examined.people drop column status", 1),
    "has rows": (SUBJECT.has_rows(), "delete from examined.people", None),
}


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute("create schema examined")
        opened.execute(f"create table {TABLE} as {GOOD_ROWS}")
        yield opened


def judged(connection, *checks):
    with expectation_session(connection) as session:
        found = session.judge_table(TABLE, checks)
    return [found[check.key] for check in checks]


@pytest.mark.parametrize("case", PROVEN)
def test_expectation_passes_on_good_rows_and_fails_on_bad_ones(connection, case):
    check, spoil, unexpected_count = PROVEN[case]
    assert judged(connection, check)[0].outcome is Outcome.PASS
    connection.execute(spoil)
    verdict = judged(connection, check)[0]
    assert (verdict.outcome, verdict.unexpected_count) == (Outcome.FAIL, unexpected_count)
    assert verdict.message


def test_every_expectation_the_suites_use_is_proven_here():
    used = {check.expectation for gate in GATES for check in checks_of(gate)}
    assert used == {check.expectation for check, _, _ in PROVEN.values()} | {FIGURE.expectation}


FIGURE = SUBJECT.figure("share", "The share is small.", "select 0.1", minimum=0, maximum=0.2)


@pytest.mark.parametrize(
    ("figure", "outcome"),
    [
        (0.0, Outcome.PASS),
        (0.2, Outcome.PASS),
        (0.21, Outcome.FAIL),
        (-0.01, Outcome.FAIL),
        (float("nan"), Outcome.FAIL),
        (float("inf"), Outcome.FAIL),
        (None, Outcome.NOT_EVALUATED),
    ],
)
def test_figure_is_judged_by_its_bounds(connection, figure, outcome):
    with expectation_session(connection) as session:
        verdict = session.judge_figures({FIGURE.key: figure}, [FIGURE])[FIGURE.key]
    assert verdict.outcome is outcome


def test_figure_is_observed_with_its_value(connection):
    with expectation_session(connection) as session:
        verdict = session.judge_figures({FIGURE.key: 0.25}, [FIGURE])[FIGURE.key]
    assert (verdict.observed, verdict.message) == ("0.25", "observed 0.25")


@pytest.mark.parametrize("case", [name for name in PROVEN if name not in ("has columns", "has rows")])
def test_missing_column_is_an_error_and_no_failure(connection, case):
    check = PROVEN[case][0]
    renamed = {
        key: "nowhere" if key.startswith("column") and isinstance(value, str) else value
        for key, value in check.arguments.items()
    }
    lost = Check(**{name: getattr(check, name) for name in Check.__dataclass_fields__} | {"arguments": renamed})
    assert judged(connection, lost)[0].outcome is Outcome.ERROR


def test_missing_table_is_an_error(connection):
    check = SUBJECT.filled("id")[0]
    with expectation_session(connection) as session:
        assert session.judge_table("examined.nobody", [check])[check.key].outcome is Outcome.ERROR


def test_a_broken_check_spoils_no_other_check_of_its_table(connection):
    """Great Expectations bundles metrics into one statement, so one bad statement once turned all into errors."""
    connection.execute("alter table examined.people add column text_amount varchar default 'x'")
    broken = SUBJECT.between("text_amount", 0, 1)
    sound = SUBJECT.filled("id", "amount")
    outcomes = [judgement.outcome for judgement in judged(connection, broken, *sound)]
    assert outcomes == [Outcome.ERROR, Outcome.PASS, Outcome.FAIL]


def test_an_unknown_expectation_is_an_error(connection):
    check = Check(name="x", table=TABLE, expectation="ExpectMiracles", purpose="A miracle.", remedy="None.")
    assert judged(connection, check)[0].outcome is Outcome.ERROR


def test_empty_table_breaks_no_statement_about_its_rows(connection):
    connection.execute(f"delete from {TABLE}")
    assert judged(connection, SUBJECT.filled("id")[0])[0].outcome is Outcome.PASS


def test_cursor_keeps_its_rows_when_its_connection_is_closed(connection):
    """Great Expectations fetches after closing; with duckdb-engine's own cursor nothing was left to fetch."""
    duckdb_cursor = connection.cursor()
    cursor = FetchedCursor(duckdb_cursor, wrapper=None)
    cursor.execute("select range from range(5)")
    duckdb_cursor.close()
    assert cursor.fetchone() == (0,)
    assert cursor.fetchmany(2) == [(1,), (2,)]
    assert cursor.fetchall() == [(3,), (4,)]
    assert cursor.fetchone() is None


def test_adapter_writes_nothing(connection):
    with pytest.raises(NotImplementedError):
        FetchedCursor(connection, wrapper=None).executemany("insert into x values (?)", [(1,)])


def test_lent_connection_is_given_back(tmp_path):
    """DuckDB refuses a writing connection while a reading one of the same process is open."""
    path = str(tmp_path / "lent.duckdb")
    duckdb.connect(path).close()
    with duckdb.connect(path, read_only=True) as reader, expectation_session(reader) as session:
        check = Subject("main.nobody", "").filled("id")[0]
        session.judge_table("main.nobody", [check])
    with duckdb.connect(path) as writer:
        writer.execute("create table written as select 1 as x")


def test_a_url_is_worthless_when_nothing_is_lent(connection):
    import sqlalchemy

    with lend(connection) as url:
        pass
    with pytest.raises(LookupError, match="not lent"):
        sqlalchemy.create_engine(url).connect()


@pytest.mark.parametrize(
    "message",
    [
        "Conversion Error: Could not convert string 'anna@example.org' to INT32",
        "value anna@example.org is odd",
        "phone 4915112345678 is odd",
        "\nfirst line\nanna@example.org in [parameters: ...]",
    ],
)
def test_messages_are_stored_without_values(message):
    assert "anna" not in redacted(message)
    assert "491511" not in redacted(message)


def test_message_keeps_what_helps():
    kept = redacted('Binder Error: Referenced column "nowhere" not found in FROM clause!')
    assert kept == 'Binder Error: Referenced column "nowhere" not found in FROM clause!'


def test_the_import_ahead_ends_with_the_library_in_place():
    program = (
        "import sys\n"
        "from quality.adapter.session import import_ahead\n"
        "assert 'great_expectations' not in sys.modules\n"
        "import_ahead().join()\n"
        "assert 'great_expectations.expectations' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
