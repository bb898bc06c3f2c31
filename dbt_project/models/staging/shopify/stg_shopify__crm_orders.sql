with

orders as (

    select * from {{ source('raw_shopify', 'orders') }}

),

-- The subtotal holds the tax of the goods where prices do; tax lines of positions leave out the tax on shipping.
summed as (

    select
        *,
        cast(subtotal_price as decimal(18, 4)) as subtotal,
        case when taxes_included then {{ sum_of_members('line_items', '$[*].tax_lines[*].price') }} else 0 end as tax_in_price,
        {{ sum_of_members('refunds', '$[*].refund_line_items[*].subtotal') }}
        - case when taxes_included then {{ sum_of_members('refunds', '$[*].refund_line_items[*].total_tax') }} else 0 end
            as refunded,
    from orders

)

select
    'shopify:' || id as record_key,
    'shopify' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id::varchar as order_id,
    customer_id::varchar as contact_id,
    lower(email) as email,
    cast(null as varchar) as user_id,
    cart_token as anonymous_id,
    cast(null as varchar) as loyalty_id,
    coalesce({{ utc('processed_at') }}, {{ utc('created_at') }}) as ordered_at,
    case
        when cancelled_at is not null or financial_status = 'voided' then 'cancelled'
        when financial_status = 'refunded' then 'refunded'
        when financial_status in ('pending', 'authorized', 'expired') then 'pending'
        when fulfillment_status = 'fulfilled' then 'fulfilled'
        when financial_status in ('paid', 'partially_paid', 'partially_refunded') then 'paid'
        else financial_status
    end as status,
    subtotal - tax_in_price as net_amount,
    cast(total_tax as decimal(18, 4)) as tax_amount,
    cast(total_shipping_price_set ->> '$.shop_money.amount' as decimal(18, 4)) as shipping_amount,
    cast(total_discounts as decimal(18, 4)) as discount_amount,
    cast(null as decimal(18, 4)) as cost_amount,
    refunded as refunded_amount,
    upper(currency) as currency,
    case source_name
        when 'web' then 'online'
        when 'pos' then 'store'
        when 'shopify_draft_order' then 'phone'
    end as channel,
    discount_codes ->> '$[0].code' as coupon_code,
    nullif(regexp_extract(landing_site, '[?&]utm_campaign=([^&#]+)', 1), '') as campaign,
    coalesce(test, false) as is_test,
    {{ utc('cancelled_at') }} as cancelled_at,
    {{ utc('updated_at') }} as updated_at
from summed
