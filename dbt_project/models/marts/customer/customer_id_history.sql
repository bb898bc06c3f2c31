select
    retired_customer_id as old_customer_id,
    customer_id,
    {{ start_of_business_date('changed_on') }} as changed_at,
    change as reason,
    {{ as_of() }} as as_of,
from {{ ref('retired_customer_ids') }}
