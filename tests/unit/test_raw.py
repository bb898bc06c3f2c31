"""Raw tables follow the contract, whatever state the warehouse is in."""

import duckdb
import pytest

from ingestion.contract import ENTITIES
from ingestion.files.inbox import load_inbox
from ingestion.raw import _LOADS_COLUMNS, LOAD_COLUMNS, create_raw_tables, raw_columns
from ingestion.warehouse import connect
from orchestration.status import read_status


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


def columns_of(connection, schema, table):
    return dict(
        connection.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchall()
    )


def test_every_entity_has_an_empty_raw_table_with_the_contract_s_columns(connection):
    create_raw_tables(connection)
    for entity in ENTITIES:
        assert list(columns_of(connection, "raw_files", entity.table)) == [
            *(column.name for column in entity.columns),
            *LOAD_COLUMNS,
        ]
        assert connection.execute(f"select count(*) from raw_files.{entity.table}").fetchone() == (0,)


def test_creating_the_tables_twice_keeps_their_rows(connection):
    create_raw_tables(connection)
    connection.execute("insert into raw_files.crm_contacts (contact_id, _load_seq) values ('c1', 1)")
    create_raw_tables(connection)
    assert connection.execute("select contact_id from raw_files.crm_contacts").fetchall() == [("c1",)]


def test_a_column_the_contract_gained_is_added_and_null_in_old_rows(connection):
    create_raw_tables(connection)
    before = columns_of(connection, "raw_files", "crm_reviews")
    connection.execute("alter table raw_files.crm_reviews drop column is_public")
    connection.execute("insert into raw_files.crm_reviews (review_id) values ('r1')")
    create_raw_tables(connection)
    assert columns_of(connection, "raw_files", "crm_reviews") == before
    assert connection.execute("select review_id, is_public from raw_files.crm_reviews").fetchall() == [("r1", None)]


def test_a_warehouse_of_an_earlier_version_is_brought_up_with_its_rows(settings):
    # It knew neither decisions about quarantined rows nor loads of released ones.
    with connect(settings) as connection:
        connection.execute("create schema ops; create schema quarantine")
        connection.execute(
            "create table ops.loads as select 1::bigint as load_seq, 'files' as source, 'crm_orders' as entity, "
            "'crm/orders/a.csv' as file_name, 'abc' as content_hash, 9::bigint as byte_count, 'loaded' as status, "
            "3::bigint as delivered_count, 2::bigint as accepted_count, 1::bigint as quarantined_count, "
            "[]::varchar[] as drift_columns, null::varchar as message, timestamp '2026-06-30' as loaded_at"
        )
        connection.execute(
            "create table quarantine.rejected_rows as select 1::bigint as load_seq, 'files' as source, "
            "'crm_orders' as entity, 'crm/orders/a.csv' as file_name, 2::bigint as row_number, "
            "'status' as column_name, 'status is no word' as reason, '{}'::json as row_json, "
            "timestamp '2026-06-30' as quarantined_at"
        )
    before = read_status(settings)
    assert (before["files_loaded"], before["rows_accepted"], before["rows_quarantined"]) == (1, 2, None)
    load_inbox(settings)
    after = read_status(settings)
    assert (after["files_loaded"], after["rows_accepted"], after["rows_quarantined"]) == (1, 2, 1)
    with connect(settings, read_only=True) as connection:
        assert set(_LOADS_COLUMNS) <= set(columns_of(connection, "ops", "loads"))
        assert connection.execute("select row_id, state from quarantine.rows").fetchall() == [("1:2", "open")]


def test_amounts_are_exact_and_times_are_naive():
    orders = next(entity for entity in ENTITIES if entity.table == "crm_orders")
    assert raw_columns(orders)["net_amount"] == "decimal(18, 4)"
    assert raw_columns(orders)["ordered_at"] == "timestamp"
