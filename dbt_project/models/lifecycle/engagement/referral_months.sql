with

active as (

    select * from {{ ref('active_customer_months') }}

),

acts as (

    select
        {{ business_month('occurred_at') }} as month_start,
        customer_id,
        case when touchpoint = 'referral_made' then 'referral' else 'review' end as act,
    from {{ ref('touchpoints') }}
    where touchpoint in ('referral_made', 'review_positive', 'review_critical')

),

acts_by_month as (

    select
        acts.month_start,
        count(*) filter (where acts.act = 'referral') as referral_count,
        count(*) filter (where acts.act = 'review') as review_count,
        count(distinct active.customer_id) filter (where acts.act = 'referral') as referrer_count,
        count(distinct active.customer_id) filter (where acts.act = 'review') as reviewer_count,
    from acts
    left join active
        on active.month_start = acts.month_start
        and active.customer_id = acts.customer_id
    group by acts.month_start

),

-- Word of mouth reaches somebody by a recommendation that was reported or by a link that says so.
recommended as (

    select
        customer_id,
        min(occurred_at) as recommended_at,
    from {{ ref('touchpoints') }}
    where channel = 'word_of_mouth'
        and touchpoint <> 'referral_made'
    group by customer_id

),

won as (

    select
        {{ business_month('periods.started_at') }} as month_start,
        count(*) as new_customer_count,
        count(*) filter (where recommended.recommended_at <= periods.started_at) as recommended_customer_count,
    from {{ ref('customer_periods') }} as periods
    left join recommended on recommended.customer_id = periods.customer_id
    where periods.period_number = 1
    group by 1

),

customers as (

    select
        month_start,
        count(*) as active_customer_count,
    from active
    group by month_start

)

select
    months.month_start,
    months.is_complete,
    coalesce(customers.active_customer_count, 0) as active_customer_count,
    coalesce(acts_by_month.referrer_count, 0) as referrer_count,
    coalesce(acts_by_month.referral_count, 0) as referral_count,
    coalesce(acts_by_month.reviewer_count, 0) as reviewer_count,
    coalesce(acts_by_month.review_count, 0) as review_count,
    coalesce(won.new_customer_count, 0) as new_customer_count,
    coalesce(won.recommended_customer_count, 0) as recommended_customer_count,
from {{ ref('business_months') }} as months
left join customers on customers.month_start = months.month_start
left join acts_by_month on acts_by_month.month_start = months.month_start
left join won on won.month_start = months.month_start
