select customer_id
from {{ ref('customer_value') }}
where order_count > 0
    and rfm_segment is null
