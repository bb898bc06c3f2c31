"""The demo: its people against the planted truth, its money against what was bought, and the days after its end."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta

import duckdb
import pytest
from filelock import FileLock, Timeout

from ingestion.sandbox.place import end_of
from ingestion.settings import PROJECT_ROOT
from ingestion.warehouse import connect
from tests.conftest import COMPANY_END

JUDGED = """
select identifier_type || ':' || identifier_value as identifier_key, min(person_id) as person_id
from '{truth}/identifiers.parquet'
group by all
having count(distinct person_id) = 1
"""
PAIRS = """
with cells as (
    select person_id, customer_id, count(*) as size
    from judged inner join identity.customer_identifiers_map using (identifier_key)
    where identifier_type in ('contact_id', 'user_id', 'loyalty_id', 'email', 'phone')
    group by all
)
select
    (select sum(size * (size - 1)) from cells)
    / (select sum(size * (size - 1)) from (select sum(size) as size from cells group by customer_id)),
    (select sum(size * (size - 1)) from cells)
    / (select sum(size * (size - 1)) from (select sum(size) as size from cells group by person_id))
"""
# What lasted of each order, by the company's own rows; the flaws' orders are in files only.
BOUGHT = """
with orders as (
    select
        order_id,
        arg_max(status, updated_at) as status,
        arg_max(net_amount - coalesce(refunded_amount, 0), updated_at) as amount,
        any_value(currency) as currency,
        any_value(email) as email,
        bool_or(is_test) as is_test,
        bool_or(cancelled_at is not null) as is_cancelled,
    from '{rows}/crm_orders.parquet'
    where updated_at < $end
    group by order_id
)
select currency, count(*), sum(amount) from orders
where status in ('paid', 'fulfilled', 'refunded') and not is_test and not is_cancelled
group by currency order by currency
"""


# Whose order it is by the company's own rows, and whose customer it went to; amounts in the reporting currency.
REVENUE = """
with owners as (
    select customer_id, mode(person_id) as person_id
    from judged inner join identity.customer_identifiers_map using (identifier_key)
    where identifier_type <> 'anonymous_id'
    group by customer_id
), bought as (
    select
        ordered_at::timestamp as ordered_at,
        unnest([
            'user_id:' || user_id, 'contact_id:files:' || contact_id, 'loyalty_id:' || loyalty_id,
            'email:' || lower(email)
        ]) as identifier_key,
    from '{rows}/crm_orders.parquet'
), buyers as (
    select ordered_at, mode(person_id) as person_id from bought inner join judged using (identifier_key) group by all
), expected as (
    select person_id, sum(revenue_amount) as revenue
    from buyers inner join lifecycle.customer_orders using (ordered_at) group by all
), found as (
    select person_id, sum(revenue_amount) as revenue
    from owners inner join lifecycle.customer_orders using (customer_id) group by all
)
select count(*) filter (where expected.revenue = found.revenue) / count(*), count(*)
from expected left join found using (person_id)
"""

# Of people who were found as exactly one customer: who entered a planted stage at all, and who at that very instant.
STAGES = """
with owned as (
    select person_id, min(customer_id) as customer_id
    from judged inner join identity.customer_identifiers_map using (identifier_key)
    group by person_id
    having count(distinct customer_id) = 1
), single as (
    select * from owned qualify count(*) over (partition by customer_id) = 1
), entered as (
    select customer_id, model, stage, min(entered_at) as entered_at from lifecycle.stage_entries group by all
)
select planted.stage, count(entered.stage) / count(*), count(*) filter (where
    abs(epoch_us(entered.entered_at) - epoch_us(planted.entered_at::timestamp)) <= 1000000
) / count(*)
from single inner join planted using (person_id)
left join entered using (customer_id, model, stage)
where planted.entered_at < timestamptz '{end}'
group by all
"""
# A little below what companies of 400, 2,000 and 100,000 people show. The plan knows a person's own acts only, the
# warehouse what it could tell was theirs; why single instants differ was not examined.
STAGES_AT_LEAST = {
    "awareness": (1, 0.95),
    "consideration": (0.99, 0.8),
    "purchase": (0.99, 0.97),
    "first_time_buyer": (0.99, 0.95),
    "repeat_buyer": (0.95, 0.7),
}


@pytest.fixture(scope="module")
def warehouse(company):
    with connect(company.settings, read_only=True) as connection:
        truth, rows = (company.settings.sample_company / name for name in ("truth", "rows"))
        connection.execute(f"create temp table judged as {JUDGED.format(truth=truth)}")
        connection.execute(f"create temp table planted as select * from '{truth}/stages.parquet'")
        yield connection, rows


def test_the_people_are_found_across_all_vendors(warehouse):
    precision, recall = warehouse[0].execute(PAIRS).fetchone()
    assert precision > 0.98
    assert recall > 0.9


def test_people_enter_the_stages_that_were_planted(warehouse):
    rows = warehouse[0].execute(STAGES.format(end=end_of(COMPANY_END))).fetchall()
    assert {stage for stage, *_ in rows} == set(STAGES_AT_LEAST)
    assert [row for row in rows if row[1] < STAGES_AT_LEAST[row[0]][0] or row[2] < STAGES_AT_LEAST[row[0]][1]] == []


def test_the_same_people_are_at_many_vendors_under_other_numbers(warehouse):
    sources = (
        warehouse[0]
        .execute("""
        select max(sources), count(*) filter (where sources >= 4) from (
            select count(distinct split_part(identifier_value, ':', 1)) as sources
            from identity.customer_identifiers_map where identifier_type = 'contact_id' group by customer_id
        )
    """)
        .fetchone()
    )
    assert sources[0] >= 6
    assert sources[1] > 20


def test_every_purchase_is_counted_once_whichever_vendors_know_of_it(warehouse):
    connection, rows = warehouse
    with duckdb.connect() as other:
        other.execute("set TimeZone = 'UTC'")
        bought = other.execute(BOUGHT.format(rows=rows), {"end": end_of(COMPANY_END)}).fetchall()
    counted = connection.execute(
        "select currency, count(*), sum(net_amount_original - refunded_amount_original) from conformed.crm_orders "
        "where is_purchase group by currency order by currency"
    ).fetchall()
    assert counted == bought


def test_the_revenue_of_a_person_is_that_of_their_orders_in_all_channels(warehouse):
    connection, rows = warehouse
    connection.execute("set TimeZone = 'UTC'")
    share, buyers = connection.execute(REVENUE.format(rows=rows)).fetchone()
    assert buyers > 50
    assert share > 0.9, "who mistyped an address or shares a mailbox may be taken for somebody else"


def test_every_contract_is_counted_once(warehouse):
    connection, rows = warehouse
    with duckdb.connect() as other:
        signed = other.execute(
            f"select count(distinct subscription_id) from '{rows}/crm_subscriptions.parquet' where updated_at < ?",
            [end_of(COMPANY_END)],
        ).fetchone()
    assert connection.execute("select count(*) from conformed.crm_subscriptions").fetchone() == signed


def test_the_key_of_the_vendors_stands_in_one_private_file_and_nowhere_else(company):
    private = company.settings.sample_company / "sources.env"
    key = re.search(r"^LIFECYCLE_HUBSPOT_TOKEN='(.+)'$", private.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    files = [path for path in company.settings.data_dir.rglob("*") if path.is_file()]
    assert [path for path in files if key.encode() in path.read_bytes()] == [private]
    assert key not in company.said


def test_the_vendors_answer_while_a_command_works_and_are_gone_afterwards(company, tmp_path):
    settings = company.copy_to(tmp_path / "data")
    checked = company.checkout.run(
        ".venv/bin/lifecycle sources check hubspot", LIFECYCLE_DATA_DIR=settings.data_dir, LIFECYCLE_HUBSPOT_TOKEN="own"
    )
    assert checked.returncode == 0, checked.stderr
    assert re.search(r"contacts +\d+ records on the first page", checked.stdout)
    with FileLock(settings.sample_company / "server.lock", timeout=0):
        pass


def test_the_vendors_end_with_a_killed_command(company, tmp_path):
    settings = company.copy_to(tmp_path / "data")
    serving = (
        "import sys, time; from pathlib import Path; from ingestion.settings import Settings; "
        "from orchestration.sample_vendors import serve_vendors; "
        "server = serve_vendors(Settings(data_dir=Path(sys.argv[1]), _env_file=None)); "
        "print('serving', flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", serving, str(settings.data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT) as process:
        assert process.stdout.readline() == "serving\n"
        with pytest.raises(Timeout), FileLock(settings.sample_company / "server.lock", timeout=0):
            pass
        process.kill()
    with FileLock(settings.sample_company / "server.lock", timeout=60):
        pass


@pytest.mark.slow
def test_a_later_run_reads_what_has_happened_since_then(company, tmp_path):
    """New, changed, merged and deleted records of two weeks, from vendors and files, in one further run."""
    settings, later = company.copy_to(tmp_path / "data"), COMPANY_END + timedelta(days=14)
    run = company.checkout.run(".venv/bin/lifecycle run", f"--as-of={later}", LIFECYCLE_DATA_DIR=settings.data_dir)
    assert run.returncode == 0, run.stdout + run.stderr
    with connect(settings, read_only=True) as connection:
        orders = connection.execute(
            "select source, count(*) from conformed.crm_orders where ordered_on > ? group by 1", [COMPANY_END]
        ).fetchall()
        versions = connection.execute(
            "select count(*) from (select id from raw_hubspot.contacts group by id having count(*) > 1)"
        ).fetchone()
        served = connection.execute("select max(as_of) from marts.customer_profile").fetchone()
    assert dict(orders)["shopify"] > 0
    assert versions[0] > 0
    assert served == (later,)
    assert not (settings.data_dir / "dbt" / "column_lineage.json").exists(), "run `make lineage`: models were read anew"
    compared = company.checkout.run(
        ".venv/bin/lifecycle maintenance verify", "--all", "--json", LIFECYCLE_DATA_DIR=settings.data_dir
    )
    assert compared.returncode == 0, compared.stdout + compared.stderr
    rows = {one["table"]: one["row_count"] for one in json.loads(compared.stdout)}
    assert min(rows["lifecycle.touchpoints"], rows["lifecycle.stage_stays"], rows["conformed.web_events"]) > 1000
