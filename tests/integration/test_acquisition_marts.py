"""Marts about winning, reaching and serving people: ten prospects, each figure worked out by hand."""

from decimal import Decimal

import pytest


@pytest.fixture
def company(prospects):
    return prospects


def test_what_each_model_credits_for_three_touches_14_7_and_0_days_before_the_order(company):
    """Markov, of five paths: from the start 2 to paid search, 1 each to paid social (Dov, too early), offline (Fee),
    word of mouth (Hanna). Cia and Gil may still order within 90 days, so their paths do not count yet. Paid search
    leads to an order or to organic search, each 1 of 2; organic search to the mail, the mail to the order.
    P(order) = (2·(1/2 + 1/2) + 1 + 1)/5 = 4/5; without paid search 2/5, without organic search or mail 3/5.
    Removal effects 1/2, 1/4, 1/4: Ada's order is shared 2 : 1 : 1. Time decay: 1/4 : 1/2 : 1.
    """
    found = company.rows("""
        select model, channel, campaign, touch_position, credit::varchar, revenue_amount::varchar
        from marts.kpi_attribution where order_id = 'a1' order by model, touch_position
    """)
    assert found == [
        # model, channel, campaign, position, credit, share of 100.00
        ("data_driven", "paid_search", "Spring", 1, "0.5000000000", "50.00"),
        ("data_driven", "organic_search", None, 2, "0.2500000000", "25.00"),
        ("data_driven", "email", "may-letter", 3, "0.2500000000", "25.00"),
        ("first", "paid_search", "Spring", 1, "1.0000000000", "100.00"),
        ("last", "email", "may-letter", 3, "1.0000000000", "100.00"),
        ("linear", "paid_search", "Spring", 1, "0.3333333333", "33.33"),
        ("linear", "organic_search", None, 2, "0.3333333334", "33.34"),
        ("linear", "email", "may-letter", 3, "0.3333333333", "33.33"),
        ("position_based", "paid_search", "Spring", 1, "0.4000000000", "40.00"),
        ("position_based", "organic_search", None, 2, "0.2000000000", "20.00"),
        ("position_based", "email", "may-letter", 3, "0.4000000000", "40.00"),
        ("time_decay", "paid_search", "Spring", 1, "0.1428571429", "14.29"),
        ("time_decay", "organic_search", None, 2, "0.2857142857", "28.57"),
        ("time_decay", "email", "may-letter", 3, "0.5714285714", "57.14"),
    ]


def test_orders_without_a_touch_in_the_window_are_unattributed_in_every_model(company):
    assert company.rows("""
        select order_id, customer_id is null, count(*), min(channel), max(channel), sum(credit)
        from marts.kpi_attribution where touch_count = 0 group by all order by 1
    """) == [
        # Dov's ad was 121 days earlier; x1 is of nobody known.
        (order, order == "x1", 6, "unattributed", "unattributed", Decimal(6))
        for order in ("d1", "i0", "j1", "j2", "x1")
    ]


def test_credits_are_those_of_the_other_orders(company):
    assert company.rows("""
        select order_id, channel, is_first_order from marts.kpi_attribution
        where model = 'data_driven' and touch_count = 1 order by 1
    """) == [("b1", "paid_search", True), ("f1", "offline", True), ("h1", "word_of_mouth", True)]


def test_spend_and_orders_of_a_campaign_and_day_stand_in_one_row(company):
    assert company.rows("""
        select reported_on::varchar, platform, campaign, impressions, clicks, spend_amount::varchar,
            data_driven_conversions_count, linear_conversions_count, data_driven_revenue_amount::varchar, click_rate,
            cost_per_acquisition_amount::varchar, round(roas, 4), round(impression_to_conversion_rate, 4)
        from marts.kpi_acquisition where channel = 'paid_search' order by 1, campaign
    """) == [
        ("2024-05-01", "google_ads", "spring", 1000, 20, "30.00", 0, 0, "0.00", 0.02, None, 0, 0),
        ("2024-05-15", "google_ads", "spring", None, None, None, 0.5, 0.3333333333, "50.00", *[None] * 4),
        # 10.00 dollars at 0.9
        ("2024-06-02", "google_ads", "spring", 500, 10, "9.00", 1, 1, "50.00", 0.02, "9.00", 5.5556, 0.002),
    ]


def test_offline_media_and_social_pages_stand_beside_advertising(company):
    assert company.rows("""
        select channel, platform, campaign, impressions, clicks, spend_amount::varchar, sales_cost_amount::varchar
        from marts.kpi_acquisition
        where channel in ('offline', 'organic_social', 'unknown') and reported_on <> date '2024-05-20'
        order by 1
    """) == [
        ("offline", "offline", "poster", 4000, None, "12.00", None),
        ("organic_social", "facebook", "our-page", 300, 6, None, None),
        ("unknown", "sales", "salaries", None, None, None, "188.00"),
    ]


def test_conversions_of_every_day_are_its_orders_in_every_model(company):
    models = ("first", "last", "linear", "position_based", "time_decay", "data_driven")
    for model in models:
        assert (
            company.rows(f"""
            select reported_on, round(sum({model}_conversions_count), 6), sum({model}_revenue_amount)
            from marts.kpi_acquisition group by 1 having sum({model}_conversions_count) > 0
            except
            select ordered_on, sum(order_count), sum(revenue_amount) from marts.kpi_transactions group by 1
        """)
            == []
        )


def test_acquisition_in_the_summary_of_may(company):
    """Paid search and posters cost 42.00 and led to 1/2 + 1 of the first orders, worth 50.00 + 60.00. Four people
    became customers, at 42.00 for advertising and 188.00 for sales.
    """
    found = company.rows("""
        select kpi, round(numerator, 4), round(denominator, 4), round(value, 4) from marts.kpi_summary
        where period_start = date '2024-05-01' and segment = 'all' and kpi in ('cost_per_acquisition', 'roas',
            'customer_acquisition_cost', 'click_through_rate', 'click_to_conversion_rate',
            'impression_to_conversion_rate')
        order by 1
    """)
    assert found == [
        ("click_through_rate", 26, 5300, 0.0049),
        ("click_to_conversion_rate", 0.5, 26, 0.0192),
        ("cost_per_acquisition", 42, 1.5, 28),
        ("customer_acquisition_cost", 230, 4, 57.5),
        ("impression_to_conversion_rate", 1.5, 5300, 0.0003),
        ("roas", 110, 42, 2.619),
    ]


def test_a_month_without_known_cost_of_sales_has_no_acquisition_cost(company):
    assert (
        company.rows("""
        select period_start from marts.kpi_summary
        where kpi = 'customer_acquisition_cost' and period_start <> date '2024-05-01'
    """)
        == []
    )


def test_channels_are_valued_by_the_people_they_brought(company):
    assert company.rows("""
        select acquisition_channel, people_count, customer_count, spend_amount::varchar,
            round(attributed_first_purchases_count, 4), cost_per_acquisition_amount::varchar, revenue_amount::varchar,
            mean_historic_revenue_amount::varchar, mean_historic_contribution_amount::varchar,
            median_days_to_first_order
        from marts.kpi_channel_value where acquisition_channel in ('paid_search', 'offline', 'paid_social') order by 1
    """) == [
        ("offline", 1, 1, "12.00", 1, "12.00", "60.00", "60.00", None, 10),
        # Ada bought after 14 days, Ben after 2; only of Ada's order the costs are known.
        ("paid_search", 2, 2, "39.00", 1.5, "26.00", "150.00", "75.00", "40.00", 8),
        ("paid_social", 1, 1, None, None, None, "30.00", "30.00", None, 121),
    ]


def test_a_campaign_against_its_hold_out_and_against_the_time_before(company):
    """Of the treated Ada bought for 100.00, of those held out Hanna for 40.00; Ian bought the week before.
    Means 33.33 and 20.00, variances 10000/3 and 800: the error is 1.96·√(10000/9 + 400) = 76.19.
    """
    assert company.rows("""
        select member_group, member_count, delivered_count, human_open_count, machine_open_count, response_count,
            buyer_count, revenue_amount::varchar, buyer_before_count, revenue_before_amount::varchar, opt_out_count,
            moved_up_count, round(buyer_rate, 4), round(buyer_rate_lift, 4), revenue_lift_amount::varchar,
            revenue_lift_low_amount::varchar, revenue_lift_high_amount::varchar
        from marts.campaign_evaluation where segment_dimension = 'all' order by 1 desc
    """) == [
        ("treated", 3, 3, 1, 1, 1, 1, "100.00", 0, "0.00", 1, 1, 0.3333, -0.1667, "13.33", "-62.86", "89.52"),
        ("holdout", 2, 0, 0, 0, 0, 1, "40.00", 1, "25.00", 0, 1, 0.5, None, None, None, None),
    ]


def test_engagement_of_may_by_channel_and_variant(company):
    assert company.rows("""
        select channel, variant, numerator, denominator, round(engagement_rate, 4) from marts.kpi_engagement
        where period_start = date '2024-05-01' order by 1, 2
    """) == [
        ("email", "any_open", 2, 3, 0.6667),
        ("email", "click", 1, 3, 0.3333),
        ("email", "click_to_open", 0, 1, 0),
        ("email", "human_open", 1, 3, 0.3333),
        ("email", "machine_open", 1, 3, 0.3333),
        ("loyalty", "card_scanned", 1, 2, 0.5),
        ("overall", "engaged_customer", 1, 1, 1),  # Joy, who bought twice, scans her card
        ("social", "interaction", 10, 200, 0.05),
        ("web", "engaged_session", 2, 4, 0.5),  # Ada's two pages, Ben's ten seconds
    ]


def test_who_recommended_reviewed_and_came_by_it(company):
    assert company.rows("""
        select strftime(period_start, '%m'), active_customer_count, referrer_count, reviewer_count, new_customer_count,
            recommended_customer_count, referral_rate, round(review_rate, 4), recommended_customer_rate
        from marts.kpi_referrals where period_start in (date '2024-03-01', date '2024-05-01', date '2024-06-01')
        order by 1
    """) == [
        ("03", 1, 0, 0, 0, 0, 0, 0, None),
        ("05", 5, 1, 0, 4, 1, 0.2, 0, 0.25),
        ("06", 7, 0, 1, 2, 0, 0, 0.1429, 0),
    ]


def test_what_a_question_answered_too_late_costs(company):
    assert company.rows("""
        select channel, ticket_count, customer_count, self_service_count, self_service_rate, open_count,
            median_first_response_hours, median_resolution_hours, buying_question_count, unanswered_question_count,
            abandoned_purchase_count, abandoned_purchase_rate
        from marts.kpi_support order by 1
    """) == [
        ("chat", 3, 3, 0, 0, 1, 25, 27, 1, 1, 1, 1),
        ("portal", 1, 1, 1, 1, 0, None, None, 0, 0, 0, None),
    ]


def test_service_in_the_summary_of_june(company):
    assert company.rows("""
        select kpi, numerator, denominator from marts.kpi_summary
        where period_start = date '2024-06-01' and segment = 'all' and kpi in ('tickets_per_customer',
            'self_service_rate', 'first_response_hours', 'resolution_hours', 'referral_rate', 'review_rate') order by 1
    """) == [
        ("first_response_hours", 50, 2),
        ("referral_rate", 0, 7),
        ("resolution_hours", 54, 2),
        ("review_rate", 1, 7),
        ("self_service_rate", 1, 4),
        ("tickets_per_customer", 4, 7),
    ]


def test_targets_are_reached_in_the_direction_that_is_better(company):
    assert company.rows("""
        select kpi, round(value, 4), target_value, round(gap, 4), is_reached, weight, origin
        from marts.kpi_targets order by 1
    """) == [
        ("cost_per_acquisition", 28, 20, 8, False, None, "delivered"),
        ("retention_rate", 1, 0.9, 0.1, True, None, "delivered"),
    ]
