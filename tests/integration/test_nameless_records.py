"""A record without a key or a load is found before anything is built on it."""

import pytest

from ingestion.warehouse import connect
from tests.integration.dbt_at_work import build_staging, make_empty_warehouse

NAMELESS = {
    "of_no_load_from_a_file": "insert into raw_files.crm_orders (order_id) values ('o1')",
    "of_no_load_from_a_vendor": "insert into raw_hubspot.contacts (id) values ('1')",
    "without_a_key": "insert into raw_files.crm_orders (_load_seq) values (1)",
}


@pytest.mark.parametrize("row", NAMELESS)
def test_the_build_stops_at_staging_for_a_record(settings, row):
    make_empty_warehouse(settings)
    with connect(settings) as connection:
        connection.execute(NAMELESS[row])
    causes = " ".join(cause.message for cause in build_staging(settings))
    assert "every_staged_record_names_itself_and_its_load" in causes
