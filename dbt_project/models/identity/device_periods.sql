with

people as (

    select
        identifier_key,
        customer_id,
        is_bridging and identifier_type <> 'anonymous_id' as tells_who,
    from {{ ref('resolved_identifiers') }}

),

shared_devices as (

    select sightings.anonymous_id_key as device_key
    from {{ ref('sightings') }} as sightings
    inner join people
        on people.identifier_key = coalesce(
            sightings.contact_id_key, sightings.user_id_key, sightings.loyalty_id_key, sightings.email_key
        )
    where sightings.anonymous_id_key is not null
        and people.tells_who
    group by sightings.anonymous_id_key
    having count(distinct people.customer_id) > 1

),

rows_of_devices as (

    {% for entity, clock in [('web_events', 'occurred_at'), ('crm_orders', 'ordered_at')] %}
    select
        {{ identifier_key('anonymous_id') }} as device_key,
        identifier_key,
        {{ clock }} as used_at,
        record_key,
    from {{ ref(entity) }}
    where anonymous_id is not null
        and identifier_key not like 'anonymous_id:%'
        and {{ clock }} < {{ as_of_end() }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

logins as (

    select
        rows_of_devices.device_key,
        rows_of_devices.used_at,
        max_by(people.customer_id, rows_of_devices.record_key) as customer_id,
        max_by(people.identifier_key, rows_of_devices.record_key) as login_key,
        max(rows_of_devices.record_key) as record_key,
    from rows_of_devices
    semi join shared_devices using (device_key)
    inner join people using (identifier_key)
    where people.tells_who
    group by rows_of_devices.device_key, rows_of_devices.used_at

),

boundaries as (

    select
        *,
        lag(customer_id) over (partition by device_key order by used_at) as customer_before,
    from logins
    qualify customer_id is distinct from customer_before

)

select
    device_key,
    customer_id,
    login_key,
    record_key,
    case when customer_before is null then timestamp '1000-01-01' else used_at end as starts_at,
    coalesce(
        lead(used_at) over (partition by device_key order by used_at), timestamp '9999-12-31'
    ) as ends_at
from boundaries
