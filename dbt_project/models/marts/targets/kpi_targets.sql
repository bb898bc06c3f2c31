{%- set assortment = var('assortment') -%}

with

targets as (

    select * from {{ ref('target_values') }}

),

measures as (

    select
        kpi,
        period_start,
        segment,
        is_mature,
        numerator / nullif(denominator, 0) as value,
    from {{ ref('kpi_measures') }}

)

select
    targets.kpi,
    targets.period_start,
    targets.segment,
    presets.phase,
    measures.value,
    targets.target_value,
    measures.value - targets.target_value as gap,
    presets.is_higher_better,
    case
        when not measures.is_mature then null
        when presets.is_higher_better then measures.value >= targets.target_value
        when not presets.is_higher_better then measures.value <= targets.target_value
    end as is_reached,
    {{ 'presets.' ~ assortment ~ '_weight' if assortment else 'null::integer' }} as weight,
    targets.origin,
    coalesce(measures.is_mature, false) as is_mature,
    {{ as_of() }} as as_of,
from targets
left join measures
    on measures.kpi = targets.kpi
    and measures.period_start = targets.period_start
    and measures.segment = targets.segment
left join {{ ref('kpi_presets') }} as presets on presets.kpi = targets.kpi
