with

purchase_coverage as (

    select * from {{ ref('purchase_coverage') }}

),

customer_periods as (

    select * from {{ ref('customer_periods') }}

),

placed as (

    select
        purchase_coverage.customer_id,
        purchase_coverage.period_number,
        purchase_coverage.touchpoint_id,
        purchase_coverage.purchase_number,
        purchase_coverage.purchased_at,
        case
            when purchase_coverage.is_regular then 'regular'
            when purchase_coverage.purchase_number = 1 then 'first_time_buyer'
            else 'repeat_buyer'
        end as stage,
        customer_periods.lost_at,
        case
            when customer_periods.period_number > 1
                then {{ add_days('customer_periods.started_at', var('reactivated_days')) }}
        end as reactivated_until,
    from purchase_coverage
    join customer_periods
        on customer_periods.customer_id = purchase_coverage.customer_id
        and customer_periods.period_number = purchase_coverage.period_number

),

reactivations_over as (

    select
        customer_id,
        reactivated_until as entered_at,
        arg_max(stage, purchase_number) as stage,
    from placed
    where purchased_at < reactivated_until
        and reactivated_until < coalesce(lost_at, {{ as_of_end() }})
    group by customer_id, period_number, reactivated_until

)

select
    customer_id,
    stage,
    purchased_at as entered_at,
    case stage
        when 'first_time_buyer' then 'first_purchase'
        when 'repeat_buyer' then 'repeat_purchase'
        else 'regular_purchases'
    end as rule,
    touchpoint_id,
from placed
where reactivated_until is null or purchased_at >= reactivated_until
union all
select customer_id, stage, entered_at, 'reactivated_period_over', null
from reactivations_over
union all
select customer_id, 'reactivated', started_at, 'bought_after_being_lost', first_touchpoint_id
from customer_periods
where period_number > 1
union all
select customer_id, 'lost', lost_at, lost_rule, null
from customer_periods
where lost_at is not null
