"""Retention: cohorts, churn, win-back."""

from __future__ import annotations

from orchestration.lifecycle_report.content.columns import MONTH
from orchestration.lifecycle_report.model import Column, Heat, Kind, Lines, Panel, Section, Text

_COHORTS = Panel(
    key="cohorts",
    title=Text("Who buys again: cohorts of first orders", "Wer wieder kauft: Kohorten nach Erstkauf"),
    note=Text(
        "Share of the buyers of a month who bought in the months after it. The last 24 cohorts, the first 12 months; "
        "empty while a month is not over.",
        "Anteil der Erstkäufer eines Monats, die in den Monaten danach kauften. Die letzten 24 Kohorten, die ersten 12 "
        "Monate; leer, solange ein Monat nicht vorbei ist.",
    ),
    query="""
        select cohort_month, cohort_size, months_since_first_order, retention_rate
        from marts.kpi_cohort_retention
        where months_since_first_order between 1 and 12
            and cohort_month > (select max(cohort_month) from marts.kpi_cohort_retention) - interval 24 months
        order by cohort_month, months_since_first_order
    """,
    columns=(
        Column("cohort_month", Text("First order", "Erstkauf"), Kind.MONTH),
        Column("cohort_size", Text("Customers", "Kunden"), Kind.COUNT),
        Column("months_since_first_order", Text("Months later", "Monate danach"), Kind.COUNT),
        Column("retention_rate", Text("Bought again", "Wieder gekauft"), Kind.RATE),
    ),
    chart=Heat("cohort_month", "months_since_first_order", "retention_rate"),
)

_CHURN = Panel(
    key="churn",
    title=Text("Retention and churn", "Kundenbindung und Abwanderung"),
    note=Text(
        "Retention = (customers at the end − new) ÷ customers at the start; won-back customers can lift it above "
        "100 %. Churn = lost ÷ customers at the start; contracts: cancelled ÷ (at the start + started).",
        "Bindung = (Kunden am Ende − neue) ÷ Kunden am Anfang; zurückgewonnene Kunden können sie über 100 % heben. "
        "Abwanderung = verlorene ÷ Kunden am Anfang; Verträge: gekündigte ÷ (am Anfang + begonnene).",
    ),
    query="""
        select period_start, retention_rate, churn_rate, subscription_churn_rate
        from marts.kpi_customer_movement
        where segment_dimension = 'all' and is_complete
        order by period_start
    """,
    columns=(
        MONTH,
        Column("retention_rate", Text("Retention", "Bindung"), Kind.RATE),
        Column("churn_rate", Text("Churn", "Abwanderung"), Kind.RATE),
        Column("subscription_churn_rate", Text("Churn of contracts", "Kündigung von Verträgen"), Kind.RATE),
    ),
    chart=Lines("period_start", ("retention_rate", "churn_rate", "subscription_churn_rate")),
)

_WIN_BACK = Panel(
    key="win_back",
    title=Text("Win-back", "Rückgewinnung"),
    note=Text(
        "Won back ÷ customers who were lost at the start of the month.",
        "Zurückgewonnene ÷ Kunden, die am Anfang des Monats verloren waren.",
    ),
    query="""
        select period_start, lost_at_start_count, reactivated_count, win_back_rate
        from marts.kpi_customer_movement
        where segment_dimension = 'all' and is_complete
        order by period_start
    """,
    columns=(
        MONTH,
        Column("lost_at_start_count", Text("Lost at the start", "Am Anfang verloren"), Kind.COUNT),
        Column("reactivated_count", Text("Won back", "Zurückgewonnen"), Kind.COUNT),
        Column("win_back_rate", Text("Win-back rate", "Rückgewinnungsrate"), Kind.RATE),
    ),
    chart=Lines("period_start", ("win_back_rate",)),
)

RETENTION = Section("retention", Text("Retention", "Kundenbindung"), (_COHORTS, _CHURN, _WIN_BACK))
