"""Value: revenue, customer lifetime value, RFM, value of channels."""

from __future__ import annotations

from orchestration.lifecycle_report.content.columns import CUSTOMERS, MONTH, ORDERS, PEOPLE, REVENUE
from orchestration.lifecycle_report.model import Bars, Column, Columns, Heat, Kind, Panel, Section, Text

_REVENUE = Panel(
    key="revenue",
    title=Text("Revenue by month", "Umsatz nach Monat"),
    note=Text(
        "Net revenue of paid orders; refunds below the axis. Months that are over.",
        "Nettoumsatz bezahlter Bestellungen; Erstattungen unter der Achse. Abgeschlossene Monate.",
    ),
    query="""
        select
            date_trunc('month', ordered_on)::date as period_start,
            sum(order_count)::bigint as order_count,
            sum(revenue_amount) as revenue_amount,
            sum(refunded_amount) as refunded_amount
        from marts.kpi_transactions
        where is_month_complete
        group by all
        order by period_start
    """,
    columns=(MONTH, ORDERS, REVENUE, Column("refunded_amount", Text("Refunds", "Erstattungen"), Kind.AMOUNT)),
    chart=Columns("period_start", ("revenue_amount",), downwards=("refunded_amount",)),
)

_CLV = Panel(
    key="clv",
    title=Text("Customer lifetime value by tenth of customers", "Kundenwert nach Zehnteln der Kunden"),
    note=Text(
        "Customers ordered by historic revenue, tenth 1 is worth most. Predictions are empty where no model beat the "
        "naive forecast.",
        "Kunden nach bisherigem Umsatz geordnet, Zehntel 1 ist am meisten wert. Vorhersagen fehlen, wo kein Modell die "
        "naive Vorhersage schlug.",
    ),
    query="""
        with ranked as (
            select
                ntile(10) over (order by historic_revenue_amount desc, customer_id) as tenth,
                historic_revenue_amount,
                historic_contribution_amount,
                predicted_clv_36m_amount
            from marts.kpi_clv
            where historic_revenue_amount is not null
        )

        select
            tenth,
            count(*) as customer_count,
            sum(historic_revenue_amount) as revenue_amount,
            sum(historic_contribution_amount) as contribution_amount,
            sum(predicted_clv_36m_amount) as predicted_amount
        from ranked
        group by tenth
        order by tenth
    """,
    columns=(
        Column("tenth", Text("Tenth", "Zehntel"), Kind.COUNT),
        CUSTOMERS,
        REVENUE,
        Column("contribution_amount", Text("Contribution", "Deckungsbeitrag"), Kind.AMOUNT),
        Column("predicted_amount", Text("Predicted, 36 months", "Vorhersage, 36 Monate"), Kind.AMOUNT),
    ),
    chart=Bars("tenth", ("revenue_amount", "contribution_amount")),
)

_FIT = Panel(
    key="clv_models",
    title=Text("How far predictions can be trusted", "Wie weit Vorhersagen zu trauen ist"),
    note=Text(
        "Models of customer value fitted on data up to a past day and compared with what came after.",
        "Modelle des Kundenwerts, bis zu einem vergangenen Tag gelernt und mit dem verglichen, was danach kam.",
    ),
    query="""
        select model, purpose, customer_count, holdout_error, naive_holdout_error, is_used, reason
        from marts.clv_model_fit
        order by model, purpose
    """,
    columns=(
        Column("model", Text("Model", "Modell")),
        Column("purpose", Text("Purpose", "Zweck")),
        CUSTOMERS,
        Column("holdout_error", Text("Error", "Fehler"), Kind.NUMBER),
        Column("naive_holdout_error", Text("Naive error", "Fehler naiv"), Kind.NUMBER),
        Column("is_used", Text("Used", "Verwendet"), Kind.FLAG),
        Column("reason", Text("Reason", "Grund")),
    ),
)

_GRID = Panel(
    key="rfm_grid",
    title=Text("RFM grid", "RFM-Raster"),
    note=Text(
        "Customers by recency (rows, 5 = ordered most recently) and frequency (columns, 5 = orders most often).",
        "Kunden nach Aktualität (Zeilen, 5 = zuletzt bestellt) und Häufigkeit (Spalten, 5 = bestellt am häufigsten).",
    ),
    query="""
        select
            recency.score as recency_score,
            frequency.score as frequency_score,
            count(kpi_rfm.customer_id) as customer_count
        from (select unnest(range(1, 6)) as score) as recency
        cross join (select unnest(range(1, 6)) as score) as frequency
        left join marts.kpi_rfm
            on recency.score = kpi_rfm.recency_score and frequency.score = kpi_rfm.frequency_score
        group by all
        order by recency_score desc, frequency_score
    """,
    columns=(
        Column("recency_score", Text("Recency", "Aktualität"), Kind.COUNT),
        Column("frequency_score", Text("Frequency", "Häufigkeit"), Kind.COUNT),
        CUSTOMERS,
    ),
    chart=Heat("recency_score", "frequency_score", "customer_count"),
)

_SEGMENTS = Panel(
    key="rfm_segments",
    title=Text("RFM segments", "RFM-Segmente"),
    note=Text("Customers and their revenue by segment.", "Kunden und ihr Umsatz je Segment."),
    query="""
        select rfm_segment, count(*) as customer_count, sum(revenue_amount) as revenue_amount
        from marts.kpi_rfm
        group by all
        order by customer_count desc, rfm_segment
    """,
    columns=(Column("rfm_segment", Text("Segment", "Segment"), Kind.NAME), CUSTOMERS, REVENUE),
    chart=Bars("rfm_segment", ("customer_count",)),
)

_CHANNELS = Panel(
    key="channel_value",
    title=Text("Value of acquisition channels", "Wert der Gewinnungskanäle"),
    note=Text(
        "What customers won through a channel are worth on average, and what one of them cost.",
        "Was Kunden, die ein Kanal gebracht hat, im Mittel wert sind, und was einer gekostet hat.",
    ),
    query="""
        select
            acquisition_channel, people_count, customer_count, mean_historic_revenue_amount,
            mean_historic_contribution_amount, mean_predicted_clv_36m_amount, cost_per_acquisition_amount,
            median_days_to_first_order, is_declining
        from marts.kpi_channel_value
        order by mean_historic_contribution_amount desc nulls last, acquisition_channel
    """,
    columns=(
        Column("acquisition_channel", Text("Channel", "Kanal"), Kind.NAME),
        PEOPLE,
        CUSTOMERS,
        Column("mean_historic_revenue_amount", Text("Mean revenue", "Mittlerer Umsatz"), Kind.AMOUNT),
        Column(
            "mean_historic_contribution_amount", Text("Mean contribution", "Mittlerer Deckungsbeitrag"), Kind.AMOUNT
        ),
        Column("mean_predicted_clv_36m_amount", Text("Mean prediction", "Mittlere Vorhersage"), Kind.AMOUNT),
        Column("cost_per_acquisition_amount", Text("Cost per customer", "Kosten je Kunde"), Kind.AMOUNT),
        Column("median_days_to_first_order", Text("Days to order", "Tage bis Kauf"), Kind.DAYS),
        Column("is_declining", Text("Declining", "Rückläufig"), Kind.FLAG),
    ),
    chart=Bars("acquisition_channel", ("mean_historic_contribution_amount", "cost_per_acquisition_amount")),
)

VALUE = Section("value", Text("Value", "Kundenwert"), (_REVENUE, _CLV, _FIT, _GRID, _SEGMENTS, _CHANNELS))
