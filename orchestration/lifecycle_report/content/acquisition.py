"""Acquisition and attribution: spend, what it brought, and which model says so."""

from __future__ import annotations

from orchestration.lifecycle_report.content.columns import CHANNEL, MONTH, REVENUE, SPEND
from orchestration.lifecycle_report.model import Bars, Column, Heat, Kind, Lines, Panel, Section, Text

_ATTRIBUTION_MODELS = ("first", "last", "linear", "position_based", "time_decay", "data_driven")


def _reference(figure: str) -> str:
    """The figure of the attribution model the mart names as its reference."""
    cases = " ".join(f"when '{model}' then {model}_{figure}" for model in _ATTRIBUTION_MODELS)
    return f"sum(case reference_model {cases} end)"


_CHANNELS = Panel(
    key="channels",
    title=Text("Channels: cost and result", "Kanäle: Kosten und Ergebnis"),
    note=Text(
        "All days. First purchases and revenue as the reference attribution model shares them out.",
        "Alle Tage. Erstkäufe und Umsatz, wie das maßgebliche Attributionsmodell sie verteilt.",
    ),
    query=f"""
        select
            channel,
            sum(impressions)::bigint as impressions,
            sum(clicks)::bigint as clicks,
            sum(clicks) / nullif(sum(impressions), 0) as click_rate,
            sum(spend_amount) as spend_amount,
            {_reference("first_purchases_count")} as first_purchases_count,
            {_reference("revenue_amount")} as revenue_amount,
            sum(spend_amount)::double / nullif({_reference("first_purchases_count")}, 0) as cost_per_acquisition_amount,
            {_reference("revenue_amount")}::double / nullif(sum(spend_amount)::double, 0) as roas
        from marts.kpi_acquisition
        group by channel
        order by revenue_amount desc nulls last, channel
    """,
    columns=(
        CHANNEL,
        Column("impressions", Text("Impressions", "Einblendungen"), Kind.COUNT),
        Column("clicks", Text("Clicks", "Klicks"), Kind.COUNT),
        Column("click_rate", Text("Click rate", "Klickrate"), Kind.RATE),
        SPEND,
        Column("first_purchases_count", Text("First purchases", "Erstkäufe"), Kind.NUMBER),
        REVENUE,
        Column("cost_per_acquisition_amount", Text("Cost per customer", "Kosten je Neukunde"), Kind.AMOUNT),
        Column("roas", Text("Revenue ÷ spend", "Umsatz ÷ Ausgaben"), Kind.NUMBER),
    ),
    chart=Bars("channel", ("revenue_amount", "spend_amount")),
)

_SPEND = Panel(
    key="spend",
    title=Text("Spend and attributed revenue by month", "Ausgaben und zugerechneter Umsatz nach Monat"),
    note=Text(
        "Advertising spend, and the revenue the reference attribution model gives to channels with spend in it.",
        "Werbeausgaben und der Umsatz, den das maßgebliche Attributionsmodell Kanälen mit Ausgaben in diesem Monat "
        "zurechnet.",
    ),
    query=f"""
        with months as (
            select
                date_trunc('month', reported_on)::date as period_start,
                channel,
                sum(spend_amount) as spend_amount,
                {_reference("revenue_amount")} as revenue_amount
            from marts.kpi_acquisition
            group by all
        )

        select period_start, sum(spend_amount) as spend_amount, sum(revenue_amount) as revenue_amount
        from months
        where spend_amount > 0
        group by period_start
        order by period_start
    """,
    columns=(MONTH, SPEND, REVENUE),
    chart=Lines("period_start", ("spend_amount", "revenue_amount")),
)

_ATTRIBUTION = Panel(
    key="attribution",
    title=Text("Revenue by channel and attribution model", "Umsatz nach Kanal und Attributionsmodell"),
    note=Text(
        "Every model shares out the same revenue; orders without a known contact before them are unattributed.",
        "Jedes Modell verteilt denselben Umsatz; Bestellungen ohne bekannten Kontakt davor sind nicht zugeordnet.",
    ),
    query="""
        with shares as (
            select channel, model, sum(revenue_amount) as revenue_amount
            from marts.kpi_attribution
            group by all
        )

        select channel, model, revenue_amount
        from shares
        order by
            sum(revenue_amount) over (partition by channel) desc,
            channel,
            list_position(['first', 'last', 'linear', 'position_based', 'time_decay', 'data_driven'], model)
    """,
    columns=(CHANNEL, Column("model", Text("Attribution model", "Attributionsmodell"), Kind.NAME), REVENUE),
    chart=Heat("channel", "model", "revenue_amount"),
)

ACQUISITION = Section(
    "acquisition",
    Text("Acquisition and attribution", "Kundengewinnung und Attribution"),
    (_CHANNELS, _SPEND, _ATTRIBUTION),
)
