select customer_id, stage, entered_at, rule, touchpoint_id
from {{ ref('recruitment_entries') }}
union all
select customer_id, stage, entered_at, rule, touchpoint_id
from {{ ref('retention_entries') }}
