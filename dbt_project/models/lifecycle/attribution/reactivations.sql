with

periods as (

    select
        customer_id,
        period_number,
        first_touchpoint_id as purchase_touchpoint_id,
        started_at as reactivated_at,
        lag(lost_at) over (partition by customer_id order by period_number) as lost_at,
    from {{ ref('customer_periods') }}

),

returns as (

    select * from periods
    where period_number > 1

),

-- Of several touches of one instant the one that ends an attribution path counts.
touches as (

    select
        customer_id,
        occurred_at,
        max({'touchpoint_id': touchpoint_id, 'channel': channel, 'campaign': campaign}) as touch,
    from {{ ref('marketing_touchpoints') }}
    where customer_id in (select customer_id from returns)
    group by customer_id, occurred_at

),

followed as (

    select
        returns.*,
        case
            when touches.occurred_at >= {{ add_days('returns.reactivated_at', '-' ~ var('attribution_lookback_days')) }}
                then touches.touch
        end as touch,
    from returns
    asof left join touches
        on touches.customer_id = returns.customer_id
        and touches.occurred_at <= returns.reactivated_at

)

select
    customer_id,
    period_number,
    lost_at,
    reactivated_at,
    purchase_touchpoint_id,
    touch.touchpoint_id as touchpoint_id,
    coalesce(touch.channel, 'unattributed') as channel,
    touch.campaign as campaign,
from followed
