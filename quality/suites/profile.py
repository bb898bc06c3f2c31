"""Gate 2, conformed → profile: one row per person, complete, consistent with its history and with the money.

What is examined are the tables every mart is made from: conformed orders, the identifier map, touchpoints, stays and
the customer profile. The marts themselves are examined at gate 3.
"""

from __future__ import annotations

from quality.checks import Check, Severity
from quality.suites import identity
from quality.suites.vocabulary import Subject

ORDERS = "conformed.crm_orders"
IDENTIFIER_MAP = "identity.customer_identifiers_map"
CUSTOMERS = "identity.customers"
TOUCHPOINTS = "lifecycle.touchpoints"
PROFILE = "marts.customer_profile"
STAYS = "marts.customer_stage_history"
STAGES = "marts.lifecycle_stages"
MOVES = "lifecycle.lifecycle_moves"

_RULE_BROKEN = "Nothing is published. Find the model in dbt_project/ that makes the table, correct it, run again."

PROFILE_STAGE_COLUMNS = {
    "six_phase_stage": "six_phase",
    "relationship_subphase": "relationship",
    "customer_segment": "three_r",
    "experience_stage": "experience",
}


def checks() -> tuple[Check, ...]:
    """All checks of the tables behind the marts."""
    return (*_orders(), *_identity(), *_touchpoints(), *_profile(), *_profile_stages(), *_stays())


def _orders() -> tuple[Check, ...]:
    orders = Subject(ORDERS, _RULE_BROKEN)
    return (
        *orders.filled("record_key", "ordered_on", "revenue_amount"),
        orders.unique("record_key"),
        orders.none(
            "purchases_have_a_customer",
            "Every purchase belongs to a person of the identifier map.",
            f"""select 1 from {ORDERS} as orders
            where orders.is_purchase and not exists (
                select 1 from {IDENTIFIER_MAP} as identifiers
                where identifiers.identifier_key = orders.identifier_key
            )""",
            reads=(IDENTIFIER_MAP,),
            severity=Severity.WARN,
        ),
    )


def _identity() -> tuple[Check, ...]:
    identifiers = Subject(IDENTIFIER_MAP, _RULE_BROKEN)
    return (
        *identifiers.filled("identifier_key", "customer_id"),
        identifiers.unique("identifier_key"),
        identifiers.none(
            "every_customer_is_known",
            "Every identifier belongs to a person of identity.customers.",
            f"select customer_id from {IDENTIFIER_MAP} except select customer_id from {CUSTOMERS}",
            reads=(CUSTOMERS,),
        ),
        *identity.checks(),
    )


def _touchpoints() -> tuple[Check, ...]:
    touchpoints = Subject(TOUCHPOINTS, _RULE_BROKEN)
    return (
        *touchpoints.filled("touchpoint_id", "customer_id", "occurred_at", "touchpoint"),
        touchpoints.none(
            "every_customer_has_a_profile",
            "Every touchpoint belongs to a person with a profile.",
            f"select customer_id from {TOUCHPOINTS} except select customer_id from {PROFILE}",
            reads=(PROFILE,),
        ),
        touchpoints.figure(
            "web_touchpoints_do_not_outnumber_web_events",
            "There are not more touchpoints from the web than web events.",
            f"""select greatest(0, (select count(*) from {TOUCHPOINTS} where domain = 'web')
                - (select count(*) from conformed.web_events))""",
            reads=("conformed.web_events",),
            minimum=0,
            maximum=0,
        ),
    )


def _profile() -> tuple[Check, ...]:
    profile = Subject(PROFILE, _RULE_BROKEN)
    purchases = f"""select coalesce(sum(orders.revenue_amount), 0) from {ORDERS} as orders
        inner join {IDENTIFIER_MAP} as identifiers on identifiers.identifier_key = orders.identifier_key
        where orders.is_purchase"""
    return (
        profile.has_rows(),
        *profile.filled("customer_id", "as_of", *PROFILE_STAGE_COLUMNS),
        profile.unique("customer_id"),
        profile.is_at_as_of(),
        profile.none(
            "profiles_are_exactly_the_customers",
            "The profile holds every person of identity.customers to whom something happened, and nobody else.",
            f"""(select customer_id from {PROFILE} except select customer_id from {CUSTOMERS})
            union all (select customer_id from {TOUCHPOINTS} except select customer_id from {PROFILE})
            union all (select customer_id from {PROFILE} except select customer_id from {TOUCHPOINTS})""",
            reads=(CUSTOMERS, TOUCHPOINTS),
        ),
        profile.figure(
            "revenue_equals_the_orders",
            "The revenue of all profiles is the revenue of all purchases that belong to a person, to the cent.",
            f"select abs((select coalesce(sum(revenue_amount), 0) from {PROFILE}) - ({purchases}))",
            reads=(ORDERS, IDENTIFIER_MAP),
            minimum=0,
            maximum=0.004,
        ),
        profile.figure(
            "order_count_equals_the_orders",
            "The orders of all profiles are all purchases that belong to a person.",
            f"""select abs((select coalesce(sum(order_count), 0) from {PROFILE}) - (
                {purchases.replace("coalesce(sum(orders.revenue_amount), 0)", "count(*)")}))""",
            reads=(ORDERS, IDENTIFIER_MAP),
            minimum=0,
            maximum=0,
        ),
        profile.ordered("first_seen_at", "last_seen_at"),
        profile.ordered("first_order_at", "last_order_at"),
    )


def _profile_stages() -> tuple[Check, ...]:
    profile = Subject(PROFILE, _RULE_BROKEN)
    accepted = (
        profile.none(
            f"accepted__{column}",
            f"{column} is a stage of the model {model}.",
            f"""select 1 from {PROFILE} as profile where profile.{column} is not null and not exists (
                select 1 from {STAGES} as stages
                where stages.model = '{model}' and stages.stage = profile.{column}
            )""",
            reads=(STAGES,),
        )
        for column, model in PROFILE_STAGE_COLUMNS.items()
    )
    current = (
        profile.none(
            f"agrees_with_history__{column}",
            f"{column} is the stage of the current stay in the stage history.",
            f"""select 1 from {PROFILE} as profile
            left join {STAYS} as stays
                on stays.customer_id = profile.customer_id and stays.model = '{model}' and stays.is_current
            where stays.stage is distinct from profile.{column}""",
            reads=(STAYS,),
        )
        for column, model in PROFILE_STAGE_COLUMNS.items()
    )
    return (*accepted, *current)


def _stays() -> tuple[Check, ...]:
    stays = Subject(STAYS, _RULE_BROKEN)
    return (
        *stays.filled("customer_id", "model", "stage", "entered_at"),
        stays.ordered("entered_at", "left_at"),
        stays.none(
            "stages_are_declared",
            "Every stay is in a stage of lifecycle_stages.",
            f"select model, stage from {STAYS} except select model, stage from {STAGES}",
            reads=(STAGES,),
        ),
        stays.none(
            "moves_are_listed",
            "Every move between two stages is one the model allows.",
            f"""select 1 from {STAYS} as stays where not exists (
                select 1 from {MOVES} as moves
                where moves.model = stays.model and moves.to_stage = stays.stage
                    and moves.from_stage is not distinct from stays.previous_stage
            )""",
            reads=(MOVES,),
        ),
        *_stays_follow_each_other(stays),
        stays.none(
            "every_customer_has_a_profile",
            "Every stay belongs to a person with a profile.",
            f"select customer_id from {STAYS} except select customer_id from {PROFILE}",
            reads=(PROFILE,),
        ),
    )


def _stays_follow_each_other(stays: Subject) -> tuple[Check, ...]:
    return (
        stays.none(
            "stays_join_without_gap_or_overlap",
            "The stays of a person and model follow each other without gap and without overlap.",
            f"""select 1 from (
                select left_at, lead(entered_at) over stay_order as next_entered_at
                from {STAYS}
                window stay_order as (partition by customer_id, model order by entered_at, left_at nulls last)
            ) where next_entered_at is not null and left_at is distinct from next_entered_at""",
        ),
        stays.none(
            "one_current_stay_per_model",
            "A person is in exactly one stage of a model.",
            f"""select customer_id, model from {STAYS}
            group by customer_id, model having count(*) filter (where is_current) <> 1""",
        ),
    )
