"""Gate 1b, staging → conformed: every accepted record is here, or is superseded, unpriced or not known yet.

Counted per entity over all sources, so that a union, a version rule or a join that loses records is found before
anybody is recognised in them. The prices of records and their usual number per day are examined here, too.
"""

from __future__ import annotations

from ingestion.contract import ENTITIES, Entity, EntityKind
from quality.checks import Band, Check, Severity
from quality.suites import prices
from quality.suites.staged import staged
from quality.suites.vocabulary import Subject

CONTACTS = "conformed.crm_contacts"
ORDERS = "conformed.crm_orders"
UNKNOWN_CONTACTS_WARN = 0.05

# Records of the future are delivered, but not known yet. Entities that are not named keep them, for later models.
KNOWN = {
    "crm_contacts": "created_at < as_of_end",
    "crm_companies": "coalesce(created_at < as_of_end, true)",
    "crm_deals": "created_at < as_of_end",
    "crm_orders": "ordered_at < as_of_end",
    "crm_order_lines": f"(source, order_id) in (select (source, order_id) from {ORDERS})",
    "crm_subscriptions": "coalesce(least(trial_started_at, started_at) < as_of_end, true)",
    "crm_tickets": "opened_at < as_of_end",
    "social_page_metrics": "metric_date <= as_of",
    "social_ad_spend": "spend_date <= as_of",
    "reference_fx_rates": "rate_date <= as_of",
}

AS_MANY_AS_ON_THE_WEEKDAY = Band(minimum_history=4, spreads=6, share=0.8, minimum_level=50, is_by_weekday=True)
# A day on which a newsletter was skipped has few records, not none.
NOT_SILENT = Band(minimum_history=4, at_least=1, minimum_level=1000, is_by_weekday=True, is_upper=False)

_REMEDY = "Nothing is published. Find the model in dbt_project/models/conformed that loses or changes it, correct it."


def checks() -> tuple[Check, ...]:
    """All checks of the conformed entities."""
    return tuple(check for entity in ENTITIES for check in _checks_of(entity))


def _checks_of(entity: Entity) -> tuple[Check, ...]:
    subject = Subject(f"conformed.{entity.table}", _REMEDY)
    return (
        _every_record_is_here(subject, entity),
        *_amounts_are_the_delivered_ones(subject, entity),
        *(subject.one_of(column.name, column.choices) for column in entity.columns if column.choices),
        *_contacts_are_known(subject, entity),
        *prices.checks_of(entity),
        *_daily_volume(subject, entity),
    )


def _every_record_is_here(subject: Subject, entity: Entity) -> Check:
    is_known = KNOWN.get(entity.table, "true")
    delivered = " union all ".join(
        f"select record_key, {is_known} as is_known from {model}, run" for model in staged(entity)
    )
    return subject.figure(
        "every_delivered_record_is_here",
        "Accepted records = records here + superseded versions + unpriced ones + those of a time that has not come.",
        f"""with run as (select as_of, as_of_end from ops.run_context), delivered as (
            select hash(record_key) as record_hash, bool_and(is_known) as is_known from ({delivered}) group by 1
        ), present as (
            select hash(record_key) as record_hash from {subject.table}
        ), explained as (
            from present union all
            select hash(record_key) from {prices.UNPRICED} where entity = '{entity.table}'
        )
        select (select count(*) from delivered anti join explained using (record_hash) where is_known)
            + (select count(*) from present anti join delivered using (record_hash))""",
        reads=(prices.UNPRICED,),
        minimum=0,
        maximum=0,
    )


def _amounts_are_the_delivered_ones(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    if subject.table != ORDERS:
        return ()
    delivered = " union all ".join(f"select record_key, net_amount from {model}" for model in staged(entity))
    return (
        subject.figure(
            "amounts_are_the_delivered_ones",
            "The amount of every order, before conversion, is one that was delivered for it.",
            f"""select count(*) from {ORDERS} as orders anti join ({delivered}) as delivered
                on delivered.record_key = orders.record_key and delivered.net_amount = orders.net_amount_original""",
            minimum=0,
            maximum=0,
        ),
    )


def _contacts_are_known(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """References across entities; not an error, since a company may bring orders without its contacts."""
    if subject.table == CONTACTS or all(column.name != "contact_id" for column in entity.columns):
        return ()
    # Entities that keep records of the future may name contacts of the future.
    is_over = f"records.{entity.clock} < (select as_of_end from ops.run_context)" if entity.clock else "true"
    return (
        subject.figure(
            "contacts_are_known",
            f"At most {UNKNOWN_CONTACTS_WARN:.0%} of the records name a contact their source has not delivered.",
            f"""select count(*) filter (where contacts.contact_id is null) / nullif(count(*), 0)
            from {subject.table} as records
            left join (select distinct source, contact_id from {CONTACTS}) as contacts
                on contacts.source = records.source and contacts.contact_id = records.contact_id
            where records.contact_id is not null and {is_over}""",
            reads=(CONTACTS,),
            minimum=0,
            maximum=UNKNOWN_CONTACTS_WARN,
            severity=Severity.WARN,
        ),
    )


def _daily_volume(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """How much happened on the last day that is certainly over, the day before as_of."""
    if entity.clock is None or entity.kind is not EntityKind.EVENT:
        return ()
    measured = f"""select '' as category, null as batch, count(*) as value, count(*) as sample_size, true as is_judged
        from {subject.table} where {entity.clock} >= :as_of - 1 and {entity.clock} < :as_of"""
    silent = (
        f"Ask the sources of inbox/{entity.path} and its connectors why the day before the date of the run is missing."
    )
    return (
        subject.measured(
            "daily_volume_is_usual",
            "The day before the date of the run has about as many records as the same weekday before.",
            measured,
            AS_MANY_AS_ON_THE_WEEKDAY,
            remedy=silent,
            severity=Severity.WARN,
        ),
        subject.measured(
            "day_is_not_silent",
            "Where the same weekday has a thousand records or more, the day before the date of the run has some.",
            measured,
            NOT_SILENT,
            remedy=silent,
        ),
    )
