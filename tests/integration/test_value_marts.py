"""Value and satisfaction of small companies, each figure worked out by hand beside the tables it comes from."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest

from ingestion.prediction.shifted_beta_geometric import ContractHistories, fit_shifted_beta_geometric
from tests.integration.tiny_company import TinyCompany

TODAY = date(2024, 6, 30)

# Four buyers of six orders; the lines say what was in them. Without lines an order has no category.
CONTACTS = """
contact_id | email           | created_at
ann        | ann@example.com | 2024-01-01T10:00:00Z
bob        | bob@example.com | 2024-01-01T10:00:00Z
cay        | cay@example.com | 2024-01-01T10:00:00Z
dan        | dan@example.com | 2024-01-01T10:00:00Z
"""
ORDERS = """
order_id | contact_id | ordered_at        | status | net_amount | cost_amount | currency
a1       | ann        | 2024-01-01 10:00Z | paid   | 30.00      | 10.00       | EUR
a2       | ann        | 2024-01-11 22:00Z | paid   | 20.00      | 5.00        | EUR
b1       | bob        | 2024-02-01 10:00Z | paid   | 50.00      |             | EUR
c1       | cay        | 2024-03-01 10:00Z | paid   | 10.00      |             | EUR
c2       | cay        | 2024-03-01 20:00Z | paid   | 10.00      |             | EUR
d1       | dan        | 2024-05-16 10:00Z | paid   | 5.00       |             | EUR
"""
LINES = """
order_id | line_number | product_id | category | quantity | unit_price
a1       | 1           | p1         | tea      | 1        | 20.00
a1       | 2           | p2         | mugs     | 1        | 10.00
a2       | 1           | p3         | coffee   | 1        | 20.00
b1       | 1           | p1         | tea      | 1        | 20.00
b1       | 2           | p3         | coffee   | 1        | 30.00
c1       | 1           | p1         | tea      | 1        | 10.00
"""
SURVEYS = """
response_id | contact_id | survey_type | score | scale_min | scale_max | higher_is_better | responded_at      | touchpoint
n1          | ann        | nps         | 10    | 0         | 10        | true             | 2024-05-01 10:00Z | order
n2          | ann        | nps         | 0     | 0         | 10        | true             | 2024-05-02 10:00Z | ticket
n3          | bob        | nps         | 9     | 0         | 10        | true             | 2024-05-31 21:59Z | order
n4          | cay        | nps         | 7     | 0         | 10        | true             | 2024-05-31 22:00Z | order
k1          | ann        | csat        | 4     | 1         | 5         | true             | 2024-06-01 10:00Z |
k2          | bob        | csat        | 5     | 0         | 10        | true             | 2024-06-01 10:00Z |
k3          | cay        | csat        | 1     | 1         | 5         | false            | 2024-06-01 10:00Z |
e1          | ann        | ces         | 7     | 1         | 7         | true             | 2024-06-01 10:00Z | order
e2          | bob        | ces         | 3     | 1         | 7         | false            | 2024-06-01 10:00Z | order
e3          | cay        | ces         | 1     | 1         | 7         | true             | 2024-07-01 10:00Z | order
"""  # noqa: E501
MODELS = ("+kpi_clv", "+clv_model_fit", "+kpi_rfm", "+kpi_cross_sell", "+kpi_satisfaction", "+value_measures")


@pytest.fixture(scope="module")
def four_buyers(tmp_path_factory):
    company = TinyCompany(tmp_path_factory.mktemp("four_buyers"))
    company.deliver(crm__contacts=CONTACTS, crm__orders=ORDERS, crm__order_lines=LINES, crm__survey_responses=SURVEYS)
    company.build(TODAY, "seed")
    company.dbt("run", "--select", *MODELS)
    return company


def name_of(customer: str) -> str:
    """SQL for the contact_id of a row's customer."""
    return f"""(select replace(identifier_value, 'files:', '') from identity.customer_identifiers_map as identifiers
        where identifiers.customer_id = {customer} and identifier_type = 'contact_id')"""


def test_scores_are_quintiles_by_rank_and_equal_values_share_theirs(four_buyers):
    """Two orders each: Ann and Cay are third of four, score 1 + 5 · 2 // 4 = 3. Cay's two orders of a day are two."""
    assert four_buyers.rows(f"""
        select {name_of("rfm.customer_id")}, recency_days, order_count, revenue_amount::varchar,
            recency_score, frequency_score, monetary_score, rfm_segment
        from marts.kpi_rfm as rfm order by 1
    """) == [
        ("ann", 171, 2, "50.00", 1, 3, 3, "lapsed"),
        ("bob", 150, 1, "50.00", 2, 1, 3, "hibernating"),
        ("cay", 121, 2, "20.00", 3, 3, 2, "loyal"),
        ("dan", 45, 1, "5.00", 4, 1, 1, "recent"),
    ]


def test_value_so_far_counts_order_days_and_profit_only_where_costs_are_known(four_buyers):
    """Costs are known of 50 of 125 in revenue, which is too little to predict profit. Cay never came back."""
    rows = four_buyers.rows(f"""
        select {name_of("clv.customer_id")}, historic_revenue_amount::varchar, historic_contribution_amount::varchar,
            frequency, recency_days, age_days, mean_repeat_amount::varchar, round(value_growth_ratio, 4), method,
            value_basis
        from marts.kpi_clv as clv order by 1
    """)
    assert rows == [
        ("ann", "50.00", "35.00", 1, 10, 181, "20.00", 0.6667, "historic", "revenue"),
        ("bob", "50.00", None, 0, 0, 150, None, None, "historic", "revenue"),
        ("cay", "20.00", None, 0, 0, 121, None, None, "historic", "revenue"),
        ("dan", "5.00", None, 0, 0, 45, None, None, "historic", "revenue"),
    ]


def test_without_a_model_nothing_is_predicted_and_silence_is_the_risk(four_buyers):
    """Before Ann bought no gap was known: 540 days make her lost. The others are after the 90 days of the floor."""
    rows = four_buyers.rows(f"""
        select {name_of("clv.customer_id")}, churn_method, round(churn_risk_rate, 4), probability_alive,
            predicted_orders_12m, predicted_clv_12m_amount, predicted_clv_36m_amount
        from marts.kpi_clv as clv order by 1
    """)
    nothing = (None, None, None, None)
    assert rows == [
        ("ann", "cadence", round(171 / 540, 4), *nothing),
        ("bob", "cadence", 1.0, *nothing),
        ("cay", "cadence", 1.0, *nothing),
        ("dan", "cadence", 0.5, *nothing),
    ]
    assert four_buyers.rows("select distinct reason from marts.kpi_clv") == [
        ("orders: customers who had ordered again before the hold-out time: 0, needed: 100",)
    ]


def test_models_that_were_not_fitted_say_so(four_buyers):
    assert four_buyers.rows("""
        select model, purpose, is_used, parameters, reason is not null, calibration_end, holdout_days
        from marts.clv_model_fit order by 1, 2
    """) == [
        (model, purpose, False, None, True, end, days)
        for model in ("bg_nbd", "gamma_gamma", "shifted_beta_geometric")
        for purpose, end, days in (("forecast", TODAY, None), ("validation", date(2023, 9, 30), 274))
    ]


def test_categories_bought_together(four_buyers):
    """Tea: ann, bob, cay. Coffee: ann 10.5 days after tea, bob with it. Mugs: ann with tea. Three buyers in all."""
    assert four_buyers.rows("""
        select category, other_category, category_customer_count, other_category_customer_count, buyer_count,
            customers_with_both_count, round(lift, 4), customers_in_order_count, median_days_between
        from marts.kpi_cross_sell order by 1, 2
    """) == [
        ("coffee", "mugs", 2, 1, 3, 1, 1.5, 0, None),
        ("coffee", "tea", 2, 3, 3, 2, 1.0, 0, None),
        ("mugs", "coffee", 1, 2, 3, 1, 1.5, 1, 10.5),
        ("mugs", "tea", 1, 3, 3, 1, 1.0, 0, None),
        ("tea", "coffee", 3, 2, 3, 2, 1.0, 1, 10.5),
        ("tea", "mugs", 3, 1, 3, 1, 1.0, 0, None),
    ]


def test_value_month_by_month(four_buyers):
    """Profit is told while at least half of the revenue has known costs: 50 of 50, of 100, of 120. Ann's coffee is a
    second category in January, as Bob's is in February; Cay's second order of March is as large as her first.
    """
    found = four_buyers.rows("""
        select strftime(period_start, '%m'), kpi, numerator, denominator from lifecycle.value_measures
        where segment = 'all' and kpi not in ('churn_risk', 'predicted_clv_36m') and period_start < date '2024-04-01'
    """)
    expected = {
        "historic_clv": ((35, 1), (35, 2), (None, 3)),
        "historic_revenue_per_customer": ((50, 1), (100, 2), (120, 3)),
        "value_growth": ((20, 30), (0, 0), (10, 10)),
        "categories_per_buyer": ((3, 1), (5, 2), (6, 3)),
        "cross_sell_rate": ((1, 1), (2, 2), (2, 3)),
    }
    assert {(month, kpi): (above, below) for month, kpi, above, below in found} == {
        (f"{month:02}", kpi): figures[month - 1] for kpi, figures in expected.items() for month in (1, 2, 3)
    }


def satisfaction(company, survey_type, touchpoint="all"):
    return company.rows(f"""
        select strftime(period_start, '%Y-%m'), response_count, round(score, 4), promoter_count, passive_count,
            detractor_count, satisfied_count, round(ci_low, 2), round(ci_high, 2), round(mean_score, 4), is_complete
        from marts.kpi_satisfaction
        where survey_type = '{survey_type}' and touchpoint = '{touchpoint}' and segment = 'all' order by 1
    """)


def test_nps_counts_the_latest_answer_of_a_person_and_month_and_zero_is_a_detractor(four_buyers):
    """May: Ann 0 (not her 10 of the day before), Bob 9; Cay's 7 came at midnight in Berlin, in June.

    Of one promoter and one detractor in two: 0 ± 100 · 1.959964 · sqrt((3/4 − 0) / 4). Of one passive: 0 ± 100 ·
    1.959964 · sqrt((1/3 − 0) / 3).
    """
    assert satisfaction(four_buyers, "nps") == [
        ("2024-05", 2, 0.0, 1, 0, 1, None, -84.87, 84.87, 4.5, True),
        ("2024-06", 1, 0.0, 0, 1, 0, None, -65.33, 65.33, 7.0, True),
    ]
    assert satisfaction(four_buyers, "nps", "order")[0][:6] == ("2024-05", 2, 100.0, 2, 0, 0)


def test_csat_counts_the_two_best_answers_of_five_whatever_the_scale(four_buyers):
    """4 of 5; 5 of 0 to 10 is 3 of 5; 1 on the scale turned around is 5. Wilson's interval of two in three."""
    assert satisfaction(four_buyers, "csat") == [("2024-06", 3, 0.6667, None, None, None, 2, 0.21, 0.94, 4.0, True)]
    assert satisfaction(four_buyers, "csat", "unknown") == satisfaction(four_buyers, "csat")


def test_ces_is_a_mean_on_which_seven_is_best_and_tomorrow_does_not_count(four_buyers):
    """7, and 3 turned around, which is 5: 6 ± 1.959964 · sqrt(2) / sqrt(2), cut off at 7."""
    assert satisfaction(four_buyers, "ces") == [
        ("2024-06", 2, 6.0, None, None, None, None, 4.04, 7.0, 6.0, True),
    ]


@pytest.fixture(scope="module")
def subscribers(tmp_path_factory):
    """A thousand contracts of 10 a month from 1 July 2022, which end as the regular customers of the literature do."""
    survivors = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
    start = date(2022, 7, 1)
    lines, number = ["subscription_id | contact_id | started_at | ended_at | mrr_amount | currency"], 0
    for month, (before, after) in enumerate(pairwise(survivors), start=1):
        end = date(2022 + (6 + month) // 12, (6 + month) % 12 + 1, 1)
        for _ in range(before - after):
            number += 1
            lines.append(
                f"s{number} | p{number} | {start}T00:00:00Z | {end - timedelta(days=1)}T00:00:00Z | 10.00 | EUR"
            )
    for _ in range(survivors[-1]):
        number += 1
        lines.append(f"s{number} | p{number} | {start}T00:00:00Z | | 10.00 | EUR")
    company = TinyCompany(tmp_path_factory.mktemp("subscribers"))
    company.deliver(
        crm__contacts="\n".join(["contact_id", *(f"p{count}" for count in range(1, number + 1))]),
        crm__subscriptions="\n".join(lines),
    )
    company.build(date(2023, 7, 1), "seed")
    company.dbt("run", "--select", "+kpi_clv", "+clv_model_fit", "+value_measures")
    return company, survivors


def test_contracts_are_predicted_by_how_long_others_have_lasted(subscribers):
    """The warehouse's parameters are those of the survivors themselves, and the value follows from them."""
    company, survivors = subscribers
    counts = np.array(survivors)
    history = ContractHistories(
        np.append(np.arange(1, 13), 12),
        np.append(np.ones(12, dtype=bool), False),
        np.append(counts[:-1] - counts[1:], counts[-1]),
    )
    model, _ = fit_shifted_beta_geometric(history)
    ((parameters, beats_naive, stayed),) = company.rows("""
        select forecast.parameters, validation.holdout_error < validation.naive_holdout_error,
            validation.holdout_actual
        from marts.clv_model_fit as forecast
        join marts.clv_model_fit as validation using (model)
        where forecast.is_used and model = 'shifted_beta_geometric' and validation.purpose = 'validation'
    """)
    fitted = json.loads(parameters)
    assert (fitted["alpha"], fitted["beta"]) == pytest.approx((model.alpha, model.beta), rel=1e-4)
    assert (beats_naive, stayed) == (True, 173.0)
    stays = model.probability_to_stay(np.array([12]), np.arange(1, 37))
    value = float(np.sum(10 * stays / 1.01 ** np.arange(1, 37)))
    assert company.rows("""
        select method, count(*), round(any_value(churn_risk_rate), 4), any_value(predicted_clv_36m_amount)::double
        from marts.kpi_clv group by method order by method
    """) == [
        ("contract_survival", 173, pytest.approx(1 - stays[11], abs=1e-4), pytest.approx(value, abs=0.01)),
        ("historic", 827, 1.0, None),
    ]
    assert company.rows("""
        select numerator, denominator from lifecycle.value_measures
        where kpi = 'predicted_clv_36m' and segment = 'all'
    """) == [(pytest.approx(173 * value, rel=1e-4), 173)]
