with

paths as (

    select * from {{ ref('attribution_paths') }}

),

moves as (

    select
        '(start)' as from_state,
        channel as to_state,
    from paths
    where position = 1
    union all
    select
        channel,
        coalesce(next_channel, case when is_converting then '(order)' else '(none)' end),
    from paths

)

select
    from_state,
    to_state,
    count(*) as transition_count,
from moves
group by all
