with

crm_orders as (

    select * from {{ source('raw_files', 'crm_orders') }}

)

select
    'files:' || trim(order_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(order_id), '') as order_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(user_id), '') as user_id,
    nullif(trim(anonymous_id), '') as anonymous_id,
    nullif(trim(loyalty_id), '') as loyalty_id,
    ordered_at,
    lower(trim(status)) as status,
    net_amount,
    tax_amount,
    shipping_amount,
    discount_amount,
    cost_amount,
    refunded_amount,
    nullif(upper(trim(currency)), '') as currency,
    lower(trim(channel)) as channel,
    nullif(trim(coupon_code), '') as coupon_code,
    nullif(trim(campaign), '') as campaign,
    is_test,
    cancelled_at,
    updated_at
from crm_orders
