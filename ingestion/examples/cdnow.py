"""CDNOW: a purchase log of a music shop, known from the literature on customer lifetime value, as contract files.

The log holds all purchases up to June 1998 of the 23,570 people who bought for the first time in the first quarter of
1997. Peter Fader and Bruce Hardie published it for research and teaching ("Forecasting Repeat Sales at CDNOW", 2001)
and name no licence; it is therefore not part of this repository. It is taken from the package `lifetimes` 0.11.3 on
the package index this machine is configured for; that package's own licence (MIT) covers its code. Only the one data
file is read; the package is neither installed nor imported.

Every line is an order, also the 80 of value zero. The number of discs per order is not carried over: the contract has
no column for it.
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

AS_OF = date(1998, 6, 30)
CURRENCY = "USD"

_PACKAGE = Package("lifetimes", "0.11.3", holds="CDNOW")
_MEMBER = "datasets/CDNOW_master.txt"
_TOTALS = (23_570, 69_659, 250_031_563)
_LINE = r"^\s*(\d{5})\s+(\d{8})\s+(\d+)\s+(\d+\.\d{2})\s*$"
_ORDERS = f"""
select
    'cdnow-' || lpad(line_number::varchar, 5, '0') as order_id,
    'cdnow-' || customer as contact_id,
    strptime(day, '%Y%m%d')::date as ordered_at,
    'fulfilled' as status,
    net_amount,
    '{CURRENCY}' as currency,
    'online' as channel,
from purchases
order by line_number
"""
_CONTACTS = """
select
    'cdnow-' || customer as contact_id,
    min(strptime(day, '%Y%m%d')::date) as created_at,
from purchases
group by customer
order by customer
"""


def deliver_cdnow(settings: Settings) -> list[Path]:
    """Put the CDNOW purchase log into the inbox as `crm/contacts` and `crm/orders`.

    The files appear complete or not at all, and are the same bytes every time, so that a repeated delivery is
    recognised as loaded. The downloaded package is kept in the data directory's `cache`.

    Args:
        settings: where inbox and cache are.

    Returns:
        The files, contacts first.

    Raises:
        ExampleUnavailableError: when the package index does not answer or the file is not the published one.
    """
    import duckdb

    wheel = fetched_wheel(_PACKAGE, settings.data_dir / "cache")
    with tempfile.TemporaryDirectory(dir=wheel.parent) as folder, duckdb.connect() as connection:
        _read_log(connection, unpacked(_PACKAGE, wheel, _MEMBER, Path(folder) / "cdnow.txt"))
        files = [
            ContractFile(entity_named("crm_contacts"), _CONTACTS),
            ContractFile(entity_named("crm_orders"), _ORDERS),
        ]
        return write_to_inbox(connection, settings, "cdnow", files)


def _read_log(connection: DuckDBPyConnection, log: Path) -> None:
    """Make the table `purchases`, and make sure it is the published log: customers, orders and cents."""
    lines = (
        f"read_csv({sql.path(log)}, auto_detect = false, header = true, delim = chr(1), quote = '', escape = '', "
        "columns = {'line': 'varchar'})"
    )
    connection.execute("set preserve_insertion_order = true")
    connection.execute(
        "create temp table purchases as select line_number, part.customer, part.day, "
        "try_cast(part.net_amount as decimal(18, 2)) as net_amount from (select row_number() over () as line_number, "
        f"regexp_extract(line, '{_LINE}', ['customer', 'day', 'discs', 'net_amount']) as part from {lines})"
    )
    found = connection.execute(
        "select count(distinct customer), count(*), sum((net_amount * 100)::bigint)::bigint from purchases"
    ).fetchone()
    if found != _TOTALS:
        raise ExampleUnavailableError(
            f"The purchase log has {found[0]} customers, {found[1]} orders and {found[2]} cents; published are "
            f"{_TOTALS[0]}, {_TOTALS[1]} and {_TOTALS[2]}. The package's file has changed; nothing was delivered."
        )
