select
    members.source,
    members.campaign_id,
    members.customer_id,
    count(*) filter (where orders.ordered_at >= members.started_at) as order_count,
    count(*) filter (where orders.ordered_at < members.started_at) as order_before_count,
    coalesce(sum(orders.revenue_amount) filter (where orders.ordered_at >= members.started_at), 0) as revenue_amount,
    coalesce(sum(orders.revenue_amount) filter (where orders.ordered_at < members.started_at), 0)
        as revenue_before_amount,
from {{ ref('campaign_members') }} as members
join {{ ref('customer_orders') }} as orders
    on orders.customer_id = members.customer_id
    and orders.ordered_at >= members.window_starts_at
    and orders.ordered_at < members.window_ends_at
group by all
