with

checkouts as (

    select * from {{ source('raw_shopify', 'checkouts') }}

)

select
    'shopify:checkout:' || id as record_key,
    'shopify' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    'checkout:' || id as event_id,
    coalesce(cart_token, token) as anonymous_id,
    cast(null as varchar) as user_id,
    lower(email) as email,
    'checkout_started' as event,
    {{ utc('created_at') }} as occurred_at,
    landing_site as page_url,
    referring_site as referrer,
    cast(total_price as decimal(18, 4)) as value_amount,
    upper(currency) as currency
from checkouts
