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
    months.month_start as period_start,
    'all' as segment,
    presets.{{ assortment }}_target as target_value,
    'preset' as origin,
from {{ ref('kpi_presets') }} as presets
cross join {{ ref('business_months') }} as months
anti join delivered
    on delivered.kpi = presets.kpi
    and delivered.period_start = months.month_start
    and delivered.segment = 'all'
where presets.{{ assortment }}_target is not null
{%- endif %}
