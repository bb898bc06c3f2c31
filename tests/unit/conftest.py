"""Fixtures of the unit tests."""

import duckdb
import pytest

from ingestion.raw import create_raw_tables
from quality.measurements import create_measurement_table
from tests.unit.delivered_source import Source


@pytest.fixture
def source():
    with duckdb.connect() as connection:
        create_raw_tables(connection)
        create_measurement_table(connection)
        found = Source(connection)
        found.deliver("2024-01-01")
        found.deliver("2024-03-01", days=31)
        found.deliver("2024-04-01", days=30)
        yield found
