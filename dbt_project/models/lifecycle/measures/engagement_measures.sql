{#- KPI: the channel and variant of its engagement rate. -#}
{%- set kpis = {
    'email_open_rate': ('email', 'human_open'),
    'email_machine_open_rate': ('email', 'machine_open'),
    'email_any_open_rate': ('email', 'any_open'),
    'email_click_rate': ('email', 'click'),
    'email_click_to_open_rate': ('email', 'click_to_open'),
    'web_engagement_rate': ('web', 'engaged_session'),
    'social_engagement_rate': ('social', 'interaction'),
    'loyalty_engagement_rate': ('loyalty', 'card_scanned'),
    'engagement_rate': ('overall', 'engaged_customer'),
} -%}

with

engagement_months as (

    select * from {{ ref('engagement_months') }}

)
{% for kpi, (channel, variant) in kpis.items() %}
select
    '{{ kpi }}' as kpi,
    month_start as period_start,
    segment,
    numerator::double as numerator,
    denominator::double as denominator,
    is_complete as is_mature,
from engagement_months
where channel = '{{ channel }}'
    and variant = '{{ variant }}'
{% if not loop.last %}union all{% endif %}
{%- endfor %}
