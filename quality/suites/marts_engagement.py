"""Gate 3, the marts about what people do between purchases: engagement, recommendations, questions to support."""

from __future__ import annotations

from quality.suites.mart import Mart, subject_of

_engagement = subject_of("kpi_engagement")
_referrals = subject_of("kpi_referrals")
_support = subject_of("kpi_support")

ENGAGEMENT = Mart(
    "kpi_engagement",
    key=("period_start", "channel", "variant"),
    columns=("is_complete",),
    counts=("numerator", "denominator", "engagement_rate"),
    statements=(
        _engagement.one_of("channel", ("email", "web", "social", "loyalty", "overall")),
        _engagement.none(
            "shares_lie_between_0_and_1",
            "Everywhere but in social networks the engagement rate is a share.",
            "select 1 from marts.kpi_engagement where channel <> 'social' and engagement_rate > 1",
        ),
        _engagement.none(
            "opens_by_any_are_at_most_those_by_people_and_machines",
            "Mails opened by anybody are no more than those opened by people and by machines together, and no fewer.",
            """select period_start from marts.kpi_engagement where channel = 'email' group by period_start
            having max(numerator) filter (where variant = 'any_open') not between
                max(numerator) filter (where variant in ('human_open', 'machine_open'))
                and sum(numerator) filter (where variant in ('human_open', 'machine_open'))""",
        ),
    ),
)

REFERRALS = Mart(
    "kpi_referrals",
    key=("period_start",),
    columns=("is_complete",),
    rates=("referral_rate", "review_rate", "recommended_customer_rate"),
    counts=(
        *("active_customer_count", "referrer_count", "referral_count", "reviewer_count", "review_count"),
        *("new_customer_count", "recommended_customer_count"),
    ),
    statements=(
        _referrals.ordered("referrer_count", "referral_count"),
        _referrals.ordered("reviewer_count", "review_count"),
        _referrals.none(
            "new_customers_are_those_of_the_movement",
            "New customers of a month are those of the customer movement.",
            """select 1 from marts.kpi_referrals
            join marts.kpi_customer_movement as movement using (period_start)
            where movement.segment_dimension = 'all'
                and movement.new_count <> kpi_referrals.new_customer_count""",
            reads=("marts.kpi_customer_movement",),
        ),
    ),
)

SUPPORT = Mart(
    "kpi_support",
    key=("period_start", "channel"),
    columns=("is_complete",),
    rates=("self_service_rate", "abandoned_purchase_rate"),
    counts=(
        *("ticket_count", "customer_count", "self_service_count", "open_count", "median_first_response_hours"),
        *("median_resolution_hours", "buying_question_count", "unanswered_question_count", "abandoned_purchase_count"),
    ),
    statements=(
        _support.ordered("abandoned_purchase_count", "unanswered_question_count"),
        _support.ordered("unanswered_question_count", "buying_question_count"),
        _support.ordered("buying_question_count", "ticket_count"),
        _support.ordered("self_service_count", "ticket_count"),
    ),
)

MARTS = (ENGAGEMENT, REFERRALS, SUPPORT)
