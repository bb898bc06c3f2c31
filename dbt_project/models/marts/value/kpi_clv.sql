with

customer_predictions as (

    select * from {{ ref('customer_predictions') }}

),

histories as (

    select * from {{ ref('order_histories') }}
    where purpose = 'forecast'

),

customer_value as (

    select * from {{ ref('customer_value') }}

)

select
    customer_predictions.customer_id,
    customer_value.revenue_amount::decimal(18, 2) as historic_revenue_amount,
    customer_value.contribution_amount::decimal(18, 2) as historic_contribution_amount,
    histories.repeat_count as frequency,
    histories.recency_days,
    histories.age_days,
    histories.mean_repeat_amount::decimal(18, 2) as mean_repeat_amount,
    customer_predictions.probability_alive,
    customer_predictions.churn_risk_rate,
    customer_predictions.churn_method,
    customer_predictions.predicted_orders_12m,
    customer_predictions.predicted_clv_12m_amount,
    customer_predictions.predicted_clv_36m_amount,
    customer_predictions.value_basis,
    customer_predictions.method,
    customer_predictions.reason,
    {{ as_of() }} as as_of,
from customer_predictions
left join histories on histories.customer_id = customer_predictions.customer_id
left join customer_value on customer_value.customer_id = customer_predictions.customer_id
