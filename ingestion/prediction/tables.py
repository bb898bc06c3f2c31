"""Between DuckDB relations and the arrays of this package: what the Python models of dbt call.

Relations count in days, months and decimals; the models of orders in weeks, as their literature does. Only this module
knows. Rows come in a fixed order, so that the same data gives the same figures to the last digit.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pyarrow as pa

from ingestion.prediction.bg_nbd import BgNbd, OrderHistories
from ingestion.prediction.fits import FORECAST, VALIDATION, Fit, Terms, contract_fits, order_fits, value_fits
from ingestion.prediction.gamma_gamma import GammaGamma, OrderValues
from ingestion.prediction.shifted_beta_geometric import ContractHistories, ShiftedBetaGeometric

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

Model = TypeVar("Model")

DAYS_PER_WEEK = 7
WEEKS_PER_MONTH = 365.25 / 12 / DAYS_PER_WEEK
YEAR, HORIZON = 12, 36
"""Months of the two forecasts; three years are the longest the concept allows."""

_FIT_COLUMNS = pa.schema(
    [
        ("model", pa.string()),
        ("purpose", pa.string()),
        ("parameters", pa.string()),
        ("log_likelihood", pa.float64()),
        ("customer_count", pa.int64()),
        ("holdout_error", pa.float64()),
        ("naive_holdout_error", pa.float64()),
        ("holdout_expected", pa.float64()),
        ("holdout_actual", pa.float64()),
        ("frequency_value_correlation", pa.float64()),
        ("is_used", pa.bool_()),
        ("reason", pa.string()),
    ]
)


def fit_table(orders: DuckDBPyRelation, contracts: DuckDBPyRelation, terms: DuckDBPyRelation) -> pa.Table:
    """Every model fitted for both purposes, or why not.

    Args:
        orders: the model `order_histories`.
        contracts: the model `contract_histories`.
        terms: the model `prediction_terms`, one row.
    """
    minimum, correlation, days, months = terms.project(
        "customers_minimum, correlation_maximum, holdout_days, holdout_months"
    ).fetchone()
    conditions = Terms(minimum, float(correlation))
    fits = (
        *_order_fits(orders, days / DAYS_PER_WEEK, conditions),
        *_value_fits(orders, conditions),
        *_contract_fits(contracts, months, conditions),
    )
    return pa.Table.from_pylist([_fit_row(fit) for fit in fits], schema=_FIT_COLUMNS)


def order_forecast_table(orders: DuckDBPyRelation, fits: DuckDBPyRelation, terms: DuckDBPyRelation) -> pa.Table:
    """One row per customer with orders; empty when the model of orders is not used.

    Columns: probability_alive, order days expected in 12 months, the same discounted by month over 12 and 36 months,
    and the expected value of an order (null when the model of values is not used). A customer without a repeat is
    alive by assumption of the model, not by evidence: the probability is null.
    """
    model = _used(fits, "bg_nbd", BgNbd)
    known = orders.filter(f"purpose = '{FORECAST}'" if model else "false").order("customer_id")
    rows = known.project(
        "customer_id, repeat_count, recency_days, age_days, coalesce(mean_repeat_amount, 0)::double as mean_amount"
    ).to_arrow_table()
    repeats, recency, age, mean = (rows.column(index).to_numpy() for index in range(1, 5))
    forecast = _order_forecast(model, repeats, recency, age, _discount_rate(terms)) if model else {}
    values = _used(fits, "gamma_gamma", GammaGamma)
    amount = values.expected_amount(repeats, mean) if values else np.full(len(repeats), np.nan)
    none = np.empty(0)
    columns = {
        "probability_alive": np.where(repeats > 0, forecast.get("alive", none), np.nan),
        "expected_orders_12m": forecast.get("orders", none),
        "discounted_orders_12m": forecast.get("discounted_year", none),
        "discounted_orders_36m": forecast.get("discounted_horizon", none),
        "expected_order_amount": amount,
    }
    arrays = [pa.array(column, type=pa.float64(), from_pandas=True) for column in columns.values()]
    return pa.table([rows.column(0), *arrays], names=["customer_id", *columns])


def contract_forecast_table(contracts: DuckDBPyRelation, fits: DuckDBPyRelation, terms: DuckDBPyRelation) -> pa.Table:
    """One row per number of months a running contract has lasted; empty when the model of contracts is not used.

    Columns: the probability to end within 12 months, and the discounted number of further months it will be paid for
    within 12 and 36 months.
    """
    model = _used(fits, "shifted_beta_geometric", ShiftedBetaGeometric)
    running = contracts.filter(f"purpose = '{FORECAST}' and not is_ended" if model else "false")
    months = running.project("months").distinct().order("months").fetchnumpy()["months"].astype(np.int64)
    ahead = np.arange(1, HORIZON + 1)
    stays = model.probability_to_stay(months[:, None], ahead) if model else np.empty((0, HORIZON))
    discounted = stays * (1 + _discount_rate(terms)) ** -ahead
    return pa.table(
        {
            "months": months,
            "ending_rate": 1 - stays[:, YEAR - 1],
            "discounted_months_12m": discounted[:, :YEAR].sum(axis=1),
            "discounted_months_36m": discounted.sum(axis=1),
        }
    )


def _order_forecast(
    model: BgNbd, repeats: np.ndarray, recency: np.ndarray, age: np.ndarray, rate: float
) -> dict[str, np.ndarray]:
    """Expected orders per customer. Month by month only for each pair of repeats and age, of which there are few."""
    pairs, place = np.unique(np.stack([repeats, age], axis=1), axis=0, return_inverse=True)
    months = np.arange(1, HORIZON + 1)
    so_far = model.orders_if_alive(pairs[:, :1], pairs[:, 1:] / DAYS_PER_WEEK, months * WEEKS_PER_MONTH)
    monthly = np.diff(so_far, axis=1, prepend=0) * (1 + rate) ** -months
    alive = model.probability_alive(repeats, recency / DAYS_PER_WEEK, age / DAYS_PER_WEEK)
    place = place.ravel()
    return {
        "alive": alive,
        "orders": alive * so_far[place, YEAR - 1],
        "discounted_year": alive * monthly[:, :YEAR].sum(axis=1)[place],
        "discounted_horizon": alive * monthly.sum(axis=1)[place],
    }


def _order_fits(orders: DuckDBPyRelation, horizon: float, terms: Terms) -> tuple[Fit, Fit]:
    keys = "repeat_count, recency_days, age_days"
    sums = "count(*) as customers, sum(later_count) as later, sum(later_count * later_count) as squares"
    rows = {
        purpose: orders.filter(f"purpose = '{purpose}'").aggregate(f"{keys}, {sums}", keys).order(keys).fetchnumpy()
        for purpose in (VALIDATION, FORECAST)
    }
    histories = {
        purpose: OrderHistories(
            found["repeat_count"].astype(np.int64),
            found["recency_days"] / DAYS_PER_WEEK,
            found["age_days"] / DAYS_PER_WEEK,
            found["customers"].astype(np.int64),
        )
        for purpose, found in rows.items()
    }
    later = rows[VALIDATION]
    return order_fits(histories, (later["later"].astype(float), later["squares"].astype(float)), horizon, terms)


def _value_fits(orders: DuckDBPyRelation, terms: Terms) -> tuple[Fit, Fit]:
    rows = {
        purpose: orders.filter(f"purpose = '{purpose}' and repeat_count > 0 and mean_repeat_amount > 0")
        .project(
            "repeat_count, mean_repeat_amount::double as amount,"
            " coalesce(later_mean_amount::double, 'nan'::double) as later"
        )
        .order("repeat_count, amount, later")
        .fetchnumpy()
        for purpose in (VALIDATION, FORECAST)
    }
    values = {
        purpose: OrderValues(found["repeat_count"].astype(np.int64), found["amount"]) for purpose, found in rows.items()
    }
    return value_fits(values, np.asarray(rows[VALIDATION]["later"]), terms)


def _contract_fits(contracts: DuckDBPyRelation, months: int, terms: Terms) -> tuple[Fit, Fit]:
    keys = "months, is_ended"
    sums = "count(*) as contracts, count(*) filter (where has_stayed) as stayed"
    rows = {
        purpose: contracts.filter(f"purpose = '{purpose}'").aggregate(f"{keys}, {sums}", keys).order(keys).fetchnumpy()
        for purpose in (VALIDATION, FORECAST)
    }
    histories = {
        purpose: ContractHistories(
            found["months"].astype(np.int64), found["is_ended"].astype(bool), found["contracts"].astype(np.int64)
        )
        for purpose, found in rows.items()
    }
    return contract_fits(histories, rows[VALIDATION]["stayed"].astype(float), months, terms)


def _fit_row(fit: Fit) -> dict[str, object]:
    holdout = fit.holdout
    return {
        "model": fit.model,
        "purpose": fit.purpose,
        "parameters": json.dumps(fit.parameters) if fit.parameters else None,
        "log_likelihood": fit.log_likelihood,
        "customer_count": fit.customer_count,
        "holdout_error": holdout.error if holdout else None,
        "naive_holdout_error": holdout.naive_error if holdout else None,
        "holdout_expected": holdout.expected if holdout else None,
        "holdout_actual": holdout.actual if holdout else None,
        "frequency_value_correlation": fit.correlation,
        "is_used": fit.is_used,
        "reason": fit.reason,
    }


def _used(fits: DuckDBPyRelation, name: str, model: type[Model]) -> Model | None:
    row = fits.filter(f"model = '{name}' and is_used").project("parameters").fetchone()
    return model(**json.loads(row[0])) if row else None


def _discount_rate(terms: DuckDBPyRelation) -> float:
    (rate,) = terms.project("monthly_discount_rate").fetchone()
    return float(rate)
