with

page_events as (

    select
        customer_id,
        occurred_at,
        lag(occurred_at) over (partition by customer_id order by occurred_at) as previous_at,
    from {{ ref('touchpoints') }}
    where domain = 'web'
        and occurred_at >= {{ as_of_end() }} - interval '91' day

)

select
    customer_id,
    count(*) as session_count,
from page_events
where occurred_at >= {{ as_of_end() }} - interval '90' day
    and (
        previous_at is null
        or occurred_at > previous_at + interval '1' minute * {{ var('session_gap_minutes') }}
    )
group by customer_id
