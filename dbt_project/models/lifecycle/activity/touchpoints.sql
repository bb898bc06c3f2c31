{{ config(materialized='incremental', incremental_strategy='append', pre_hook="{{ remove_outdated_touchpoints() }}") }}

-- depends_on: {{ ref('replaced_loads') }}, {{ ref('superseded_events') }}

with

identifiers as (

    select
        identifier_key,
        customer_id,
    from {{ ref('customer_identifiers_map') }}

),

events as ({{ touchpoints_of(event_touchpoint_models()) }}),

records as ({{ touchpoints_of(record_touchpoint_models()) }}),

{% if is_incremental() %}

seen_loads as ({{ seen_loads() }}),

new_identifiers as (

    select identifier_key from identifiers
    anti join (select identifier_key, customer_id from {{ this }} group by all) as seen
        using (identifier_key, customer_id)

),

seen_until as (

    select max(occurred_at) as occurred_at from {{ this }}

),

-- The many events meet small tables only: none of these joins keeps them in memory.
new_events as (

    select events.*
    from events
    cross join seen_until
    left join seen_loads on seen_loads.entity = events.entity
    left join new_identifiers on new_identifiers.identifier_key = events.identifier_key
    where events.load_seq > coalesce(seen_loads.load_seq, -1)
        or events.occurred_at > coalesce(seen_until.occurred_at, timestamp '1000-01-01')
        or new_identifiers.identifier_key is not null
        {{ or_is_missing() }}

),

{% endif %}

delivered as (

    select * from {{ 'new_events' if is_incremental() else 'events' }}
    union all
    select * from records

)

select
    delivered.touchpoint_id,
    coalesce(device_periods.customer_id, identifiers.customer_id) as customer_id,
    delivered.identifier_key,
    delivered.entity,
    delivered.load_seq,
    delivered.occurred_at,
    delivered.domain,
    delivered.source,
    delivered.touchpoint,
    delivered.channel,
    delivered.campaign,
    delivered.revenue_amount,
    delivered.satisfaction_type,
    delivered.satisfaction_score,
    delivered.attributes,
from delivered
join identifiers on identifiers.identifier_key = delivered.identifier_key
left join {{ ref('device_periods') }} as device_periods
    on device_periods.device_key = case when delivered.entity = 'web_events' then delivered.identifier_key end
    and device_periods.starts_at <= delivered.occurred_at
    and device_periods.ends_at > delivered.occurred_at
where delivered.occurred_at < {{ as_of_end() }}
