with

engagement_months as (

    select * from {{ ref('engagement_months') }}
    where segment = 'all'

)

select
    month_start as period_start,
    channel,
    variant,
    numerator,
    denominator,
    numerator / nullif(denominator, 0) as engagement_rate,
    is_complete,
    {{ as_of() }} as as_of,
from engagement_months
