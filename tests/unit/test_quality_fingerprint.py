"""Fingerprints: the same content has the same one whatever the order; any other content has another."""

import duckdb
import pytest

from ingestion.raw import create_raw_tables
from quality.fingerprint import Fingerprints, copy_fingerprint, table_fingerprint

ROWS = """(1, 'a', 1.5::decimal(18, 2), null), (2, 'b', 2.5, timestamp '2024-01-01'),
    (2, 'b', 2.5, timestamp '2024-01-01')"""
COLUMNS = "(id, name, amount, seen_at)"


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute("create schema marts")
        opened.execute(f"create table marts.people as from (values {ROWS}) as people {COLUMNS}")
        yield opened


def test_fingerprint_ignores_the_order_of_rows_and_columns(connection):
    connection.execute(
        "create table marts.turned as select seen_at, amount, name, id from marts.people order by id desc"
    )
    assert table_fingerprint(connection, "marts.turned") == table_fingerprint(connection, "marts.people")


def test_a_parquet_file_has_the_fingerprint_of_its_table_whatever_the_types_and_no_other_file_has(connection, tmp_path):
    connection.execute("""create table marts.all_types as
        select 1::bigint as big, 2 as number, true as flag, date '2024-02-29' as day, 'ä€😀' as text,
            -0.0::double as zero, 'nan'::double as unknown, 0.1::double as tenth,
            timestamp '2024-02-29 01:02:03.456789' as moment,
            99999999999999.99::decimal(18, 2) as amount, -0.01::decimal(38, 2) as total
        union all select null, null, null, null, '', null, null, null, null, null, null""")
    copy = f"read_parquet('{tmp_path / 'copy.parquet'}')"
    connection.execute(f"copy marts.all_types to '{tmp_path / 'copy.parquet'}' (format parquet, compression zstd)")
    assert copy_fingerprint(connection, "marts.all_types", copy) == table_fingerprint(connection, "marts.all_types")
    connection.execute("update marts.all_types set total = 0.01 where number = 2")
    assert copy_fingerprint(connection, "marts.all_types", copy) != table_fingerprint(connection, "marts.all_types")


@pytest.mark.parametrize(
    "change",
    [
        "update marts.people set name = 'c' where id = 1",
        "update marts.people set seen_at = timestamp '2024-01-02' where id = 1",
        "delete from marts.people where id = 1",
        "insert into marts.people select * from marts.people where id = 1",
        "insert into marts.people select * from marts.people where id = 2",
        "alter table marts.people add column extra integer",
        "alter table marts.people rename column name to title",
        "alter table marts.people alter column id type bigint",
        "update marts.people set name = case id when 1 then 'b' else 'a' end",
    ],
)
def test_any_change_changes_the_fingerprint(connection, change):
    before = table_fingerprint(connection, "marts.people")
    connection.execute(change)
    assert table_fingerprint(connection, "marts.people") != before


def test_a_missing_table_has_no_fingerprint(connection):
    assert table_fingerprint(connection, "marts.nobody") is None
    assert Fingerprints(connection).of(["marts.people", "marts.nobody"]) is None


def test_several_tables_have_one_fingerprint_together(connection):
    connection.execute("create table marts.others as select 1 as id")
    before = Fingerprints(connection).of(["marts.people", "marts.others"])
    connection.execute("insert into marts.others values (2)")
    assert Fingerprints(connection).of(["marts.people", "marts.others"]) != before


def test_an_empty_table_has_a_fingerprint(connection):
    connection.execute("delete from marts.people")
    assert table_fingerprint(connection, "marts.people")


def test_raw_table_is_identified_by_its_loads(connection):
    create_raw_tables(connection)
    empty = table_fingerprint(connection, "raw_files.crm_orders")
    connection.execute(
        """insert into ops.loads (load_seq, source, entity, status, content_hash, delivered_count)
        values (1, 'files', 'crm_orders', 'loaded', 'abc', 0)"""
    )
    loaded = table_fingerprint(connection, "raw_files.crm_orders")
    assert loaded != empty
    connection.execute("insert into raw_files.crm_orders (order_id, _load_seq) values ('o1', 1)")
    assert table_fingerprint(connection, "raw_files.crm_orders") != loaded


def test_a_staging_model_is_identified_by_its_statement_and_the_loads_of_its_source(connection):
    create_raw_tables(connection)
    model = "staging.stg_hubspot__crm_contacts"
    connection.execute("create schema staging")

    def fingerprint(statement="select id as contact_id from raw_hubspot.contacts"):
        connection.execute(f"create or replace view {model} as {statement}")
        return table_fingerprint(connection, model)

    before = fingerprint()
    assert fingerprint() == before
    assert fingerprint("select id as contact_id, email from raw_hubspot.contacts") != before
    load = "insert into ops.loads (load_seq, source, entity, status) values (?, ?, 'contacts', 'loaded')"
    connection.execute(load, [1, "shopify"])
    assert fingerprint() == before
    connection.execute(load, [2, "hubspot"])
    assert fingerprint() != before


def test_a_staging_model_that_excludes_columns_is_the_same_after_a_restart(tmp_path):
    found = set()
    for _ in range(2):
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
            if not found:
                create_raw_tables(connection)
                connection.execute("create schema staging")
                connection.execute(
                    "create view staging.stg_hubspot__people as "
                    "select * exclude (_load_seq, _row_number, _content_hash, id) from raw_hubspot.contacts"
                )
            found.add(table_fingerprint(connection, "staging.stg_hubspot__people"))
    assert len(found) == 1
