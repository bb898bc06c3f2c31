-- From the first touchpoint to as_of: each stay ends when the next begins, and only the last one is open.
with

stays as (

    select
        customer_id,
        model,
        entered_at,
        left_at,
        lead(entered_at) over (partition by customer_id, model order by entered_at) as next_entered_at,
        row_number() over (partition by customer_id, model order by entered_at) as stay_number,
    from {{ ref('customer_stage_history') }}

)

select stays.*
from stays
join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = stays.customer_id
where stays.left_at is distinct from stays.next_entered_at
    or stays.left_at <= stays.entered_at
    or (stays.stay_number = 1 and stays.entered_at <> customer_origins.first_touchpoint_at)
