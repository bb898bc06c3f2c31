with

attributed as (

    select
        reported_on,
        {%- for model in attribution_models() %}
        round(sum({{ model }}_conversions_count), 6) as {{ model }}_orders,
        sum({{ model }}_revenue_amount) as {{ model }}_revenue,
        {%- endfor %}
    from {{ ref('kpi_acquisition') }}
    group by reported_on

),

ordered as (

    select
        ordered_on,
        sum(order_count) as orders,
        sum(revenue_amount) as revenue,
    from {{ ref('kpi_transactions') }}
    group by ordered_on

)

select attributed.*
from attributed
left join ordered on ordered.ordered_on = attributed.reported_on
where false
    {%- for model in attribution_models() %}
    or attributed.{{ model }}_orders <> coalesce(ordered.orders, 0)
    or attributed.{{ model }}_revenue <> coalesce(ordered.revenue, 0)
    {%- endfor %}
