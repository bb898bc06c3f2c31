{%- set reference = var('attribution_reference_model') -%}

with

days as (

    select * from {{ ref('acquisition_days') }}

)

select
    reported_on,
    platform,
    campaign,
    channel,
    impressions::bigint as impressions,
    clicks::bigint as clicks,
    spend_amount::decimal(18, 2) as spend_amount,
    sales_cost_amount::decimal(18, 2) as sales_cost_amount,
    {%- for model in attribution_models() %}
    {{ model }}_conversions_count::double as {{ model }}_conversions_count,
    {{ model }}_first_purchases_count::double as {{ model }}_first_purchases_count,
    {{ model }}_revenue_amount::decimal(18, 2) as {{ model }}_revenue_amount,
    {%- endfor %}
    '{{ reference }}' as reference_model,
    clicks / nullif(impressions, 0) as click_rate,
    {{ reference }}_conversions_count::double / nullif(clicks, 0) as click_to_conversion_rate,
    {{ reference }}_conversions_count::double / nullif(impressions, 0) as impression_to_conversion_rate,
    (spend_amount::double / nullif({{ reference }}_first_purchases_count::double, 0))::decimal(18, 2)
        as cost_per_acquisition_amount,
    {{ reference }}_revenue_amount::double / nullif(spend_amount::double, 0) as roas,
    {{ as_of() }} as as_of,
from days
