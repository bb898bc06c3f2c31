with

identifiers as (

    select * from {{ ref('identifiers') }}

),

components as (

    select * from {{ ref('components') }}

),

isolated as (

    select identifier_number
    from {{ ref('quarantined_identifiers') }}
    where is_isolated
    group by all

)

select
    identifiers.identifier_key,
    {{ customer_id('founders.identifier_key') }} as customer_id,
    identifiers.identifier_type,
    identifiers.identifier_value,
    identifiers.source,
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    not identifiers.is_role_mailbox and isolated.identifier_number is null as is_bridging
from identifiers
inner join components using (identifier_number)
inner join identifiers as founders on founders.identifier_number = components.component_number
left join isolated on isolated.identifier_number = identifiers.identifier_number
