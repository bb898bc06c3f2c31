with

web_events as (

    select * from {{ source('raw_files', 'web_events') }}

)

select
    'files:' || trim(event_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(event_id), '') as event_id,
    nullif(trim(anonymous_id), '') as anonymous_id,
    nullif(trim(user_id), '') as user_id,
    nullif(lower(trim(email)), '') as email,
    lower(trim(event)) as event,
    occurred_at,
    nullif(trim(page_url), '') as page_url,
    nullif(trim(referrer), '') as referrer,
    nullif(trim(utm_source), '') as utm_source,
    nullif(trim(utm_medium), '') as utm_medium,
    nullif(trim(utm_campaign), '') as utm_campaign,
    nullif(trim(utm_content), '') as utm_content,
    nullif(trim(utm_term), '') as utm_term,
    nullif(trim(click_id), '') as click_id,
    nullif(trim(product_id), '') as product_id,
    value_amount,
    nullif(upper(trim(currency)), '') as currency,
    nullif(trim(device_type), '') as device_type,
    nullif(upper(trim(country)), '') as country,
    properties
from web_events
