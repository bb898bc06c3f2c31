{#- All members, and apart by the customer segment they were in when the campaign started. -#}
{%- set dimensions = {'all': "'all'", 'customer_segment': 'members.customer_segment'} -%}

with

outcomes as (
    {%- for dimension, segment in dimensions.items() %}
    select
        members.*,
        '{{ dimension }}' as segment_dimension,
        {{ segment }} as segment,
        {%- for sign in ['is_delivered', 'is_opened', 'is_opened_by_machine', 'is_responding', 'is_opted_out'] %}
        coalesce(reactions.{{ sign }}, false) as {{ sign }},
        {%- endfor %}
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.order_before_count, 0) as order_before_count,
        coalesce(purchases.revenue_amount, 0) as revenue_amount,
        coalesce(purchases.revenue_before_amount, 0) as revenue_before_amount,
        coalesce(stage_moves.is_moved_up, false) as is_moved_up,
        coalesce(stage_moves.is_moved_down, false) as is_moved_down,
    from {{ ref('campaign_members') }} as members
    left join {{ ref('campaign_reactions') }} as reactions using (source, campaign_id, customer_id)
    left join {{ ref('campaign_purchases') }} as purchases using (source, campaign_id, customer_id)
    left join {{ ref('campaign_stage_moves') }} as stage_moves using (source, campaign_id, customer_id)
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    source,
    campaign_id,
    campaign,
    goal,
    channel,
    started_at,
    window_ends_at <= {{ as_of_end() }} as is_mature,
    member_group,
    segment_dimension,
    segment,
    count(*) as member_count,
    count(*) filter (where is_delivered) as delivered_count,
    count(*) filter (where is_opened) as human_open_count,
    count(*) filter (where is_opened_by_machine) as machine_open_count,
    count(*) filter (where is_responding) as response_count,
    count(*) filter (where order_count > 0) as buyer_count,
    sum(order_count) as order_count,
    sum(revenue_amount) as revenue_amount,
    avg(revenue_amount) as mean_revenue_amount,
    var_samp(revenue_amount) as revenue_variance,
    count(*) filter (where order_before_count > 0) as buyer_before_count,
    sum(order_before_count) as order_before_count,
    sum(revenue_before_amount) as revenue_before_amount,
    count(*) filter (where is_opted_out) as opt_out_count,
    count(*) filter (where is_moved_up) as moved_up_count,
    count(*) filter (where is_moved_down) as moved_down_count,
from outcomes
group by all
