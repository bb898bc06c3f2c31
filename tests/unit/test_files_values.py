"""How single values are read: every accepted spelling, and every one that is refused instead of guessed."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from ingestion.contract import Column, ValueType
from ingestion.files.numbers import PointMeaning, point_meaning
from ingestion.files.values import ReadingRules, column_sql

BERLIN = ReadingRules("Europe/Berlin")
GERMAN = ReadingRules("Europe/Berlin", german=True)


def read(column, value, rules=BERLIN, kind="VARCHAR"):
    """Value, whether it is bad, and the reason, of one delivered value of a DuckDB type."""
    steps = column_sql(column, "delivered", kind, rules)
    name, bad = column.name, steps.bad or "false"
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'America/New_York'")
        return connection.execute(
            f"select v_{name}, {bad}, case when {bad} then {steps.reason or 'null'} end"
            f" from (select *, {steps.value} as v_{name} from (select *, {steps.mark or 'null'} as m_{name}"
            f" from (select {steps.clean} as t_{name} from (select {steps.raw} as r_{name}"
            f" from (select cast(? as {kind}) as delivered)))))",
            [value],
        ).fetchone()


def value_of(column, value, rules=BERLIN, kind="VARCHAR"):
    read_value, bad, reason = read(column, value, rules, kind)
    assert not bad, reason
    return read_value


def reason_for(column, value, rules=BERLIN, kind="VARCHAR"):
    read_value, bad, reason = read(column, value, rules, kind)
    assert bad, f"was read as {read_value!r}"
    assert str(value) not in reason, "a reason never repeats the value"
    return reason


AT = Column("at", ValueType.TIMESTAMP, "A time.")
DAY = Column("day", ValueType.DATE, "A day.")
AMOUNT = Column("amount", ValueType.AMOUNT, "Money.")
NUMBER = Column("number", ValueType.NUMBER, "A number.")
COUNT = Column("count", ValueType.INTEGER, "A count.", minimum=0)
FLAG = Column("flag", ValueType.BOOLEAN, "A flag.")
CURRENCY = Column("currency", ValueType.CURRENCY, "A currency.")
TEXT = Column("text", ValueType.TEXT, "A text.")
STATUS = Column("status", ValueType.TEXT, "A status.", required=True, choices=("paid", "pending"))
PROPERTIES = Column("properties", ValueType.JSON, "Anything.")
RATING = Column("rating", ValueType.NUMBER, "Stars.", minimum=1, maximum=5)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-01-02T10:00:00Z", datetime(2024, 1, 2, 10)),
        ("2024-01-02T10:00:00z", datetime(2024, 1, 2, 10)),
        ("2024-01-02 10:00:00+02:00", datetime(2024, 1, 2, 8)),
        ("2024-01-02 10:00:00 +02:00", datetime(2024, 1, 2, 8)),
        ("2024-01-02T10:00+0200", datetime(2024, 1, 2, 8)),
        ("2024-01-02T10:00Z", datetime(2024, 1, 2, 10)),
        ("2024-01-02T10:00:00-05", datetime(2024, 1, 2, 15)),
        ("2024-01-02T10:00:00.123456789Z", datetime(2024, 1, 2, 10, 0, 0, 123456)),
        ("2024-01-02T10:00:00,5Z", datetime(2024, 1, 2, 10, 0, 0, 500000)),
        ("2024-07-02T10:00:00", datetime(2024, 7, 2, 8)),
        ("2024-01-02 10:00", datetime(2024, 1, 2, 9)),
        ("2024-01-02", datetime(2024, 1, 1, 23)),
        (" 2024-01-02\t", datetime(2024, 1, 1, 23)),
    ],
)
def test_iso_times_are_read_and_local_ones_are_business_time(text, utc):
    assert value_of(AT, text) == utc


def test_an_hour_that_does_not_exist_is_the_hour_after_it():
    assert value_of(AT, "2024-03-31 02:30:00") == value_of(AT, "2024-03-31 03:30:00") == datetime(2024, 3, 31, 1, 30)


def test_an_hour_that_exists_twice_is_the_second_one():
    assert value_of(AT, "2024-10-27 02:30:00") == value_of(AT, "2024-10-27T02:30:00+01:00")


@pytest.mark.parametrize(
    "text",
    [
        "31.12.2025",
        "12/31/2025",
        "2025/12/31",
        "2025-02-30",
        "2025-1-2",
        "infinity",
        "yesterday",
        "20251231",
        "1735689600",
    ],
)
def test_other_dates_are_refused_instead_of_guessed(text):
    assert "write it like 2025-12-31T14:30:00+01:00" in reason_for(AT, text)
    assert "write it like 2025-12-31" in reason_for(DAY, text)


@pytest.mark.parametrize("text", ["31.12.2025", "12/31/2025", "2025/12/31"])
def test_the_reason_says_that_a_date_in_another_format_can_be_misread(text):
    assert "can be misread" in read(AT, text)[2]


def test_german_dates_are_read_where_semicolons_separate():
    assert value_of(AT, "1.7.2025 10:00", GERMAN) == datetime(2025, 7, 1, 8)
    assert value_of(AT, "31.12.2025 23:59:59", GERMAN) == datetime(2025, 12, 31, 22, 59, 59)
    assert value_of(DAY, "31.12.2025", GERMAN) == date(2025, 12, 31)
    assert reason_for(DAY, "31.02.2025", GERMAN)
    assert reason_for(DAY, "12/31/2025", GERMAN)


def test_a_day_may_come_with_a_midnight_but_with_no_other_time():
    assert value_of(DAY, "2025-12-31T00:00:00.000Z") == date(2025, 12, 31)
    assert reason_for(DAY, "2025-12-31 10:00:00")


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.50", "12.5"), ("-3", "-3"), ("+3", "3"), (".5", "0.5"), ("1e3", "1000"), ("0.00", "0"), (" 7 ", "7")],
)
def test_plain_numbers_are_read(text, amount):
    assert value_of(AMOUNT, text) == Decimal(amount)
    assert value_of(NUMBER, text) == float(amount)


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1_000", "0x10", "12,50", "1 000", "abc", "1e999", "12€"])
def test_what_is_no_number_is_refused(text):
    assert "number" in reason_for(NUMBER, text)
    assert "amount" in reason_for(AMOUNT, text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12,50", "12.5"),
        ("1.234,56", "1234.56"),
        ("-1.234.567,8", "-1234567.8"),
        ("1.234.567", "1234567"),
        ("12.50", "12.5"),
        ("0.125", "0.125"),
        ("1234", "1234"),
    ],
)
def test_decimal_commas_are_read_where_semicolons_separate(text, amount):
    assert value_of(AMOUNT, text, GERMAN) == Decimal(amount)


@pytest.mark.parametrize("text", ["1,234.56", "1.23,4", "12,", "1.2345,6"])
def test_mixed_up_commas_and_points_are_refused(text):
    assert "number" in reason_for(NUMBER, text, GERMAN)


@pytest.mark.parametrize(
    ("numbers", "meaning"),
    [
        (["1.234", "12,50"], PointMeaning.THOUSANDS),
        (["1.234", "12.50"], PointMeaning.DECIMAL),
        (["1.234", "0.125"], PointMeaning.DECIMAL),
        (["1.234", "5"], PointMeaning.UNKNOWN),
        (["1.234", "12.50", "12,50"], PointMeaning.UNKNOWN),
        ([None], PointMeaning.UNKNOWN),
    ],
)
def test_the_other_numbers_of_the_file_say_what_a_lone_point_means(numbers, meaning):
    with duckdb.connect() as connection:
        connection.execute("create table rows (c0 varchar)")
        connection.executemany("insert into rows values (?)", [[number] for number in numbers])
        assert point_meaning(connection, "rows", ["c0"]) is meaning


def test_a_lone_point_before_three_digits_is_never_guessed():
    assert reason_for(AMOUNT, "5.678", GERMAN)
    assert value_of(AMOUNT, "1.234", ReadingRules("UTC", german=True, point=PointMeaning.THOUSANDS)) == 1234
    assert value_of(AMOUNT, "1.234", ReadingRules("UTC", german=True, point=PointMeaning.DECIMAL)) == Decimal("1.234")


def test_whole_numbers_may_end_in_zeros_behind_the_point_but_are_never_rounded():
    assert value_of(COUNT, "3.0") == 3
    assert reason_for(COUNT, "3.7")
    assert reason_for(COUNT, 3.7, kind="DOUBLE")
    assert value_of(COUNT, 3.0, kind="DOUBLE") == 3


def test_a_number_out_of_range_says_which_bound_it_breaks():
    assert reason_for(RATING, "7") == "rating is greater than 5"
    assert reason_for(RATING, "0.5") == "rating is smaller than 1"
    assert reason_for(COUNT, "-1") == "count is smaller than 0"
    assert value_of(RATING, "5") == 5


@pytest.mark.parametrize(
    ("text", "flag"), [("true", True), ("No", False), ("JA", True), ("nein", False), ("1", True), ("0", False)]
)
def test_flags_are_read_in_english_and_german(text, flag):
    assert value_of(FLAG, text) is flag


def test_what_is_no_flag_is_refused():
    assert "true or false" in reason_for(FLAG, "maybe")
    assert reason_for(FLAG, 2, kind="INTEGER")
    assert value_of(FLAG, 1, kind="INTEGER") is True


def test_currencies_are_upper_case_and_known():
    assert value_of(CURRENCY, "eur") == "EUR"
    assert "ISO 4217" in reason_for(CURRENCY, "XQQ")


def test_choices_are_compared_and_stored_lower_case():
    assert value_of(STATUS, " Paid ") == "paid"
    assert "choose from paid, pending" in reason_for(STATUS, "shipped")
    assert reason_for(STATUS, None) == "status is missing, but required"


def test_blank_text_is_null_and_blanks_around_text_go():
    assert value_of(TEXT, " \t\u00a0 ") is None
    assert value_of(TEXT, " Zoë Müller\u00a0") == "Zoë Müller"


def test_json_has_to_be_json():
    assert value_of(PROPERTIES, '{"a": 1}') == '{"a": 1}'
    assert "not JSON" in reason_for(PROPERTIES, '{"a": ')


@pytest.mark.parametrize(
    ("column", "kind", "delivered", "expected"),
    [
        (AT, "TIMESTAMP WITH TIME ZONE", "2024-01-02 10:00:00+02", datetime(2024, 1, 2, 8)),
        (AT, "TIMESTAMP", "2024-01-02 10:00:00", datetime(2024, 1, 2, 9)),
        (AT, "TIMESTAMP_NS", "2024-01-02 10:00:00", datetime(2024, 1, 2, 9)),
        (AT, "DATE", "2024-01-02", datetime(2024, 1, 1, 23)),
        (DAY, "TIMESTAMP", "2024-01-02", date(2024, 1, 2)),
        (DAY, "TIMESTAMP WITH TIME ZONE", "2024-01-01 23:00:00+00", date(2024, 1, 2)),
        (DAY, "TIMESTAMP WITH TIME ZONE", "2024-01-02 00:00:00+00", date(2024, 1, 2)),
        (AMOUNT, "DOUBLE", 12.5, Decimal("12.5")),
        (AMOUNT, "DECIMAL(10, 2)", "12.50", Decimal("12.5")),
        (AMOUNT, "INTEGER", 12, Decimal(12)),
        (COUNT, "UBIGINT", 12, 12),
        (NUMBER, "FLOAT", 0.5, 0.5),
        (TEXT, "DOUBLE", 4711.0, "4711"),
        (TEXT, "BIGINT", 4711, "4711"),
        (TEXT, "DOUBLE", 0.5, "0.5"),
        (PROPERTIES, "STRUCT(a INTEGER)", {"a": 1}, '{"a":1}'),
    ],
)
def test_typed_columns_are_read_by_their_type(column, kind, delivered, expected):
    assert value_of(column, delivered, kind=kind) == expected


@pytest.mark.parametrize(
    ("column", "kind", "delivered"),
    [
        (NUMBER, "DOUBLE", "nan"),
        (AMOUNT, "DOUBLE", "inf"),
        (AT, "TIMESTAMP", "infinity"),
        (AT, "BIGINT", 1735689600),
        (DAY, "TIMESTAMP", "2024-01-02 10:00:00"),
    ],
)
def test_typed_values_that_mean_nothing_are_refused(column, kind, delivered):
    assert reason_for(column, delivered, kind=kind)
