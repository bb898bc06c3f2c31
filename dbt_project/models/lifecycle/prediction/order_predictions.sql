with

histories as (

    select * from {{ ref('order_histories') }}
    where purpose = 'forecast'

),

order_forecasts as (

    select * from {{ ref('order_forecasts') }}

),

customer_periods as (

    select
        customer_id,
        max_by(lapse_threshold_days, period_number) as lapse_threshold_days,
    from {{ ref('customer_periods') }}
    group by customer_id

),

judgements as (

    select
        max(reason) filter (where model = 'bg_nbd') as order_reason,
        max(reason) filter (where model = 'gamma_gamma') as value_reason,
    from {{ ref('model_fits') }}
    where purpose = 'forecast'

)

select
    histories.customer_id,
    order_forecasts.probability_alive,
    -- Without a repeat the model has no evidence: then silence is measured against the time until called lost.
    case
        when order_forecasts.probability_alive is not null then 1 - order_forecasts.probability_alive
        else least(
            1.0, (histories.age_days - histories.recency_days) / customer_periods.lapse_threshold_days::double
        )
    end as churn_risk_rate,
    case when order_forecasts.probability_alive is not null then 'bg_nbd' else 'cadence' end as churn_method,
    order_forecasts.expected_orders_12m as predicted_orders_12m,
    order_forecasts.discounted_orders_12m * order_forecasts.expected_order_amount * order_margins.margin
        as predicted_clv_12m_amount,
    order_forecasts.discounted_orders_36m * order_forecasts.expected_order_amount * order_margins.margin
        as predicted_clv_36m_amount,
    case when order_forecasts.expected_order_amount is not null then 'bg_nbd_gamma_gamma' else 'historic' end
        as method,
    case when order_forecasts.expected_order_amount is null
        then coalesce('orders: ' || judgements.order_reason, 'order values: ' || judgements.value_reason)
    end as reason,
    order_margins.value_basis,
from histories
cross join judgements
cross join {{ ref('order_margins') }} as order_margins
join customer_periods on customer_periods.customer_id = histories.customer_id
left join order_forecasts on order_forecasts.customer_id = histories.customer_id
