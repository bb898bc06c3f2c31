with

order_predictions as (

    select * from {{ ref('order_predictions') }}

),

contract_predictions as (

    select * from {{ ref('contract_predictions') }}

),

former_contracts as (

    select customer_id
    from {{ ref('contract_spells') }}
    group by customer_id

),

people as (

    select customer_id from order_predictions
    union
    select customer_id from former_contracts

)

-- Who has a contract now stays or goes with it, whatever they ordered; a contract's value is the revenue it brings.
select
    people.customer_id,
    order_predictions.probability_alive,
    case
        when contract_predictions.customer_id is not null then contract_predictions.churn_risk_rate
        else coalesce(order_predictions.churn_risk_rate, 1.0)
    end as churn_risk_rate,
    case
        when contract_predictions.customer_id is not null then contract_predictions.churn_method
        else coalesce(order_predictions.churn_method, 'contract_end')
    end as churn_method,
    order_predictions.predicted_orders_12m,
    {%- for months in [12, 36] %}
    case
        when contract_predictions.customer_id is not null then contract_predictions.predicted_clv_{{ months }}m_amount
        else order_predictions.predicted_clv_{{ months }}m_amount
    end::decimal(18, 2) as predicted_clv_{{ months }}m_amount,
    {%- endfor %}
    case
        when contract_predictions.customer_id is not null then contract_predictions.method
        else coalesce(order_predictions.method, 'historic')
    end as method,
    case
        when contract_predictions.customer_id is not null then contract_predictions.reason
        when order_predictions.customer_id is null then 'contracts: the last one has ended'
        else order_predictions.reason
    end as reason,
    case
        when contract_predictions.customer_id is not null then 'revenue'
        else coalesce(order_predictions.value_basis, 'revenue')
    end as value_basis,
from people
left join order_predictions on order_predictions.customer_id = people.customer_id
left join contract_predictions on contract_predictions.customer_id = people.customer_id
