"""Ten people of a small shop, as the tables their company would deliver; read them before the tests about them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.integration.tiny_company import TinyCompany

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2024, 6, 30)
HALF_A_YEAR_EARLIER = date(2023, 12, 31)

CONTACTS = """
contact_id | email           | lead_source | created_at
ann        | ann@example.com | newsletter  | 2023-10-01T10:00:00Z
bob        | bob@example.com |             | 2022-01-10T10:00:00Z
dan        | dan@example.com | fair        | 2024-05-01T10:00:00Z
eve        | eve@example.com |             | 2024-06-20T10:00:00Z
fay        | fay@example.com |             | 2022-01-15T10:00:00Z
gus        | gus@example.com |             | 2024-05-01T10:00:00Z
hal        | hal@example.com |             | 2023-01-01T10:00:00Z
ivy        | ivy@example.com |             | 2024-06-01T10:00:00Z
jon        | jon@example.com |             | 2024-06-01T10:00:00Z
"""
ORDERS = """
order_id | contact_id | ordered_at        | status    | net_amount | currency | channel
a1       | ann        | 2023-10-01 10:00Z | fulfilled | 40.00      | EUR      | online
a2       | ann        | 2023-12-01 10:00Z | fulfilled | 50.00      | EUR      | online
a4       | ann        | 2024-04-01 10:00Z | fulfilled | 50.00      | EUR      | online
b1       | bob        | 2022-01-10 10:00Z | paid      | 20.00      | EUR      | online
f1       | fay        | 2022-01-15 10:00Z | paid      | 30.00      | EUR      | online
f2       | fay        | 2024-06-01 10:00Z | paid      | 35.00      | EUR      | online
g1       | gus        | 2024-05-01 10:00Z | paid      | 80.00      | EUR      | online
x1       |            | 2024-06-05 10:00Z | paid      | 15.00      | EUR      | store
"""
# Partly refunded, a test, cancelled.
UNUSUAL_ORDERS = """
order_id | contact_id | ordered_at        | status    | net_amount | currency | refunded_amount | is_test | cancelled_at
a3       | ann        | 2024-02-01 10:00Z | fulfilled | 60.00      | EUR      | 10.00           | false   |
t1       | dan        | 2024-05-02 10:00Z | paid      | 99.00      | EUR      |                 | true    |
i1       | ivy        | 2024-06-20 10:00Z | cancelled | 70.00      | EUR      |                 | false   | 2024-06-21 10:00Z
"""  # noqa: E501
SUBSCRIPTIONS = """
subscription_id | contact_id | trial_started_at  | started_at        | ended_at          | mrr_amount | currency
s1              | hal        |                   | 2023-01-01 10:00Z | 2024-01-31 10:00Z | 15.00      | EUR
s2              | eve        | 2024-06-25 10:00Z |                   |                   | 15.00      | EUR
"""
DEALS = """
deal_id | contact_id | stage    | is_closed | is_won | created_at
d1      | jon        | proposal | false     | false  | 2024-06-02T10:00:00Z
"""
SURVEYS = """
response_id | contact_id | survey_type | score | responded_at
n1          | gus        | nps         | 10    | 2024-05-10T10:00:00Z
"""
CAMPAIGNS = """
campaign_id | name      | sent_at              | channel | goal
W1          | come-back | 2024-05-28T08:00:00Z | email   | win_back
"""
# Written to were two who are lost, and Ann, who is not.
MEMBERS = """
campaign_id | contact_id | group   | assigned_at
W1          | ann        | treated | 2024-05-27T08:00:00Z
W1          | bob        | treated | 2024-05-27T08:00:00Z
W1          | fay        | treated | 2024-05-27T08:00:00Z
"""
WEB_EVENTS = """
event_id | anonymous_id | email           | event            | occurred_at          | utm_source | utm_medium
w1       | cookie-c     |                 | page_view        | 2024-06-01T10:00:00Z | google     | cpc
w2       | cookie-i     | ivy@example.com | checkout_started | 2024-06-15T10:00:00Z |            |
w3       | cookie-c     |                 | page_view        | 2024-07-02T10:00:00Z |            |
"""


def ten_people(directory: Path) -> TinyCompany:
    """Their company, delivered and loaded, not yet built."""
    company = TinyCompany(directory)
    company.deliver(
        crm__contacts=CONTACTS,
        crm__orders=ORDERS,
        crm__subscriptions=SUBSCRIPTIONS,
        crm__deals=DEALS,
        crm__survey_responses=SURVEYS,
        web__events=WEB_EVENTS,
        email__campaigns=CAMPAIGNS,
        email__campaign_members=MEMBERS,
    )
    company.deliver(crm__orders=UNUSUAL_ORDERS)
    return company
