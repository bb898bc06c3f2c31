with

measures as (

    -- Sums of fractions end in other digits when rows are added up in another order: nine of them are told.
    select * replace (
            round(numerator, 9) as numerator,
            round(denominator, 9) as denominator
        ),
    from {{ ref('kpi_measures') }}

),

targets as (

    select * from {{ ref('target_values') }}

)

select
    measures.kpi,
    measures.period_start,
    measures.segment,
    measures.numerator / nullif(measures.denominator, 0) as value,
    measures.numerator,
    measures.denominator,
    targets.target_value,
    measures.numerator / nullif(measures.denominator, 0) - targets.target_value as gap,
    measures.is_mature,
    {{ reporting_currency() }} as reporting_currency,
    {{ business_timezone() }} as business_timezone,
    {{ as_of() }} as as_of,
from measures
left join targets
    on targets.kpi = measures.kpi
    and targets.period_start = measures.period_start
    and targets.segment = measures.segment
