"""Numbers nobody has are blocked however they are written; real ones are not."""

from __future__ import annotations

import duckdb
import pytest

from ingestion.settings import PROJECT_ROOT

SEED = PROJECT_ROOT / "dbt_project" / "seeds" / "identity" / "blocked_identifier_values.csv"


@pytest.fixture(scope="module")
def patterns():
    return duckdb.sql(
        f"select string_agg(value, '|') from read_csv('{SEED}', header = true, all_varchar = true)"
        " where match = 'regex' and identifier_type in ('any', 'phone')"
    ).fetchone()[0]


def is_blocked(patterns, phone):
    return duckdb.execute("select regexp_matches(?, '^(?:' || ? || ')$')", [phone, patterns]).fetchone()[0]


@pytest.mark.parametrize(
    "phone",
    [
        "111111",
        "999-999-9999",
        "01111111",
        "+491111111111",
        "+49 (0) 111 111 111",
        "0049 000000000",
        "+490000000000",
        "+1 555 555 5555",
        "+351 222 222 222",
        "0123 456789",
        "+49 123456789",
        "123-456-7890",
    ],
)
def test_a_number_of_one_digit_or_counted_up_is_blocked(patterns, phone):
    assert is_blocked(patterns, phone)


@pytest.mark.parametrize(
    "phone",
    [
        "+491701234567",
        "+49 30 123456",
        "+49 30 1234567",
        "030 123456",
        "(0)123456",
        "+43 1 234567",
        "+44 20 7946 0000",
        "+1 202 555 0143",
        "+49 89 111111",
        "0170 1111111",
        "089 / 22 22 22",
        "112",
    ],
)
def test_a_number_somebody_may_have_is_not(patterns, phone):
    assert not is_blocked(patterns, phone)
