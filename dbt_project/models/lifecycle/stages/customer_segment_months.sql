with

-- A month begins with what was entered before its first instant; the last of those entries counts.
beginnings as (

    select
        customer_id,
        ({{ business_month('entered_at') }} + interval '1' month)::date as month_start,
        arg_max(stage, entered_at) as segment,
    from {{ ref('stage_stays') }}
    where model = 'three_r'
    group by all

),

compared as (

    select
        *,
        lag(segment) over (partition by customer_id order by month_start) as previous_segment,
    from beginnings

)

select
    customer_id,
    month_start,
    segment,
    coalesce(previous_segment, 'none') as previous_segment,
from compared
where segment is distinct from previous_segment
