with

crm_orders as (

    select * from {{ ref('crm_orders') }}

)

select
    'crm_orders:' || crm_orders.record_key as touchpoint_id,
    'crm_orders' as entity,
    crm_orders.load_seq,
    crm_orders.identifier_key,
    crm_orders.ordered_at as occurred_at,
    'crm' as domain,
    crm_orders.source,
    case when crm_orders.is_purchase then 'order_paid' else 'order_placed' end as touchpoint,
    crm_orders.channel,
    crm_orders.campaign,
    case when crm_orders.is_purchase then crm_orders.revenue_amount end as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'order_id': 'crm_orders.order_id', 'status': 'crm_orders.status', 'coupon_code': 'crm_orders.coupon_code'}) }} as attributes,
from crm_orders
where crm_orders.identifier_key is not null
    and not coalesce(crm_orders.is_test, false)
union all
select
    'crm_orders:' || crm_orders.record_key || ':cancelled' as touchpoint_id,
    'crm_orders' as entity,
    crm_orders.load_seq,
    crm_orders.identifier_key,
    crm_orders.cancelled_at as occurred_at,
    'crm' as domain,
    crm_orders.source,
    'order_cancelled' as touchpoint,
    crm_orders.channel,
    crm_orders.campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'order_id': 'crm_orders.order_id'}) }} as attributes,
from crm_orders
where crm_orders.identifier_key is not null
    and crm_orders.cancelled_at is not null and not coalesce(crm_orders.is_test, false)
union all
select
    'crm_orders:' || crm_orders.record_key || ':refunded' as touchpoint_id,
    'crm_orders' as entity,
    crm_orders.load_seq,
    crm_orders.identifier_key,
    crm_orders.updated_at as occurred_at,
    'crm' as domain,
    crm_orders.source,
    'order_refunded' as touchpoint,
    crm_orders.channel,
    crm_orders.campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'order_id': 'crm_orders.order_id', 'refunded_amount': 'crm_orders.refunded_amount'}) }} as attributes,
from crm_orders
where crm_orders.identifier_key is not null
    and crm_orders.is_purchase and crm_orders.refunded_amount > 0 and crm_orders.updated_at > crm_orders.ordered_at
