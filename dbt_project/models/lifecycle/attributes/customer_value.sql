with

commerce as (

    select * from {{ ref('customer_commerce') }}

),

contracts as (

    select * from {{ ref('customer_contracts') }}

),

rfm_segments as (

    select * from {{ ref('rfm_segments') }}

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
    rfm_segments.rfm_segment,
    contracts.has_active_contract,
    contracts.has_uncancelled_contract,
    contracts.contract_ends_on,
    contracts.mrr_amount,
    contracts.trial_ends_at,
    contracts.is_trial_expired,
from commerce
full join contracts on contracts.customer_id = commerce.customer_id
left join rfm_segments
    on rfm_segments.recency_score = commerce.rfm_recency_score
    and rfm_segments.frequency_score = commerce.rfm_frequency_score
