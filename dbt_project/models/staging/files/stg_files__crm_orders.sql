with

crm_orders as (

    select * from {{ source('raw_files', 'crm_orders') }}

)

select
    'files:' || order_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    order_id,
    contact_id,
    lower(email) as email,
    user_id,
    anonymous_id,
    loyalty_id,
    ordered_at,
    status,
    net_amount,
    tax_amount,
    shipping_amount,
    discount_amount,
    cost_amount,
    refunded_amount,
    upper(currency) as currency,
    channel,
    coupon_code,
    campaign,
    is_test,
    cancelled_at,
    updated_at
from crm_orders
