with

tickets as (

    select
        *,
        {{ business_month('opened_at') }} as month_start,
    from {{ ref('support_tickets') }}

),

referral_months as (

    select * from {{ ref('referral_months') }}

),

by_month as (

    select
        month_start,
        count(*) as ticket_count,
        count(*) filter (where is_self_service) as self_service_count,
        sum(first_response_hours) as first_response_hours,
        count(first_response_hours) as answered_count,
        sum(resolution_hours) as resolution_hours,
        count(resolution_hours) as resolved_count,
    from tickets
    group by month_start

),

figures as (

    select 'self_service_rate' as kpi, month_start, self_service_count as numerator, ticket_count as denominator
    from by_month
    union all
    select 'first_response_hours', month_start, first_response_hours, answered_count from by_month
    union all
    select 'resolution_hours', month_start, resolution_hours, resolved_count from by_month
    union all
    select 'tickets_per_customer', months.month_start, coalesce(by_month.ticket_count, 0), months.active_customer_count
    from referral_months as months
    left join by_month on by_month.month_start = months.month_start
    union all
    select 'referral_rate', month_start, referrer_count, active_customer_count from referral_months
    union all
    select 'review_rate', month_start, reviewer_count, active_customer_count from referral_months
    union all
    select 'recommended_customer_rate', month_start, recommended_customer_count, new_customer_count
    from referral_months

)

select
    figures.kpi,
    figures.month_start as period_start,
    'all' as segment,
    figures.numerator::double as numerator,
    figures.denominator::double as denominator,
    business_months.is_complete as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.month_start
