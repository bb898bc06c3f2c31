with

first_signals as (

    select * from {{ ref('first_signals') }}

),

decline_types as (

    select touchpoint
    from {{ ref('touchpoint_types') }}
    where gives_decline

),

customer_periods as (

    select * from {{ ref('customer_periods') }}

)

select
    first_signals.customer_id,
    first_signals.touchpoint_id,
    case first_signals.touchpoint
        when 'contract_cancelled' then 'cancellation_announced'
        else 'complaint'
    end as rule,
    first_signals.first_at as entered_at,
from first_signals
join decline_types on decline_types.touchpoint = first_signals.touchpoint
join customer_periods
    on customer_periods.customer_id = first_signals.customer_id
    and customer_periods.started_at <= first_signals.first_at
    and first_signals.first_at < coalesce(customer_periods.lost_at, {{ as_of_end() }})
