{#- KPI: what is counted of the treated members, and of which segment. -#}
{%- set kpis = {
    'campaign_response_rate': ('response_count', 'all'),
    'campaign_conversion_rate': ('buyer_count', 'all'),
    'campaign_opt_out_rate': ('opt_out_count', 'all'),
    'contacted_win_back_rate': ('buyer_count', 'lost'),
} -%}

with

outcomes as (

    select
        *,
        {{ business_month('started_at') }} as month_start,
    from {{ ref('campaign_outcomes') }}
    where member_group = 'treated'

),

figures as (
    {%- for kpi, (counted, segment) in kpis.items() %}
    select
        '{{ kpi }}' as kpi,
        month_start,
        sum({{ counted }}) as numerator,
        sum(member_count) as denominator,
        bool_and(is_mature) as are_windows_over,
    from outcomes
    where segment = '{{ segment }}'
        and segment_dimension = '{{ 'all' if segment == 'all' else 'customer_segment' }}'
    group by month_start
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    figures.kpi,
    figures.month_start as period_start,
    'all' as segment,
    figures.numerator::double as numerator,
    figures.denominator::double as denominator,
    business_months.is_complete and figures.are_windows_over as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.month_start
