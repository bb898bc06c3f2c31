with

web_events as (

    select * from {{ source('raw_files', 'web_events') }}

)

select
    'files:' || event_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    event_id,
    anonymous_id,
    user_id,
    lower(email) as email,
    event,
    occurred_at,
    page_url,
    referrer,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_content,
    utm_term,
    click_id,
    product_id,
    value_amount,
    upper(currency) as currency,
    device_type,
    upper(country) as country,
    properties
from web_events
