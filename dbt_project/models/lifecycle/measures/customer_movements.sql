{#- What customers are told apart by; `all` is everybody. -#}
{%- set dimensions = {
    'all': "'all'",
    'acquisition_channel': "coalesce(customer_origins.acquisition_channel, 'unknown')",
    'country': "coalesce(customer_persons.country, 'unknown')",
    'customer_type': "case when customer_persons.is_business then 'business' else 'consumer' end",
    'company_industry': "coalesce("
        ~ "case when customer_persons.is_business then customer_persons.company_industry else 'none' end, 'unknown')",
    'company_size_band': "coalesce("
        ~ "case when customer_persons.is_business then customer_persons.company_size_band else 'none' end, 'unknown')",
    'customer_segment': 'movements.customer_segment',
} -%}

with

customer_periods as (

    select * from {{ ref('customer_periods') }}

),

contracts as (

    select
        *,
        coalesce(cancelled_at, case when ends_at < {{ as_of_end() }} then ends_at end) as left_at,
    from {{ ref('contracts') }}
    where started_at is not null

),

movements as (

    select customer_id, period_number::varchar as evidence, started_at as moved_at,
        case when period_number = 1 then 'new' else 'reactivated' end as movement, null::varchar as lost_of
    from customer_periods
    union all
    select customer_id, period_number::varchar, lost_at, 'lost',
        case
            when {{ business_month('started_at') }} < {{ business_month('lost_at') }} then 'start'
            when period_number = 1 then 'new'
            else 'reactivated'
        end
    from customer_periods
    where lost_at is not null
    union all
    select customer_id, contract_id, started_at, 'contract_started', null::varchar
    from contracts
    union all
    select customer_id, contract_id, greatest(left_at, started_at), 'contract_cancelled', null::varchar
    from contracts
    where left_at is not null

),

-- A movement counts in the segment the customer was in when its month began; who was not known then was in none.
placed as (

    select
        movements.*,
        {{ business_month('movements.moved_at') }} as month_start,
        coalesce(segment_months.segment, 'none') as customer_segment,
    from movements
    {{ segment_of_month('movements.customer_id', business_month('movements.moved_at')) }}

)
{%- for dimension, segment in dimensions.items() %}
select
    movements.customer_id,
    movements.evidence,
    movements.movement,
    movements.lost_of,
    movements.moved_at,
    movements.month_start,
    '{{ dimension }}' as segment_dimension,
    {{ segment }} as segment,
from placed as movements
left join {{ ref('customer_origins') }} as customer_origins
    on customer_origins.customer_id = movements.customer_id
left join {{ ref('customer_persons') }} as customer_persons
    on customer_persons.customer_id = movements.customer_id
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
