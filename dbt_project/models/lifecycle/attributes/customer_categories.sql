select
    customer_orders.customer_id,
    crm_order_lines.category,
    min(customer_orders.ordered_at) as first_bought_at,
from {{ ref('customer_orders') }} as customer_orders
join {{ ref('crm_order_lines') }} as crm_order_lines
    on crm_order_lines.order_id = customer_orders.order_id
    and crm_order_lines.source = customer_orders.source
where customer_orders.customer_id is not null
    and crm_order_lines.category is not null
group by customer_orders.customer_id, crm_order_lines.category
