with

crm_reviews as (

    select * from {{ ref('crm_reviews') }}

)

select
    'crm_reviews:' || crm_reviews.record_key as touchpoint_id,
    'crm_reviews' as entity,
    crm_reviews.load_seq,
    crm_reviews.identifier_key,
    crm_reviews.occurred_at as occurred_at,
    'crm' as domain,
    crm_reviews.source,
    case when crm_reviews.rating >= 4 then 'review_positive' else 'review_critical' end as touchpoint,
    'review' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'product_id': 'crm_reviews.product_id', 'rating': 'crm_reviews.rating'}) }} as attributes,
from crm_reviews
where crm_reviews.identifier_key is not null
