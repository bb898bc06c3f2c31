"""Deliveries drawn at random: contacts, consents, all kinds of events, overrides, rates, and a vendor's files.

The same record comes again, corrected, deleted, late, early, with other identifiers, before or after the date of the
run; a vendor's file of events is replaced as a whole by a newer delivery.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from ingestion.contract import entity_named

START = datetime(2024, 1, 1, 12)
DAY = st.integers(min_value=0, max_value=12)
TIME = DAY.map(lambda days: START + timedelta(days=days))
MAYBE_TIME = st.none() | TIME
EMAIL = st.sampled_from(["a@example.com", "B@example.com", "b@example.com", "c@example.com"])
CONTACT_ID, USER, DEVICE = (st.sampled_from([f"{kind}{number}" for number in (1, 2, 3)]) for kind in "cud")


def keys(kind: str, count: int) -> st.SearchStrategy[str]:
    """Few keys, so that a record comes often."""
    return st.sampled_from([f"{kind}{number}" for number in range(count)])


def one_of(table: str, column: str, *values: str) -> st.SearchStrategy[str]:
    """Some of the values the contract lets through: others never get behind the inbox."""
    choices = entity_named(table).column(column).choices
    assert set(values) <= set(choices), f"{table}.{column} is one of {choices}"
    return st.sampled_from(values)


ROWS = {
    "crm_contacts": st.fixed_dictionaries(
        {
            "contact_id": CONTACT_ID,
            "email": st.none() | EMAIL,
            "user_id": st.none() | USER,
            "merged_into_contact_id": st.none() | st.none() | CONTACT_ID,
            "created_at": TIME,
            "updated_at": MAYBE_TIME,
            "deleted_at": st.none() | MAYBE_TIME,
        }
    ),
    "crm_consents": st.fixed_dictionaries(
        {
            "consent_id": keys("n", 2),
            "contact_id": st.none() | CONTACT_ID,
            "email": st.none() | EMAIL,
            "channel": st.just("email"),
            "status": one_of("crm_consents", "status", "granted", "revoked"),
            "occurred_at": TIME,
        }
    ),
    "web_events": st.fixed_dictionaries(
        {
            "event_id": keys("w", 4),
            "anonymous_id": DEVICE,
            "user_id": st.none() | USER,
            "event": one_of("web_events", "event", "page_view", "product_view", "login"),
            "occurred_at": TIME,
            "value_amount": st.none() | st.just(10),
            "currency": st.sampled_from([None, "EUR", "USD"]),
        }
    ),
    "email_events": st.fixed_dictionaries(
        {
            "event_id": keys("m", 3),
            "email": EMAIL,
            "type": one_of("email_events", "type", "open", "click"),
            "occurred_at": TIME,
        }
    ),
    "reference_identity_overrides": st.fixed_dictionaries(
        {
            "override_id": keys("o", 3),
            "action": one_of("reference_identity_overrides", "action", "always_link", "never_link"),
            "left_type": st.just("user_id"),
            "left_value": USER,
            "right_type": st.just("email"),
            "right_value": EMAIL,
            "reason": st.just("drawn"),
            "created_at": TIME,
        }
    ),
    "reference_fx_rates": st.fixed_dictionaries(
        {"rate_date": TIME.map(datetime.date), "currency": st.just("USD"), "rate_to_reporting": st.just(0.5)}
    ),
}
SOMEBODY = {"contact_id": st.none() | CONTACT_ID, "email": st.none() | EMAIL}
# What people do besides; drawn together as often as one of the tables above, so that those stay dense.
REACTIONS = {
    "crm_activities": {"activity_id": keys("a", 2), "contact_id": CONTACT_ID, "type": ("call", "demo")},
    "crm_loyalty_events": {"event_id": keys("l", 2), **SOMEBODY, "type": ("enrolled", "redeem")},
    "crm_referrals": {
        "referral_id": keys("f", 2),
        "referrer_contact_id": st.none() | CONTACT_ID,
        "referrer_email": st.none() | EMAIL,
        "referred_email": EMAIL,
    },
    "crm_reviews": {"review_id": keys("r", 2), **SOMEBODY, "rating": st.sampled_from([1, 5])},
    "crm_survey_responses": {
        "response_id": keys("s", 2),
        **SOMEBODY,
        "survey_type": ("nps", "csat"),
        "score": st.sampled_from([1, 5]),
    },
    "email_campaign_members": {"campaign_id": keys("g", 2), **SOMEBODY, "group": ("holdout", "treated")},
    "social_interactions": {
        "interaction_id": keys("i", 2),
        "platform": st.just("instagram"),
        "handle": st.sampled_from(["@ann", "@bob"]),
        "email": st.none() | EMAIL,
        "type": ("comment", "like"),
    },
}
TIMES = {"crm_survey_responses": "responded_at", "email_campaign_members": "assigned_at"}
ROWS |= {
    table: st.fixed_dictionaries(
        {
            **{name: one_of(table, name, *of) if isinstance(of, tuple) else of for name, of in columns.items()},
            TIMES.get(table, "occurred_at"): TIME,
        }
    )
    for table, columns in REACTIONS.items()
}
# A vendor's file is replaced as a whole by a newer delivery of its unit, which perhaps lacks some of the events.
UNIT = st.sampled_from(["monday", "tuesday"])
EXPORTS = {
    "segment": st.tuples(UNIT, st.lists(st.tuples(keys("x", 4), st.none() | USER), min_size=1, max_size=3)),
    # An event stays what it is, whatever file it is in.
    "sendgrid": st.tuples(
        UNIT,
        st.lists(
            st.sampled_from([("x0", "open"), ("x1", "open"), ("x2", "unsubscribe"), ("x3", "unsubscribe")]),
            min_size=1,
            max_size=3,
        ),
    ),
}
TABLE = st.sampled_from([*(name for name in ROWS if name not in REACTIONS), *EXPORTS, ""]).flatmap(
    lambda name: st.just(name) if name else st.sampled_from([*REACTIONS])
)


def files_of(name: str) -> st.SearchStrategy[tuple[str, object]]:
    """A delivered file of a table, or of the vendor whose files are replaced."""
    rows = EXPORTS[name] if name in EXPORTS else st.lists(ROWS[name], min_size=1, max_size=4)
    return st.tuples(st.just(name), rows)


def steps_of(tables: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[list[tuple[str, object]], date]]]:
    """Two or three deliveries of files of these tables, each with the date of the run after it."""
    as_of = DAY.map(lambda days: (START + timedelta(days=days)).date())
    files = st.lists(tables.flatmap(files_of), min_size=1, max_size=5)
    return st.lists(st.tuples(files, as_of), min_size=2, max_size=3)


STEPS = steps_of(TABLE)
