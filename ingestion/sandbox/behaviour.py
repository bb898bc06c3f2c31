"""How people of the sample company behave: every rate, share and delay of the simulation in one frozen object.

Only numbers live here. Words (names, products, channels) are in `vocabulary.py`; the mechanisms that use the numbers
are in the modules of their domain.
"""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400
HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Rates and shares; delays in days unless the name says otherwise."""

    # Who exists. Business people are employees of client companies; the rest are consumers.
    people_per_chunk: int = 20_000
    business_share: float = 0.06
    people_per_company: int = 4
    household_share: float = 0.24
    people_per_household: int = 2
    visitor_share: float = 0.44
    lead_share: float = 0.24
    growth_per_year: float = 0.25

    # From first touch to identification and purchase.
    signup_delay_median: float = 4.0
    first_order_delay_median: float = 9.0
    delay_sigma: float = 1.1
    early_signup_share: float = 0.35
    account_share: float = 0.62
    phone_share: float = 0.7
    contact_share: float = 0.93
    second_device_share: float = 0.35
    second_device_use: float = 0.3
    cookie_renewal_share: float = 0.3

    # Purchases: BG/NBD in seasonal time (rates per day), Gamma-Gamma values in euros.
    rate_shape: float = 1.1
    rate_scale: float = 0.012
    dropout_alpha: float = 0.9
    dropout_beta: float = 5.0
    return_share: float = 0.12
    return_gap_mean: float = 260.0
    value_p: float = 6.0
    value_q: float = 4.0
    value_gamma: float = 36.0
    orders_per_person_max: int = 80
    coupon_share: float = 0.14
    cancelled_share: float = 0.03
    refund_share: float = 0.05
    full_refund_share: float = 0.5
    test_order_share: float = 0.002

    # Sessions on the web.
    visitor_sessions: float = 1.2
    lead_sessions: float = 6.0
    buyer_sessions: float = 5.0
    sessions_per_order: float = 2.4
    visits_per_month: float = 0.9
    visiting_days: float = 240.0
    body_events: float = 4.0
    dwell_median_seconds: float = 24.0
    login_share: float = 0.45

    # Subscriptions.
    trial_share: float = 0.1
    trial_days: int = 14
    trial_conversion: float = 0.46
    annual_share: float = 0.3
    monthly_churn: float = 0.055
    resubscribe_share: float = 0.15

    # E-mail.
    subscriber_share: float = 0.5
    confirmed_share: float = 0.86
    machine_opener_share: float = 0.28
    bounce_share: float = 0.012
    unsubscribe_share: float = 0.004
    complaint_share: float = 0.0004
    open_mean: float = 0.32
    click_given_open: float = 0.13
    promotion_holdout: float = 0.1
    win_back_holdout: float = 0.2
    promotion_lift: float = 0.012
    win_back_lift: float = 0.05
    win_back_silence_days: int = 150

    # Service, satisfaction and advocacy.
    tickets_per_order: float = 0.09
    self_service_share: float = 0.3
    unanswered_share: float = 0.06
    survey_per_order: float = 0.12
    survey_per_ticket: float = 0.3
    review_per_order: float = 0.06
    loyalty_share: float = 0.3
    redeem_share: float = 0.12
    leave_share: float = 0.04
    handle_share: float = 0.14
    interactions_mean: float = 7.0
    referral_miss_share: float = 0.5

    # Adversity.
    shared_device_share: float = 0.3
    family_mailbox_share: float = 0.15
    family_phone_share: float = 0.35
    role_mailbox_share: float = 0.25
    recycled_phone_share: float = 0.04
    national_phone_share: float = 0.15
    typo_share: float = 0.02
    plus_tag_share: float = 0.02
    gmail_share: float = 0.12
    upper_case_share: float = 0.03
    duplicate_contact_share: float = 0.03
    merged_share: float = 0.75
    deleted_contact_share: float = 0.02
    late_share: float = 0.003
    late_days_max: int = 25
    duplicate_share: float = 0.002
