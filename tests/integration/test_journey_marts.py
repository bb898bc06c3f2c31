"""Journeys, occasions and segments of a dozen people, each figure worked out by hand from the tables below."""

from datetime import date

import pytest

from tests.integration.tiny_company import TinyCompany

TODAY = date(2024, 6, 30)

CONTACTS = """
contact_id | email           | phone        | street | city   | country | birth_date | company_id | created_at
ann        | ann@example.com |              |        |        | DE      |            |            | 2024-06-25T10:00:00Z
bob        | bob@example.com |              |        |        | DE      |            |            | 2024-06-18T10:00:00Z
cay        | cay@example.com |              |        |        | DE      |            |            | 2024-06-20T09:00:00Z
dan        | dan@example.com | +49301234567 |        |        | DE      |            |            | 2024-05-20T09:00:00Z
eve        | eve@example.com |              | Allee 1 | Berlin | DE     |            |            | 2024-03-10T09:00:00Z
fay        |                 |              |        |        | DE      |            |            | 2023-10-01T09:00:00Z
gus        | gus@example.com |              |        |        | DE      |            |            | 2023-07-15T09:00:00Z
hal        | hal@example.com |              |        |        | DE      | 1990-07-04 |            | 2024-01-01T10:00:00Z
ivy        | ivy@example.com |              |        |        | DE      |            | acme       | 2024-01-05T10:00:00Z
jon        | jon@example.com |              |        |        | AT      |            |            | 2024-03-01T10:00:00Z
kim        | kim@example.com |              |        |        | DE      |            | acme       | 2024-01-05T10:00:00Z
lou        | lou@example.com |              |        |        | DE      | 1990-07-08 |            | 2024-01-01T10:00:00Z
"""
COMPANIES = """
company_id | name | industry | employee_count | created_at
acme       | Acme | software | 120            | 2024-01-01T10:00:00Z
"""
ORDERS = """
order_id | contact_id | ordered_at        | status    | net_amount | currency
c1       | cay        | 2024-06-20 10:00Z | fulfilled | 20.00      | EUR
d1       | dan        | 2024-05-20 10:00Z | fulfilled | 30.00      | EUR
e1       | eve        | 2024-03-10 10:00Z | fulfilled | 10.00      | EUR
e2       | eve        | 2024-04-10 10:00Z | fulfilled | 10.00      | EUR
e3       | eve        | 2024-05-11 10:00Z | fulfilled | 10.00      | EUR
f1       | fay        | 2023-10-01 10:00Z | fulfilled | 10.00      | EUR
f2       | fay        | 2023-11-01 10:00Z | fulfilled | 10.00      | EUR
f3       | fay        | 2023-12-01 10:00Z | fulfilled | 10.00      | EUR
"""
SUBSCRIPTIONS = """
subscription_id | contact_id | trial_started_at  | trial_ends_at     | started_at        | term_ends_at      | mrr_amount | currency
s1              | bob        | 2024-06-18 10:00Z | 2024-07-02 10:00Z |                   |                   | 15.00      | EUR
s2              | gus        |                   |                   | 2023-07-15 10:00Z | 2024-07-15 10:00Z | 15.00      | EUR
"""  # noqa: E501
CONSENTS = """
consent_id | contact_id | channel | status    | occurred_at
n1         | ann        | email   | confirmed | 2024-06-25T10:05:00Z
n2         | cay        | email   | granted   | 2024-06-20T09:00:00Z
n3         | cay        | email   | revoked   | 2024-06-21T09:00:00Z
n4         | dan        | phone   | granted   | 2024-05-20T09:00:00Z
n5         | eve        | post    | granted   | 2024-03-10T09:00:00Z
n6         | gus        | email   | requested | 2023-07-15T09:00:00Z
n7         | hal        | email   | granted   | 2024-01-01T10:00:00Z
"""
WEB_EVENTS = """
event_id | anonymous_id | email           | event            | occurred_at
w1       | cookie-j     | jon@example.com | page_view        | 2024-03-02T10:00:00Z
w2       | cookie-j     | jon@example.com | product_view     | 2024-03-02T10:30:00Z
w3       | cookie-j     | jon@example.com | product_view     | 2024-03-03T10:30:00Z
w4       | cookie-j     | jon@example.com | page_view        | 2024-06-25T10:30:00Z
w5       | cookie-a     | ann@example.com | add_to_cart      | 2024-06-28T10:00:00Z
w6       | cookie-a     | ann@example.com | checkout_started | 2024-06-28T10:05:00Z
"""
EMAIL_EVENTS = """
event_id | email           | campaign_id | type      | occurred_at
m1       | jon@example.com | spring      | delivered | 2024-03-10T10:00:00Z
"""
SURVEYS = """
response_id | contact_id | survey_type | score | scale_min | scale_max | responded_at
r1          | jon        | csat        | 4     | 1         | 5         | 2024-03-05T10:30:00Z
r2          | ivy        | nps         | 10    | 0         | 10        | 2024-02-05T10:00:00Z
r3          | kim        | nps         | 8     | 0         | 10        | 2024-02-05T10:00:00Z
"""


@pytest.fixture(scope="module")
def dozen(tmp_path_factory):
    company = TinyCompany(tmp_path_factory.mktemp("dozen"))
    company.deliver(
        crm__contacts=CONTACTS,
        crm__companies=COMPANIES,
        crm__orders=ORDERS,
        crm__subscriptions=SUBSCRIPTIONS,
        crm__consents=CONSENTS,
        crm__survey_responses=SURVEYS,
        web__events=WEB_EVENTS,
        email__events=EMAIL_EVENTS,
    )
    company.build(TODAY)
    return company


def test_every_occasion_is_found_with_its_day_its_evidence_and_the_way_to_the_person(dozen):
    found = dozen.rows("""
        select split_part(identifier.identifier_value, ':', -1), candidate.trigger,
            due_on::varchar, expires_on::varchar, split_part(evidence_touchpoint_id, ':', 1),
            coalesce(candidate.channel, candidate.reason_not_contactable), is_contactable
        from marts.trigger_candidates as candidate
        join marts.customer_identifiers as identifier
            on identifier.customer_id = candidate.customer_id and identifier.identifier_type = 'contact_id'
        order by 1, 2
    """)
    assert found == [
        # who, trigger, due on, until, evidence, channel or reason, contactable
        ("ann", "abandoned_cart", "2024-06-29", "2024-07-05", "web_events", "email", True),
        ("ann", "welcome", "2024-06-25", "2024-07-02", "crm_contacts", "email", True),
        ("bob", "trial_ending", "2024-06-29", "2024-07-02", "crm_subscriptions", "no_consent", False),
        ("cay", "review_request", "2024-06-27", "2024-07-11", "crm_orders", "consent_withdrawn", False),
        ("dan", "second_purchase", "2024-06-10", None, "crm_orders", "phone", True),
        # Gaps of 31 days: lost after 90 days, overdue after half of them.
        ("eve", "overdue", "2024-06-25", None, "crm_orders", "post", True),
        ("fay", "win_back", "2024-02-29", None, "crm_orders", "no_address", False),
        ("gus", "contract_ending", "2024-06-15", "2024-07-15", "crm_subscriptions", "consent_not_confirmed", False),
        # Lou's birthday is eight days away.
        ("hal", "birthday", "2024-07-04", "2024-07-04", None, "email", True),
    ]


def test_the_evidence_is_the_touchpoint_that_speaks_for_the_occasion(dozen):
    assert dozen.rows("""
        select candidate.trigger, touchpoint.touchpoint, touchpoint.occurred_at::date::varchar
        from marts.trigger_candidates as candidate
        join marts.customer_touchpoints as touchpoint
            on touchpoint.touchpoint_id = candidate.evidence_touchpoint_id
            and touchpoint.customer_id = candidate.customer_id
        order by 1
    """) == [
        ("abandoned_cart", "checkout_started", "2024-06-28"),
        ("contract_ending", "contract_started", "2023-07-15"),
        ("overdue", "order_paid", "2024-05-11"),
        ("review_request", "order_paid", "2024-06-20"),
        ("second_purchase", "order_paid", "2024-05-20"),
        ("trial_ending", "subscription_trial_started", "2024-06-18"),
        ("welcome", "contact_created", "2024-06-25"),
        ("win_back", "order_paid", "2023-12-01"),
    ]


def test_the_profile_names_the_occasion_that_comes_first(dozen):
    assert dozen.rows("""
        select email, next_best_trigger from marts.customer_profile
        where email in ('ann@example.com', 'lou@example.com') order by 1
    """) == [("ann@example.com", "abandoned_cart"), ("lou@example.com", None)]


def test_a_journey_goes_on_breaks_off_or_is_open(dozen):
    assert dozen.rows("""
        select stage, touchpoint, people_count, touchpoint_count, continued_count, drop_off_count, open_count,
            drop_off_rate, round(median_wait_days, 4), csat_response_count, mean_csat_score
        from marts.journey_map
        where model = 'six_phase' and segment_dimension = 'country' and segment = 'AT'
        order by 1, 2
    """) == [
        # Jon's contact record is followed by his visit a day later; he answers three days after that.
        ("awareness", "contact_created", 1, 1, 1, 0, 0, 0.0, 1.0, 1, 4.0),
        ("awareness", "page_view", 1, 1, 1, 0, 0, 0.0, 0.0208, 1, 4.0),
        ("consideration", "csat_response", 1, 1, 0, 1, 0, 1.0, None, 0, None),
        # He does nothing for more than 30 days after the mail, and his last visit is five days ago.
        ("consideration", "email_delivered", 1, 1, 0, 1, 0, 1.0, None, 0, None),
        ("consideration", "page_view", 1, 1, 0, 0, 1, None, None, 0, None),
        # One day to the second view, two to the answer.
        ("consideration", "product_view", 1, 2, 2, 0, 0, 0.0, 1.5, 1, 4.0),
    ]


def test_transitions_are_shares_of_what_people_did_next(dozen):
    assert dozen.rows("""
        select stage, from_touchpoint, to_touchpoint, people_count, transition_count, share
        from marts.journey_transitions
        where model = 'six_phase' and from_touchpoint in ('page_view', 'product_view', 'email_delivered', 'add_to_cart')
        order by 1, 2, 3
    """) == [
        ("awareness", "page_view", "product_view", 1, 1, 1.0),
        ("consideration", "add_to_cart", "checkout_started", 1, 1, 1.0),
        ("consideration", "email_delivered", "journey_end", 1, 1, 1.0),
        ("consideration", "product_view", "csat_response", 1, 1, 0.5),
        ("consideration", "product_view", "product_view", 1, 1, 0.5),
    ]


def test_segments_of_business_customers_carry_their_industry_and_size(dozen):
    assert dozen.rows("""
        select customer_type, company_industry, company_size_band, country, people_count, nps_response_count, nps
        from marts.segment_profile
        where customer_type = 'business'
    """) == [("business", "software", "50-249", "DE", 2, 2, 50.0)]


def test_segments_of_buyers_carry_their_revenue(dozen):
    assert dozen.rows("""
        select segment, people_count, buyer_count, order_count, revenue_amount::varchar,
            revenue_per_buyer_amount::varchar, contactable_count
        from marts.segment_profile
        where buyer_count > 0
        order by 1
    """) == [
        ("first_time_buyer", 3, 2, 2, "50.00", "25.00", 1),
        ("lost", 1, 1, 3, "30.00", "30.00", 0),
        ("repeat_buyer", 1, 1, 3, "30.00", "30.00", 1),
    ]
