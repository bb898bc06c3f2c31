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

-- Tickets are told apart by their channel; who is an active customer does not depend on it.
segmented as (

    select
        month_start,
        unnest(['all', 'support_channel:' || channel]) as segment,
        is_self_service,
        first_response_hours,
        resolution_hours,
    from tickets

),

counted as (

    select
        month_start,
        segment,
        count(*) as ticket_count,
        count(*) filter (where is_self_service) as self_service_count,
        sum(first_response_hours) as first_response_hours,
        count(first_response_hours) as answered_count,
        sum(resolution_hours) as resolution_hours,
        count(resolution_hours) as resolved_count,
    from segmented
    group by all

),

figures as (

    select 'self_service_rate' as kpi, month_start, segment, self_service_count as numerator,
        ticket_count as denominator
    from counted
    union all
    select 'first_response_hours', month_start, segment, first_response_hours, answered_count from counted
    union all
    select 'resolution_hours', month_start, segment, resolution_hours, resolved_count from counted
    union all
    select 'tickets_per_customer', months.month_start, coalesce(counted.segment, 'all'),
        coalesce(counted.ticket_count, 0), months.active_customer_count
    from referral_months as months
    left join counted on counted.month_start = months.month_start
    union all
    select 'referral_rate', month_start, 'all', referrer_count, active_customer_count from referral_months
    union all
    select 'review_rate', month_start, 'all', reviewer_count, active_customer_count from referral_months
    union all
    select 'recommended_customer_rate', month_start, 'all', recommended_customer_count, new_customer_count
    from referral_months

)

select
    figures.kpi,
    figures.month_start as period_start,
    figures.segment,
    figures.numerator::double as numerator,
    figures.denominator::double as denominator,
    business_months.is_complete as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.month_start
