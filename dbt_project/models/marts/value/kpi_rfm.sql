select
    customer_id,
    ({{ as_of() }} - {{ business_date('last_order_at') }})::integer as recency_days,
    order_count::integer as order_count,
    revenue_amount::decimal(18, 2) as revenue_amount,
    rfm_recency_score as recency_score,
    rfm_frequency_score as frequency_score,
    rfm_monetary_score as monetary_score,
    rfm_segment,
    {{ as_of() }} as as_of,
from {{ ref('customer_value') }}
where order_count > 0
