select *
from {{ ref('customer_stage_history') }}
where entered_at >= {{ as_of_end() }}
    or left_at >= {{ as_of_end() }}
