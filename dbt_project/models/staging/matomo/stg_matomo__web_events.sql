with

visits as (

    select * from {{ source('raw_matomo', 'visits') }}

),

actions as (

    select
        * exclude (action_details),
        unnest(json_extract(action_details, '$[*]')) as action,
        generate_subscripts(json_extract(action_details, '$[*]'), 1) as place,
    from visits

),

-- How a visit began is told of its first action only, as a page's address tells it.
named as (

    select
        *,
        place = 1 as is_first,
        place = 1 and referrer_type = 'campaign' as is_from_campaign,
        cast(nullif(action ->> 'revenue', '') as decimal(18, 4)) as value_amount,
        case action ->> 'type'
            when 'action' then if(action ->> 'productViewSku' is null, 'page_view', 'product_view')
            when 'search' then 'search'
            when 'event' then {{ web_event("action ->> 'eventAction'") }}
            when 'goal' then {{ web_event("action ->> 'goalName'") }}
            when 'ecommerceAbandonedCart' then 'add_to_cart'
            else 'custom'
        end as event,
    from actions

)

select
    'matomo:' || id_visit || ':' || place as record_key,
    'matomo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id_visit || ':' || place as event_id,
    visitor_id as anonymous_id,
    {{ own_user_id('user_id') }} as user_id,
    {{ email_of_user_id('user_id') }} as email,
    event,
    {{ utc_of_seconds("cast(action ->> 'timestamp' as bigint)") }} as occurred_at,
    action ->> 'url' as page_url,
    if(is_first, nullif(referrer_url, ''), null) as referrer,
    if(is_first, campaign_source, null) as utm_source,
    if(is_first, campaign_medium, null) as utm_medium,
    coalesce(if(is_first, campaign_name, null), if(is_from_campaign, referrer_name, null)) as utm_campaign,
    if(is_first, campaign_content, null) as utm_content,
    coalesce(if(is_first, campaign_keyword, null), if(is_from_campaign, referrer_keyword, null)) as utm_term,
    coalesce(action ->> 'productViewSku', action ->> '$.itemDetails[0].itemSKU') as product_id,
    value_amount,
    case when value_amount is not null then upper(site_currency) end as currency,
    case
        when device_type in ('Smartphone', 'Phablet', 'Feature phone') then 'mobile'
        when device_type in ('Desktop', 'Tablet') then lower(device_type)
        when device_type <> '' then 'other'
    end as device_type,
    nullif(upper(country_code), 'XX') as country,
    {{ json_of({
        'type': "action ->> 'type'",
        'name': "coalesce(action ->> 'eventName', action ->> 'goalName', action ->> 'siteSearchKeyword')",
        'order_id': "action ->> 'orderId'",
    }) }}::json as properties
from named
