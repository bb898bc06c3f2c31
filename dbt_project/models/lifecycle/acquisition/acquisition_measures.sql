{%- set reference = var('attribution_reference_model') -%}
{#- KPI: its numerator and denominator by channel, and which channels it is asked of. -#}
{%- set kpis = {
    'cost_per_acquisition': ('spend_amount', 'first_purchases_count', 'has_spend'),
    'roas': ('revenue_amount', 'spend_amount', 'has_spend'),
    'click_through_rate': ('clicks', 'impressions', 'has_impressions'),
    'click_to_conversion_rate': ('conversions_count', 'clicks', 'has_clicks'),
    'impression_to_conversion_rate': ('conversions_count', 'impressions', 'has_impressions'),
} -%}

with

days as (

    select
        date_trunc('month', reported_on)::date as period_start,
        channel,
        coalesce(impressions, 0) as impressions,
        coalesce(clicks, 0) as clicks,
        coalesce(spend_amount, 0) as spend_amount,
        coalesce(sales_cost_amount, 0) as sales_cost_amount,
        {{ reference }}_conversions_count as conversions_count,
        {{ reference }}_first_purchases_count as first_purchases_count,
        {{ reference }}_revenue_amount as revenue_amount,
        bool_or(spend_amount is not null) over (partition by channel) as has_spend,
        bool_or(impressions is not null) over (partition by channel) as has_impressions,
        bool_or(clicks is not null) over (partition by channel) as has_clicks,
    from {{ ref('acquisition_days') }}

),

segmented as (

    select *, 'all' as segment from days
    union all
    select *, 'channel:' || channel as segment from days

),

costs as (

    select
        period_start,
        sum(spend_amount + sales_cost_amount) as cost_amount,
    from days
    group by period_start
    having sum(sales_cost_amount) > 0

),

figures as (
    {%- for kpi, (numerator, denominator, scope) in kpis.items() %}
    select
        '{{ kpi }}' as kpi,
        period_start,
        segment,
        sum({{ numerator }})::double as numerator,
        sum({{ denominator }})::double as denominator,
    from segmented
    where {{ scope }}
    group by period_start, segment
    union all
    {%- endfor %}
    -- Only months whose cost of sales is known have a CAC.
    select
        'customer_acquisition_cost',
        costs.period_start,
        'all',
        costs.cost_amount::double,
        standings.new_count::double,
    from costs
    join {{ ref('movement_standings') }} as standings
        on standings.month_start = costs.period_start
        and standings.segment_dimension = 'all'

)

select
    figures.kpi,
    figures.period_start,
    figures.segment,
    figures.numerator,
    figures.denominator,
    business_months.is_complete as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.period_start
