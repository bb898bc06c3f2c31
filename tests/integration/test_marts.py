"""KPI marts of the ten people, each figure worked out by hand."""

from datetime import date


def test_orders_without_a_customer_count_in_transactions(ten_people_today):
    assert ten_people_today.rows("""
        select channel, order_count, buyer_count, revenue_amount::varchar, orders_per_buyer,
            new_buyer_count, returning_buyer_count
        from marts.kpi_transactions where ordered_on = date '2024-06-05'
    """) == [("store", 1, 0, "15.00", None, 0, 0)]


def test_refunds_stand_beside_the_revenue_they_are_taken_from(ten_people_today):
    assert ten_people_today.rows("""
        select order_count, revenue_amount::varchar, refunded_amount::varchar, average_order_amount::varchar,
            returning_buyer_count
        from marts.kpi_transactions where ordered_on = date '2024-02-01'
    """) == [(1, "50.00", "10.00", "50.00", 1)]


def test_cancelled_and_test_orders_are_in_no_figure(ten_people_today):
    assert ten_people_today.rows(
        "select count(*) from marts.kpi_transactions where ordered_on in (date '2024-06-20', date '2024-05-02')"
    ) == [(0,)]


def test_movement_of_customers_month_by_month(ten_people_today):
    moved = ten_people_today.rows("""
        select strftime(period_start, '%Y-%m'), customers_at_start_count, new_count, reactivated_count, lost_count,
            customers_at_end_count
        from marts.kpi_customer_movement
        where segment_dimension = 'all' and new_count + reactivated_count + lost_count > 0
        order by 1
    """)
    assert moved == [
        # month, start, new, reactivated, lost, end
        ("2022-01", 0, 2, 0, 0, 2),  # bob, fay
        ("2023-01", 2, 1, 0, 0, 3),  # hal signs a contract
        ("2023-07", 3, 0, 0, 2, 1),  # bob and fay lapse
        ("2023-10", 1, 1, 0, 0, 2),  # ann
        ("2024-03", 2, 0, 0, 1, 1),  # hal's grace period is over
        ("2024-05", 1, 1, 0, 0, 2),  # gus
        ("2024-06", 2, 0, 1, 0, 3),  # fay comes back
    ]


def test_movement_counts_customers_in_the_segment_they_began_the_month_with(ten_people_today):
    moved = ten_people_today.rows("""
        select strftime(period_start, '%Y-%m'), segment, customers_at_start_count, new_count, reactivated_count,
            lost_count, customers_at_end_count, moved_in_count, moved_out_count, lost_at_start_count,
            contracts_at_start_count
        from marts.kpi_customer_movement
        where segment_dimension = 'customer_segment' and period_start >= date '2023-10-01'
            and new_count + reactivated_count + lost_count + moved_in_count + moved_out_count > 0
        order by 1, 2
    """)
    assert moved == [
        # month, segment, start, new, reactivated, lost, end, moved in, moved out, lost and contracts at start
        ("2023-10", "none", 0, 1, 0, 0, 1, 0, 0, 0, 0),  # ann orders the moment she is heard of
        ("2023-11", "first_time_buyer", 2, 0, 0, 0, 2, 1, 0, 0, 1),  # beside hal with his contract
        ("2023-11", "none", 0, 0, 0, 0, 0, 0, 1, 0, 0),
        ("2024-01", "first_time_buyer", 1, 0, 0, 0, 1, 0, 1, 0, 1),  # ann's second order was in December
        ("2024-01", "repeat_buyer", 1, 0, 0, 0, 1, 1, 0, 0, 0),
        ("2024-03", "first_time_buyer", 1, 0, 0, 1, 0, 0, 0, 0, 0),  # hal's grace period is over
        ("2024-05", "none", 0, 1, 0, 0, 1, 0, 0, 0, 0),  # gus
        ("2024-05", "regular", 1, 0, 0, 0, 1, 1, 0, 0, 0),  # ann's fourth order was in April
        ("2024-05", "repeat_buyer", 0, 0, 0, 0, 0, 0, 1, 0, 0),
        ("2024-06", "first_time_buyer", 1, 0, 0, 0, 1, 1, 0, 0, 0),
        ("2024-06", "lost", 0, 0, 1, 0, 1, 0, 0, 3, 0),  # of bob, fay and hal fay comes back
        ("2024-06", "none", 0, 0, 0, 0, 0, 0, 1, 0, 0),
    ]


def test_churn_and_win_back_are_told_of_the_segments_that_can_be_lost_and_won_back(ten_people_today):
    assert ten_people_today.rows("""
        select strftime(period_start, '%Y-%m'), segment, churn_rate, retention_rate, win_back_rate
        from marts.kpi_customer_movement
        where segment_dimension = 'customer_segment' and (period_start, segment) in (
            (date '2023-07-01', 'first_time_buyer'), (date '2024-06-01', 'lost'), (date '2024-06-01', 'regular')
        )
        order by 1, 2
    """) == [
        ("2023-07", "first_time_buyer", 2 / 3, 1 / 3, None),
        ("2024-06", "lost", None, None, 1 / 3),
        ("2024-06", "regular", 0.0, 1.0, None),
    ]


def test_rates_are_null_where_nobody_could_have_moved(ten_people_today):
    assert ten_people_today.rows("""
        select strftime(period_start, '%Y-%m'), retention_rate, churn_rate, round(win_back_rate, 4),
            subscription_churn_rate
        from marts.kpi_customer_movement
        where segment_dimension = 'all'
            and period_start in (date '2022-01-01', date '2023-07-01', date '2024-01-01', date '2024-06-01')
        order by 1
    """) == [
        ("2022-01", None, None, None, None),
        ("2023-07", 1 / 3, 2 / 3, None, 0.0),
        ("2024-01", 1.0, 0.0, 0.0, 1.0),
        ("2024-06", 1.5, 0.0, 0.3333, None),
    ]


def test_a_month_in_which_a_cohort_bought_nothing_counts_zero(ten_people_today):
    assert ten_people_today.rows("""
        select months_since_first_order, active_count, retention_rate, revenue_amount::varchar
        from marts.kpi_cohort_retention
        where cohort_month = date '2023-10-01' and months_since_first_order between 0 and 3
        order by 1
    """) == [(0, 1, 1.0, "40.00"), (1, 0, 0.0, "0.00"), (2, 1, 1.0, "50.00"), (3, 0, 0.0, "0.00")]


def test_a_month_that_is_not_over_has_no_retention_rate(ten_people_earlier):
    ten_people_earlier.execute("update ops.run_context set as_of = '2023-12-30', as_of_end = '2023-12-30 23:00'")
    try:
        ten_people_earlier.dbt("run", "-s", "business_months", "kpi_cohort_retention")
        found = ten_people_earlier.rows("""
            select retention_rate, active_count, is_complete from marts.kpi_cohort_retention
            where cohort_month = date '2023-10-01' and period_month = date '2023-12-01'
        """)
    finally:
        ten_people_earlier.execute("update ops.run_context set as_of = '2023-12-31', as_of_end = '2023-12-31 23:00'")
        ten_people_earlier.dbt("run", "-s", "business_months", "kpi_cohort_retention")
    assert found == [(None, 1, False)]


def test_conversions_of_a_mature_cohort_and_of_one_that_is_not(ten_people_today):
    assert ten_people_today.rows("""
        select cohort_month, entered_count, converted_count, conversion_rate, open_count, is_mature
        from marts.kpi_stage_conversion
        where model = 'three_r' and from_stage = 'first_time_buyer' and to_stage = 'repeat_buyer'
            and (cohort_month = date '2023-10-01' or cohort_month = date '2024-05-01')
        order by 1
    """) == [(date(2023, 10, 1), 1, 1, 1.0, 0, True), (date(2024, 5, 1), 1, 0, None, 1, False)]


def test_summary_keeps_numerator_and_denominator(ten_people_today):
    assert ten_people_today.rows("""
        select kpi, value, numerator, denominator from marts.kpi_summary
        where segment = 'all' and (
            (kpi in ('average_transaction_value', 'purchase_frequency') and period_start = date '2024-06-01')
            or (kpi = 'nps' and period_start = date '2024-05-01')
        )
        order by 1
    """) == [
        ("average_transaction_value", 25.0, 50.0, 2.0),
        ("nps", 100.0, 100.0, 1.0),
        ("purchase_frequency", 1.0, 1.0, 1.0),
    ]


def test_every_mart_says_its_as_of(ten_people_today):
    tables = ten_people_today.rows("select table_name from duckdb_tables() where schema_name = 'marts' order by 1")
    days = {name: ten_people_today.rows(f"select distinct as_of from marts.{name}") for (name,) in tables}
    assert {name: found for name, found in days.items() if found not in ([], [(date(2024, 6, 30),)])} == {}
