with

delivered as (

    {{ latest_delivery(staged('crm_order_lines')) }}

),

orders as (

    select
        source,
        order_id,
        exchange_rate,
    from {{ ref('crm_orders') }}

)

select
    record_key,
    source,
    order_id,
    line_number,
    product_id,
    product_name,
    category,
    quantity,
    {{ in_reporting_currency('unit_price', 'orders.exchange_rate') }} as unit_price,
    {{ in_reporting_currency('net_amount', 'orders.exchange_rate') }} as net_amount,
    unit_price as unit_price_original,
    net_amount as net_amount_original,
    load_seq,
    first_load_seq
from delivered
inner join orders using (source, order_id)
