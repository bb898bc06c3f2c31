with

-- Numbers sort, group and travel several times faster than texts, and many figures need the same order.
narrow as (

    select
        customer_numbers.customer_number,
        touchpoint_numbers.touchpoint_number,
        touchpoint_numbers.is_by_person,
        touchpoints.occurred_at,
        hash(touchpoints.touchpoint_id) as touchpoint_id_hash,
        touchpoints.domain = 'web' as is_web,
        touchpoints.channel = 'direct' as is_direct,
    from {{ ref('touchpoints') }} as touchpoints
    join {{ ref('customer_numbers') }} as customer_numbers
        on customer_numbers.customer_id = touchpoints.customer_id
    join {{ ref('touchpoint_numbers') }} as touchpoint_numbers
        on touchpoint_numbers.touchpoint = touchpoints.touchpoint

),

followed as (

    select
        customer_number,
        touchpoint_number,
        occurred_at,
        touchpoint_id_hash,
        is_web,
        is_direct,
        row_number() over journey as step_number,
        lag(case when is_web then occurred_at end ignore nulls) over journey as previous_web_at,
        lead(case when is_by_person then touchpoint_number end ignore nulls) over journey as next_touchpoint_number,
        lead(case when is_by_person then occurred_at end ignore nulls) over journey as next_at,
    from narrow
    window journey as (partition by customer_number order by occurred_at, touchpoint_id_hash)

)

select
    customer_number,
    touchpoint_number,
    occurred_at,
    touchpoint_id_hash,
    is_direct,
    step_number::integer as step_number,
    row_number() over (partition by customer_number, touchpoint_number order by step_number)::integer as occurrence,
    case when is_web then
        count(*) filter (
            where is_web
                and (
                    previous_web_at is null
                    or occurred_at > previous_web_at + interval '1' minute * {{ var('session_gap_minutes') }}
                )
        ) over (
            partition by customer_number order by step_number rows between unbounded preceding and current row
        )
    end::integer as session_number,
    next_touchpoint_number,
    next_at,
from followed
