"""Where a column comes from is read from a model's SQL once, and again only when the SQL has changed."""

from __future__ import annotations

from types import SimpleNamespace

import dagster as dg
import pytest

from ingestion.warehouse import connect
from orchestration import column_lineage as module
from orchestration.assets import dbt as layers
from orchestration.assets.lineage import BOOK, FOR_PEOPLE, METADATA, lineage_metadata
from orchestration.column_lineage import LineageBook, column_lineage

COLUMNS = {
    "conformed.orders": {"order_id": "VARCHAR", "net_amount": "DECIMAL(18,2)", "cost_amount": "DECIMAL(18,2)"},
    "identity.people": {"order_id": "VARCHAR", "customer_id": "VARCHAR"},
}
SQL = """
with orders as (select * from "warehouse"."conformed"."orders"),
kept as (select orders.*, net_amount - cost_amount as margin from orders where order_id <> '2024-01-01')
select people.customer_id, sum(margin) as margin_amount, count(*) as order_count, date '2024-06-30' as as_of
from kept
join "warehouse"."identity"."people" as people using (order_id)
group by all
"""


def test_a_column_leads_through_stars_and_steps_to_the_columns_it_is_made_of():
    assert column_lineage(SQL, COLUMNS) == {
        "customer_id": [("identity.people", "customer_id")],
        "margin_amount": [("conformed.orders", "cost_amount"), ("conformed.orders", "net_amount")],
        "order_count": [],
        "as_of": [],
    }


def test_sql_that_cannot_be_read_has_no_lineage():
    assert column_lineage("select from where", COLUMNS) == {}


def test_another_day_is_not_read_again_and_other_sql_or_another_column_is(tmp_path, monkeypatch):
    path = tmp_path / "book.json"
    book = LineageBook(path)
    first = book.of(SQL, COLUMNS)
    book.keep()
    read = []
    monkeypatch.setattr(module, "column_lineage", lambda sql, columns: read.append(sql) or {})
    later = LineageBook(path)
    assert {
        name: [tuple(one) for one in found] for name, found in later.of(SQL.replace("06-30", "07-01"), COLUMNS).items()
    } == first
    assert read == []
    later.of(SQL.replace("sum", "max"), COLUMNS)
    later.of(SQL, COLUMNS | {"identity.people": {"order_id": "VARCHAR", "customer_id": "VARCHAR", "more": "VARCHAR"}})
    assert len(read) == 2


@pytest.fixture
def built(settings, tmp_path):
    """A model whose table and compiled SQL are there, and the manifest's nodes."""
    path = tmp_path / "target" / "compiled" / "project" / "models" / "margins.sql"
    path.parent.mkdir(parents=True)
    path.write_text(SQL, encoding="utf-8")
    (settings.data_dir / "dbt").mkdir(parents=True)
    with connect(settings) as connection:
        for table, columns in COLUMNS.items():
            connection.execute(f"create schema {table.split('.')[0]}")
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table {table} ({listed})")
    node = {"schema": "marts", "name": "margins", "package_name": "project", "resource_type": "model"}
    return {
        "model.margins": node | {"original_file_path": "models/margins.sql"},
        "model.python": node | {"original_file_path": "models/python.py"},
    }


def test_the_metadata_of_a_table_names_the_assets_its_columns_come_from(settings, tmp_path, built):
    found = lineage_metadata(settings, built, list(built), tmp_path / "target")
    assert set(found) == {"marts.margins"}
    assert found["marts.margins"][METADATA].deps_by_column["customer_id"] == [
        dg.TableColumnDep(dg.AssetKey(["identity", "people"]), "customer_id")
    ]
    assert found["marts.margins"][FOR_PEOPLE].value.splitlines() == [
        "| column | is made of |",
        "| --- | --- |",
        "| customer_id | identity.people: customer_id |",
        "| margin_amount | conformed.orders: cost_amount, net_amount |",
        "| order_count | — |",
        "| as_of | — |",
    ]


def test_an_apostrophe_in_a_comment_hides_no_change(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(module, "column_lineage", lambda sql, _columns: read.append(sql) or {})
    book = LineageBook(tmp_path / "book.json")
    for day, column in (("2024-06-30", "order_id"), ("2024-07-01", "order_id"), ("2024-07-01", "net_amount")):
        book.of(
            f"""-- the contact's own
            select {column} as found, date '{day}' as "day's" /* nobody's */ from "warehouse"."conformed"."orders" """,
            COLUMNS,
        )
    assert len(read) == 2, "another day is the same statement, another column is not"


def test_a_later_load_is_the_same_statement(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(module, "column_lineage", lambda sql, _columns: read.append(sql) or {})
    book = LineageBook(tmp_path / "book.json")
    for column, load, is_replaced in (
        ("order_1", 7, "False"),
        ("order_1", 148, "False"),
        ("order_1", 9, "True"),
        ("order_2", 9, "True"),
    ):
        book.of(
            f'select {column} from "warehouse"."conformed"."orders" where load_seq > {load} or {is_replaced}', COLUMNS
        )
    assert len(read) == 2, "a number or a flag is no other statement, a name with a number in it is"


def test_a_damaged_book_fails_no_table_and_says_what_to_do(settings, monkeypatch):
    with connect(settings):
        pass
    (settings.data_dir / "dbt").mkdir()
    (settings.data_dir / "dbt" / BOOK).write_text("{", encoding="utf-8")
    model = {
        "schema": "marts",
        "name": "found",
        "package_name": "p",
        "original_file_path": "found.sql",
        "resource_type": "model",
    }
    invocation = SimpleNamespace(manifest={"nodes": {"model.p.found": model}}, target_path=settings.data_dir / "dbt")
    report = dg.Output(None, metadata={"unique_id": dg.MetadataValue.text("model.p.found")})
    context = dg.build_asset_context()
    warnings = []
    monkeypatch.setattr(context.log, "warning", warnings.append)
    assert layers._lineage(context, invocation, settings, [report]) == {}
    [warning] = warnings
    assert BOOK in warning
    assert "remove it" in warning


BY_NAME = """
with first as (select order_id, cost_amount as amount from "warehouse"."conformed"."orders"),
second as (select customer_id, order_id from "warehouse"."identity"."people"),
both as (select * from first union all by name select * from second union all by name select 1 as amount, 'x' as kind),
more as (select order_id as kind, net_amount as margin from "warehouse"."conformed"."orders")
select * from both union all by name (select * from more)
"""


def test_a_union_by_name_joins_columns_by_their_names_and_knows_those_of_one_side_alone():
    assert column_lineage(BY_NAME, COLUMNS) == {
        "order_id": [("conformed.orders", "order_id"), ("identity.people", "order_id")],
        "amount": [("conformed.orders", "cost_amount")],
        "customer_id": [("identity.people", "customer_id")],
        "kind": [("conformed.orders", "order_id")],
        "margin": [("conformed.orders", "net_amount")],
    }
