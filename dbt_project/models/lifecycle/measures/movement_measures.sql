{#- KPI: its numerator and denominator, in words of movement_standings. -#}
{%- set kpis = {
    'retention_rate': ('customers_at_end_count - (new_count - lost_of_new_count)', 'customers_at_start_count'),
    'churn_rate': ('lost_of_start_count', 'customers_at_start_count'),
    'win_back_rate': ('reactivated_count', 'lost_at_start_count'),
    'subscription_churn_rate': ('contract_cancelled_count', 'contracts_at_start_count + contract_started_count'),
} -%}

with

standings as (

    select
        *,
        case segment_dimension when 'all' then 'all' else segment_dimension || ':' || segment end as segment_name,
    from {{ ref('movement_standings') }}

)
{%- for kpi, (numerator, denominator) in kpis.items() %}
select
    '{{ kpi }}' as kpi,
    month_start as period_start,
    segment_name as segment,
    ({{ numerator }})::double as numerator,
    ({{ denominator }})::double as denominator,
    is_complete as is_mature,
from standings
union all
{%- endfor %}
-- Which channel won how many of the lost back: the shares add up to the win-back rate of everybody.
select
    'win_back_rate' as kpi,
    standings.month_start as period_start,
    'reactivation_channel:' || reactivations.channel as segment,
    count(*)::double as numerator,
    any_value(standings.lost_at_start_count)::double as denominator,
    any_value(standings.is_complete) as is_mature,
from {{ ref('reactivations') }} as reactivations
join standings
    on standings.month_start = {{ business_month('reactivations.reactivated_at') }}
    and standings.segment_dimension = 'all'
group by standings.month_start, reactivations.channel
