{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_key',
    pre_hook="{{ remove_withdrawn_events('web_events') }}",
) }}

with

new_deliveries as (

    {{ new_deliveries('web_events') }}

),

delivered as (

    select * exclude (row_number) from new_deliveries
    {%- if is_incremental() %}
    union all by name
    {{ events_to_price_again() }}
    {%- endif %}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['user_id', 'email', 'anonymous_id']) }} as identifier_key,
    event_id,
    anonymous_id,
    user_id,
    email,
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
    {{ in_reporting_currency('value_amount') }} as value_amount,
    value_amount as value_amount_original,
    delivered.currency,
    device_type,
    country,
    properties,
    delivered.load_seq,
    {{ first_load_seq('web_events') }} as first_load_seq
from delivered
left join {{ ref('exchange_rates') }} as exchange_rates
    on case when value_amount is not null then delivered.currency end = exchange_rates.currency
    and occurred_at >= exchange_rates.starts_at
    and occurred_at < exchange_rates.ends_at
{{ join_first_loads('web_events') }}
