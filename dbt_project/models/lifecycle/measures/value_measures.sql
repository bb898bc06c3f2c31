{#- Profit is told where enough of the revenue has known costs. -#}
{%- set profit -%}
    case
        when costed_revenue_amount >= {{ var('clv_cost_coverage_minimum') }} * revenue_amount then contribution_amount
    end
{%- endset -%}
{#- KPI: its numerator and denominator, in words of value_months. -#}
{%- set kpis = {
    'historic_clv': (profit, 'customer_count'),
    'historic_revenue_per_customer': ('revenue_amount', 'customer_count'),
    'value_growth': ('repeat_amount', 'compared_amount'),
    'categories_per_buyer': ('category_count', 'category_buyer_count'),
    'cross_sell_rate': ('cross_buyer_count', 'category_buyer_count'),
} -%}
{#- KPI of the present: what is added up of customer_predictions. -#}
{%- set forecasts = {'predicted_clv_36m': 'predicted_clv_36m_amount', 'churn_risk': 'churn_risk_rate'} -%}

with

value_months as (

    select * from {{ ref('value_months') }}

),

-- A forecast is of the day it is made, and so is the customer segment it counts in.
predictions as (

    select
        customer_predictions.predicted_clv_36m_amount,
        customer_predictions.churn_risk_rate,
        unnest({{ person_segments('customer_origins', 'customer_persons', 'segment_stays.stage') }}) as segment,
    from {{ ref('customer_predictions') }} as customer_predictions
    left join {{ ref('stage_stays') }} as segment_stays
        on segment_stays.customer_id = customer_predictions.customer_id
        and segment_stays.model = 'three_r'
        and segment_stays.is_current
    left join {{ ref('customer_origins') }} as customer_origins
        on customer_origins.customer_id = customer_predictions.customer_id
    left join {{ ref('customer_persons') }} as customer_persons
        on customer_persons.customer_id = customer_predictions.customer_id

)
{%- for kpi, (numerator, denominator) in kpis.items() %}
select
    '{{ kpi }}' as kpi,
    month_start as period_start,
    segment,
    ({{ numerator }})::double as numerator,
    ({{ denominator }})::double as denominator,
    is_complete as is_mature,
from value_months
union all
{%- endfor %}
-- A forecast is of the day it is made: nothing of its month is still to come in.
{%- for kpi, amount in forecasts.items() %}
select
    '{{ kpi }}' as kpi,
    date_trunc('month', {{ as_of() }})::date as period_start,
    segment,
    sum({{ amount }}::decimal(38, 9))::double as numerator,
    count({{ amount }})::double as denominator,
    true as is_mature,
from predictions
group by segment
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
