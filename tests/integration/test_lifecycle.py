"""Where ten people stand in the four lifecycle models, worked out by hand, today and half a year earlier."""

import shutil
from datetime import datetime

from tests.integration.ten_people import HALF_A_YEAR_EARLIER, TODAY
from tests.integration.tiny_company import TinyCompany

# person: six_phase, relationship, three_r, experience
STAGES_TODAY = {
    "ann": ("retention", "degeneration", "regular", "loyalty"),
    "bob": ("reactivation", "win_back", "lost", "product_and_support"),
    "cookie-c": ("awareness", "lead_generation", "prospect", "awareness"),
    "dan": ("awareness", "lead_generation", "lead", "awareness"),
    "eve": ("consideration", "lead_generation", "trial", "evaluation"),
    "fay": ("retention", "loyalty_growth", "reactivated", "loyalty"),
    "gus": ("advocacy", "bonding", "first_time_buyer", "loyalty"),
    "hal": ("reactivation", "win_back", "lost", "product_and_support"),
    "ivy": ("consideration", "closing", "opportunity", "purchase"),
    "jon": ("consideration", "lead_generation", "opportunity", "awareness"),
}
STAGES_EARLIER = {
    "ann": ("retention", "loyalty_growth", "repeat_buyer", "loyalty"),
    "bob": ("reactivation", "win_back", "lost", "product_and_support"),
    "fay": ("reactivation", "win_back", "lost", "product_and_support"),
    "hal": ("purchase", "bonding", "first_time_buyer", "product_and_support"),
}
STAGES_OF_PEOPLE = """
    select
        split_part(any_value(identifiers.identifier_value), ':', -1) as person,
        any_value((six_phase_stage, relationship_subphase, customer_segment, experience_stage)) as stages
    from marts.customer_profile
    join marts.customer_identifiers as identifiers using (customer_id)
    where identifiers.identifier_type = 'contact_id' or identifiers.identifier_value = 'cookie-c'
    group by customer_id
"""


def stays_until(company, day):
    """Who entered which stage when, by the end of `day` in winter in Europe/Berlin."""
    return company.rows(f"""
        select customer_id, model, stage, entered_at, entered_by_rule, cycle_number
        from marts.customer_stage_history
        where entered_at < timestamp '{day}' + interval '23' hour order by all
    """)


def person(company, contact, columns):
    (row,) = company.rows(f"""
        select {columns} from marts.customer_profile
        join marts.customer_identifiers as identifiers using (customer_id)
        where identifiers.identifier_value = 'files:{contact}'
    """)
    return row


def test_everybody_stands_where_the_rules_say(ten_people_today):
    assert {name: tuple(stages) for name, stages in ten_people_today.rows(STAGES_OF_PEOPLE)} == STAGES_TODAY


def test_an_earlier_day_knows_nothing_of_what_came_later(ten_people_earlier):
    stages = ten_people_earlier.rows(STAGES_OF_PEOPLE)
    assert {name: tuple(places) for name, places in stages} == STAGES_EARLIER


def test_the_history_up_to_an_earlier_day_is_the_same_seen_from_today(ten_people_today, ten_people_earlier):
    assert stays_until(ten_people_today, HALF_A_YEAR_EARLIER) == stays_until(ten_people_earlier, HALF_A_YEAR_EARLIER)


def test_lost_is_entered_at_the_instant_the_threshold_ended_not_when_the_job_ran(ten_people_today):
    assert person(ten_people_today, "bob", "lost_at, lapse_threshold_days, is_lost") == (
        datetime(2023, 7, 4, 10),
        540,
        True,
    )
    assert person(ten_people_today, "hal", "lost_at, is_lost") == (datetime(2024, 3, 1, 10), True)


def test_who_came_back_is_a_customer_again_in_a_second_period(ten_people_today):
    assert person(ten_people_today, "fay", "is_reactivated, is_lost, three_r_entered_at") == (
        True,
        False,
        datetime(2024, 6, 1, 10),
    )


def test_a_churned_customer_keeps_the_furthest_stage_beside_the_present_one(ten_people_today):
    assert person(ten_people_today, "bob", "six_phase_high_water, three_r_high_water, relationship_high_water") == (
        "purchase",
        "first_time_buyer",
        "bonding",
    )


def test_money_is_net_of_refunds_and_without_test_orders(ten_people_today):
    assert [
        str(value) for value in person(ten_people_today, "ann", "order_count, revenue_amount, refunded_amount")
    ] == [
        "4",
        "190.00",
        "10.00",
    ]
    assert person(ten_people_today, "dan", "order_count")[0] == 0


def test_an_anonymous_visitor_has_a_profile_with_a_channel(ten_people_today):
    assert ten_people_today.rows("""
        select is_identified, acquisition_channel, identified_at from marts.customer_profile
        where customer_id in (select customer_id from marts.customer_identifiers where identifier_value = 'cookie-c')
    """) == [(False, "paid_search", None)]


def test_running_twice_changes_nothing(ten_people_today, tmp_path):
    company = TinyCompany(shutil.copytree(ten_people_today.directory, tmp_path / "company"))
    before = company.rows("select * from marts.customer_profile order by all")
    touchpoints = company.rows("select * from lifecycle.touchpoints order by all")
    company.build(TODAY, "run", "-s", "touchpoints", "stage_stays", "customer_profile")
    assert company.rows("select * from marts.customer_profile order by all") == before
    assert company.rows("select * from lifecycle.touchpoints order by all") == touchpoints
