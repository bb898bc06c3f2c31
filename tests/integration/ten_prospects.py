"""Ten people a small shop wants to win, as the tables their company would deliver: ads, mails, visits, questions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.integration.tiny_company import TinyCompany

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2024, 6, 30)

CONTACTS = """
contact_id | email             | lead_source | created_at
ada        | ada@example.com   |             | 2024-05-15T12:00:00Z
ben        | ben@example.com   |             | 2024-06-02T12:00:00Z
cia        | cia@example.com   |             | 2024-05-20T12:00:00Z
dov        | dov@example.com   |             | 2024-06-01T12:00:00Z
fee        | fee@example.com   | fair        | 2024-05-10T12:00:00Z
gil        | gil@example.com   |             | 2024-06-10T10:00:00Z
hanna      | hanna@example.com |             | 2024-05-15T12:00:00Z
ian        | ian@example.com   |             | 2024-04-11T12:00:00Z
joy        | joy@example.com   |             | 2024-01-10T12:00:00Z
"""
# Order x1 is of nobody known: the tenth.
ORDERS = """
order_id | contact_id | ordered_at        | status | net_amount | cost_amount | currency | channel
a1       | ada        | 2024-05-15 12:00Z | paid   | 100.00     | 60.00       | EUR      | online
b1       | ben        | 2024-06-02 12:00Z | paid   | 50.00      |             | EUR      | online
d1       | dov        | 2024-06-01 12:00Z | paid   | 30.00      |             | EUR      | online
f1       | fee        | 2024-05-20 12:00Z | paid   | 60.00      |             | EUR      | online
h1       | hanna      | 2024-05-16 12:00Z | paid   | 40.00      | 15.00       | EUR      | online
i0       | ian        | 2024-05-10 12:00Z | paid   | 25.00      |             | EUR      | online
j1       | joy        | 2024-01-10 12:00Z | paid   | 10.00      |             | EUR      | online
j2       | joy        | 2024-04-01 12:00Z | paid   | 10.00      |             | EUR      | online
x1       |            | 2024-06-05 12:00Z | paid   | 15.00      |             | EUR      | store
"""
ORDER_LINES = """
order_id | line_number | product_id | category | quantity | unit_price
a1       | 1           | p1         | tea      | 1        | 80.00
a1       | 2           | p2         | mugs     | 2        | 10.00
f1       | 1           | p1         | tea      | 1        | 60.00
"""
# Ada comes by a search ad, by search, then by the mail; Ben by the ad alone; Dov's ad is four months old when he buys.
WEB_EVENTS = """
event_id | anonymous_id | email           | event       | occurred_at          | utm_source | utm_medium | utm_campaign
w1       | cookie-a     | ada@example.com | page_view   | 2024-05-01T12:00:00Z | google     | cpc        | Spring
w2       | cookie-a     | ada@example.com | page_view   | 2024-05-08T12:00:00Z | google     | organic    |
w3       | cookie-a     | ada@example.com | page_view   | 2024-05-08T12:00:03Z |            |            |
w4       | cookie-b     | ben@example.com | page_view   | 2024-05-31T12:00:00Z | google     | cpc        | spring
w5       | cookie-b     | ben@example.com | login       | 2024-05-31T12:00:10Z |            |            |
w6       | cookie-c     | cia@example.com | page_view   | 2024-05-20T12:00:00Z | google     | organic    |
w7       | cookie-d     | dov@example.com | page_view   | 2024-02-01T12:00:00Z | facebook   | paidsocial |
w8       | cookie-g     | gil@example.com | add_to_cart | 2024-06-10T10:00:00Z |            |            |
"""
AD_SPEND = """
platform   | campaign_id | spend_date | campaign_name | channel     | impressions | clicks | spend_amount | currency
google_ads | G1          | 2024-05-01 | spring        | paid_search | 1000        | 20     | 30.00        | EUR
google_ads | G1          | 2024-06-02 | spring        | paid_search | 500         | 10     | 10.00        | USD
offline    | P1          | 2024-05-10 | poster        | offline     | 4000        |        | 12.00        | EUR
sales      | S1          | 2024-05-31 | salaries      |             |             |        | 188.00       | EUR
"""
FX_RATES = """
rate_date  | currency | rate_to_reporting
2024-01-01 | USD      | 0.9
"""
PAGE_METRICS = """
platform | page_id  | metric_date | impressions | reach | likes | comments | shares | saves | clicks | followers
facebook | our-page | 2024-05-05  | 300         | 200   | 8     | 1        | 1      |       | 6      | 50
"""
CAMPAIGNS = """
campaign_id | name       | sent_at              | channel | goal
M1          | may-letter | 2024-05-14T08:00:00Z | email   | promotion
"""
MEMBERS = """
campaign_id | contact_id | group   | assigned_at
M1          | ada        | treated | 2024-05-13T08:00:00Z
M1          | cia        | treated | 2024-05-13T08:00:00Z
M1          | gil        | treated | 2024-05-13T08:00:00Z
M1          | hanna      | holdout | 2024-05-13T08:00:00Z
M1          | ian        | holdout | 2024-05-13T08:00:00Z
"""
MAIL_EVENTS = """
event_id | email           | campaign_id | type        | occurred_at          | is_machine
m1       | ada@example.com | M1          | delivered   | 2024-05-14T08:00:05Z |
m2       | ada@example.com | M1          | open        | 2024-05-14T08:00:06Z | true
m3       | ada@example.com | M1          | click       | 2024-05-15T12:00:00Z | false
m4       | cia@example.com | M1          | delivered   | 2024-05-14T08:00:05Z |
m5       | cia@example.com | M1          | open        | 2024-05-14T09:00:00Z | false
m6       | gil@example.com | M1          | delivered   | 2024-05-14T08:00:05Z |
m7       | gil@example.com | M1          | unsubscribe | 2024-05-16T08:00:00Z |
"""
LOYALTY = """
event_id | loyalty_id | contact_id | type     | occurred_at
l1       | card-joy   | joy        | enrolled | 2024-04-10T12:00:00Z
l2       | card-joy   | joy        | scan     | 2024-05-03T12:00:00Z
l3       | card-ian   | ian        | enrolled | 2024-04-11T12:00:00Z
"""
REFERRALS = """
referral_id | referrer_contact_id | referred_email    | occurred_at
r1          | joy                 | hanna@example.com | 2024-05-15T12:00:00Z
"""
REVIEWS = """
review_id | contact_id | rating | occurred_at
v1        | joy        | 5      | 2024-06-05T12:00:00Z
"""
# Gil asks with a full cart and waits two days; Joy helps herself; nobody has answered Hanna yet.
TICKETS = """
ticket_id | contact_id | channel | opened_at            | first_response_at    | resolved_at          | is_self_service
t1        | gil        | chat    | 2024-06-10T11:00:00Z | 2024-06-12T11:00:00Z | 2024-06-12T13:00:00Z | false
t2        | joy        | portal  | 2024-06-01T11:00:00Z |                      | 2024-06-01T11:05:00Z | true
t3        | ada        | chat    | 2024-06-20T11:00:00Z | 2024-06-20T13:00:00Z | 2024-06-20T15:00:00Z | false
t4        | hanna      | chat    | 2024-06-28T11:00:00Z |                      |                      | false
"""
SURVEYS = """
response_id | contact_id | survey_type | score | scale_min | scale_max | responded_at
k1          | ian        | csat        | 4     | 1         | 5         | 2024-06-20T12:00:00Z
k2          | fee        | csat        | 2     | 1         | 5         | 2024-06-21T12:00:00Z
e1          | ian        | ces         | 6     | 1         | 7         | 2024-06-20T12:00:00Z
"""
TARGETS = """
kpi                  | period_start | segment | target_value
cost_per_acquisition | 2024-05-01   |         | 20
retention_rate       | 2024-05-01   |         | 0.9
"""


def ten_prospects(directory: Path) -> TinyCompany:
    """Their company, delivered, loaded and built."""
    company = TinyCompany(directory)
    company.deliver(
        crm__contacts=CONTACTS,
        crm__orders=ORDERS,
        crm__order_lines=ORDER_LINES,
        web__events=WEB_EVENTS,
        social__ad_spend=AD_SPEND,
        social__page_metrics=PAGE_METRICS,
        reference__fx_rates=FX_RATES,
        reference__kpi_targets=TARGETS,
        email__campaigns=CAMPAIGNS,
        email__campaign_members=MEMBERS,
        email__events=MAIL_EVENTS,
        crm__loyalty_events=LOYALTY,
        crm__referrals=REFERRALS,
        crm__reviews=REVIEWS,
        crm__tickets=TICKETS,
        crm__survey_responses=SURVEYS,
    )
    company.build(TODAY)
    return company
