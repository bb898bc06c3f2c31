{%- set movements = ['new', 'reactivated', 'lost', 'contract_started', 'contract_cancelled'] -%}
{#- Who was lost: a customer of the month's start, or one won in the same month. -#}
{%- set origins = ['start', 'new'] -%}

with

months as (

    select * from {{ ref('business_months') }}

),

movements as (

    select * from {{ ref('customer_movements') }}

),

segments as (

    select
        segment_dimension,
        segment,
    from movements
    group by all

),

counted as (

    select
        segment_dimension,
        segment,
        month_start,
        {%- for movement in movements %}
        count(*) filter (where movement = '{{ movement }}') as {{ movement }}_count,
        {%- endfor %}
        {%- for origin in origins %}
        count(*) filter (where movement = 'lost' and lost_of = '{{ origin }}') as lost_of_{{ origin }}_count,
        {%- endfor %}
    from movements
    group by all

),

-- A month in which nothing happened to a segment still has customers at its start and end.
filled as (

    select
        segments.segment_dimension,
        segments.segment,
        months.month_start,
        months.is_complete,
        {%- for movement in movements %}
        coalesce(counted.{{ movement }}_count, 0) as {{ movement }}_count,
        {%- endfor %}
        {%- for origin in origins %}
        coalesce(counted.lost_of_{{ origin }}_count, 0) as lost_of_{{ origin }}_count,
        {%- endfor %}
    from segments
    cross join months
    left join counted
        on counted.segment_dimension = segments.segment_dimension
        and counted.segment = segments.segment
        and counted.month_start = months.month_start

)

select
    segment_dimension,
    segment,
    month_start,
    is_complete,
    new_count,
    reactivated_count,
    lost_count,
    lost_of_start_count,
    lost_of_new_count,
    contract_started_count,
    contract_cancelled_count,
    sum(new_count + reactivated_count - lost_count) over so_far as customers_at_end_count,
    coalesce(sum(new_count + reactivated_count - lost_count) over earlier, 0) as customers_at_start_count,
    coalesce(sum(lost_count - reactivated_count) over earlier, 0) as lost_at_start_count,
    coalesce(sum(contract_started_count - contract_cancelled_count) over earlier, 0) as contracts_at_start_count,
from filled
window
    so_far as (
        partition by segment_dimension, segment order by month_start
        rows between unbounded preceding and current row
    ),
    earlier as (
        partition by segment_dimension, segment order by month_start
        rows between unbounded preceding and 1 preceding
    )
