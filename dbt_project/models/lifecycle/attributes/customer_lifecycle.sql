with

customer_stages as (

    select * from {{ ref('customer_stages') }}

),

current_periods as (

    select
        customer_id,
        max({
            'period_number': period_number,
            'lost_at': lost_at,
            'lapse_threshold_days': lapse_threshold_days
        }) as period,
    from {{ ref('customer_periods') }}
    group by customer_id

),

last_reactivations as (

    select
        customer_id,
        max_by(channel, period_number) as channel,
    from {{ ref('reactivations') }}
    group by customer_id

)

select
    customer_stages.*,
    coalesce(current_periods.period.lost_at is not null and current_periods.customer_id is not null, false) as is_lost,
    current_periods.period.lost_at as lost_at,
    coalesce(
        current_periods.period.period_number > 1 and current_periods.period.lost_at is null, false
    ) as is_reactivated,
    last_reactivations.channel as reactivation_channel,
    current_periods.period.lapse_threshold_days as lapse_threshold_days,
from customer_stages
left join current_periods on current_periods.customer_id = customer_stages.customer_id
left join last_reactivations on last_reactivations.customer_id = customer_stages.customer_id
