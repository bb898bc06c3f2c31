select
    customer_id,
    count(*) as session_count,
from {{ ref('web_sessions') }}
where started_at >= {{ as_of_end() }} - interval '90' day
group by customer_id
