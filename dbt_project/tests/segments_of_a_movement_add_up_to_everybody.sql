with

totals as (

    select
        period_start,
        segment_dimension,
        sum(new_count) as new_count,
        sum(reactivated_count) as reactivated_count,
        sum(lost_count) as lost_count,
        sum(customers_at_end_count) as customers_at_end_count,
    from {{ ref('kpi_customer_movement') }}
    group by all

)

select totals.*
from totals
join totals as everybody
    on everybody.period_start = totals.period_start
    and everybody.segment_dimension = 'all'
where (totals.new_count, totals.reactivated_count, totals.lost_count, totals.customers_at_end_count)
    is distinct from (
        everybody.new_count, everybody.reactivated_count, everybody.lost_count, everybody.customers_at_end_count
    )
