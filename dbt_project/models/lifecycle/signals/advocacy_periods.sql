with

advocacy_types as (

    select touchpoint
    from {{ ref('touchpoint_types') }}
    where gives_advocacy

),

touchpoints as (

    select
        customer_id,
        touchpoint_id,
        occurred_at,
    from {{ ref('touchpoints') }}
    where touchpoint in (select touchpoint from advocacy_types)

),

customer_periods as (

    select * from {{ ref('customer_periods') }}

),

signals as (

    select
        touchpoints.customer_id,
        touchpoints.touchpoint_id,
        touchpoints.occurred_at,
        customer_periods.period_number,
        customer_periods.lost_at,
        {{ add_days('touchpoints.occurred_at', var('advocacy_window_days')) }} as closes_at,
        lag(touchpoints.occurred_at) over (
            partition by touchpoints.customer_id, customer_periods.period_number
            order by touchpoints.occurred_at, touchpoints.touchpoint_id
        ) as previous_at,
    from touchpoints
    join customer_periods
        on customer_periods.customer_id = touchpoints.customer_id
        and customer_periods.started_at <= touchpoints.occurred_at
        and (customer_periods.lost_at is null or touchpoints.occurred_at < customer_periods.lost_at)

),

numbered as (

    select
        *,
        count(*) filter (
            where previous_at is null
                or occurred_at > {{ add_days('previous_at', var('advocacy_window_days')) }}
        ) over (
            partition by customer_id, period_number order by occurred_at, touchpoint_id
            rows between unbounded preceding and current row
        ) as window_number,
    from signals

)

select
    customer_id,
    period_number,
    window_number,
    min({'occurred_at': occurred_at, 'touchpoint_id': touchpoint_id}).touchpoint_id as touchpoint_id,
    min(occurred_at) as started_at,
    max(closes_at) as closes_at,
    case
        when max(closes_at) < {{ as_of_end() }} and (max(lost_at) is null or max(closes_at) < max(lost_at))
            then max(closes_at)
    end as faded_at,
from numbered
group by all
