"""CDNOW: the published purchase log goes through the whole pipeline and comes out with its published totals.

Totals, cohorts and repeat rate are recomputed here from the delivered file with the standard library alone.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from decimal import Decimal

import duckdb
import pytest

from ingestion.settings import Settings
from tests.checkout import copy_checkout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return copy_checkout(tmp_path_factory.mktemp("cdnow") / "checkout")


@pytest.fixture(scope="module")
def cdnow(checkout):
    """The data set as the README's command builds it."""
    result = checkout.run(
        "LIFECYCLE_DATA_DIR=data-cdnow LIFECYCLE_REPORTING_CURRENCY=USD .venv/bin/lifecycle example cdnow"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return Settings(data_dir=checkout.folder / "data-cdnow", reporting_currency="USD", _env_file=None)


@pytest.fixture(scope="module")
def log(cdnow):
    """Customer -> list of (day, amount), read from the delivered files."""
    purchases = defaultdict(list)
    for path in sorted((cdnow.inbox / "crm" / "orders").iterdir()):
        rows = duckdb.sql(f"select * from read_csv('{path}', all_varchar = true)") if path.suffix == ".csv" else None
        assert rows is not None, f"{path.name} is no CSV"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                purchases[row["contact_id"]].append((row["ordered_at"][:10], Decimal(row["net_amount"])))
    return purchases


def query(settings, text):
    with duckdb.connect(str(settings.serving / "lifecycle.duckdb"), read_only=True) as connection:
        return connection.execute(text).fetchall()


def test_the_delivered_file_is_the_published_one(log):
    amounts = [amount for purchases in log.values() for _, amount in purchases]
    assert (len(log), len(amounts), sum(amounts)) == (23_570, 69_659, Decimal("2500315.63"))
    assert sum(1 for amount in amounts if amount == 0) == 80


def test_customers_orders_and_revenue_are_exact(cdnow):
    assert query(
        cdnow,
        "select count(*), sum(order_count), sum(revenue_amount), count(distinct as_of) from marts.customer_profile",
    ) == [(23_570, 69_659, Decimal("2500315.63"), 1)]
    assert query(cdnow, "select sum(order_count), sum(revenue_amount) from marts.kpi_transactions") == [
        (69_659, Decimal("2500315.63"))
    ]


def test_first_purchase_cohorts_agree_with_the_file(cdnow, log):
    cohorts = Counter(min(day for day, _ in purchases)[:7] for purchases in log.values())
    published = query(
        cdnow,
        "select strftime(cohort_month, '%Y-%m'), cohort_size from marts.kpi_cohort_retention "
        "where months_since_first_order = 0",
    )
    assert dict(published) == dict(cohorts)


def test_active_buyers_of_every_cohort_and_month_agree_with_the_file(cdnow, log):
    expected = Counter()
    for purchases in log.values():
        first = min(day for day, _ in purchases)
        months = {(int(day[:4]) - int(first[:4])) * 12 + int(day[5:7]) - int(first[5:7]) for day, _ in purchases}
        expected.update((first[:7], month) for month in months)
    published = query(
        cdnow,
        "select strftime(cohort_month, '%Y-%m'), months_since_first_order, active_count "
        "from marts.kpi_cohort_retention where active_count > 0",
    )
    assert {(cohort, month): active for cohort, month, active in published} == dict(expected)


def test_the_repeat_rate_agrees_with_the_file(cdnow, log):
    repeaters = sum(1 for purchases in log.values() if len(purchases) >= 2)
    assert query(cdnow, "select count(*) filter (where order_count >= 2) from marts.customer_profile") == [(repeaters,)]


def test_running_the_example_without_its_currency_says_how(tmp_path, checkout, cdnow):
    data = tmp_path / "data"
    data.mkdir()
    (data / "cache").symlink_to(cdnow.data_dir / "cache")
    variables = {"LIFECYCLE_DATA_DIR": data, "LIFECYCLE_REPORTING_CURRENCY": "EUR"}
    result = checkout.run(".venv/bin/lifecycle example cdnow", **variables)
    assert result.returncode == 0, result.stderr
    assert "LIFECYCLE_REPORTING_CURRENCY=USD lifecycle run --as-of 1998-06-30" in result.stdout
