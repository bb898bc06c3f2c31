with

contracts as (

    select
        customer_id,
        contract_id,
        started_at,
        coalesce(ends_at, timestamp '9999-01-01') as ends_at,
    from {{ ref('contracts') }}
    where started_at < {{ as_of_end() }}

),

connected as (

    select
        *,
        max(ends_at) over (
            partition by customer_id order by started_at, contract_id
            rows between unbounded preceding and 1 preceding
        ) as ended_before,
    from contracts

),

numbered as (

    select
        *,
        count(*) filter (
            where ended_before is null or started_at > {{ add_days('ended_before', var('contract_grace_days')) }}
        ) over (partition by customer_id order by started_at, contract_id) as spell_number,
    from connected

)

select
    customer_id,
    spell_number,
    min(started_at) as started_at,
    max(ends_at) as ends_at,
from numbered
group by customer_id, spell_number
