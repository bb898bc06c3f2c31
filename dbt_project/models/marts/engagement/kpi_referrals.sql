with

referral_months as (

    select * from {{ ref('referral_months') }}
    where segment = 'all'

)

select
    month_start as period_start,
    active_customer_count::integer as active_customer_count,
    referrer_count::integer as referrer_count,
    referral_count::integer as referral_count,
    reviewer_count::integer as reviewer_count,
    review_count::integer as review_count,
    new_customer_count::integer as new_customer_count,
    recommended_customer_count::integer as recommended_customer_count,
    referrer_count / nullif(active_customer_count, 0) as referral_rate,
    reviewer_count / nullif(active_customer_count, 0) as review_rate,
    recommended_customer_count / nullif(new_customer_count, 0) as recommended_customer_rate,
    is_complete,
    {{ as_of() }} as as_of,
from referral_months
