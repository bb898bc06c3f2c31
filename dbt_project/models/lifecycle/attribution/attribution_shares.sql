with

weighted as (

    select
        paths.*,
        -- Against the last touch of the path: the weights are the same, and the largest is never too small to divide by.
        pow(2, (
            min(paths.days_before_order) over (partition by paths.order_record_key) - paths.days_before_order
        ) / {{ var('attribution_half_life_days') }}) as decay,
        effects.removal_effect as effect,
    from {{ ref('attribution_paths') }} as paths
    join {{ ref('channel_removal_effects') }} as effects on effects.channel = paths.channel
    where paths.is_converting

),

summed as (

    select
        *,
        sum(decay) over so_far as decay_so_far,
        sum(decay) over (partition by order_record_key) as decay_weight,
        sum(effect) over so_far as effect_so_far,
        sum(effect) over (partition by order_record_key) as effect_weight,
    from weighted
    window so_far as (
        partition by order_record_key order by position rows between unbounded preceding and current row
    )

)

select
    order_record_key,
    touchpoint_id,
    occurred_at,
    channel,
    campaign,
    position,
    path_length,
    unnest([
        {%- for model, share in attribution_shares_earned().items() %}
        {
            'model': '{{ model }}',
            'earned': case when position = path_length then 1.0 else {{ share }} end::decimal(11, 10)
        },
        {%- endfor %}
    ], recursive := true),
from summed
