with

mails as (

    select
        customer_id,
        campaign,
        min(occurred_at) filter (where touchpoint = 'email_delivered') as delivered_at,
        max((touchpoint = 'email_open')::integer) as is_opened,
        max((touchpoint in ('email_open', 'email_machine_open'))::integer) as is_opened_by_any,
        max((touchpoint = 'email_click')::integer) as is_clicked,
    from {{ ref('touchpoints') }}
    where domain = 'email'
    group by all

),

by_month as (

    select
        {{ business_month('delivered_at') }} as period_start,
        count(*) as delivered_count,
        sum(is_opened) as opened_count,
        sum(is_opened_by_any) as opened_by_any_count,
        sum(is_clicked) as clicked_count,
    from mails
    where delivered_at is not null
    group by 1

),

figures as (

    select 'email_open_rate' as kpi, period_start, opened_count as numerator, delivered_count as denominator
    from by_month
    union all
    select 'email_any_open_rate', period_start, opened_by_any_count, delivered_count from by_month
    union all
    select 'email_click_rate', period_start, clicked_count, delivered_count from by_month
    union all
    select 'email_click_to_open_rate', period_start, clicked_count, opened_count from by_month

)

select
    figures.kpi,
    figures.period_start,
    'all' as segment,
    figures.numerator::double as numerator,
    figures.denominator::double as denominator,
    business_months.is_complete as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.period_start
