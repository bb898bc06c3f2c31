"""Engagement and campaigns: rates by channel, results of campaigns, occasions to contact people."""

from __future__ import annotations

from orchestration.lifecycle_report.content.columns import CHANNEL, MONTH, REVENUE
from orchestration.lifecycle_report.model import Bars, Column, Kind, Lines, Panel, Section, Text

_RATES = Panel(
    key="engagement",
    title=Text("Engagement by channel", "Engagement nach Kanal"),
    note=Text(
        "Numerator ÷ denominator of each channel's own definition. Months that are over.",
        "Zähler ÷ Nenner nach der Definition jedes Kanals. Abgeschlossene Monate.",
    ),
    query="""
        select channel, variant, period_start, numerator, denominator, engagement_rate
        from marts.kpi_engagement
        where is_complete
        order by
            list_position(['overall', 'email', 'web', 'social', 'loyalty'], channel), channel, variant, period_start
    """,
    columns=(
        CHANNEL,
        Column("variant", Text("Kind", "Art"), Kind.NAME),
        MONTH,
        Column("numerator", Text("Numerator", "Zähler"), Kind.COUNT),
        Column("denominator", Text("Denominator", "Nenner"), Kind.COUNT),
        Column("engagement_rate", Text("Rate", "Rate"), Kind.RATE),
    ),
    chart=Lines("period_start", ("engagement_rate",), series="variant", facet="channel"),
)

_CAMPAIGNS = Panel(
    key="campaigns",
    title=Text("Campaigns", "Kampagnen"),
    note=Text(
        "The 30 latest campaigns whose time is over: responses and purchases of those contacted; the lift over the "
        "hold-out with its 95 % interval where there is one.",
        "Die letzten 30 Kampagnen, deren Zeit vorbei ist: Reaktionen und Käufe der Angeschriebenen; der Mehrwert "
        "gegenüber der Kontrollgruppe mit 95-%-Intervall, wo es eine gibt.",
    ),
    query="""
        select
            campaign, channel, started_at::date as started_on, member_count, response_rate, buyer_rate, revenue_amount,
            opt_out_rate, buyer_rate_lift, buyer_rate_lift_low, buyer_rate_lift_high
        from marts.campaign_evaluation
        where member_group = 'treated' and segment_dimension = 'all' and is_mature
        order by started_at desc, campaign, source, campaign_id
        limit 30
    """,
    columns=(
        Column("campaign", Text("Campaign", "Kampagne")),
        CHANNEL,
        Column("started_on", Text("Start", "Beginn"), Kind.DAY),
        Column("member_count", Text("Contacted", "Angeschrieben"), Kind.COUNT),
        Column("response_rate", Text("Responded", "Reagiert"), Kind.RATE),
        Column("buyer_rate", Text("Bought", "Gekauft"), Kind.RATE),
        REVENUE,
        Column("opt_out_rate", Text("Opted out", "Abgemeldet"), Kind.RATE),
        Column("buyer_rate_lift", Text("Lift", "Mehrwert"), Kind.RATE),
        Column("buyer_rate_lift_low", Text("Lift from", "Mehrwert von"), Kind.RATE),
        Column("buyer_rate_lift_high", Text("Lift to", "Mehrwert bis"), Kind.RATE),
    ),
)

_TRIGGERS = Panel(
    key="triggers",
    title=Text("Occasions to contact people", "Anlässe, Menschen anzusprechen"),
    note=Text(
        "Occasions that are due, and how many of the people may be contacted.",
        "Fällige Anlässe, und wie viele der Menschen angesprochen werden dürfen.",
    ),
    query="""
        select
            trigger,
            count(*) filter (where is_contactable) as contactable_count,
            count(*) filter (where not is_contactable) as not_contactable_count
        from marts.trigger_candidates
        group by all
        order by count(*) desc, trigger
    """,
    columns=(
        Column("trigger", Text("Occasion", "Anlass"), Kind.NAME),
        Column("contactable_count", Text("May be contacted", "Ansprache erlaubt"), Kind.COUNT),
        Column("not_contactable_count", Text("May not", "Nicht erlaubt"), Kind.COUNT),
    ),
    chart=Bars("trigger", ("contactable_count", "not_contactable_count")),
)

ENGAGEMENT = Section(
    "engagement", Text("Engagement and campaigns", "Engagement und Kampagnen"), (_RATES, _CAMPAIGNS, _TRIGGERS)
)
