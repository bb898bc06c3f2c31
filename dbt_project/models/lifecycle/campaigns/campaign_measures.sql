{#- KPI: what is counted of the treated members, and of which of them. -#}
{%- set kpis = {
    'campaign_response_rate': ('response_count', 'true'),
    'campaign_conversion_rate': ('buyer_count', 'true'),
    'campaign_opt_out_rate': ('opt_out_count', 'true'),
    'contacted_win_back_rate': ('buyer_count', "segment = 'customer_segment:lost'"),
} -%}

with

outcomes as (

    select
        *,
        {{ business_month('started_at') }} as month_start,
    from {{ ref('campaign_outcomes') }}
    where member_group = 'treated'

),

segmented as (

    select
        * exclude (segment),
        unnest([
            'all',
            'campaign_channel:' || coalesce(channel, 'unknown'),
            'campaign_goal:' || coalesce(goal, 'unknown')
        ]) as segment,
    from outcomes
    where segment_dimension = 'all'
    union all by name
    select * replace ('customer_segment:' || segment as segment)
    from outcomes
    where segment_dimension = 'customer_segment'

),

figures as (
    {%- for kpi, (counted, condition) in kpis.items() %}
    select
        '{{ kpi }}' as kpi,
        month_start,
        {{ "'all'" if kpi == 'contacted_win_back_rate' else 'segment' }} as segment,
        sum({{ counted }}) as numerator,
        sum(member_count) as denominator,
        bool_and(is_mature) as are_windows_over,
    from segmented
    where {{ condition }}
    group by all
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    figures.kpi,
    figures.month_start as period_start,
    figures.segment,
    figures.numerator::double as numerator,
    figures.denominator::double as denominator,
    business_months.is_complete and figures.are_windows_over as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.month_start
