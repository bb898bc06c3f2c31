with

changes as (

    select * from {{ ref('log') }}
    where previous_customer_id is not null
        and as_of <= {{ as_of() }}

),

present as not materialized (

    select
        identifier_key,
        customer_id,
        identifier_key not in (select identifier_key from {{ ref('unclaimed_devices') }}) as is_by_links,
    from {{ ref('customer_identifiers_map') }}
    where identifier_key in (select identifier_key from changes)

),

retired as (

    select
        changes.previous_customer_id as retired_customer_id,
        max_by(changes.change, change_number) as change,
        max_by(changes.as_of, change_number) as changed_on,
        max_by(changes.run_id, change_number) as run_id,
        max_by(present.customer_id, {'is_by_links': present.is_by_links, 'change_number': change_number})
            filter (where present.customer_id is not null) as last_seen_customer_id,
    from changes
    left join present using (identifier_key)
    group by changes.previous_customer_id

),

founders as (

    select
        changes.previous_customer_id as retired_customer_id,
        any_value(present.customer_id) as customer_id,
    from changes
    inner join present using (identifier_key)
    where changes.previous_customer_id = {{ customer_id('changes.identifier_key') }}
        and present.is_by_links
    group by changes.previous_customer_id

)

select
    retired.retired_customer_id,
    coalesce(founders.customer_id, retired.last_seen_customer_id) as customer_id,
    retired.changed_on,
    retired.change,
    retired.run_id
from retired
left join founders using (retired_customer_id)
where retired.retired_customer_id not in (
    select customer_id from {{ ref('customers') }}
    where customer_id in (select retired_customer_id from retired)
)
