"""Every KPI of the summary for one month of small companies, worked out by hand: numerator, denominator, value.

NPS, lost customers and those won back stand among the ten people. Who can be predicted must be many: that figure is of
the thousand contracts of `test_value_marts.py`.
"""

from __future__ import annotations

import pytest

PEOPLE_SEGMENTS = {
    *("acquisition_channel", "country", "customer_segment", "customer_type", "company_industry", "company_size_band")
}

# Joy has been a customer since January; Ada, Fee, Hanna and Ian order for the first time, for 225.00 in all. Costs are
# known of Ada's 100.00 and Hanna's 40.00 of the 245.00 all five have ever spent: enough to tell a profit of 40.00 and
# 25.00. Nobody orders a second time. Ada buys tea and mugs, Fee tea; what the others bought nobody says.
MAY = {
    "average_transaction_value": (225, 4),
    "purchase_frequency": (4, 4),
    "repeat_purchase_rate": (0, 4),
    "returning_buyer_rate": (0, 4),
    "retention_rate": (1, 1),
    "churn_rate": (0, 1),
    "win_back_rate": (0, 0),
    "subscription_churn_rate": (0, 0),
    "historic_clv": (65, 5),
    "historic_revenue_per_customer": (245, 5),
    "value_growth": (0, 0),
    "categories_per_buyer": (3, 2),
    "cross_sell_rate": (1, 2),
    # Three mails: one opened by a person, one by a machine and clicked nevertheless.
    "email_open_rate": (1, 3),
    "email_machine_open_rate": (1, 3),
    "email_any_open_rate": (2, 3),
    "email_click_rate": (1, 3),
    "email_click_to_open_rate": (0, 1),
    "web_engagement_rate": (2, 4),
    "social_engagement_rate": (10, 200),
    "loyalty_engagement_rate": (1, 2),
    "engagement_rate": (1, 1),
    # 42.00 of advertising and 188.00 of sales; of the orders half of Ada's and all of Fee's came by advertising.
    "cost_per_acquisition": (42, 1.5),
    "customer_acquisition_cost": (230, 4),
    "roas": (110, 42),
    "click_through_rate": (26, 5300),
    "click_to_conversion_rate": (0.5, 26),
    "impression_to_conversion_rate": (1.5, 5300),
    "tickets_per_customer": (0, 5),
    "referral_rate": (1, 5),
    "review_rate": (0, 5),
    "recommended_customer_rate": (1, 4),
    # The letter went to Ada, who clicked and bought, to Cia, and to Gil, who unsubscribed.
    "campaign_response_rate": (1, 3),
    "campaign_conversion_rate": (1, 3),
    "campaign_opt_out_rate": (1, 3),
}
# Of the seven customers six ordered once, 28, 29, 41, 45, 46 and 51 days ago, and are lost after twice Joy's gap of 82
# days; before her second order, 90 days ago, no gap was known: 540 days.
FORECASTS = {"churn_risk": (240 / 164 + 90 / 540, 7), "predicted_clv_36m": (None, 0)}


def summary(company, month, condition="segment = 'all'"):
    rows = company.rows(f"""
        select kpi, numerator, denominator, value from marts.kpi_summary
        where period_start = date '{month}' and {condition}
    """)
    assert all(value == (None if not below or above is None else above / below) for _, above, below, value in rows)
    return {kpi: (numerator, denominator) for kpi, numerator, denominator, _ in rows}


def test_every_kpi_of_may_is_what_the_tables_say(prospects):
    assert summary(prospects, "2024-05-01") == MAY


def test_forecasts_stand_in_the_month_of_as_of_only(prospects):
    june = summary(prospects, "2024-06-01")
    assert {kpi: june[kpi] for kpi in FORECASTS} == {
        kpi: (above if above is None else pytest.approx(above), below) for kpi, (above, below) in FORECASTS.items()
    }


def test_a_profit_is_told_only_while_enough_costs_are_known(prospects):
    """With Ben's and Dov's orders of June the costs of 140.00 of 325.00 are known: less than half."""
    assert summary(prospects, "2024-06-01")["historic_clv"] == (None, 7)


def test_answers_of_june(prospects):
    """Ian gives 4 and Fee 2 of 5, and Ian 6 of 7 for how little it cost him. Both had ordered once when June began."""
    june = summary(prospects, "2024-06-01")
    assert (june["csat"], june["ces"]) == ((1, 2), (6, 1))
    assert summary(
        prospects, "2024-06-01", "segment = 'customer_segment:first_time_buyer' and kpi in ('csat', 'ces')"
    ) == {
        "csat": (1, 2),
        "ces": (6, 1),
    }


def test_repeat_and_returning_buyers_are_two_numbers(ten_people_today):
    """In June only Fay orders, once, for the second time in her life; in October Ann for the first."""
    for month, returning in (("2024-06-01", 1), ("2023-10-01", 0)):
        found = summary(ten_people_today, month)
        assert (found["repeat_purchase_rate"], found["returning_buyer_rate"]) == ((0, 1), (returning, 1)), month


def test_lost_customers_contracts_and_answers_of_the_ten_people(ten_people_today):
    """Bob and Fay lapse in July; Hal's contract ends in January; Gus promotes in May; Fay comes back in June."""
    found = {month: summary(ten_people_today, f"{month}-01") for month in ("2023-07", "2024-01", "2024-05", "2024-06")}
    assert found["2023-07"]["churn_rate"] == (2, 3)
    assert found["2024-01"]["subscription_churn_rate"] == (1, 1)
    assert found["2024-05"]["nps"] == (100, 1)
    assert found["2024-06"]["win_back_rate"] == (1, 3)


def test_of_the_lost_who_were_written_to_one_of_two_came_back(ten_people_today):
    """Fay bought four days after the letter, Bob did not; Ann was not lost."""
    found = summary(ten_people_today, "2024-05-01")
    assert (found["contacted_win_back_rate"], found["campaign_conversion_rate"]) == ((1, 2), (1, 3))


def test_value_growth_compares_repeat_orders_with_the_first_of_the_same_people(ten_people_today):
    """Ann's 50.00 of December after 40.00, her refunded 60.00 of February, Fay's 35.00 of June after 30.00."""
    found = {
        month: summary(ten_people_today, f"{month}-01")["value_growth"] for month in ("2023-12", "2024-02", "2024-06")
    }
    assert found == {"2023-12": (50, 40), "2024-02": (50, 40), "2024-06": (35, 30)}


def test_who_won_a_lost_customer_back_is_told_and_adds_up(ten_people_today):
    """No touch of a channel led to Fay's order."""
    by_channel = "kpi = 'win_back_rate' and segment like 'reactivation_channel:%'"
    assert summary(ten_people_today, "2024-06-01", by_channel) == {"win_back_rate": (1, 3)}
    assert ten_people_today.rows("""
        select email, reactivation_channel from marts.customer_profile where reactivation_channel is not null
    """) == [("fay@example.com", "unattributed")]


def test_what_customers_are_worth_is_told_of_the_segment_they_ended_the_month_in(ten_people_today):
    """Ann has spent 190.00, Gus 80.00, Fay 65.00, Bob 20.00; Fay was lost in May and comes back in June."""
    of_segments = "kpi = 'historic_revenue_per_customer' and segment like 'customer_segment:%' and denominator > 0"
    found = {
        month: ten_people_today.rows(f"""
            select segment.split(':')[2], numerator, denominator from marts.kpi_summary
            where period_start = date '{month}' and {of_segments} order by 1
        """)
        for month in ("2023-12-01", "2024-05-01", "2024-06-01")
    }
    assert found == {
        "2023-12-01": [("lost", 50, 2), ("repeat_buyer", 90, 1)],
        "2024-05-01": [("first_time_buyer", 80, 1), ("lost", 50, 2), ("regular", 190, 1)],
        "2024-06-01": [
            ("first_time_buyer", 80, 1),
            ("lost", 20, 1),
            ("reactivated", 65, 1),
            ("regular", 190, 1),
        ],
    }


def test_value_grows_in_the_segment_the_month_of_the_repeat_order_began_with(ten_people_today):
    by_segment = "kpi = 'value_growth' and segment = 'customer_segment:lost'"
    assert summary(ten_people_today, "2024-06-01", by_segment) == {"value_growth": (35, 30)}


def test_engagement_is_told_of_the_segment_the_month_began_with(ten_people_today):
    """Fay, lost when June began, orders; Ann and Gus, an advocate, do nothing. Ivy and a stranger were new in June."""
    assert ten_people_today.rows("""
        select kpi, segment.split(':')[2], numerator, denominator from marts.kpi_summary
        where period_start = date '2024-06-01' and kpi in ('engagement_rate', 'web_engagement_rate')
            and segment like 'customer_segment:%' order by all
    """) == [
        ("engagement_rate", "first_time_buyer", 0, 1),
        ("engagement_rate", "lost", 1, 1),
        ("engagement_rate", "regular", 0, 1),
        ("web_engagement_rate", "none", 1, 2),
    ]


def test_time_to_convert_of_a_cohort(ten_people_today):
    """Ann's second order comes 61 days after the first."""
    assert ten_people_today.rows("""
        select median_days, p90_days, open_count from marts.kpi_stage_conversion
        where model = 'three_r' and from_stage = 'first_time_buyer' and to_stage = 'repeat_buyer'
            and cohort_month = date '2023-10-01'
    """) == [(61.0, 61.0, 0)]


@pytest.mark.parametrize("kpi", ["average_transaction_value", "churn_rate", "historic_revenue_per_customer", "nps"])
def test_segments_of_people_add_up_to_everybody(ten_people_today, kpi):
    rows = ten_people_today.rows(f"""
        select period_start, split_part(segment, ':', 1), sum(numerator), sum(denominator)
        from marts.kpi_summary where kpi = '{kpi}' group by all
    """)
    everybody = {month: sums for month, dimension, *sums in rows if dimension == "all"}
    parts = [(month, dimension, sums) for month, dimension, *sums in rows if dimension in PEOPLE_SEGMENTS]
    assert {dimension for _, dimension, _ in parts} == PEOPLE_SEGMENTS
    assert [part for part in parts if part[2] != everybody[part[0]]] == []


def test_orders_count_in_the_segment_their_customer_was_in_when_the_month_began(ten_people_today):
    """In June Fay had been lost; who ordered by the till nobody knows."""
    assert ten_people_today.rows("""
        select segment, numerator, denominator from marts.kpi_summary
        where kpi = 'average_transaction_value' and period_start = date '2024-06-01'
            and segment like 'customer_segment:%' order by 1
    """) == [("customer_segment:lost", 35, 1), ("customer_segment:none", 15, 1)]
