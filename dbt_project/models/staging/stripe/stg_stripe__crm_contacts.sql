with

customers as (

    select * from {{ source('raw_stripe', 'customers') }}

)

select
    'stripe:' || id as record_key,
    'stripe' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as contact_id,
    lower(email) as email,
    phone,
    address ->> 'line1' as street,
    address ->> 'postal_code' as postal_code,
    address ->> 'city' as city,
    upper(address ->> 'country') as country,
    {{ utc_of_seconds('created') }} as created_at,
    -- Stripe does not say when a customer changed: the last delivered version counts.
    cast(null as timestamp) as updated_at,
    {{ utc_of_seconds('deleted_at') }} as deleted_at
from customers
where livemode
