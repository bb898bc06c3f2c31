with

last_periods as (

    select * from {{ ref('device_periods') }}
    where ends_at = timestamp '9999-12-31'

),

-- Looked up for a few devices only, not kept.
resolved as not materialized (

    select
        identifier_key,
        customer_id,
    from {{ ref('resolved_identifiers') }}

),

claimed as (

    select devices.identifier_key
    from last_periods
    inner join resolved as devices on devices.identifier_key = last_periods.device_key
    inner join resolved as others on others.customer_id = devices.customer_id
    where others.identifier_key <> devices.identifier_key
    group by devices.identifier_key

)

select
    last_periods.device_key as identifier_key,
    last_periods.customer_id,
    last_periods.login_key,
    last_periods.record_key
from last_periods
anti join claimed on claimed.identifier_key = last_periods.device_key
