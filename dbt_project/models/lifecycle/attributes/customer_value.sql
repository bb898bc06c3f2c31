with

commerce as (

    select * from {{ ref('customer_commerce') }}

),

contracts as (

    select * from {{ ref('customer_contracts') }}

)

select
    coalesce(commerce.customer_id, contracts.customer_id) as customer_id,
    commerce.first_order_at,
    commerce.last_order_at,
    commerce.order_count,
    commerce.revenue_amount,
    commerce.refunded_amount,
    commerce.contribution_amount,
    commerce.median_days_between_orders,
    commerce.distinct_category_count,
    commerce.rfm_recency_score::integer as rfm_recency_score,
    commerce.rfm_frequency_score::integer as rfm_frequency_score,
    commerce.rfm_monetary_score::integer as rfm_monetary_score,
    case
        when commerce.rfm_recency_score >= 4 and commerce.rfm_frequency_score >= 4 then 'champions'
        when commerce.rfm_recency_score >= 3 and commerce.rfm_frequency_score >= 3 then 'loyal'
        when commerce.rfm_recency_score >= 4 then 'recent'
        when commerce.rfm_recency_score = 3 then 'promising'
        when commerce.rfm_frequency_score >= 4 then 'at_risk'
        when commerce.rfm_recency_score = 2 then 'hibernating'
        when commerce.customer_id is not null then 'lapsed'
    end as rfm_segment,
    contracts.has_active_contract,
    contracts.contract_ends_on,
    contracts.mrr_amount,
    contracts.trial_ends_at,
    contracts.is_trial_expired,
from commerce
full join contracts on contracts.customer_id = commerce.customer_id
