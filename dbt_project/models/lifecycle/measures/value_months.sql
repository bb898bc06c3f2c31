with

segmented as (

    select
        value_facts.* exclude (customer_id),
        unnest({{ person_segments('customer_origins', 'customer_persons') }}) as segment,
    from {{ ref('value_facts') }} as value_facts
    left join {{ ref('customer_origins') }} as customer_origins
        on customer_origins.customer_id = value_facts.customer_id
    left join {{ ref('customer_persons') }} as customer_persons
        on customer_persons.customer_id = value_facts.customer_id
    union all by name
    select * from {{ ref('segment_values') }}

),

-- A month in which nobody of a segment bought still tells what its customers are worth.
filled as (

    select
        segments.segment,
        months.month_start,
        months.is_complete,
        segmented.* exclude (segment, month_start),
    from (select segment, min(month_start) as first_month from segmented group by segment) as segments
    join {{ ref('business_months') }} as months on months.month_start >= segments.first_month
    left join segmented
        on segmented.segment = segments.segment
        and segmented.month_start = months.month_start

)

select
    segment,
    month_start,
    is_complete,
    coalesce(sum(repeat_amount), 0) as repeat_amount,
    coalesce(sum(compared_amount), 0) as compared_amount,
    {%- for column in value_worth() %}
    coalesce(sum(sum({{ column }})) over so_far, 0) as {{ column }},
    {%- endfor %}
from filled
group by segment, month_start, is_complete
window so_far as (partition by segment order by month_start rows between unbounded preceding and current row)
