with

identifiers as (

    select * from {{ ref('identifiers') }}

),

components as (

    select * from {{ ref('components') }}

)

select
    identifiers.identifier_key,
    'c_' || left(md5(founders.identifier_key), 20) as customer_id,
    identifiers.identifier_type,
    identifiers.identifier_value,
    identifiers.source,
    identifiers.first_seen_at,
    identifiers.last_seen_at,
    not identifiers.is_role_mailbox as is_bridging
from identifiers
inner join components using (identifier_number)
inner join identifiers as founders on founders.identifier_number = components.component_number
