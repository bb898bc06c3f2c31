"""How long the models of customer value take: a million buyers drawn from the models themselves, fitted as every run
fits them. What the warehouse adds, counting orders into histories, is not part of it.
"""

from __future__ import annotations

import argparse
import resource
import time

import duckdb
import numpy as np
import pyarrow as pa

from ingestion.prediction.bg_nbd import BgNbd
from ingestion.prediction.gamma_gamma import GammaGamma
from ingestion.prediction.tables import DAYS_PER_WEEK, fit_table, order_forecast_table

ORDERS = BgNbd(r=0.25, alpha=4.4, a=0.8, b=2.4)
VALUES = GammaGamma(p=6.25, q=3.74, v=15.44)
WEEKS, HOLDOUT_WEEKS, MOST_REPEATS, SEED = 150, 39, 40, 7
_NO_CONTRACTS = """
    select 'forecast' as purpose, 1 as months, true as is_ended, false as has_stayed where false
"""


def order_histories(customers: int) -> pa.Table:
    """The model `order_histories`, for both purposes, of buyers who behave as the models say."""
    rng = np.random.default_rng(SEED)
    age = rng.integers(HOLDOUT_WEEKS * DAYS_PER_WEEK + 1, WEEKS * DAYS_PER_WEEK, customers)
    rate = rng.gamma(ORDERS.r, 1 / ORDERS.alpha, customers) / DAYS_PER_WEEK
    lifetime = rng.geometric(np.maximum(rng.beta(ORDERS.a, ORDERS.b, customers), 1e-9))
    scale = 1 / rng.gamma(VALUES.q, 1 / VALUES.v, customers)
    waits = np.ceil(rng.exponential(1 / np.maximum(rate, 1e-9), (MOST_REPEATS, customers)))
    days = np.cumsum(np.minimum(waits, WEEKS * DAYS_PER_WEEK), axis=0)
    days[np.arange(MOST_REPEATS)[:, None] >= lifetime] = np.inf
    tables = []
    for purpose, known_days in (("validation", age - HOLDOUT_WEEKS * DAYS_PER_WEEK), ("forecast", age)):
        repeats = (days <= known_days).sum(axis=0)
        last = np.where(days <= known_days, days, 0).max(axis=0)
        later = ((days > known_days) & (days <= age)).sum(axis=0)
        amounts, later_amounts = (mean_amounts(rng, scale, count) for count in (repeats, later))
        tables.append(
            pa.table(
                {
                    "purpose": pa.array([purpose] * customers),
                    "customer_id": pa.array(np.arange(customers)),
                    "repeat_count": pa.array(repeats.astype(np.int32)),
                    "recency_days": pa.array(last.astype(np.int32)),
                    "age_days": pa.array(known_days.astype(np.int32)),
                    "mean_repeat_amount": pa.array(amounts, from_pandas=True),
                    "later_count": pa.array(later.astype(np.int32)),
                    "later_mean_amount": pa.array(later_amounts, from_pandas=True),
                }
            )
        )
    return pa.concat_tables(tables)


def mean_amounts(rng: np.random.Generator, scale: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Mean amount of so many orders of each customer, NaN without any."""
    some = np.maximum(orders, 1)
    return np.where(orders > 0, np.round(rng.gamma(VALUES.p * some, scale) / some, 2), np.nan)


def main() -> None:
    """Fit the models on so many customers and predict each of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    connection = duckdb.connect()
    histories = order_histories(customers)
    connection.register("delivered", histories)
    connection.execute("create table orders as select * from delivered")
    connection.unregister("delivered")
    orders, contracts = connection.table("orders"), connection.sql(_NO_CONTRACTS)
    terms = connection.sql(
        f"select 100 as customers_minimum, 0.3 as correlation_maximum, {HOLDOUT_WEEKS * DAYS_PER_WEEK} as holdout_days,"
        " 9 as holdout_months, 0.01 as monthly_discount_rate"
    )
    started, processor = time.perf_counter(), time.process_time()
    fits = fit_table(orders, contracts, terms)
    fitted, fitted_processor = time.perf_counter() - started, time.process_time() - processor
    connection.register("fits", fits)
    started, processor = time.perf_counter(), time.process_time()
    forecasts = order_forecast_table(orders, connection.table("fits"), terms)
    for fit in fits.to_pylist():
        print(f"{fit['model']:24} {fit['purpose']:11} used {fit['is_used']!s:6} {fit['parameters'] or fit['reason']}")
    print(f"drawn from {ORDERS} and {VALUES}; time counts in weeks")
    print(f"{customers:,} customers: fitted in {fitted:.1f} s ({fitted_processor:.1f} s of processor time)")
    print(
        f"{len(forecasts):,} predicted in {time.perf_counter() - started:.1f} s"
        f" ({time.process_time() - processor:.1f} s of processor time)"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB, the drawing included")


if __name__ == "__main__":
    main()
