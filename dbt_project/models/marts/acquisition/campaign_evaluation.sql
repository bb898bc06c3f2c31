{%- set treated_buyers = ('treated.buyer_count', 'treated.member_count') -%}
{%- set held_out_buyers = ('held_out.buyer_count', 'held_out.member_count') -%}
{%- set revenue_error -%}
    1.959964 * sqrt(
        treated.revenue_variance / treated.member_count + held_out.revenue_variance / held_out.member_count
    )
{%- endset -%}

with

outcomes as (

    select * from {{ ref('campaign_outcomes') }}

),

-- What the campaign added: those treated minus those held out, once the window is over for both.
lifts as (

    select
        treated.source,
        treated.campaign_id,
        treated.segment_dimension,
        treated.segment,
        'treated' as member_group,
        treated.buyer_count / treated.member_count - held_out.buyer_count / held_out.member_count as buyer_rate_lift,
        {{ share_difference_bound(treated_buyers, held_out_buyers, '-') }} as buyer_rate_lift_low,
        {{ share_difference_bound(treated_buyers, held_out_buyers, '+') }} as buyer_rate_lift_high,
        treated.mean_revenue_amount - held_out.mean_revenue_amount as revenue_lift,
        {{ revenue_error }} as revenue_lift_error,
    from outcomes as treated
    join outcomes as held_out
        on held_out.source = treated.source
        and held_out.campaign_id = treated.campaign_id
        and held_out.segment_dimension = treated.segment_dimension
        and held_out.segment = treated.segment
    where treated.member_group = 'treated'
        and held_out.member_group = 'holdout'
        and treated.is_mature

)

select
    outcomes.source,
    outcomes.campaign_id,
    outcomes.campaign,
    outcomes.goal,
    outcomes.channel,
    outcomes.started_at,
    outcomes.member_group,
    outcomes.segment_dimension,
    outcomes.segment,
    {%- for count in [
        'member', 'delivered', 'human_open', 'machine_open', 'response', 'buyer', 'order', 'buyer_before',
        'order_before', 'opt_out', 'moved_up', 'moved_down',
    ] %}
    outcomes.{{ count }}_count::integer as {{ count }}_count,
    {%- endfor %}
    outcomes.revenue_amount::decimal(18, 2) as revenue_amount,
    outcomes.revenue_before_amount::decimal(18, 2) as revenue_before_amount,
    {{ var('campaign_window_days') }}::integer as window_days,
    outcomes.is_mature,
    case when outcomes.is_mature then outcomes.response_count / outcomes.member_count end as response_rate,
    case when outcomes.is_mature then outcomes.buyer_count / outcomes.member_count end as buyer_rate,
    outcomes.buyer_before_count / outcomes.member_count as buyer_before_rate,
    case when outcomes.is_mature then outcomes.opt_out_count / outcomes.member_count end as opt_out_rate,
    round(lifts.buyer_rate_lift, 6) as buyer_rate_lift,
    round(lifts.buyer_rate_lift_low, 6) as buyer_rate_lift_low,
    round(lifts.buyer_rate_lift_high, 6) as buyer_rate_lift_high,
    lifts.revenue_lift::decimal(18, 2) as revenue_lift_amount,
    (lifts.revenue_lift - lifts.revenue_lift_error)::decimal(18, 2) as revenue_lift_low_amount,
    (lifts.revenue_lift + lifts.revenue_lift_error)::decimal(18, 2) as revenue_lift_high_amount,
    {{ as_of() }} as as_of,
from outcomes
left join lifts using (source, campaign_id, segment_dimension, segment, member_group)
