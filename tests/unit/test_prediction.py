"""The models of what customers will do, as mathematics: gradients, limits, recovery, and when they are not used."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import hyp2f1

from ingestion.prediction import bg_nbd, gamma_gamma, shifted_beta_geometric
from ingestion.prediction.bg_nbd import BgNbd, OrderHistories, fit_bg_nbd
from ingestion.prediction.fits import FORECAST, VALIDATION, Terms, contract_fits, order_fits, value_fits
from ingestion.prediction.gamma_gamma import GammaGamma, OrderValues, fit_gamma_gamma
from ingestion.prediction.maximum_likelihood import NotFittedError
from ingestion.prediction.shifted_beta_geometric import (
    ContractHistories,
    ShiftedBetaGeometric,
    fit_shifted_beta_geometric,
)
from ingestion.prediction.validation import frequency_value_correlation, order_holdout

HISTORIES = OrderHistories(
    repeats=np.array([0, 0, 1, 2, 5, 40]),
    recency=np.array([0.0, 0.0, 3.0, 30.43, 20.0, 38.0]),
    age=np.array([0.0, 38.86, 38.86, 38.86, 30.0, 38.5]),
    customers=np.array([3, 70, 12, 6, 2, 1]),
)
VALUES = OrderValues(np.array([1, 2, 5, 40]), np.array([12.5, 80.0, 33.3, 0.4]))
CONTRACTS = ContractHistories(np.array([1, 2, 3, 3, 0]), np.array([True, True, True, False, False]), np.arange(1, 6))
POSITIVE = st.floats(0.05, 20)


def gradient_of(module, parameters, data):
    def value(at):
        return module._log_likelihood(at, data)[0]

    analytic = module._log_likelihood(np.array(parameters), data)[1]
    return analytic, approx_fprime(np.array(parameters), value, 1e-7)


@settings(max_examples=50, deadline=None)
@given(st.tuples(POSITIVE, POSITIVE, POSITIVE, POSITIVE))
def test_gradient_of_the_order_model_is_the_slope_of_its_likelihood(parameters):
    analytic, measured = gradient_of(bg_nbd, parameters, HISTORIES)
    assert analytic == pytest.approx(measured, rel=1e-3, abs=1e-2)


@settings(max_examples=50, deadline=None)
@given(st.tuples(POSITIVE, POSITIVE, POSITIVE))
def test_gradient_of_the_value_model_is_the_slope_of_its_likelihood(parameters):
    analytic, measured = gradient_of(gamma_gamma, parameters, VALUES)
    assert analytic == pytest.approx(measured, rel=1e-3, abs=1e-2)


@settings(max_examples=50, deadline=None)
@given(st.tuples(POSITIVE, POSITIVE))
def test_gradient_of_the_contract_model_is_the_slope_of_its_likelihood(parameters):
    analytic, measured = gradient_of(shifted_beta_geometric, parameters, CONTRACTS)
    assert analytic == pytest.approx(measured, rel=1e-3, abs=1e-2)


@settings(max_examples=100, deadline=None)
@given(
    st.floats(0.1, 3), st.floats(1, 50), st.floats(0.3, 0.95), st.floats(1.1, 5), st.integers(0, 12), st.floats(1, 60)
)
def test_expected_orders_agree_with_the_formula_as_printed(r, alpha, a, b, repeats, horizon):
    """Equation 10 of Fader, Hardie and Lee without the transformation that keeps it small."""
    recency, age = 0.6 * 40 * (repeats > 0), 40.0
    ratio = (alpha + age) / (alpha + age + horizon)
    series = hyp2f1(r + repeats, b + repeats, a + b + repeats - 1, horizon / (alpha + age + horizon))
    leaving = a / (b + repeats - 1) * ((alpha + age) / (alpha + recency)) ** (r + repeats) if repeats else 0.0
    printed = (a + b + repeats - 1) / (a - 1) * (1 - ratio ** (r + repeats) * series) / (1 + leaving)
    found = BgNbd(r, alpha, a, b).expected_orders(np.array([repeats]), np.array([recency]), np.array([age]), horizon)
    assert found[0] == pytest.approx(printed, rel=1e-6)


def test_very_frequent_buyers_get_finite_forecasts_that_grow_with_the_horizon():
    model = BgNbd(0.24, 4.4, 0.79, 2.43)
    months = np.arange(1, 37) * 4.35
    orders = model.orders_if_alive(np.array([[500]]), np.array([[200.0]]), months)
    assert np.isfinite(orders).all()
    assert (np.diff(orders) > 0).all()
    assert orders[0, 0] == pytest.approx(500 / 200 * 4.35, rel=0.05)


def test_without_a_repeat_there_was_no_occasion_to_leave():
    model = BgNbd(0.24, 4.4, 0.79, 2.43)
    assert model.probability_alive(np.array([0]), np.array([0.0]), np.array([500.0])) == [1.0]


def test_longer_silence_makes_a_customer_less_likely_to_be_one():
    model = BgNbd(0.24, 4.4, 0.79, 2.43)
    alive = model.probability_alive(np.full(3, 4), np.full(3, 20.0), np.array([20.0, 40.0, 400.0]))
    assert 1 > alive[0] > alive[1] > alive[2] > 0


def simulated_orders(model: BgNbd, count: int, weeks: float, seed: int) -> OrderHistories:
    """Customers drawn one by one as the model says people are: rates, leaving, waiting times."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        rate, leaving = random.gamma(model.r, 1 / model.alpha), random.beta(model.a, model.b)
        now, last, repeats = random.exponential(1 / rate), 0.0, 0
        while now <= weeks:
            last, repeats = now, repeats + 1
            if random.random() < leaving:
                break
            now += random.exponential(1 / rate)
        rows.append((repeats, last, weeks))
    repeats, recency, age = np.array(rows).T
    return OrderHistories(repeats, recency, age, np.ones(count))


def test_fitting_finds_the_model_customers_were_drawn_from():
    truth = BgNbd(r=0.8, alpha=6.0, a=0.9, b=2.5)
    found, likelihood = fit_bg_nbd(simulated_orders(truth, 8000, 60.0, seed=11))
    assert (found.r, found.alpha) == pytest.approx((truth.r, truth.alpha), rel=0.1)
    assert found.a / (found.a + found.b) == pytest.approx(truth.a / (truth.a + truth.b), rel=0.1)
    drawn = simulated_orders(truth, 8000, 60.0, seed=11)
    assert likelihood > truth.log_likelihood(drawn)


def test_groups_of_customers_count_as_often_as_they_have_members():
    grouped, _ = fit_bg_nbd(HISTORIES)
    one_by_one = OrderHistories(
        *(np.repeat(column, HISTORIES.customers) for column in (HISTORIES.repeats, HISTORIES.recency, HISTORIES.age)),
        np.ones(HISTORIES.customer_count),
    )
    single, _ = fit_bg_nbd(one_by_one)
    assert (grouped.r, grouped.alpha) == pytest.approx((single.r, single.alpha), rel=1e-3)


def test_an_expected_value_lies_between_the_own_mean_and_everybodys():
    model = GammaGamma(6.25, 3.74, 15.44)
    everybody = 6.25 * 15.44 / 2.74
    expected = model.expected_amount(np.array([0, 1, 50]), np.array([0.0, 100.0, 100.0]))
    assert expected[0] == pytest.approx(everybody)
    assert everybody < expected[1] < expected[2] < 100


def test_models_say_why_they_cannot_be_fitted():
    nobody = OrderHistories(np.zeros(3), np.zeros(3), np.ones(3), np.ones(3))
    with pytest.raises(NotFittedError, match="two days"):
        fit_bg_nbd(nobody)
    with pytest.raises(NotFittedError, match="repeat order"):
        fit_gamma_gamma(OrderValues(np.empty(0), np.empty(0)))
    running = ContractHistories(np.array([3]), np.array([False]), np.array([9]))
    with pytest.raises(NotFittedError, match="no contract has ended"):
        fit_shifted_beta_geometric(running)


def order_days(random, count):
    """Order histories of 39 weeks with what came in the 39 weeks after, of people who stay customers for good."""
    rate = random.gamma(0.5, 1 / 5.0, count)
    repeats = random.poisson(rate * 39)
    recency = np.where(repeats > 0, 39 * random.beta(np.maximum(repeats, 1), 1), 0.0)
    return OrderHistories(repeats, recency, np.full(count, 39.0), np.ones(count, dtype=int)), random.poisson(rate * 39)


def test_a_model_that_predicts_better_than_the_past_rate_is_used():
    histories, later = order_days(np.random.default_rng(3), 3000)
    both = {VALIDATION: histories, FORECAST: histories}
    validation, forecast = order_fits(both, (later, later**2), 39.0, Terms(100, 0.3))
    assert validation.holdout.error < validation.holdout.naive_error
    assert validation.holdout.actual == later.sum()
    assert (validation.is_used, validation.reason) == (False, None)
    assert (forecast.is_used, forecast.reason) == (True, None)
    assert set(forecast.parameters) == {"r", "alpha", "a", "b"}


def test_a_model_that_does_not_beat_the_naive_forecast_is_not_used_and_says_so():
    histories, _ = order_days(np.random.default_rng(3), 3000)
    later = histories.repeats
    both = {VALIDATION: histories, FORECAST: histories}
    validation, forecast = order_fits(both, (later, later**2), 39.0, Terms(100, 0.3))
    assert validation.holdout.naive_error == pytest.approx(0, abs=1e-6)
    assert not forecast.is_used
    assert "is not below" in forecast.reason
    assert forecast.parameters == {}
    assert validation.parameters


def test_too_few_repeat_customers_are_no_basis_for_a_model():
    both = {VALIDATION: HISTORIES, FORECAST: HISTORIES}
    repeaters = 12 + 6 + 2 + 1
    later = (np.zeros(6), np.zeros(6))
    enough = order_fits(both, later, 39.0, Terms(repeaters, 0.3))[0]
    validation, forecast = order_fits(both, later, 39.0, Terms(repeaters + 1, 0.3))
    assert enough.parameters
    assert validation.parameters == {}
    assert forecast.reason == "customers who had ordered again before the hold-out time: 21, needed: 22"


def test_errors_of_groups_are_those_of_their_customers():
    model = BgNbd(0.24, 4.4, 0.79, 2.43)
    one_by_one = OrderHistories(np.array([1, 1, 0]), np.array([3.0, 3.0, 0.0]), np.array([9.0, 9.0, 5.0]), np.ones(3))
    grouped = OrderHistories(np.array([1, 0]), np.array([3.0, 0.0]), np.array([9.0, 5.0]), np.array([2, 1]))
    single = order_holdout(model, one_by_one, np.array([4, 1, 2]), np.array([16, 1, 4]), 10.0)
    together = order_holdout(model, grouped, np.array([5, 2]), np.array([17, 4]), 10.0)
    assert (single.error, single.naive_error) == pytest.approx((together.error, together.naive_error))
    naive = np.sqrt(((10 / 9 - 4) ** 2 + (10 / 9 - 1) ** 2 + 4) / 3)
    assert single.naive_error == pytest.approx(naive)


def drawn_values(random, count, slope):
    repeats = 1 + random.poisson(2, count)
    usual = 20 / random.gamma(4, 1 / 3, count) * np.exp(slope * repeats)
    later = usual * random.gamma(6, 1 / 6, count)
    return OrderValues(repeats, usual * random.gamma(6 * repeats, 1 / (6 * repeats))), later


def test_order_values_are_predicted_only_where_frequent_buyers_spend_like_others():
    terms = Terms(100, 0.3)
    independent, later = drawn_values(np.random.default_rng(5), 2000, slope=0.0)
    dependent, later_dependent = drawn_values(np.random.default_rng(5), 2000, slope=0.5)
    used = value_fits({VALIDATION: independent, FORECAST: independent}, later, terms)[1]
    refused = value_fits({VALIDATION: dependent, FORECAST: dependent}, later_dependent, terms)[1]
    assert (used.is_used, refused.is_used) == (True, False)
    assert abs(used.correlation) <= 0.3 < abs(refused.correlation)


def test_a_correlation_at_the_limit_is_allowed_and_beyond_it_is_not():
    values, later = drawn_values(np.random.default_rng(5), 2000, slope=0.0)
    both = {VALIDATION: values, FORECAST: values}
    limit = abs(frequency_value_correlation(values))
    assert value_fits(both, later, Terms(100, limit))[1].is_used
    assert "correlated" in value_fits(both, later, Terms(100, limit * 0.999))[1].reason


def test_nobody_who_came_back_leaves_nothing_to_compare_with():
    values, later = drawn_values(np.random.default_rng(5), 200, slope=0.0)
    forecast = value_fits({VALIDATION: values, FORECAST: values}, np.full(len(later), np.nan), Terms(100, 0.3))[1]
    assert forecast.reason == "nobody is left to compare the forecast with in the hold-out time"


def test_correlation_is_unknown_when_everybody_is_alike():
    assert frequency_value_correlation(OrderValues(np.array([1, 1]), np.array([5.0, 9.0]))) is None
    assert frequency_value_correlation(OrderValues(np.array([1]), np.array([5.0]))) is None


def test_contracts_are_used_when_some_end_and_the_model_knows_how_many():
    model = ShiftedBetaGeometric(0.668, 3.806)
    survivors = np.round(10_000 * model.survival(np.arange(13))).astype(int)
    ended = survivors[:-1] - survivors[1:]
    history = ContractHistories(
        np.append(np.arange(1, 5), 4), np.append(np.ones(4, bool), False), np.append(ended[:4], survivors[4])
    )
    stayed = np.append(np.zeros(4), survivors[12])
    validation, forecast = contract_fits({VALIDATION: history, FORECAST: history}, stayed, 8, Terms(100, 0.3))
    assert forecast.is_used
    assert validation.holdout.actual == survivors[12]
    assert validation.holdout.expected == pytest.approx(survivors[12], rel=0.02)
    share = survivors[12] / survivors[4]
    assert validation.holdout.naive_error == pytest.approx(np.sqrt(1 - share))


def test_contracts_that_all_go_on_are_not_predicted():
    history = ContractHistories(np.array([1, 2, 2]), np.array([True, True, False]), np.array([60, 60, 500]))
    validation, forecast = contract_fits(
        {VALIDATION: history, FORECAST: history}, np.array([0, 0, 500]), 8, Terms(100, 0.3)
    )
    assert not forecast.is_used
    assert validation.holdout.naive_error == 0
