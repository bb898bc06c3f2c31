with

orders as (

    select * from {{ source('raw_shopify', 'orders') }}

),

positions as (

    select
        id,
        taxes_included,
        _load_seq,
        _row_number,
        unnest(line_items -> '$[*]') as line,
        unnest(range(1, json_array_length(line_items)::bigint + 1)) as line_number,
    from orders

),

priced as (

    select
        *,
        cast(line ->> 'quantity' as double) as quantity,
        cast(line ->> 'price' as decimal(18, 4)) as price,
        {{ sum_of_members('line', '$.discount_allocations[*].amount') }} as discount,
        case when taxes_included then {{ sum_of_members('line', '$.tax_lines[*].price') }} else 0 end as tax_in_price,
    from positions

)

select
    'shopify:' || id || ':' || line_number as record_key,
    'shopify' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id::varchar as order_id,
    line_number,
    coalesce(line ->> 'product_id', line ->> 'variant_id', nullif(line ->> 'sku', ''), 'line:' || (line ->> 'id')) as product_id,
    line ->> 'title' as product_name,
    cast(null as varchar) as category,
    quantity,
    -- The price per piece before discounts, without the share of tax the discounted position holds.
    cast(
        price * (1 - coalesce(tax_in_price / nullif(price * quantity - discount, 0), 0)) as decimal(18, 4)
    ) as unit_price,
    cast(price * quantity - discount - tax_in_price as decimal(18, 4)) as net_amount
from priced
