select
    crm_orders.record_key,
    crm_orders.source,
    crm_orders.order_id,
    identifiers.customer_id,
    crm_orders.ordered_at,
    crm_orders.ordered_on,
    crm_orders.channel,
    crm_orders.campaign,
    crm_orders.net_amount,
    crm_orders.revenue_amount,
    crm_orders.net_amount - crm_orders.revenue_amount as refunded_amount,
    crm_orders.contribution_amount,
    case
        when identifiers.customer_id is not null
            then row_number() over (
                partition by identifiers.customer_id order by crm_orders.ordered_at, crm_orders.record_key
            )
    end as order_number,
from {{ ref('crm_orders') }} as crm_orders
left join {{ ref('customer_identifiers_map') }} as identifiers
    on identifiers.identifier_key = crm_orders.identifier_key
where crm_orders.is_purchase
