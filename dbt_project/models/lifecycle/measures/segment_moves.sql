{#- What a movement does to how many there are: of customers, of lost ones, of contracts. -#}
{%- set effects = [
    ('new', 'customer', 1), ('reactivated', 'customer', 1), ('lost', 'customer', -1),
    ('lost', 'lost', 1), ('reactivated', 'lost', -1),
    ('contract_started', 'contract', 1), ('contract_cancelled', 'contract', -1),
] -%}

with

segment_months as (

    select * from {{ ref('customer_segment_months') }}
    where month_start <= date_trunc('month', {{ as_of() }})

),

effects as (

    select * from (values
        {%- for movement, counted, change in effects %}
        ('{{ movement }}', '{{ counted }}', {{ change }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as effects (movement, counted, change)

),

-- A person is one customer or one lost customer, and may hold several contracts.
movements as (

    select
        movements.customer_id,
        movements.month_start,
        effects.counted,
        effects.change,
        case effects.counted when 'contract' then movements.evidence else movements.customer_id end as evidence,
    from {{ ref('customer_movements') }} as movements
    join effects on effects.movement = movements.movement
    where movements.segment_dimension = 'all'

),

-- Only what was there before the month began changes the segment with it.
moved as (

    select
        segment_months.customer_id,
        segment_months.month_start,
        segment_months.segment,
        segment_months.previous_segment,
        movements.counted,
        movements.evidence,
    from segment_months
    join movements
        on movements.customer_id = segment_months.customer_id
        and movements.month_start < segment_months.month_start
    group by all
    having sum(movements.change) > 0

)
{%- for direction, segment in [('in', 'segment'), ('out', 'previous_segment')] %}
select
    customer_id,
    evidence,
    counted || '_moved_{{ direction }}' as movement,
    null::varchar as lost_of,
    month_start,
    'customer_segment' as segment_dimension,
    {{ segment }} as segment,
from moved
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
