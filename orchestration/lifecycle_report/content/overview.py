"""Lifecycle overview: key figures against targets, stages, conversions, movement."""

from __future__ import annotations

from orchestration.lifecycle_report.content.columns import MODEL, MONTH, PEOPLE
from orchestration.lifecycle_report.model import Bars, Column, Columns, Kind, Panel, Section, Text

_RATES = Panel(
    key="key_rates",
    title=Text("Rates against their targets", "Raten gegen ihre Ziele"),
    note=Text(
        "The latest month that is over and has a value, all customers.",
        "Der letzte abgeschlossene Monat mit einem Wert, alle Kunden.",
    ),
    query="""
        select kpi, period_start, value, target_value, gap
        from marts.kpi_summary
        where segment = 'all' and is_mature and value is not null
            and kpi in (
                'retention_rate', 'churn_rate', 'subscription_churn_rate', 'win_back_rate', 'repeat_purchase_rate',
                'returning_buyer_rate', 'engagement_rate', 'email_open_rate', 'csat'
            )
        qualify row_number() over (partition by kpi order by period_start desc) = 1
        order by kpi
    """,
    columns=(
        Column("kpi", Text("KPI", "Kennzahl"), Kind.NAME),
        MONTH,
        Column("value", Text("Value", "Wert"), Kind.RATE),
        Column("target_value", Text("Target", "Ziel"), Kind.RATE),
        Column("gap", Text("Gap", "Abstand"), Kind.RATE),
    ),
)

_FIGURES = Panel(
    key="key_figures",
    title=Text("Figures against their targets", "Kennzahlen gegen ihre Ziele"),
    note=Text(
        "The latest month that is over and has a value. NPS from −100 to 100, CES from 1 to 7, money in the reporting "
        "currency.",
        "Der letzte abgeschlossene Monat mit einem Wert. NPS von −100 bis 100, CES von 1 bis 7, Geld in der "
        "Berichtswährung.",
    ),
    query="""
        select kpi, period_start, value, target_value, gap
        from marts.kpi_summary
        where segment = 'all' and is_mature and value is not null
            and kpi in (
                'average_transaction_value', 'purchase_frequency', 'nps', 'ces', 'cost_per_acquisition', 'roas'
            )
        qualify row_number() over (partition by kpi order by period_start desc) = 1
        order by kpi
    """,
    columns=(
        Column("kpi", Text("KPI", "Kennzahl"), Kind.NAME),
        MONTH,
        Column("value", Text("Value", "Wert"), Kind.NUMBER),
        Column("target_value", Text("Target", "Ziel"), Kind.NUMBER),
        Column("gap", Text("Gap", "Abstand"), Kind.NUMBER),
    ),
)

_STAGES = Panel(
    key="stages",
    title=Text("Stages of every lifecycle model", "Phasen aller Lebenszyklusmodelle"),
    note=Text(
        "People who were ever in a stage, and who are in it today, known and anonymous.",
        "Menschen, die je in einer Phase waren, und die heute darin sind, bekannte und anonyme.",
    ),
    query="""
        select
            lifecycle_stages.model,
            lifecycle_stages.label_$language as stage,
            count(distinct customer_stage_history.customer_id) as ever_count,
            count(distinct customer_stage_history.customer_id)
                filter (where customer_stage_history.is_current) as people_count
        from marts.lifecycle_stages
        left join marts.customer_stage_history
            on lifecycle_stages.model = customer_stage_history.model
            and lifecycle_stages.stage = customer_stage_history.stage
        group by lifecycle_stages.model, lifecycle_stages.label_$language, lifecycle_stages.stage_order
        order by
            list_position(['six_phase', 'relationship', 'three_r', 'experience'], lifecycle_stages.model) nulls last,
            lifecycle_stages.model,
            lifecycle_stages.stage_order
    """,
    columns=(
        MODEL,
        Column("stage", Text("Stage", "Phase")),
        Column("ever_count", Text("Ever", "Jemals"), Kind.COUNT),
        Column("people_count", Text("Today", "Heute"), Kind.COUNT),
    ),
    chart=Bars("stage", ("ever_count", "people_count"), facet="model"),
)

_CONVERSIONS = Panel(
    key="conversions",
    title=Text("Conversion from stage to stage", "Konversion von Phase zu Phase"),
    note=Text(
        "Of the stays in a stage, the share that went on to the other within the window; only entries whose window is "
        "over.",
        "Anteil der Aufenthalte in einer Phase, auf die innerhalb des Fensters die andere folgte; nur Eintritte, deren "
        "Fenster vorbei ist.",
    ),
    query="""
        select
            kpi_stage_conversion.model,
            from_stages.label_$language || ' → ' || to_stages.label_$language as conversion,
            sum(kpi_stage_conversion.entered_count)::bigint as entered_count,
            sum(kpi_stage_conversion.converted_count)::bigint as converted_count,
            sum(kpi_stage_conversion.converted_count) / nullif(sum(kpi_stage_conversion.entered_count), 0)
                as conversion_rate,
            max(kpi_stage_conversion.window_days) as window_days
        from marts.kpi_stage_conversion
        inner join marts.lifecycle_stages as from_stages
            on kpi_stage_conversion.model = from_stages.model and kpi_stage_conversion.from_stage = from_stages.stage
        inner join marts.lifecycle_stages as to_stages
            on kpi_stage_conversion.model = to_stages.model and kpi_stage_conversion.to_stage = to_stages.stage
        where kpi_stage_conversion.is_mature
        group by
            kpi_stage_conversion.model, from_stages.label_$language, to_stages.label_$language, from_stages.stage_order,
            to_stages.stage_order
        order by
            list_position(['six_phase', 'relationship', 'three_r', 'experience'], kpi_stage_conversion.model)
                nulls last,
            kpi_stage_conversion.model,
            from_stages.stage_order,
            to_stages.stage_order
    """,
    columns=(
        MODEL,
        Column("conversion", Text("From → to", "Von → nach")),
        Column("entered_count", Text("Entered", "Eingetreten"), Kind.COUNT),
        Column("converted_count", Text("Went on", "Weitergegangen"), Kind.COUNT),
        Column("conversion_rate", Text("Conversion rate", "Konversionsrate"), Kind.RATE),
        Column("window_days", Text("Window (days)", "Fenster (Tage)"), Kind.COUNT),
    ),
    chart=Bars("conversion", ("conversion_rate",), facet="model"),
)

_MOVEMENT = Panel(
    key="movement",
    title=Text("Customers won, lost and won back", "Gewonnene, verlorene und zurückgewonnene Kunden"),
    note=Text(
        "Months that are over. Customers at the end = at the start + new + won back − lost.",
        "Abgeschlossene Monate. Kunden am Ende = am Anfang + neu + zurückgewonnen − verloren.",
    ),
    query="""
        select
            period_start, customers_at_start_count, new_count, reactivated_count, lost_count, customers_at_end_count
        from marts.kpi_customer_movement
        where segment_dimension = 'all' and is_complete
        order by period_start
    """,
    columns=(
        MONTH,
        Column("customers_at_start_count", Text("At the start", "Am Anfang"), Kind.COUNT),
        Column("new_count", Text("New", "Neu"), Kind.COUNT),
        Column("reactivated_count", Text("Won back", "Zurückgewonnen"), Kind.COUNT),
        Column("lost_count", Text("Lost", "Verloren"), Kind.COUNT),
        Column("customers_at_end_count", Text("At the end", "Am Ende"), Kind.COUNT),
    ),
    chart=Columns("period_start", ("new_count", "reactivated_count"), downwards=("lost_count",)),
)

_BUSINESS = Panel(
    key="countries",
    title=Text("People by country", "Menschen nach Land"),
    note=Text(
        "Known and anonymous people, buyers and revenue; the whole profile table adds up to this.",
        "Bekannte und anonyme Menschen, Käufer und Umsatz; die ganze Profiltabelle ergibt diese Summe.",
    ),
    query="""
        select
            coalesce(country, 'unknown') as country,
            sum(people_count)::bigint as people_count,
            sum(buyer_count)::bigint as buyer_count,
            sum(revenue_amount) as revenue_amount
        from marts.segment_profile
        group by all
        order by people_count desc, country
    """,
    columns=(
        Column("country", Text("Country", "Land"), Kind.NAME),
        PEOPLE,
        Column("buyer_count", Text("Buyers", "Käufer"), Kind.COUNT),
        Column("revenue_amount", Text("Revenue", "Umsatz"), Kind.AMOUNT),
    ),
    chart=Bars("country", ("people_count", "buyer_count")),
)

OVERVIEW = Section(
    "overview",
    Text("Lifecycle overview", "Lebenszyklus im Überblick"),
    (_RATES, _FIGURES, _STAGES, _CONVERSIONS, _MOVEMENT, _BUSINESS),
)
