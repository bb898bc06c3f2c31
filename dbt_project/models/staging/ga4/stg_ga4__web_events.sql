with

events as (

    {{ current_exports(source('raw_ga4', 'events')) }}

),

-- Each parameter has one of four values; whole numbers are numbers in Parquet and texts in JSON.
parameters as (

    select
        *,
        list_transform(
            from_json(
                coalesce(event_params, '[]'),
                '[{"key": "VARCHAR", "value": {"string_value": "VARCHAR", "int_value": "VARCHAR", '
                '"float_value": "VARCHAR", "double_value": "VARCHAR"}}]'
            ),
            lambda one: {
                'key': one.key,
                'value': coalesce(
                    one.value.string_value, one.value.int_value, one.value.double_value, one.value.float_value
                )
            }
        ) as parameters,
    from events
    where user_pseudo_id is not null

),

named as (

    select
        *,
        {{ ga4_event_id() }} as event_id,
        nullif(collected_traffic_source ->> 'gclid', '') as google_click_id,
        cast({{ ga4_parameter('value') }} as decimal(18, 4)) as value_amount,
    from parameters

)

select
    'ga4:' || event_id as record_key,
    'ga4' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    event_id,
    user_pseudo_id as anonymous_id,
    {{ own_user_id('user_id') }} as user_id,
    {{ email_of_user_id('user_id') }} as email,
    {{ web_event('event_name') }} as event,
    make_timestamp(event_timestamp) as occurred_at,
    {{ ga4_parameter('page_location') }} as page_url,
    nullif({{ ga4_parameter('page_referrer') }}, '') as referrer,
    collected_traffic_source ->> 'manual_source' as utm_source,
    collected_traffic_source ->> 'manual_medium' as utm_medium,
    collected_traffic_source ->> 'manual_campaign_name' as utm_campaign,
    collected_traffic_source ->> 'manual_content' as utm_content,
    collected_traffic_source ->> 'manual_term' as utm_term,
    'gclid:' || google_click_id as click_id,
    items ->> '$[0].item_id' as product_id,
    value_amount,
    case when value_amount is not null then upper({{ ga4_parameter('currency') }}) end as currency,
    case
        when device ->> 'category' in ('desktop', 'mobile', 'tablet') then device ->> 'category'
        when device ->> 'category' <> '' then 'other'
    end as device_type,
    -- GA4 tells a country by its name in the language of the property; the contract wants a code.
    cast(null as varchar) as country,
    {{ json_of({
        'name': 'event_name',
        'session': ga4_parameter('ga_session_id'),
        'country': "geo ->> 'country'",
        'order_id': "ecommerce ->> 'transaction_id'",
    }) }}::json as properties
from named
