with

lead_score_points as (

    select
        *,
        {{ business_month('occurred_at') }} as score_month,
    from {{ ref('lead_score_points') }}

),

-- An average stands for every month in which leads came or went; between them the latest one holds.
limits as (

    select
        score_month,
        average_lead_score * (1 + {{ var('opportunity_margin') }}) as score_limit,
    from {{ ref('lead_score_averages') }}
    where average_lead_score > 0

),

-- A score above the limit sinks by itself: half of it every half-life.
high_scores as (

    select
        lead_score_points.customer_id,
        lead_score_points.touchpoint_id,
        'lead_score_above_average' as rule,
        lead_score_points.occurred_at as started_at,
        lead_score_points.occurred_at + interval '1' second * floor(
            86400 * {{ var('lead_score_half_life_days') }} * log2(lead_score_points.qualifying_score / limits.score_limit)
        )::bigint as ends_at,
    from lead_score_points
    asof join limits on limits.score_month <= lead_score_points.score_month
    where lead_score_points.occurred_at >= lead_score_points.identified_at
        and lead_score_points.qualifying_score > limits.score_limit

),

reasons as (

    select * from high_scores
    union all
    select customer_id, touchpoint_id, 'deal_opened' as rule, opened_at as started_at, closed_at as ends_at
    from {{ ref('deal_periods') }}

),

connected as (

    select
        *,
        max(ends_at) over (
            partition by customer_id order by started_at, touchpoint_id
            rows between unbounded preceding and 1 preceding
        ) as covered_before,
    from reasons

),

numbered as (

    select
        *,
        count(*) filter (where covered_before is null or started_at > covered_before) over (
            partition by customer_id order by started_at, touchpoint_id
            rows between unbounded preceding and current row
        ) as period_number,
    from connected

)

select
    customer_id,
    period_number,
    min({'started_at': started_at, 'touchpoint_id': touchpoint_id}).touchpoint_id as touchpoint_id,
    min({'started_at': started_at, 'touchpoint_id': touchpoint_id, 'rule': rule}).rule as started_by_rule,
    max({'ends_at': ends_at, 'rule': rule}).rule = 'deal_opened' as is_deal_last,
    min(started_at) as started_at,
    case when max(ends_at) < {{ as_of_end() }} then max(ends_at) end as ended_at,
from numbered
group by all
