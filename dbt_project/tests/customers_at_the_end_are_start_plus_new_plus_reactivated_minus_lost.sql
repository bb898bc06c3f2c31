-- The end of a month is also the start of the next but for those who change segment, and the last end is who is a
-- customer at as_of.
with

movement as (

    select
        *,
        lead(customers_at_start_count) over (partition by segment_dimension, segment order by period_start)
            as next_start_count,
        lead(moved_in_count - moved_out_count) over (partition by segment_dimension, segment order by period_start)
            as next_moved_count,
    from {{ ref('kpi_customer_movement') }}

),

present as (

    select count(*) as customer_count
    from {{ ref('customer_periods') }}
    where lost_at is null

)

select movement.*
from movement
cross join present
where customers_at_end_count <> customers_at_start_count + new_count + reactivated_count - lost_count
    or next_start_count <> customers_at_end_count + next_moved_count
    or (segment_dimension = 'all' and next_start_count is null and customers_at_end_count <> customer_count)
