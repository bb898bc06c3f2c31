{#- Without a configured assortment there are no presets: only what was delivered is a target. -#}
{%- set assortment = var('assortment') -%}
{%- if assortment not in [none, 'narrow', 'broad'] -%}
    {{ exceptions.raise_compiler_error("assortment is " ~ assortment ~ "; choose narrow, broad or leave it empty") }}
{%- endif -%}

with

delivered as (

    select
        kpi,
        period_start,
        coalesce(segment, 'all') as segment,
        arg_max(target_value, load_seq) as target_value,
    from {{ ref('reference_kpi_targets') }}
    group by all

)
{%- if assortment %},

own_past as (

    select
        months.month_start,
        measures.kpi,
        sum(measures.numerator) / nullif(sum(measures.denominator), 0) as value,
    from {{ ref('business_months') }} as months
    join {{ ref('kpi_measures') }} as measures
        on measures.period_start < months.month_start
        and measures.period_start >= months.month_start - interval '12' month
    where measures.segment = 'all'
        and measures.is_mature
    group by months.month_start, measures.kpi

),

presets as (

    select
        presets.kpi,
        months.month_start,
        presets.{{ assortment }}_target * case presets.basis when 'own_past' then own_past.value else 1 end
            as target_value,
    from {{ ref('kpi_presets') }} as presets
    cross join {{ ref('business_months') }} as months
    left join own_past
        on own_past.kpi = presets.kpi
        and own_past.month_start = months.month_start

)
{%- endif %}

select
    kpi,
    period_start,
    segment,
    target_value,
    'delivered' as origin,
from delivered
{%- if assortment %}
union all
select
    presets.kpi,
    presets.month_start as period_start,
    'all' as segment,
    presets.target_value,
    'preset' as origin,
from presets
anti join delivered
    on delivered.kpi = presets.kpi
    and delivered.period_start = presets.month_start
    and delivered.segment = 'all'
where presets.target_value is not null
{%- endif %}
