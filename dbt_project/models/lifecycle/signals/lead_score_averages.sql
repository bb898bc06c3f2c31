with

points as (

    select
        customer_id,
        scaled_points,
        {{ business_month('greatest(occurred_at, identified_at)') }} as from_month,
        {{ business_month('first_purchase_at') }} as until_month,
    from {{ ref('lead_score_points') }}

),

leads as (

    select
        {{ business_month('identified_at') }} as from_month,
        {{ business_month('first_purchase_at') }} as until_month,
    from {{ ref('customer_milestones') }}
    where identified_at is not null
        and (first_purchase_at is null or identified_at < first_purchase_at)

),

-- Points and leads enter in one month and leave in another: running sums of both give what a month starts with.
changes as (

    select from_month as score_month, sum(scaled_points) as points_change, 0 as lead_change from points group by 1
    union all
    select until_month, -sum(scaled_points), 0 from points where until_month is not null group by 1
    union all
    select from_month, 0, count(*) from leads group by 1
    union all
    select until_month, 0, -count(*) from leads where until_month is not null group by 1

),

months as (

    select
        score_month,
        sum(points_change) as points_change,
        sum(lead_change) as lead_change,
    from changes
    group by score_month

),

running as (

    select
        score_month,
        sum(points_change) over so_far as scaled_points,
        sum(lead_change) over so_far as lead_count,
    from months
    window so_far as (order by score_month rows between unbounded preceding and current row)

)

select
    (score_month + interval '1' month)::date as score_month,
    lead_count,
    round(
        scaled_points / nullif(lead_count, 0)
        / {{ decay_scale("(score_month + interval '1' month)::timestamp") }},
        2
    ) as average_lead_score,
from running
