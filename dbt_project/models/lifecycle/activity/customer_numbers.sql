select
    customer_id,
    row_number() over (order by customer_id)::integer as customer_number,
from {{ ref('customers') }}
