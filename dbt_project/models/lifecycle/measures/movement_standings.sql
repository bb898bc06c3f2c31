{%- set movements = [
    'new', 'reactivated', 'lost', 'contract_started', 'contract_cancelled', 'customer_moved_in', 'customer_moved_out',
    'lost_moved_in', 'lost_moved_out', 'contract_moved_in', 'contract_moved_out',
] -%}
{#- What is told by how many there are when a month begins: its name, and what a month adds to it. -#}
{%- set standings = {
    'customer': ('customers', 'new_count + reactivated_count - lost_count'),
    'lost': ('lost', 'lost_count - reactivated_count'),
    'contract': ('contracts', 'contract_started_count - contract_cancelled_count'),
} -%}
{#- Who was lost: a customer of the month's start, or one won in the same month. -#}
{%- set origins = ['start', 'new'] -%}

with

months as (

    select * from {{ ref('business_months') }}

),

movements as (

    select * exclude (moved_at) from {{ ref('customer_movements') }}
    union all by name
    select * from {{ ref('segment_moves') }}

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
    from (select segment_dimension, segment from movements group by all) as segments
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
    customer_moved_in_count as moved_in_count,
    customer_moved_out_count as moved_out_count,
    {%- for counted, (name, change) in standings.items() %}
    sum({{ change }} + {{ counted }}_moved_in_count - {{ counted }}_moved_out_count) over so_far as {{ name }}_at_end_count,
    {{ name }}_at_end_count - ({{ change }}) as {{ name }}_at_start_count,
    {%- endfor %}
from filled
window so_far as (
    partition by segment_dimension, segment order by month_start rows between unbounded preceding and current row
)
