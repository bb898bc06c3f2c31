"""Whatever touches and orders there are: the credits of an order add up to one and its amounts to its revenue."""

import os
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from ingestion.attribution import removal_effect_table
from ingestion.settings import PROJECT_ROOT
from tests.integration.tiny_company import parsed_manifest

MODELS = ("attribution_paths", "channel_transitions", "attribution_shares", "attribution_credits")
TABLES = """
create schema warehouse.lifecycle;
create table warehouse.lifecycle.marketing_touchpoints (
    touchpoint_id varchar, customer_id varchar, occurred_at timestamp, channel varchar, campaign varchar);
create table warehouse.lifecycle.customer_orders (
    record_key varchar, source varchar, order_id varchar, customer_id varchar, ordered_at timestamp, ordered_on date,
    order_number bigint, revenue_amount decimal(18, 2));
"""
NOON = datetime(2024, 1, 1, 12)

# Few people, few instants, few channels: ties, touches at the instant of an order and of the window's end are common.
WHEN = st.sampled_from([*range(0, 200, 5), 1, 2]).map(lambda days: NOON + timedelta(days=days))
TOUCHES = st.lists(st.tuples(st.sampled_from("abc"), WHEN, st.sampled_from(["email", "direct", "social"])), max_size=25)
ORDERS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "c", None]), WHEN, st.decimals(-5, 500, places=2)), min_size=1, max_size=12
)


@pytest.fixture(scope="module")
def statements(tmp_path_factory):
    """The SQL of the attribution models, as dbt compiles it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("attribution")
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        connection.execute("create schema ops")
        connection.execute("create table ops.run_context as select timestamp '2024-06-01' as as_of_end")
    where = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT), "--target-path", str(folder)]
    before = os.environ.get("LIFECYCLE_DATA_DIR")
    os.environ["LIFECYCLE_DATA_DIR"] = str(folder)
    try:
        frame = ["--quiet", "--no-write-json", "--log-path", str(folder)]
        result = dbtRunner(manifest=parsed_manifest()).invoke([*frame, "compile", *where, "--select", *MODELS])
    finally:
        DuckDBConnectionManager.close_all_connections()
        if before is None:
            os.environ.pop("LIFECYCLE_DATA_DIR")
        else:
            os.environ["LIFECYCLE_DATA_DIR"] = before
    assert result.success, result.exception
    return {node.node.name: node.node.compiled_code for node in result.result}


def attributed(statements, touches, orders):
    """The credits of these touches and orders: the models of the folder, one after the other."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse")
    connection.execute(TABLES)
    for number, (person, at, channel) in enumerate(touches):
        connection.execute(
            "insert into warehouse.lifecycle.marketing_touchpoints values (?, ?, ?, ?, null)",
            [f"t{number}", person, at, channel],
        )
    sequence = sorted(range(len(orders)), key=lambda number: (orders[number][1], number))
    for number, (person, at, revenue) in enumerate(orders):
        place = None if person is None else [o for o in sequence if orders[o][0] == person].index(number) + 1
        connection.execute(
            "insert into warehouse.lifecycle.customer_orders values (?, 'files', ?, ?, ?, ?, ?, ?)",
            [f"files:o{number}", f"o{number}", person, at, at.date(), place, revenue],
        )
    for model in MODELS:
        if model == "attribution_shares":
            effects = removal_effect_table(connection.table("warehouse.lifecycle.channel_transitions"))
            connection.register("effects", effects)
            connection.execute("create table warehouse.lifecycle.channel_removal_effects as select * from effects")
        connection.execute(f"create table warehouse.lifecycle.{model} as {statements[model]}")
    return connection


@effort(max_examples=60, deadline=None)
@given(touches=TOUCHES, orders=ORDERS)
def test_credits_add_up_for_any_touches_and_orders(statements, touches, orders):
    connection = attributed(statements, touches, orders)
    credited = connection.execute("""
        select order_id, model, sum(credit), sum(revenue_amount), min(credit)
        from warehouse.lifecycle.attribution_credits group by all
    """).fetchall()
    assert len(credited) == 6 * len(orders)
    for order_id, _, credit, revenue, smallest in credited:
        assert credit == Decimal(1)
        assert revenue == orders[int(order_id[1:])][2]
        assert smallest > 0


@effort(max_examples=60, deadline=None)
@given(touches=TOUCHES, orders=ORDERS)
def test_a_touch_is_credited_for_one_order_of_its_person_within_the_window(statements, touches, orders):
    connection = attributed(statements, touches, orders)
    pairs = connection.execute("""
        select distinct touchpoint_id, order_id from warehouse.lifecycle.attribution_credits
        where touchpoint_id is not null
    """).fetchall()
    assert len({touch for touch, _ in pairs}) == len(pairs)
    for touch, order in pairs:
        person, touched_at, _ = touches[int(touch[1:])]
        buyer, ordered_at, _ = orders[int(order[1:])]
        assert person == buyer
        assert timedelta(0) <= ordered_at - touched_at <= timedelta(days=90)
        assert not [at for other, at, _ in orders if other == person and touched_at <= at < ordered_at]


@effort(max_examples=30, deadline=None)
@given(touches=TOUCHES, orders=ORDERS)
def test_the_order_of_delivery_does_not_change_the_credits(statements, touches, orders):
    query = "select * from warehouse.lifecycle.attribution_credits order by all"
    once = attributed(statements, touches, orders)
    again = attributed(statements, touches, orders)
    again.execute("""
        create table warehouse.lifecycle.backwards as
            from warehouse.lifecycle.marketing_touchpoints order by rowid desc;
        drop table warehouse.lifecycle.marketing_touchpoints;
        alter table warehouse.lifecycle.backwards rename to marketing_touchpoints;
    """)
    for model in MODELS:
        again.execute(f"create or replace table warehouse.lifecycle.{model} as {statements[model]}")
    assert again.execute(query).fetchall() == once.execute(query).fetchall()
